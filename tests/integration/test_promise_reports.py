"""Reports of promises: what was met and missed, counted once however often it is told of, read from buckets alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from helpdesk import bootstrap
from helpdesk.sla.histories import history_of
from tests.support.desk import AGENT, FIRST_RESPONSE_SECONDS, SUPERVISOR, desk_for_tests
from tests.support.wire import AwsCall, Proceed, observing
from tests.support.world import World, a_world


def report(world: World, **query: str) -> dict[tuple[str, str], dict[str, Any]]:
    wanted = "&".join(f"{name}={value}" for name, value in query.items())
    items = world.api("GET", f"/v1/reports/sla?{wanted}", agent=SUPERVISOR.id).ok()["items"]
    return {(one["metric"], one["of"]): one for one in items}


def asked(world: World, email: str) -> str:
    ticket_id = world.open(email, subject="It stops", body="With an error.")["ticket"]["id"]
    world.settle()
    return str(ticket_id)


def test_what_was_met_and_missed_is_counted_by_everything_that_is_asked_for(world: World) -> None:
    early, late = asked(world, "a@example.com"), asked(world, "b@example.com")
    world.advance(seconds=60)
    world.answer(early, AGENT.id, "Here you are.").ok()
    world.advance(seconds=FIRST_RESPONSE_SECONDS + 540)
    world.sweep()
    world.settle()
    one = report(world)["first_response", ""]
    assert (one["met"], one["breached"], one["compliance"], one["late_seconds"]) == (1, 1, 0.5, 0)
    world.answer(late, AGENT.id, "At last.").ok()
    world.settle()
    one = report(world)["first_response", ""]
    assert (one["met"], one["breached"], one["late_seconds"]) == (1, 1, 600)
    day = world.clock.now.date().isoformat()
    assert set(report(world, by="day")) == {("first_response", day)}
    ticket = world.ticket(early)
    assert ("first_response", ticket.priority.value) in report(world, by="priority")
    assert ("first_response", ticket.group or "") in report(world, by="group")
    assert ticket.sla is not None
    assert ("first_response", ticket.sla.policy_id) in report(world, by="policy")
    assert report(world, **{"from": "2026-01-01", "to": "2026-01-31"}) == {}


def test_events_that_come_again_or_in_another_order_change_nothing(world: World) -> None:
    ticket_id = asked(world, "a@example.com")
    world.answer(ticket_id, AGENT.id, "Here you are.").ok()
    world.settle()
    before = report(world)
    events = history_of(bootstrap.ticket_store(), ticket_id)
    for event in [*reversed(events), *events]:
        bootstrap.promise_reports().handle(event)
    assert report(world) == before


def test_who_counts_while_another_counts_the_same_ticket_looks_again_and_counts_nothing_twice(world: World) -> None:
    ticket_id = asked(world, "a@example.com")
    world.answer(ticket_id, AGENT.id, "Here you are.").ok()
    last = history_of(bootstrap.ticket_store(), ticket_id)[-1]
    overtaken: list[AwsCall] = []

    def overtake(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        if call.name == "dynamodb.TransactWriteItems" and not overtaken:
            overtaken.append(call)
            bootstrap.promise_reports().handle(last)
        return proceed()

    with observing(overtake):
        bootstrap.promise_reports().handle(last)
    assert overtaken
    assert report(world)["first_response", ""]["met"] == 1


def test_a_reopening_takes_back_what_was_met(world: World) -> None:
    ticket_id = asked(world, "a@example.com")
    headers = {"If-Match": f'"{world.ticket(ticket_id).version}"'}
    world.api("PATCH", f"/v1/tickets/{ticket_id}", {"status": "solved"}, agent=AGENT.id, headers=headers).ok()
    world.settle()
    assert report(world)["resolution", ""]["met"] == 1
    headers = {"If-Match": f'"{world.ticket(ticket_id).version}"'}
    world.api("PATCH", f"/v1/tickets/{ticket_id}", {"status": "open"}, agent=AGENT.id, headers=headers).ok()
    world.settle()
    assert ("resolution", "") not in report(world)


def test_a_report_is_one_query_a_month_however_many_tickets_there_are(world: World) -> None:
    for number in range(3):
        world.answer(asked(world, f"p{number}@example.com"), AGENT.id, "Here you are.").ok()
    world.settle()
    report(world)
    seen: list[str] = []

    def note(call: AwsCall, proceed: Proceed) -> dict[str, Any]:
        if world.running is not None:
            seen.append(call.name)
        return proceed()

    with observing(note):
        report(world, **{"from": "2026-10-20", "to": "2026-11-30"})
    assert seen.count("dynamodb.Query") <= 3  # October, November, and the desk's configuration


@pytest.mark.parametrize(
    "query", ["from=2026-11-02&to=2026-11-01", "from=2024-01-01&to=2026-01-01", "from=x", "by=moon", "to=2026-13-01"]
)
def test_a_period_that_makes_no_sense_is_refused(world: World, query: str) -> None:
    world.api("GET", f"/v1/reports/sla?{query}", agent=SUPERVISOR.id).refused(400)


def test_a_list_of_what_breaches_soon_leaves_out_what_is_late_answered_or_far_off(world: World) -> None:
    late, answered, soon = (asked(world, f"{name}@example.com") for name in ("late", "answered", "soon"))
    world.answer(answered, AGENT.id, "Here you are.").ok()
    world.settle()
    first = FIRST_RESPONSE_SECONDS // 60

    def listed(within: str, more: str = "") -> list[str]:
        path = f"/v1/tickets?breaches_within={within}{more}"
        return [one["id"] for one in world.api("GET", path, agent=AGENT.id).ok()["items"]]

    assert listed(f"{first - 1}m") == []
    assert listed(f"{first}m") == [late, soon]
    assert listed(f"{first}m", "&assignee=nobody-at-all") == []
    world.advance(seconds=FIRST_RESPONSE_SECONDS)
    assert listed("1m") == []  # missed at this very instant: late, not soon
    fresh = asked(world, "fresh@example.com")
    assert listed("20h") == [fresh]
    assert listed("20h", "&status=solved") == []
    world.api("GET", "/v1/tickets?breaches_within=soon", agent=AGENT.id).refused(400)


def test_days_are_those_of_the_desks_own_time_zone() -> None:
    desk = desk_for_tests()
    with a_world(replace(desk, general=replace(desk.general, time_zone="Asia/Seoul"))) as world:
        evening = world.clock.now.replace(hour=20)  # the next morning in Seoul
        world.clock.now = evening
        ticket_id = asked(world, "a@example.com")
        world.answer(ticket_id, AGENT.id, "Here you are.").ok()
        world.settle()
        there = (evening + timedelta(hours=9)).date().isoformat()
        assert there != evening.date().isoformat()
        assert report(world, by="day")["first_response", there]["met"] == 1
        answer = world.api("GET", "/v1/reports/sla", agent=SUPERVISOR.id).ok()
        assert (answer["zone"], answer["until"]) == ("Asia/Seoul", there)
