"""Why a ticket is late, asked through the front door."""

from datetime import timedelta

import pytest

from tests.support.desk import AGENT, AGENT2
from tests.support.world import World, a_world


@pytest.fixture
def world():  # noqa: ANN201 - a fixture
    with a_world() as made:
        yield made


def sla(world: World, ticket_id: str, agent: str = AGENT.id):  # noqa: ANN201 - JSON
    return world.api("GET", f"/v1/tickets/{ticket_id}/sla", agent=agent).ok().body


def test_a_colleague_reads_line_by_line_why_a_clock_stands_as_it_does(world: World) -> None:
    ticket_id = world.open("ann@example.com")["ticket"]["id"]
    world.settle()
    world.advance(hours=1)
    world.patch(ticket_id, AGENT.id, status="pending").ok()
    world.advance(hours=20)
    world.patch(ticket_id, AGENT2.id, status="open").ok()
    world.advance(hours=5, seconds=7)
    world.sweep()
    body = sla(world, ticket_id)
    assert (body["policy"]["id"], body["policy"]["current"]) == ("standard", True)
    assert "First response within 4 hours of business time." in body["policy"]["words"]
    assert body["calendar"]["words"].startswith("Monday to Friday 09:00–18:00 (Asia/Seoul)")  # noqa: RUF001 - as typeset
    (first,) = [clock for clock in body["clocks"] if clock["metric"] == "first_response"]
    lines = [line for line in body["ledger"] if line["metric"] == "first_response"]
    assert [line["cause"] for line in lines] == ["opened", "pending", "open"]
    assert [line["actor"]["name"] for line in lines] == [None, AGENT.name, AGENT2.name]
    assert [line["counted_seconds"] for line in lines][:2] == [3600, 0]
    assert sum(line["counted_seconds"] for line in lines) == first["used_seconds"]
    assert first["state"] == "breached"
    assert first["left_seconds"] == first["target_seconds"] - first["used_seconds"] < 0
    notes = [(note["kind"], note["at"]) for note in body["notes"] if note["metric"] == "first_response"]
    assert [kind for kind, _ in notes] == ["warned", "breached"]
    assert notes[1][1] == first["breached_at"] == first["due_at"]
    assert lines[-1]["until"] is None


def test_a_ticket_without_a_promise_says_so_and_one_that_is_not_there_is_not_found(world: World) -> None:
    world.api("GET", "/v1/tickets/01JD0000000000000000000000/sla", agent=AGENT.id).refused(404)
    ticket_id = world.open("ann@example.com")["ticket"]["id"]
    body = sla(world, ticket_id)
    assert [line["going"] for line in body["ledger"]] == ["running", "running"]
    assert timedelta(seconds=sum(line["counted_seconds"] for line in body["ledger"])) == timedelta(0)
