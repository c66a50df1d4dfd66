"""Business calendars that follow a calendar elsewhere: read again every few hours, with the last good copy kept meanwhile.

What was read last stands in the newest revision of the calendar itself, so whoever counts time reads nothing else. Another revision
is made only when other days or hours come of it. How reading went stands apart: it changes every few hours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from helpdesk.desk.model import Desk
from helpdesk.kernel.errors import HelpdeskError, NotFound
from helpdesk.sla.contentlines import Unreadable
from helpdesk.sla.icalendar import read_calendar, years_around
from helpdesk.sla.model import BusinessCalendar
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
        made_with: the years, zone and words that it was made of: with others it has to be read anew.
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
        closed = read_calendar(found.body, ZoneInfo(calendar.zone), years_around(now), calendar.feed_leave_out)
        after = calendar
        if (closed.days, closed.hours) != (calendar.feed_days, calendar.feed_hours):
            revision = next_revision(calendar.id, self._ports.calendars.load())
            after = replace(calendar, revision=revision, feed_days=closed.days, feed_hours=closed.hours)
            self._ports.calendars.save_calendar(after)
            self._ports.changed()
        good = replace(
            _succeeded(state, now),
            etag=found.etag,
            modified=found.modified,
            made_with=_made_with(calendar, now),
            events=len(closed.events),
            left_out=closed.left_out,
        )
        return after, good


def _made_with(calendar: BusinessCalendar, now: datetime) -> str:
    return repr((years_around(now), calendar.zone, calendar.feed_leave_out))


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
