"""Agents find what was written, as it stands and as they may know of it."""

import random
from dataclasses import replace

import boto3
import pytest

from helpdesk import bootstrap
from helpdesk.contracts import topology
from helpdesk.people.model import Agent
from helpdesk.search import upkeep
from helpdesk.search.live import LiveIndex
from helpdesk.search.segment import Segment
from helpdesk.search.service import SearchService
from helpdesk.tickets.views import TicketRow
from tests.support.desk import ADMIN, AGENT
from tests.support.searching import furnished, numbers, opened, search
from tests.support.world import FILES_BUCKET, Mischief, World


@pytest.fixture
def office(world: World) -> tuple[World, dict[str, int]]:
    """A desk with some tickets in three languages."""
    return world, furnished(world)


def test_filters_read_the_ticket_as_it_stands_now_not_as_it_was_indexed(office: tuple[World, dict[str, int]]) -> None:
    world, made = office
    ticket_id = search(world, "VPN").ok()["items"][0]["ticket"]["id"]
    world.patch(ticket_id, AGENT.id, status="pending", tags=["vip"], priority="urgent", assignee=AGENT.id).ok()
    for query in (  # nothing of it has reached the indexer yet
        "VPN status:pending",
        "VPN status:pending,open tag:vip",
        "VPN priority:urgent assignee:me",
        "VPN from:lee@ -from:kim@",
        "VPN from:@shop.example after:2026-11-23 before:2026-11-23",
        f'VPN assignee:"{AGENT.name}" status:active',
    ):
        assert numbers(search(world, query)) == [made["vpn"]], query
    assert numbers(search(world, "VPN status:new")) == []
    assert numbers(search(world, "VPN -tag:vip")) == []


def test_a_query_that_cannot_be_read_is_refused_with_the_place(world: World) -> None:
    for query in ('say "this', "stauts:open", "group:nowhere", "status:lost", "after:yesterday", "assignee:nobody"):
        refused = search(world, query).refused(400, "invalid")
        assert refused.pointers == {"/q"}
        assert refused["errors"][0]["message"].startswith("at letter "), query
    world.api("GET", "/v1/search", agent=AGENT.id).refused(400)


def test_messages_tags_fields_and_people_are_found_once_they_are_there(office: tuple[World, dict[str, int]]) -> None:
    world, made = office
    ticket_id = search(world, "VPN").ok()["items"][0]["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "Restart the concentrator, please").ok()
    world.answer(ticket_id, AGENT.id, "customer seems annoyed", visibility="internal").ok()
    world.patch(ticket_id, AGENT.id, tags=["황금고객"]).ok()
    world.api("POST", f"/v1/tickets/{ticket_id}/participants", {"email": "boss@corp.example"}, agent=AGENT.id).ok()
    world.settle()
    for query in ("concentrator", "annoyed", "황금", "boss@corp.example"):
        assert numbers(search(world, query)) == [made["vpn"]], query


def test_an_answer_that_was_taken_back_is_not_found(office: tuple[World, dict[str, int]]) -> None:
    world, _ = office
    ticket_id = search(world, "VPN").ok()["items"][0]["ticket"]["id"]
    message = world.answer(ticket_id, AGENT.id, "hasty words", hold_seconds=10).ok()
    world.settle()
    assert numbers(search(world, "hasty")) != []
    world.api("POST", f"/v1/tickets/{ticket_id}/messages/{message['id']}/undo", agent=AGENT.id).ok()
    world.settle()
    assert numbers(search(world, "hasty")) == []


@pytest.mark.parametrize("seed", range(2))
def test_events_that_come_twice_and_in_any_order_change_nothing(world: World, seed: int) -> None:
    ticket_id = world.open(subject="first", body="alpha")["ticket"]["id"]
    world.patch(ticket_id, AGENT.id, tags=["old"]).ok()
    world.patch(ticket_id, AGENT.id, tags=["new"]).ok()
    message = world.answer(ticket_id, AGENT.id, "bravo", hold_seconds=10).ok()
    world.api("POST", f"/v1/tickets/{ticket_id}/messages/{message['id']}/undo", agent=AGENT.id).ok()
    world.settle(Mischief(random.Random(seed), repeats=0.5))
    world.replay(world.published)
    world.settle(Mischief(random.Random(seed), repeats=0.5))
    assert [len(numbers(search(world, word))) for word in ("alpha", "new", "old", "bravo")] == [1, 1, 0, 0]
    world.restart()
    assert [len(numbers(search(world, word))) for word in ("alpha", "new", "old", "bravo")] == [1, 1, 0, 0]


def test_pages_follow_one_another_without_gaps_or_doubles(world: World) -> None:
    made = [opened(world, f"printer {number}", "it does not print") for number in range(7)]
    world.settle()
    seen: list[int] = []
    cursor: dict[str, str] = {}
    for _ in range(10):
        page = search(world, "printer", limit=3, **cursor).ok()
        seen += numbers(page)
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(seen) == sorted(made)
    search(world, "printer", cursor="forged").refused(400)


def test_merging_changes_nothing_that_is_found_and_leaves_one_segment(
    office: tuple[World, dict[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, made = office
    search(world, "VPN").ok()
    world.advance(seconds=upkeep.FOLD_AFTER_SECONDS + 1)
    assert world.invoke(topology.INDEX_KEEPER, {})["merged"] > 1
    assert world.invoke(topology.INDEX_KEEPER, {}) == {"merged": 0, "written": 0}
    for _ in range(2):
        assert numbers(search(world, "VPN")) == [made["vpn"]]
        assert numbers(search(world, "프린터")) == [made["printer"]]
        world.restart()
    later = opened(world, "VPN again", "the same")
    world.settle()
    assert set(numbers(search(world, "VPN"))) == {made["vpn"], later}


def test_similar_tickets_are_those_that_were_solved_and_are_most_alike(world: World) -> None:
    solved = opened(world, "Cannot connect to VPN", "The VPN client says error 0x8007 when it connects")
    other = opened(world, "Printer jam", "Paper is stuck in the printer")
    unsolved = opened(world, "VPN connect", "VPN error 0x8007 when it connects")
    asked = world.open(subject="VPN error", body="I get error 0x8007 when the VPN connects")["ticket"]["id"]
    world.settle()
    ids = {item["ticket"]["number"]: item["ticket"]["id"] for item in search(world, "VPN printer").ok()["items"]}
    for number in (solved, other):
        world.patch(ids[number], AGENT.id, status="solved").ok()
    world.settle()
    found = world.api("GET", f"/v1/tickets/{asked}/similar", agent=AGENT.id)
    assert numbers(found) == [solved]
    assert unsolved not in numbers(found)
    world.api("GET", "/v1/tickets/01JDA8Z0W3E6Q1V7N5T9XKRB4C/similar", agent=AGENT.id).refused(404)


def test_a_ticket_the_searcher_may_not_know_of_is_never_found_listed_or_suggested(world: World) -> None:
    secret = {opened(world, f"secret plan {number}", "the takeover of acme") for number in range(30)}
    plain = {opened(world, f"plan {number}", "the takeover of a lease") for number in range(2)}
    world.settle()
    ids = {item["ticket"]["number"]: item["ticket"]["id"] for item in search(world, "plan", limit=100).ok()["items"]}
    for number in secret | plain:
        world.patch(ids[number], AGENT.id, status="solved").ok()
    world.settle()

    def visible(agent: Agent, row: TicketRow) -> bool:
        return agent.id == ADMIN.id or row.number not in secret

    service = SearchService(
        LiveIndex(bootstrap.search_upkeep().segments), bootstrap.ticket_store(), bootstrap.desk, visible
    )

    def found(query: str, agent: Agent) -> set[int]:
        seen: set[int] = set()
        position = None
        while True:
            page = service.search(query, agent, limit=2, position=position)
            seen |= {one.row.number for one in page.items}
            position = page.next_position
            if position is None:
                return seen

    for query in ("plan", "takeover", '"the takeover"', "secret", f"#{min(secret)}", "status:solved", "acme -lease"):
        assert found(query, AGENT) <= plain, query
    assert found("takeover", AGENT) == plain
    assert len(service.search("takeover", AGENT, limit=2, position=None).items) == 2, "what is hidden fills no page"
    assert found("takeover", ADMIN) == plain | secret
    asked = ids[min(plain)]
    assert {one.row.number for one in service.similar(asked, AGENT, limit=20)} == plain - {min(plain)}
    with pytest.raises(Exception, match="no such ticket"):
        service.similar(ids[min(secret)], AGENT, limit=5)


def test_what_is_forgotten_leaves_no_trace_and_does_not_come_back(office: tuple[World, dict[str, int]]) -> None:
    world, made = office
    ticket_id = search(world, "VPN").ok()["items"][0]["ticket"]["id"]
    world.answer(ticket_id, AGENT.id, "the password is hunter2").ok()
    world.settle()
    world.advance(seconds=upkeep.FOLD_AFTER_SECONDS + 1)
    world.invoke(topology.INDEX_KEEPER, {})
    message = next(one for one in world.messages(ticket_id) if "hunter2" in one.text)
    assert len(traces("hunter2")) == 1
    bootstrap.ticket_indexer().forget(ticket_id, message.id)
    assert traces("hunter2") == []
    assert numbers(search(world, "hunter2")) == []
    world.replay(world.published)
    world.settle()
    assert numbers(search(world, "hunter2")) == []
    assert numbers(search(world, "VPN")) == [made["vpn"]]
    bootstrap.ticket_indexer().forget(ticket_id)
    assert traces("vpn") == []
    assert numbers(search(world, "VPN")) == []


def test_a_ticket_out_of_which_somebody_was_erased_is_found_by_what_is_left(
    office: tuple[World, dict[str, int]],
) -> None:
    world, made = office
    ticket_id = search(world, "VPN").ok()["items"][0]["ticket"]["id"]
    world.advance(seconds=upkeep.FOLD_AFTER_SECONDS + 1)
    world.invoke(topology.INDEX_KEEPER, {})
    (message,) = world.messages(ticket_id)
    bootstrap.ticket_store().rewrite(replace(message, text="(erased)"))
    bootstrap.ticket_indexer().renew(ticket_id)
    assert traces("0x8007") == []
    assert numbers(search(world, "0x8007")) == []
    assert numbers(search(world, "VPN")) == [made["vpn"]]


def test_a_rebuilt_index_finds_what_the_old_one_found(office: tuple[World, dict[str, int]]) -> None:
    world, made = office
    before = {word: numbers(search(world, word)) for word in ("VPN", "프린터", "明細", "ab1234", "hanako")}
    assert bootstrap.ticket_indexer().rebuild() == 2 * len(made)
    assert {word: numbers(search(world, word)) for word in before} == before
    world.restart()
    assert {word: numbers(search(world, word)) for word in before} == before
    world.settle()


def traces(term: str) -> list[str]:
    """Every place of the index that has a term: items of the table, objects of the bucket."""
    s3 = boto3.client("s3")
    found = []
    for one in s3.list_objects_v2(Bucket=FILES_BUCKET, Prefix=topology.SEARCH_PREFIX).get("Contents", []):
        if one["Key"].startswith(topology.BOARD_PREFIX):
            continue  # what lists are read from; no part of the index
        body = s3.get_object(Bucket=FILES_BUCKET, Key=one["Key"])["Body"].read()
        if term in Segment(body).terms:
            found.append(one["Key"])
    state = bootstrap.search_upkeep().segments.state()
    found += [one.name for one in state.fresh if term in Segment(upkeep.unpack(one.data)).terms]
    return found


def test_what_is_written_beside_a_ticket_is_found_and_whoever_was_merged_is_the_same_requester(world: World) -> None:
    ids = [world.open(f"{name}@example.com")["ticket"]["id"] for name in ("ann", "eve")]
    people = [world.ticket(one).requester_id for one in ids]
    numbered = [world.ticket(one).number for one in ids]
    aside = f"/v1/tickets/{ids[0]}/side-conversations"
    asked = {"to": [{"email": "lee@supplier.example"}], "subject": "Flux capacitor", "body": "Is the gasket in stock?"}
    made = world.api("POST", aside, asked | {"hold_seconds": 30}, agent=AGENT.id).ok()
    path = f"/v1/tickets/{ids[0]}/tasks"
    world.api("POST", path, {"title": "Order the sprocket"}, agent=AGENT.id).ok()
    world.settle()
    for query in ("gasket", "capacitor", "lee@supplier", "sprocket", '"is the gasket"'):
        assert numbers(search(world, query)) == [numbered[0]], query
    (hit,) = search(world, "gasket").ok()["items"]
    assert hit["excerpt"]["side_id"] == made["conversation"]["id"]
    assert hit["excerpt"]["message_id"] == made["message"]["id"]
    world.api(
        "POST", f"{aside}/{made['conversation']['id']}/messages/{made['message']['id']}/undo", agent=AGENT.id
    ).ok()
    world.settle()
    assert numbers(search(world, "gasket")) == []

    world.api("POST", f"/v1/people/{people[0]}/merge", {"person": people[1]}, agent=AGENT.id).ok()
    for person in people:
        assert sorted(numbers(search(world, f"requester:{person}"))) == sorted(numbered)
        assert sorted(numbers(search(world, f"print requester:{person}"))) == sorted(numbered)


def test_an_index_that_is_written_anew_has_side_conversations(world: World) -> None:
    ticket_id = world.open("ann@example.com")["ticket"]["id"]
    asked = {"to": [{"email": "lee@supplier.example"}], "subject": "Parts", "body": "Is the gasket in stock?"}
    world.api("POST", f"/v1/tickets/{ticket_id}/side-conversations", asked, agent=AGENT.id).ok()
    bootstrap.ticket_indexer().rebuild()
    assert numbers(search(world, "gasket")) == [world.ticket(ticket_id).number]
