"""A worker of bulk actions dies at any call, is started twice, or is overtaken: each ticket is changed once, or given back."""

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.bulk.model import State
from helpdesk.contracts.topology import BULK
from helpdesk.tickets.chain import verify
from helpdesk.tickets.facts import TicketRestored, TicketTagsChanged
from tests.support.desk import AGENT
from tests.support.wire import AwsCall, Crash, Proceed, counting, deaths, observing
from tests.support.world import Mischief, QueueMessage, World

ACTION = {
    "change": {"add_tags": ["outage"], "priority": "high"},
    "message": {"body": "We know of it, and are at it.", "status": "pending"},
}


class DyingAtWrite:
    """Dies after the n-th transaction, counted from 0; the first one says that a worker is at it."""

    def __init__(self, place: int) -> None:
        self.left = place

    def __call__(self, call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        answer = proceed()
        if call.operation == "TransactWriteItems":
            self.left -= 1
            if self.left < 0:
                raise Crash
        return answer


NOTING = {
    "change": ACTION["change"] | {"group": "billing"},
    "message": {"body": "Outage of Monday", "visibility": "internal"},
}
"""Without anything that is sent while a queue waits before it tries again."""


def open_tickets(world: World, count: int) -> list[str]:
    made = [world.open(f"p{number}@example.com")["ticket"]["id"] for number in range(count)]
    world.settle()
    return made


def started(world: World, tickets: list[str], action: object = ACTION, **which: object) -> str:
    body = {"action": action} | (which or {"tickets": tickets})
    return str(world.api("POST", "/v1/bulk", body, agent=AGENT.id).ok()["id"])


def end_state(world: World, job: str) -> dict[str, Any]:
    """All that an agent could see of it, without ids that chance makes."""
    found = world.api("GET", f"/v1/bulk/{job}", agent=AGENT.id).ok()
    tickets = []
    for ticket_id in world.ticket_ids:
        ticket, events = world.ticket(ticket_id), world.events(ticket_id)
        assert verify(events, ticket.chain) is None
        shown = (ticket.status, ticket.priority, ticket.tags, len(ticket.held))
        tickets.append((shown, [event.type for event in events], len(world.messages(ticket_id))))
    results = sorted((one["ticket_id"], one["outcome"], *one["stays"]) for one in found["results"])
    return {
        "state": found["state"],
        "tally": found["tally"],
        "undo": found["undo"],
        "total": found["total"],
        "results": results,
        "tickets": tickets,
        "dead": len(world.dead),
    }


def undisturbed(world: World, job: str) -> dict[str, Any]:
    go_back = world.checkpoint()
    world.settle()
    found = end_state(world, job)
    go_back()
    return found


def deliver(world: World) -> Callable[[], None]:
    """Hands the worker the event that waits for it."""
    world.publish()
    assert world.queues[BULK.name].messages
    return lambda: world.deliver(BULK.name)


def prepare_action(world: World) -> str:
    return started(world, open_tickets(world, 2))


def prepare_view(world: World) -> str:
    open_tickets(world, 2)
    return started(world, [], view={"status": "active"})


def prepare_undo(world: World) -> str:
    job = started(world, open_tickets(world, 2), NOTING)
    world.settle()
    world.api("POST", f"/v1/bulk/{job}/undo", agent=AGENT.id).ok()
    return job


@pytest.mark.parametrize("prepare", [prepare_action, prepare_view, prepare_undo])
def test_a_worker_that_dies_at_any_call_leaves_nothing_undone_and_nothing_done_twice(
    world: World, prepare: Callable[[World], str]
) -> None:
    job = prepare(world)
    act = deliver(world)
    expected = undisturbed(world, job)
    go_back = world.checkpoint()
    with counting() as calls:
        act()
    for where, dying in deaths(calls):
        go_back()
        with pytest.raises(Crash), observing(dying):
            act()
        world.restart()
        world.clock.now = world.clock.now.replace(microsecond=0)
        world.advance(seconds=6 * BULK.timeout_seconds)
        world.settle()
        assert end_state(world, job) == expected, where


def test_an_action_whose_worker_died_is_undone_with_what_it_had_not_told_of(world: World) -> None:
    tickets = open_tickets(world, 3)
    job = started(world, tickets, NOTING)
    act = deliver(world)
    with pytest.raises(Crash), observing(DyingAtWrite(2)):
        act()
    touched = [one for one in tickets if world.ticket(one).tags]
    assert touched
    world.restart()
    world.api("POST", f"/v1/bulk/{job}/undo", agent=AGENT.id).ok()
    world.advance(seconds=6 * BULK.timeout_seconds)
    world.settle()
    found = end_state(world, job)
    assert found["state"] == State.UNDONE
    assert found["undo"]["undone"] + found["undo"]["partly_undone"] == found["tally"]["changed"] == len(touched) == 2
    assert {world.ticket(one).tags for one in tickets} == {()}


@pytest.mark.parametrize("seed", range(4))
def test_events_that_come_twice_and_in_any_order_change_each_ticket_once(world: World, seed: int) -> None:
    tickets = open_tickets(world, 4)
    message = {"body": "We know of it."}
    first = started(world, tickets, {"change": {"add_tags": ["first"]}, "message": message})
    second = started(world, tickets[1:], {"change": {"add_tags": ["second"]}, "message": message})
    mischief = Mischief(random.Random(seed), repeats=0.5)
    world.settle(mischief)
    world.api("POST", f"/v1/bulk/{first}/undo", agent=AGENT.id).ok()
    world.settle(mischief)
    world.replay([one for one in world.published if one["detail-type"].startswith("Bulk")])
    world.settle(mischief)
    assert [len(world.facts(one, TicketRestored)) for one in tickets] == [1] * 4
    assert [len(world.facts(one, TicketTagsChanged)) for one in tickets] == [1, 2, 2, 2]
    assert [len(world.messages(one)) for one in tickets] == [2, 3, 3, 3]
    assert [world.ticket(one).tags for one in tickets] == [(), *[("second",)] * 3]
    assert world.dead == []
    assert end_state(world, second)["state"] == "done"


def test_a_second_worker_waits_until_the_first_is_done(world: World) -> None:
    job = started(world, open_tickets(world, 2))
    act = deliver(world)
    body = world.queues[BULK.name].messages[0].body
    with pytest.raises(Crash), observing(DyingAtWrite(1)):
        act()
    world.restart()
    version = json.dumps(world.item(f"BULK#{job}", "JOB"))
    answer = world.invoke(
        BULK, {"Records": [{"messageId": "again", "body": body, "attributes": {}, "eventSource": "aws:sqs"}]}
    )
    assert answer == {"batchItemFailures": [{"itemIdentifier": "again"}]}
    assert json.dumps(world.item(f"BULK#{job}", "JOB")) == version
    world.queues[BULK.name].messages.append(QueueMessage("later", body))
    world.advance(seconds=6 * BULK.timeout_seconds)
    world.settle()
    assert end_state(world, job)["tally"] == {"changed": 2, "unchanged": 0, "failed": 0}
