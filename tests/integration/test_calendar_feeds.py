"""A calendar is filled from an iCalendar file, and follows one elsewhere: clocks stand when those say so."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from functions.automation import clock
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.platform.outbound import Outbound
from helpdesk.sla.promises import newest_calendars
from helpdesk.wiring import automation, ground
from tests.support.desk import ADMIN, CALENDAR, SUPERVISOR
from tests.support.receiver import Receiver, a_receiver
from tests.support.world import MONDAY_MORNING, World, a_world

TUESDAY = MONDAY_MORNING + timedelta(days=1)


def ics(*events: tuple[str, ...]) -> str:
    lines = ["BEGIN:VCALENDAR", *(line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT"))]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


OFFSITE = (f"DTSTART;VALUE=DATE:{TUESDAY:%Y%m%d}", "SUMMARY:Offsite", "TRANSP:TRANSPARENT")
LUNCH = (f"DTSTART;TZID=Korea Standard Time:{MONDAY_MORNING:%Y%m%d}T140000", "DURATION:PT2H", "SUMMARY:Company lunch")
OBSERVANCE = (
    f"DTSTART;VALUE=DATE:{TUESDAY + timedelta(days=1):%Y%m%d}",
    "SUMMARY:Day of trees",
    "DESCRIPTION:Observance",
)


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as made:
        yield made


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with a_receiver() as receiver:
        for place in (ground, bootstrap):
            monkeypatch.setattr(place, "outbound", lambda: Outbound(local=True))
        receiver.headers = {"etag": '"1"'}
        receiver.body = ics(OFFSITE, LUNCH, OBSERVANCE).encode()
        yield receiver


def live() -> Any:
    return newest_calendars(bootstrap.desk_store().load())[CALENDAR.id]


def calendars(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.api("GET", "/v1/calendars", agent=SUPERVISOR.id).ok()["items"]
    return found


def written(world: World, **changes: Any) -> dict[str, Any]:
    shown = next(one for one in calendars(world) if one["id"] == CALENDAR.id)
    kept = (
        "name",
        "zone",
        "weekly",
        "holiday_country",
        "holiday_subdivision",
        "extra_holidays",
        "closed_hours",
        "feed_url",
        "feed_leave_out",
    )
    return {**{name: shown[name] for name in kept}, **changes}


def test_a_file_is_looked_at_then_imported_and_clocks_stand_in_what_it_closes(world: World) -> None:
    path = f"/v1/calendars/{CALENDAR.id}/import"
    body = {"file": ics(OFFSITE, LUNCH, OBSERVANCE), "leave_out": ["observance"]}
    looked = world.api("POST", f"{path}?dry_run=true", body, agent=SUPERVISOR.id).ok()
    assert (looked["applied"], looked["new_days"], looked["new_hours"], looked["left_out"]) == (False, 1, 1, 1)
    assert [(one["title"], one["times"], one["whole_days"]) for one in looked["events"]] == [
        ("Company lunch", 1, False),
        ("Offsite", 1, True),
    ]
    assert live().revision == CALENDAR.revision
    done = world.api("POST", path, body, agent=SUPERVISOR.id).ok()["calendar"]
    assert (done["revision"], done["extra_holidays"]) == (
        CALENDAR.revision + 1,
        [TUESDAY.date().isoformat(), *map(str, CALENDAR.extra_holidays)],
    )
    assert len(done["closed_hours"]) == 1
    again = world.api("POST", path, body, agent=SUPERVISOR.id).ok()
    assert (again["new_days"], again["calendar"]["revision"]) == (0, done["revision"]), "the same file changes nothing"

    compiled = bootstrap.rules().calendars[CALENDAR.id, done["revision"]]
    before = bootstrap.rules().calendars[CALENDAR.id, CALENDAR.revision]
    start, end = (int(at.timestamp() * 1000) for at in (MONDAY_MORNING, MONDAY_MORNING + timedelta(days=7)))
    lost = before.open_ms_between(start, end) - compiled.open_ms_between(start, end)
    day = before.open_ms_between(int(TUESDAY.timestamp() * 1000), int(TUESDAY.timestamp() * 1000) + 86_400_000)
    assert lost == day + 2 * 3_600_000
    refused = world.api("POST", path, {"file": "BEGIN:VCALENDAR\nhello"}, agent=SUPERVISOR.id).refused(400)
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("icalendar_unreadable", "/file")
    assert refused["errors"][0]["message"].startswith("line 2: ")
    world.api("POST", "/v1/calendars/none/import", body, agent=SUPERVISOR.id).refused(404)
    fresh = world.api(
        "POST", "/v1/calendars/none/import?dry_run=true", {**body, "zone": "Asia/Tokyo"}, agent=SUPERVISOR.id
    )
    assert fresh.ok()["new_days"] == 1


def test_a_calendar_follows_another_and_keeps_the_last_good_copy_while_that_fails(world: World, feed: Receiver) -> None:
    body = written(world, feed_url=feed.url, feed_leave_out=["Observance"])
    saved = world.api("PUT", f"/v1/calendars/{CALENDAR.id}", body, agent=SUPERVISOR.id).ok()
    assert (saved["feed"]["read_at"], saved["feed"]["days"], feed.calls) == (None, 0, [])
    clock.handler({}, None)
    assert live().feed_days == (TUESDAY.date(),)
    assert (len(live().feed_hours), live().revision) == (1, saved["revision"] + 1)
    clock.handler({}, None)
    assert len(feed.calls) == 1, "it is not read again before its time"

    feed.statuses = [304]
    world.advance(hours=6)
    clock.handler({}, None)
    assert feed.calls[-1].headers["if-none-match"] == '"1"'
    (shown,) = calendars(world)
    assert shown["feed"]["read_at"] > format_instant(world.clock.now - timedelta(minutes=1))
    assert (shown["feed"]["problem"], shown["feed"]["read_at"]) == ("", shown["feed"]["tried_at"])
    good = live().revision

    for statuses, said, problem, detail in (
        ([500], b"oh", "status", "500"),
        ([200], b"<html>sign in</html>", "unreadable", "line 1: is no line of iCalendar"),
        ([200], b"x" * 2_000_001, "too_large", ""),
    ):
        feed.statuses, feed.body = list(statuses), said
        failed = world.api("POST", f"/v1/calendars/{CALENDAR.id}/refresh", agent=SUPERVISOR.id).ok()
        assert failed["feed"]["problem"] == problem
        assert detail in failed["feed"]["detail"]
        assert (failed["feed"]["days"], live().revision) == (1, good), "what was read last holds on"
    assert failed["feed"]["next_at"] > format_instant(world.clock.now + timedelta(minutes=45)), "ever more seldom"

    feed.body, feed.headers = ics(LUNCH).encode(), {}
    well = world.api("POST", f"/v1/calendars/{CALENDAR.id}/refresh", agent=SUPERVISOR.id).ok()
    assert (well["feed"]["problem"], well["feed"]["days"], well["revision"]) == ("", 0, good + 1)
    body = written(world, name="Another name")
    kept = world.api("PUT", f"/v1/calendars/{CALENDAR.id}", body, agent=SUPERVISOR.id).ok()
    assert kept["feed"]["hours"] == 1, "another name is no reason to forget what was read"
    gone = world.api("PUT", f"/v1/calendars/{CALENDAR.id}", {**body, "feed_url": None}, agent=SUPERVISOR.id).ok()
    assert (gone["feed"], live().feed_hours) == (None, ())
    world.api("POST", f"/v1/calendars/{CALENDAR.id}/refresh", agent=SUPERVISOR.id).refused(404)


def test_a_feed_makes_a_revision_only_when_the_calendar_is_open_at_other_times_from_now_on(
    world: World, feed: Receiver
) -> None:
    feed.headers = {}
    body = written(world, feed_url=feed.url, feed_leave_out=["Observance"])
    world.api("PUT", f"/v1/calendars/{CALENDAR.id}", body, agent=SUPERVISOR.id).ok()
    clock.handler({}, None)
    read, saturday = live(), TUESDAY + timedelta(days=11)
    assert (saturday.weekday(), read.weekly[5]) == (5, ())
    party = (f"DTSTART;VALUE=DATE:{saturday:%Y%m%d}", "SUMMARY:Party")
    feed.body = ics(OFFSITE, LUNCH, party).encode()
    world.advance(hours=6)
    clock.handler({}, None)
    assert (live(), len(feed.calls)) == (read, 2), "it is closed on Saturdays anyway"
    feed.body = ics(party).encode()
    world.advance(days=3)
    clock.handler({}, None)
    assert (live(), len(feed.calls)) == (read, 3), "what is over was left out, and was closed all the same"

    world.api(
        "PUT",
        f"/v1/calendars/{CALENDAR.id}",
        {**body, "weekly": [*body["weekly"][:5], *body["weekly"][4:5], []]},
        agent=SUPERVISOR.id,
    ).ok()
    clock.handler({}, None)
    assert len(feed.calls) == 4, "other hours of its own: it is read anew at once"
    assert live().feed_days == (TUESDAY.date(), saturday.date()), "now it matters"
    assert len(live().feed_hours) == 1
    world.api("PUT", f"/v1/calendars/{CALENDAR.id}", {**body, "feed_leave_out": ["Offsite"]}, agent=SUPERVISOR.id).ok()
    clock.handler({}, None)
    assert (live().feed_days, live().feed_hours) == ((saturday.date(),), ()), "read otherwise: nothing of before holds"


def test_a_feed_that_never_answers_is_noted_before_it_is_read_and_holds_up_no_other(
    world: World, feed: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        body = written(world, feed_url=f"{feed.url}/{name}")
        world.api("PUT", f"/v1/calendars/{name}", body, agent=SUPERVISOR.id).ok()
    bootstrap.kept_desk().forget()
    fetch = automation._fetch_feed

    def crash(url: str, headers: Any) -> Any:
        if url.endswith("one"):
            raise RuntimeError("the function's time is up")
        return fetch(url, headers)

    monkeypatch.setattr(automation, "_fetch_feed", crash)
    clock.handler({}, None)  # automations act all the same
    clock.handler({}, None)
    found = newest_calendars(bootstrap.desk_store().load())
    assert (found["one"].feed_days, bool(found["two"].feed_days)) == ((), True)


def test_addresses_inside_are_refused_and_webcal_is_read_as_https(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (ground, bootstrap):
        monkeypatch.setattr(place, "outbound", Outbound)
    path = f"/v1/calendars/{CALENDAR.id}"
    for url in ("http://example.com/a.ics", "ftp://example.com/", "https://user:secret@example.com/a.ics", "nonsense"):
        refused = world.api("PUT", path, written(world, feed_url=url), agent=SUPERVISOR.id).refused(400)
        assert refused.pointers == {"/feed_url"}
    url = "webcal://127.0.0.1/private.ics"
    saved = world.api("PUT", path, written(world, feed_url=url), agent=SUPERVISOR.id).ok()
    assert saved["feed_url"] == "https://127.0.0.1/private.ics"
    read = world.api("POST", f"{path}/refresh", agent=SUPERVISOR.id).ok()
    assert read["feed"]["problem"] == "address"
    assert "closed as 127.0.0.1 says" in read["words"]
    assert "private.ics" not in read["words"]


def test_the_file_of_all_settings_takes_feeds_along_and_not_what_was_read(world: World, feed: Receiver) -> None:
    closed = {"since": "2026-12-24T04:00:00.000Z", "until": "2026-12-24T09:00:00.000Z"}
    body = written(world, feed_url=feed.url, feed_leave_out=["x"], closed_hours=[closed])
    world.api("PUT", f"/v1/calendars/{CALENDAR.id}", body, agent=SUPERVISOR.id).ok()
    clock.handler({}, None)
    assert date(TUESDAY.year, TUESDAY.month, TUESDAY.day) in live().feed_days
    file = yaml.safe_load(world.api("GET", "/v1/settings/export", agent=ADMIN.id).ok()["file"])
    kept = file["calendars"][CALENDAR.id]
    assert (kept["feed_url"], kept["feed_leave_out"]) == (feed.url, ["x"])
    assert len(kept["closed_hours"]) == 1
    assert "feed_days" not in kept
    kept["name"] = "Renamed"
    taken = world.api(
        "POST", "/v1/settings/import?dry_run=false", {"file": yaml.safe_dump(file, sort_keys=False)}, agent=ADMIN.id
    )
    assert taken.ok()["changed"] == 1
    assert (live().name, bool(live().feed_days)) == ("Renamed", True)
