"""Business calendars: written by supervisors, filled from files of iCalendar, and following calendars elsewhere."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from functions.desk.schemas import promises as schemas
from functions.desk.schemas.tickets import instant
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound
from helpdesk.people.roles import Permission
from helpdesk.people.rules import is_zone
from helpdesk.platform.http import Call, Endpoint, Reply, refuse_if_stale, seen_header
from helpdesk.sla import words
from helpdesk.sla.calendars import from_ms
from helpdesk.sla.model import (
    MOST_CLOSED_DAYS,
    MOST_CLOSED_HOURS,
    MOST_FILE_BYTES,
    BusinessCalendar,
    Closing,
)
from helpdesk.sla.promises import (
    calendar_users,
    checked_calendar,
    feed_faults,
    fetched_url,
    following,
    newest_calendars,
    next_revision,
)

if TYPE_CHECKING:
    from helpdesk.sla.feeds import FeedState
    from helpdesk.sla.icalendar import Closed

TAG = "SLA"
_MOST_EVENTS_SHOWN = 500


def list_calendars(call: Call) -> Reply:
    """All calendars, each in its newest revision."""
    del call
    found = newest_calendars(bootstrap.desk_store().load())
    states = _states(list(found.values()))
    return Reply(schemas.CalendarsOut([calendar_out(one, states.get(one.id)) for one in found.values()]))


def save_calendar(call: Call) -> Reply:
    """Makes a calendar, or a new revision of one. Running clocks keep theirs."""
    store = bootstrap.desk_store()
    calendar_id = call.params["id"]
    desk = store.load()
    before = newest_calendars(desk).get(calendar_id)
    refuse_if_stale(seen_header(call), before.revision if before else 0)
    wished = following(draft_calendar(call.body, calendar_id, next_revision(calendar_id, desk)), before)
    if faults := list(feed_faults(wished, local=bootstrap.outbound().local)):
        raise Invalid("Some fields are not valid.", faults)
    made = checked_calendar(wished, call.now)
    store.save_calendar(made)
    bootstrap.kept_desk().forget()
    return Reply(calendar_out(made, _states([made]).get(made.id)))


def delete_calendar(call: Call) -> Reply:
    """Takes a calendar away. Running clocks keep their revision of it."""
    store = bootstrap.desk_store()
    calendar_id, desk = call.params["id"], store.load()
    before = newest_calendars(desk).get(calendar_id)
    if before is None:
        raise NotFound("There is no such calendar.")
    refuse_if_stale(seen_header(call), before.revision)
    if users := calendar_users(calendar_id, desk):
        raise Conflict(f"The calendar is used by {', '.join(users)}; change that first.")
    store.save_calendar(replace(before, revision=before.revision + 1, removed=True))
    bootstrap.kept_desk().forget()
    return Reply()


def import_events(call: Call) -> Reply:
    """Closes in a calendar what a file of iCalendar closes."""
    from helpdesk.sla.icalendar import read_calendar, years_around  # noqa: PLC0415 - no other call reads such files

    body: schemas.ICalendarIn = call.body
    query: schemas.ICalendarQuery = call.query
    store, calendar_id = bootstrap.desk_store(), call.params["id"]
    desk = store.load()
    before = newest_calendars(desk).get(calendar_id)
    if before is None and not query.dry_run:
        raise NotFound("There is no such calendar.")
    zone = before.zone if before is not None else body.zone or "UTC"
    if not is_zone(zone):
        raise Invalid(
            "Some fields are not valid.", [FieldError("/zone", "is no time zone of IANA's, such as Asia/Seoul")]
        )
    closed = read_calendar(body.file.encode(), ZoneInfo(zone), years_around(call.now), body.leave_out)
    base = before or BusinessCalendar(calendar_id, calendar_id, zone)
    after = _closing_too(base, closed)
    new_days = len(after.extra_holidays) - len(base.extra_holidays)
    new_hours = len(after.closed_hours) - len(base.closed_hours)
    written: BusinessCalendar | None = None
    if before is not None and not query.dry_run:
        refuse_if_stale(seen_header(call), before.revision)
        written = before
        if after != before:
            written = checked_calendar(replace(after, revision=next_revision(calendar_id, desk)), call.now)
            store.save_calendar(written)
            bootstrap.kept_desk().forget()
    out = schemas.ICalendarOut(
        [day.isoformat() for day in closed.days],
        [schemas.ClosingIO(*map(format_instant, _instants(one))) for one in closed.hours],
        [
            schemas.FoundEventOut(one.title, one.first.isoformat(), one.times, one.whole_days)
            for one in closed.events[:_MOST_EVENTS_SHOWN]
        ],
        closed.left_out,
        new_days,
        new_hours,
        written is not None,
        calendar_out(written, None) if written is not None else None,
    )
    return Reply(out)


def refresh_feed(call: Call) -> Reply:
    """Reads the calendar that one follows, now."""
    calendar, state = bootstrap.feeds().refresh(call.params["id"])
    return Reply(calendar_out(calendar, state))


def _instants(seconds: tuple[int, int]) -> tuple[datetime, datetime]:
    return from_ms(seconds[0] * 1000), from_ms(seconds[1] * 1000)


def _closing_too(calendar: BusinessCalendar, closed: "Closed") -> BusinessCalendar:
    """A calendar that is closed also when a file says so. What it has already it keeps once."""
    days = tuple(sorted({*calendar.extra_holidays, *closed.days}))
    there = {(one.since, one.until) for one in calendar.closed_hours}
    hours = sorted(there | {_instants(one) for one in closed.hours})
    if len(days) > MOST_CLOSED_DAYS or len(hours) > MOST_CLOSED_HOURS:
        raise Invalid(
            f"A calendar holds {MOST_CLOSED_DAYS} own closed days and {MOST_CLOSED_HOURS} stretches of closed hours at most."
        )
    return replace(calendar, extra_holidays=days, closed_hours=tuple(Closing(*one) for one in hours))


def _states(calendars: list[BusinessCalendar]) -> dict[str, "FeedState"]:
    """How reading feeds went, if there are any."""
    return dict(bootstrap.feeds().states()) if any(one.feed_url for one in calendars) else {}


def draft_calendar(body: schemas.CalendarIn, calendar_id: str, revision: int) -> BusinessCalendar:
    """A calendar as it was sent. Raises Invalid: something of it makes no sense."""
    document = {**msgspec.to_builtins(body), "feed_url": fetched_url(body.feed_url)}
    try:
        return msgspec.convert({**document, "id": calendar_id, "revision": revision}, BusinessCalendar)
    except msgspec.ValidationError as error:
        raise Invalid("Some fields are not valid.", [FieldError("", str(error))]) from error


def calendar_out(one: BusinessCalendar, state: "FeedState | None") -> schemas.CalendarOut:
    """A calendar as it is told, with how reading the one that it follows went."""
    document = msgspec.to_builtins(one)
    closed = [{"since": format_instant(it.since), "until": format_instant(it.until)} for it in one.closed_hours]
    also = {
        "public_holidays": document["resolved_holidays"],
        "words": words.calendar_in_words(one),
        "closed_hours": closed,
        "feed": _feed_out(one, state),
    }
    return msgspec.convert({**document, **also}, schemas.CalendarOut)


def _feed_out(one: BusinessCalendar, state: "FeedState | None") -> schemas.FeedOut | None:
    if not one.feed_url:
        return None
    days, hours = len(one.feed_days), len(one.feed_hours)
    if state is None or state.url != one.feed_url:
        return schemas.FeedOut(None, None, None, "", "", 0, 0, days, hours)
    return schemas.FeedOut(
        instant(state.tried_at),
        instant(state.read_at),
        instant(state.next_at),
        state.problem,
        state.detail,
        state.events,
        state.left_out,
        days,
        hours,
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/calendars",
        name="listCalendars",
        summary="Business calendars, each in its newest revision",
        handle=list_calendars,
        needs=Permission.SUPERVISE,
        response=schemas.CalendarsOut,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/calendars/{id}",
        name="saveCalendar",
        summary="Make a business calendar or a new revision of one; running clocks keep theirs",
        handle=save_calendar,
        needs=Permission.SUPERVISE,
        body=schemas.CalendarIn,
        response=schemas.CalendarOut,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/calendars/{id}",
        name="deleteCalendar",
        summary="Take a business calendar away; running clocks keep the revision that they count in",
        handle=delete_calendar,
        needs=Permission.SUPERVISE,
        status=204,
        errors={409: "An SLA policy or an agent uses it, or it has another revision than If-Match names."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/calendars/{id}/import",
        name="importCalendarEvents",
        summary="Close in a business calendar what an iCalendar file closes: days, and hours; what it has already stays",
        description="Events of whole days close those days, whatever they say of being busy; events of hours close them, unless "
        "they say that the time is free. Repetitions are followed from last year's first day to the end of the fifth year from now. "
        "A file that cannot be read is refused with the line.",
        handle=import_events,
        needs=Permission.SUPERVISE,
        body=schemas.ICalendarIn,
        query=schemas.ICalendarQuery,
        response=schemas.ICalendarOut,
        errors={404: "There is no such calendar.", 409: "It has another revision than If-Match names."},
        tag=TAG,
        most_bytes=MOST_FILE_BYTES + 1_000_000,
    ),
    Endpoint(
        "POST /v1/calendars/{id}/refresh",
        name="refreshCalendarFeed",
        summary="Read the calendar that a business calendar follows now; `feed.problem` says why that failed, if it did",
        handle=refresh_feed,
        needs=Permission.SUPERVISE,
        response=schemas.CalendarOut,
        errors={404: "There is no such calendar, or it follows no other."},
        tag=TAG,
    ),
)
