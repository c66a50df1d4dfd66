"""Business calendars that follow a calendar elsewhere: read again every few hours, with the last good copy kept meanwhile.

What was read last stands in the newest revision of the calendar itself, so whoever counts time reads nothing else. Another revision
is made only when the calendar is open at other times from now on: many feeds say something new each day, leave out what is over, or
close what is closed anyway. What a feed closed before now stays closed. How reading went stands apart: it changes every few hours.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from helpdesk.desk.model import Desk
from helpdesk.kernel.codec import to_document
from helpdesk.kernel.errors import HelpdeskError, NotFound
from helpdesk.sla.calendars import open_alike
from helpdesk.sla.contentlines import Unreadable
from helpdesk.sla.icalendar import Closed, read_calendar, years_around
from helpdesk.sla.model import MOST_CLOSED_DAYS, MOST_CLOSED_HOURS, BusinessCalendar
from helpdesk.sla.promises import newest_calendars, next_revision

AGAIN_AFTER: Final = timedelta(hours=6)
FIRST_AGAIN: Final = timedelta(minutes=15)
"""After a failure; then twice as long each time, up to `AGAIN_AFTER`."""
MOST_AT_ONCE: Final = 8
_NOT_MODIFIED: Final = 304


@dataclass(frozen=True, slots=True)
class FeedState:
    """How reading a calendar's feed went.

    Attributes:
        calendar_id: whose.
        url: that was read.
        tried_at: when it was last tried.
        next_at: when it is tried again.
        read_at: when what is kept was last seen to be what is there; None: never.
        etag, modified: what the other side calls the copy that is kept.
        made_with: a digest of zone and words that it was read with, and one of all else of the calendar: with others it has to be
            read anew, as what was of no account then may be now.
        events: of the copy that is kept.
        left_out: events of it that were left out because of their words.
        problem: why it could not be read: `unreadable`, or what `platform.outbound.Answered` says; empty: it could.
        detail: the status, or the line and its fault.
        failures: how often in a row.
    """

    calendar_id: str
    url: str
    tried_at: datetime
    next_at: datetime
    read_at: datetime | None = None
    etag: str = ""
    modified: str = ""
    made_with: str = ""
    events: int = 0
    left_out: int = 0
    problem: str = ""
    detail: str = ""
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was answered.

    Attributes:
        problem: empty: it is the feed.
    """

    status: int | None
    problem: str
    body: bytes = b""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at all feeds came to."""

    read: int = 0
    changed: int = 0
    failed: int = 0


class Calendars(Protocol):
    """Where calendars are kept."""

    def load(self) -> Desk:
        """All settings."""
        ...

    def save_calendar(self, calendar: BusinessCalendar) -> None:
        """Writes a revision. Raises StaleVersion: there is such a one already."""
        ...


class States(Protocol):
    """Where it is kept how reading went."""

    def all(self) -> Mapping[str, FeedState]:
        """By calendar."""
        ...

    def keep(self, state: FeedState) -> None:
        """Writes one."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """What reading needs.

    Attributes:
        fetch: asks an address, with headers.
        changed: is told that another revision was made.
    """

    calendars: Calendars
    states: States
    fetch: Callable[[str, Mapping[str, str]], Fetched]
    changed: Callable[[], None]
    clock: Callable[[], datetime]


class Feeds:
    """Reads the feeds of business calendars."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def states(self) -> Mapping[str, FeedState]:
        """How reading went, by calendar."""
        return self._ports.states.all()

    def look(self) -> Looked:
        """Reads those whose time has come, the longest untried first. One that fails holds up no other."""
        now, states = self._ports.clock(), self._ports.states.all()
        due = [
            calendar
            for calendar in newest_calendars(self._ports.calendars.load()).values()
            if calendar.feed_url and _next_at(calendar, states.get(calendar.id), now) <= now
        ]
        due.sort(
            key=lambda one: states[one.id].tried_at if one.id in states else datetime.min.replace(tzinfo=now.tzinfo)
        )
        read = changed = failed = 0
        for calendar in due[:MOST_AT_ONCE]:
            after, state = self._read(calendar, states.get(calendar.id))
            read += 1
            changed += after is not calendar
            failed += bool(state.problem)
        return Looked(read, changed, failed)

    def refresh(self, calendar_id: str) -> tuple[BusinessCalendar, FeedState]:
        """Reads one now.

        Raises:
            NotFound: there is no such calendar, or it follows no other.
        """
        calendar = newest_calendars(self._ports.calendars.load()).get(calendar_id)
        if calendar is None or not calendar.feed_url:
            raise NotFound("There is no such calendar, or it follows no other.")
        return self._read(calendar, self._ports.states.all().get(calendar_id))

    def _read(self, calendar: BusinessCalendar, before: FeedState | None) -> tuple[BusinessCalendar, FeedState]:
        now, url = self._ports.clock(), calendar.feed_url or ""
        made_with = _made_with(calendar, now)
        known = before if before is not None and before.url == url else FeedState(calendar.id, url, now, now)
        # Noted first: what breaks the reader is not read again at once.
        begun = replace(known, tried_at=now, next_at=now + _again(known.failures), failures=known.failures + 1)
        self._ports.states.keep(begun)
        kept = known.read_at is not None and known.made_with == made_with
        found = self._ports.fetch(url, _conditions(known) if kept else {})
        after, state = calendar, begun
        if kept and found.status == _NOT_MODIFIED:
            state = _succeeded(begun, now)
        elif found.problem:
            state = replace(begun, problem=found.problem, detail=str(found.status or ""))
        else:
            try:
                after, state = self._take(calendar, begun, found, now)
            except Unreadable as error:
                state = replace(begun, problem="unreadable", detail=f"line {error.line}: {error.fault}"[:500])
            except HelpdeskError as error:  # somebody else wrote a revision just now
                state = replace(begun, problem="busy", detail=str(error)[:500])
        self._ports.states.keep(state)
        return after, state

    def _take(
        self, calendar: BusinessCalendar, state: FeedState, found: Fetched, now: datetime
    ) -> tuple[BusinessCalendar, FeedState]:
        years, made_with = years_around(now), _made_with(calendar, now)
        closed = read_calendar(found.body, ZoneInfo(calendar.zone), years, calendar.feed_leave_out)
        begin, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (years[0], years[1] + 1))
        if _read_alike(state.made_with, made_with):
            after, begin = _with_what_is_over(calendar, closed, now, years[0]), now
        else:
            after = replace(calendar, feed_days=closed.days, feed_hours=closed.hours)
        if open_alike(calendar, after, begin, end):
            after = calendar
        else:
            after = replace(after, revision=next_revision(calendar.id, self._ports.calendars.load()))
            self._ports.calendars.save_calendar(after)
            self._ports.changed()
        good = replace(
            _succeeded(state, now),
            etag=found.etag,
            modified=found.modified,
            made_with=made_with,
            events=len(closed.events),
            left_out=closed.left_out,
        )
        return after, good


def _made_with(calendar: BusinessCalendar, now: datetime) -> str:
    """What the copy that is kept comes of, beside the feed: how it was read, and what it was held to."""
    own = replace(calendar, name="", revision=1, feed_days=(), feed_hours=())
    return f"{_digest((calendar.zone, calendar.feed_leave_out))} {_digest((years_around(now), to_document(own)))}"


def _digest(what: object) -> str:
    return hashlib.sha256(repr(what).encode()).hexdigest()[:16]


def _read_alike(made_with: str, other: str) -> bool:
    return made_with.partition(" ")[0] == other.partition(" ")[0]


def _with_what_is_over(calendar: BusinessCalendar, closed: Closed, now: datetime, first_year: int) -> BusinessCalendar:
    """The calendar with what a feed closes, and what is over and was closed by it: that may be left out of the feed by now."""
    today, second = now.astimezone(ZoneInfo(calendar.zone)).date(), int(now.timestamp())
    begin = int(datetime(first_year, 1, 1, tzinfo=UTC).timestamp())
    days = {day for day in calendar.feed_days if day < today and day.year >= first_year}
    hours = {one for one in calendar.feed_hours if begin <= one[0] and one[1] <= second}
    return replace(
        calendar,
        feed_days=tuple(sorted(days.union(closed.days)))[-MOST_CLOSED_DAYS:],
        feed_hours=tuple(sorted(hours.union(closed.hours)))[-MOST_CLOSED_HOURS:],
    )


def _next_at(calendar: BusinessCalendar, state: FeedState | None, now: datetime) -> datetime:
    """When a feed is to be read. At once, if it is another than was read, or has to be made of other words or years."""
    if state is None or state.url != calendar.feed_url:
        return now
    anew = not state.failures and state.made_with != _made_with(calendar, now)
    return now if anew else state.next_at


def _again(failures: int) -> timedelta:
    return min(AGAIN_AFTER, FIRST_AGAIN * (1 << min(failures, 10)))


def _succeeded(state: FeedState, now: datetime) -> FeedState:
    return replace(state, read_at=now, next_at=now + AGAIN_AFTER, problem="", detail="", failures=0)


def _conditions(state: FeedState) -> dict[str, str]:
    """What asks for the feed only if it changed."""
    headers = {"if-none-match": state.etag, "if-modified-since": state.modified}
    return {name: value for name, value in headers.items() if value}
