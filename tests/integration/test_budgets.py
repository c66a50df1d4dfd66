"""What work may cost in calls and units: counts, which are the same on every machine. Milliseconds are for benchmarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bulk import ACTIONS, CALLS_A_TICKET, acted, each, plant
from benchmarks.life import BODY
from benchmarks.meter import metering
from benchmarks.units import Cost, item_size, write_cost
from helpdesk.contracts.table import BY_DUE, BY_STATE, DUE_SHARDS
from tests.support.desk import AGENT
from tests.support.wire import AwsCall
from tests.support.world import World

ANN = "ann@example.com"


def test_opening_a_ticket_for_somebody_known_takes_five_table_calls_before_the_answer(world: World) -> None:
    world.open(ANN, body=BODY)
    with metering(world) as reading:
        world.open(ANN, body=BODY, key="k")
    assert reading.cost.calls <= 5
    assert reading.others == {}, "and asks no other service"
    assert reading.calls["dynamodb.TransactWriteItems"] == 1


def test_opening_a_ticket_for_somebody_known_takes_twenty_write_units(world: World) -> None:
    world.open(ANN, name="Ann Lee", body=BODY)
    with metering(world) as reading:
        world.open(ANN, subject="The printer stops", body=BODY, category="technical")
    assert reading.cost.writes <= 20


def test_an_answer_is_one_read_and_one_transaction(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "Hello").ok()
    with metering(world) as reading:
        world.answer(ticket_id, AGENT.id, "Hello again").ok()
    assert reading.calls == {"dynamodb.GetItem": 1, "dynamodb.TransactWriteItems": 1}


def test_opening_a_tickets_page_is_three_table_calls(world: World) -> None:
    ticket_id = world.open(ANN)["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "Hello").ok()
    world.settle()
    world.api("GET", "/v1/me", agent=AGENT.id).ok()
    with metering(world) as reading:
        opened = world.api("GET", f"/v1/tickets/{ticket_id}/opened", agent=AGENT.id).ok()
    assert reading.calls == {"dynamodb.Query": 1, "dynamodb.BatchGetItem": 2}
    assert opened["ticket"] == world.api("GET", f"/v1/tickets/{ticket_id}", agent=AGENT.id).ok().body
    assert opened["messages"] == world.api("GET", f"/v1/tickets/{ticket_id}/messages", agent=AGENT.id).ok().body
    assert opened["messages"]["items"][0]["delivery"] == "sent"


def test_an_idle_sweep_is_one_query_a_shard_and_nothing_more(world: World) -> None:
    for number in range(3):
        world.open(f"p{number}@example.com")
    world.settle()
    with metering(world) as reading:
        world.sweep()
    assert reading.calls == {"dynamodb.Query": DUE_SHARDS}


@pytest.mark.parametrize("waiting", [0, 20])
def test_a_sweep_costs_what_is_due_whatever_else_is_open(world: World, waiting: int) -> None:
    for number in range(3):
        world.open(f"due{number}@example.com")
    world.settle()
    world.advance(hours=2)
    for number in range(waiting):
        world.open(f"later{number}@example.com")
    world.settle()
    world.advance(hours=1)
    world.restart()
    with metering(world) as reading:
        assert world.sweep() == {"tickets": 3, "events": 3, "sent": 0}
    assert reading.calls["dynamodb.GetItem"] == reading.calls["dynamodb.TransactWriteItems"] == 3
    assert reading.calls["dynamodb.Query"] == DUE_SHARDS + 1  # the configuration


def test_a_page_of_tickets_is_one_query(world: World) -> None:
    for number in range(30):
        world.open(f"p{number}@example.com")
    world.settle()
    path = "/v1/tickets?group=support&status=active&limit=25"
    world.api("GET", path, agent=AGENT.id).ok()
    with metering(world) as reading:
        assert len(world.api("GET", path, agent=AGENT.id).ok()["items"]) == 25
    assert reading.calls == {"dynamodb.Query": 1}


@pytest.mark.parametrize(("_", "__", "action"), ACTIONS, ids=[name for name, *_ in ACTIONS])
def test_a_bulk_action_takes_two_table_calls_a_ticket_at_most_and_undoing_it_no_more(
    world: World, _: str, __: int, action: object
) -> None:
    tickets = plant(world, 60)
    world.advance(seconds=1)
    for reading in acted(world, tickets[:40], action):
        calls, *_units = each(reading, 40)
        assert calls <= CALLS_A_TICKET
        cost = reading.by_function["bulk"]
        assert cost.calls <= 40 + 20, "a transaction each, and little beside"
        assert set(reading.others) <= {"events", "sqs"}, (
            "and asks no other service, but to be told in time of what is held"
        )


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=3000), min_size=1, max_size=3))
def test_an_item_costs_its_size_in_whole_kilobytes_and_twice_in_a_transaction(texts: dict[str, str]) -> None:
    item = {"pk": {"S": "p"}, "sk": {"S": "s"}} | {f"a-{name}": {"S": text} for name, text in texts.items()}
    size = item_size(item)
    assert size == 6 + sum(len(f"a-{name}{text}".encode()) for name, text in texts.items())
    once = write_cost(AwsCall("dynamodb", "PutItem", {}), [None], [item])
    twice = write_cost(AwsCall("dynamodb", "TransactWriteItems", {}), [None], [item])
    assert once == Cost(1, 0.0, -(-size // 1024), 0, 0)
    assert twice.table_writes == 2 * once.table_writes


def test_an_index_entry_costs_when_it_comes_goes_moves_or_shows_something_else() -> None:
    def cost(old: dict[str, str] | None, new: dict[str, str] | None) -> int:
        items = [
            {name: {"S": value} for name, value in {"pk": "p", "sk": "s", **one}.items()} if one is not None else None
            for one in (old, new)
        ]
        return write_cost(AwsCall("dynamodb", "PutItem", {}), items[:1], items[1:]).index_writes

    due = {BY_DUE.partition_key: "DUE#1", BY_DUE.sort_key: "2026"}
    state = {BY_STATE.partition_key: "STATE#OPEN", BY_STATE.sort_key: "1", "row": "shown"}
    assert cost({}, due) == cost(due, {}) == 1
    assert cost(due, due | {"other": "x"}) == 0
    assert cost(due, due | {BY_DUE.sort_key: "2027"}) == 2
    assert cost(state, state | {"row": "shown otherwise"}) == 1
    assert cost(state, state | {"body": "not shown"}) == 0
    assert cost(None, due | state) == 2
