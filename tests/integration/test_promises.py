"""A supervisor tries a promise out on the past, an admin switches it on, and it acts to the second."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.kernel.clock import format_instant
from helpdesk.tickets.facts import SlaBreached, SlaEscalated, SlaWarned
from tests.support.desk import ADMIN, AGENT, CALENDAR, POLICY, SUPERVISOR
from tests.support.world import World, a_world

HALF_AN_HOUR = {
    "name": "Urgent within half an hour",
    "calendar_id": "seoul",
    "targets": {"urgent": [{"metric": "first_response", "seconds": 1800}]},
    "conditions": {"priorities": ["urgent"]},
    "escalations": [{"id": "told", "timing": "percent", "amount": 100, "notify": ["supervisors"], "tags": ["late"]}],
}


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


def preview(world: World, **changes: Any) -> Any:
    now = world.clock.now
    body = {
        "since": format_instant(now - timedelta(days=2)),
        "until": format_instant(now),
        "policies": [{**HALF_AN_HOUR, "id": "draft"}],
        **changes,
    }
    return world.api("POST", "/v1/sla/preview", body, agent=SUPERVISOR.id)


def test_a_draft_is_tried_on_the_past_switched_on_and_acts_on_time(world: World) -> None:
    early = world.open("ann@example.com", priority="urgent")["ticket"]["id"]
    world.settle()
    world.advance(minutes=40)
    world.answer(early, AGENT.id, "Here you are.").ok()
    world.advance(minutes=20)
    before = world.events(early)
    tried = preview(world).ok()
    (row,) = [one for one in tried["rows"] if (one["metric"], one["by"]) == ("first_response", "all")]
    assert (row["old"]["met"], row["new"]["breached"], row["new"]["late_seconds"]) == (1, 1, 600)
    changed = [one for one in tried["changes"] if one["metric"] == "first_response"]
    assert [(one["ticket"], one["old"]["kept"], one["new"]["kept"]) for one in changed] == [(early, "met", "breached")]
    assert tried["complete"] is True
    assert world.events(early) == before, "nothing was touched"

    saved = world.api("PUT", "/v1/sla-policies/urgent", {**HALF_AN_HOUR, "place": 1}, agent=ADMIN.id).ok()
    assert [(one["id"], one["version"], one["place"]) for one in saved["items"]] == [
        ("urgent", 1, 1),
        (POLICY.id, 1, 2),
    ]
    assert "At 100 % of the target: tell supervisors, tag late." in saved["items"][0]["words"]
    world.restart()
    late = world.open("bob@example.com", priority="urgent")["ticket"]["id"]
    world.settle()
    for _ in range(31):
        world.pass_time(seconds=60)
    due = world.ticket(late).created_at + timedelta(minutes=30)
    assert [len(world.facts(late, kind)) for kind in (SlaWarned, SlaBreached, SlaEscalated)] == [1, 1, 1]
    (breached,) = world.facts(late, SlaBreached)
    assert breached.fact.breached_at == due
    assert world.ticket(late).tags == ("late",)
    told = [mail for mail in world.sent_to(SUPERVISOR.address) if "escalat" in mail.text.lower()]
    assert len(told) == 1


def test_a_new_version_keeps_the_old_one_and_a_policy_can_be_taken_away(world: World) -> None:
    for version in (1, 2):
        items = world.api("PUT", "/v1/sla-policies/urgent", HALF_AN_HOUR, agent=ADMIN.id).ok()["items"]
        assert next(one["version"] for one in items if one["id"] == "urgent") == version
    from helpdesk import bootstrap  # noqa: PLC0415 - of this world

    assert bootstrap.desk_store().policy_version("urgent", 1) is not None
    world.api("DELETE", "/v1/sla-policies/urgent", agent=ADMIN.id).ok()
    world.api("DELETE", "/v1/sla-policies/urgent", agent=ADMIN.id).refused(404)


def test_a_policy_that_names_what_is_not_there_is_told_each_field(world: World) -> None:
    wrong = HALF_AN_HOUR | {
        "calendar_id": "mars",
        "group_calendars": {"support": "venus"},
        "escalations": [{"id": "e", "timing": "after", "amount": 0, "notify": ["nobody"], "group": "none"}],
    }
    refused = world.api("PUT", "/v1/sla-policies/urgent", wrong, agent=ADMIN.id).refused(400)
    assert refused.pointers == {
        "/calendar_id",
        "/group_calendars/support",
        "/escalations/0/group",
        "/escalations/0/notify/0",
    }
    nothing = HALF_AN_HOUR | {"escalations": [{"id": "e", "timing": "after", "amount": 0}]}
    world.api("PUT", "/v1/sla-policies/urgent", nothing, agent=ADMIN.id).refused(400, "sla_policy_invalid")
    world.api("PUT", "/v1/sla-policies/urgent", HALF_AN_HOUR, agent=AGENT.id).refused(403)


def test_a_calendar_is_saved_in_a_new_revision_with_its_public_holidays(world: World) -> None:
    hours = [[{"start": 540, "end": 1080}]] * 5 + [[], []]
    body = {"name": "Seoul", "zone": "Asia/Seoul", "weekly": hours, "holiday_country": "KR"}
    saved = world.api("PUT", "/v1/calendars/seoul", body, agent=ADMIN.id).ok()
    assert saved["revision"] == CALENDAR.revision + 1
    assert "2026-08-17" in saved["public_holidays"]
    listed = world.api("GET", "/v1/calendars", agent=SUPERVISOR.id).ok()["items"]
    assert [(one["id"], one["revision"]) for one in listed] == [("seoul", CALENDAR.revision + 1)]
    for fault in ({"zone": "Mars/Olympus"}, {"holiday_country": "XX"}):
        world.api("PUT", "/v1/calendars/seoul", body | fault, agent=ADMIN.id).refused(400, "calendar_invalid")


def test_a_calendar_goes_only_when_nothing_needs_it_and_can_be_made_anew(world: World) -> None:
    used = world.api("DELETE", "/v1/calendars/seoul", agent=ADMIN.id).refused(409, "conflict")
    assert "SLA policy standard" in used["detail"]
    body = {"name": "Spare", "zone": "Asia/Seoul", "weekly": [[]] * 7}
    world.api("PUT", "/v1/calendars/spare", body, agent=ADMIN.id).ok()
    world.api("DELETE", "/v1/calendars/spare", agent=ADMIN.id, headers={"If-Match": '"7"'}).refused(409)
    world.api("DELETE", "/v1/calendars/spare", agent=ADMIN.id).ok()
    world.api("DELETE", "/v1/calendars/spare", agent=ADMIN.id).refused(404)
    listed = world.api("GET", "/v1/calendars", agent=SUPERVISOR.id).ok()["items"]
    assert "spare" not in {one["id"] for one in listed}
    policy = HALF_AN_HOUR | {"calendar_id": "spare"}
    refused = world.api("PUT", "/v1/sla-policies/urgent", policy, agent=ADMIN.id).refused(400)
    assert refused.pointers == {"/calendar_id"}
    exported = world.api("GET", "/v1/settings/export", agent=ADMIN.id).ok()
    assert "Spare" not in exported.raw
    assert world.api("PUT", "/v1/calendars/spare", body, agent=ADMIN.id).ok()["revision"] == 3


def test_a_preview_can_bring_a_calendar_and_needs_a_period(world: World) -> None:
    world.open("ann@example.com", priority="urgent")
    world.advance(hours=1)
    night = {"name": "Night", "zone": "Asia/Seoul", "weekly": [[{"start": 1320, "end": 360}]] * 7}
    tried = preview(
        world, policies=[{**HALF_AN_HOUR, "id": "draft", "calendar_id": "night"}], calendars={"night": night}
    ).ok()
    (row,) = [one for one in tried["rows"] if (one["metric"], one["by"]) == ("first_response", "all")]
    assert (row["new"]["open"], row["new"]["breached"]) == (1, 0)
    preview(world, until="2020-01-01T00:00:00Z").refused(400)
    preview(world, since="yesterday").refused(400)


def test_a_preview_names_tickets_whose_fields_may_have_held_something_else(world: World) -> None:
    once, again = (world.open("ann@example.com", fields={"machine": "press"})["ticket"] for _ in range(2))
    for value in ("lathe", "press"):
        world.patch(again["id"], AGENT.id, fields={"machine": value}).ok()
    world.advance(hours=1)
    asking = {"targets": {"normal": [{"metric": "first_response", "seconds": 60}]}}
    policies = [{**HALF_AN_HOUR, **asking, "id": "draft", "conditions": {"fields": {"machine": ["press"]}}}]
    tried = preview(world, policies=policies).ok()
    assert tried["by_present_fields"] == [{"id": again["id"], "number": again["number"]}]
    (row,) = [one for one in tried["rows"] if (one["metric"], one["by"]) == ("first_response", "all")]
    assert row["new"]["breached"] == 2, f"also {once['number']}: history says when it was filled in"


def test_a_preview_goes_on_over_any_number_of_tickets_and_looks_at_each_once(world: World) -> None:
    opened = []
    for number in range(7):
        opened.append(world.open(f"p{number}@example.com")["ticket"]["id"])
        world.advance(days=1)  # the first ones have not changed within the period, but were open all along
    for ticket_id in opened[5:]:
        world.patch(ticket_id, AGENT.id, status="solved").ok()
    world.settle()
    whole = preview(world).ok()
    assert (whole["tickets"], whole["complete"]) == (7, True)
    now, parts, cursor = world.clock.now, [], None
    fixed = {"since": format_instant(now - timedelta(days=2)), "until": format_instant(now)}
    while True:
        parts.append(preview(world, most=2, **fixed, **({"cursor": cursor} if cursor else {})).ok())
        cursor = parts[-1]["next_cursor"]
        if cursor is None:
            break
    assert [one["tickets"] for one in parts] == [2, 2, 2, 1]
    for row in whole["rows"]:
        same = [
            one for part in parts for one in part["rows"] if all(one[key] == row[key] for key in ("metric", "by", "of"))
        ]
        for side in ("old", "new"):
            for figure in ("met", "breached", "open", "late_seconds", "paused_seconds"):
                assert sum(one[side][figure] for one in same) == row[side][figure]
    preview(world, cursor=parts[0]["next_cursor"]).refused(400, "invalid")  # of another period
