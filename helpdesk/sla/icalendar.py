"""Reads calendars in iCalendar's form (RFC 5545): which days and hours their events close, and where a file is wrong.

All that Google, Outlook and Apple write is understood: folded lines, zones by IANA's or Windows's name or as the file itself
describes them, events that repeat, with dates added, left out and moved. An event of whole days closes those days, whatever it says
of being busy (calendars of holidays say "free"); one of hours closes them, unless it says that its time is free. What is cancelled
closes nothing. Reading stops at the first line that is wrong, and names it.

Repetitions are `dateutil`'s, in the wall time of the event's zone, so that a weekly meeting at nine stays at nine.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from helpdesk.sla.contentlines import Component, Line, Unreadable, components_of
from helpdesk.sla.model import MOST_CLOSED_DAYS, MOST_CLOSED_HOURS
from helpdesk.sla.zones import ZoneUnknown, zone_named

YEARS_BACK: Final = 1
YEARS_AHEAD: Final = 5
_MOST_TIMES: Final = 20_000
"""Times that all events of a file take place in the years."""
_MOST_REPEATED: Final = 400_000
"""Times that rules are followed through, those long ago included: where patience ends."""
_LONGEST_DAYS: Final = 3_660
_FIRST_YEAR, _LAST_YEAR = 1601, 9900
"""What lies beyond is taken as if it lay there: some programs write the year 9999 for "never"."""
_DAY: Final = timedelta(days=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MOMENT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(Z?)")
_DURATION: Final = re.compile(
    r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?"
)
_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


@dataclass(frozen=True, slots=True)
class Found:
    """An event of a file.

    Attributes:
        title: its summary.
        first: the first day that it closes in the years looked at, as its zone has it.
        times: how often it takes place in them.
        whole_days: it closes days, not hours.
    """

    title: str
    first: date
    times: int
    whole_days: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """What a file closes.

    Attributes:
        days: in order.
        hours: from and to, in seconds since 1970, in order and apart from one another.
        events: those that close something, by their first day.
        left_out: events that were left out because of their words.
    """

    days: tuple[date, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    events: tuple[Found, ...] = ()
    left_out: int = 0


def read_calendar(data: bytes, zone: tzinfo, years: tuple[int, int], leave_out: Sequence[str] = ()) -> Closed:
    """What a file closes.

    Args:
        data: the file.
        zone: of the calendar that it is read for: times without a zone are of this one.
        years: the first and the last that are looked at.
        leave_out: events with one of these in title or description are left out, whatever their case.

    Raises:
        Unreadable: with the line.
    """
    components = components_of(data)
    reader = _Reader(zone, components.zones, years)
    words = [word.casefold() for word in leave_out if word.strip()]
    events = [event for event in components.events if not _has(event, words)]
    closings = [one for group in _by_uid(events) for one in reader.of_one(group)]
    return _together(closings, left_out=len(components.events) - len(events))


def years_around(now: datetime) -> tuple[int, int]:
    """The years that are looked at: whole ones, so that reading the same file again gives the same until the next."""
    return now.year - YEARS_BACK, now.year + YEARS_AHEAD


# --- values ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Moment:
    """A date, or a wall time with its zone.

    Attributes:
        wall: without a zone; midnight of a date.
        zone: None of a date.
    """

    wall: datetime
    zone: tzinfo | None

    @property
    def second(self) -> int:
        """Since 1970; of a date, as if it were in UTC."""
        return int((self.wall.replace(tzinfo=self.zone or UTC) - _EPOCH).total_seconds())

    def at(self, wall: datetime) -> "_Moment":
        return _Moment(wall, self.zone)


def _wall(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = (int(part or 0) for part in (*found.groups(), 0, 0, 0)[:6])
    year = min(max(year, _FIRST_YEAR), _LAST_YEAR) if year else year
    return datetime(year, month, day, hour, minute, 59 if second == 60 else second)  # noqa: DTZ001 - wall time


def _duration(text: str, line: Line) -> tuple[int, timedelta]:
    """Days, which are days of the wall clock, and what is exact."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]) or found[1] == "-":
        raise line.fault(f"has no length in {text[:40]!r}")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    return weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds)


@dataclass(frozen=True, slots=True)
class _Time:
    """One time that an event takes place."""

    start: _Moment
    days: int
    exact: timedelta

    @property
    def end_second(self) -> int:
        return self.start.at(self.start.wall + self.days * _DAY).second + int(self.exact.total_seconds())


@dataclass(frozen=True, slots=True)
class _Closing:
    """An event with all the times that it takes place."""

    title: str
    times: tuple[_Time, ...]


class _Reader:
    """From components to what they close."""

    def __init__(self, zone: tzinfo, described: Mapping[str, str], years: tuple[int, int]) -> None:
        self._zone = zone
        self._described = described
        self._known: dict[str, tzinfo] = {}
        self._from = datetime(years[0], 1, 1)  # noqa: DTZ001 - wall time
        self._to = datetime(years[1] + 1, 1, 1)  # noqa: DTZ001
        self._left = _MOST_TIMES
        self._patience = _MOST_REPEATED

    def of_one(self, components: Sequence[Component]) -> Iterator[_Closing]:
        """What one event closes with all that is said of some of its times."""
        moved: dict[int, Component] = {}
        masters: list[Component] = []
        for one in components:
            line = one.one("RECURRENCE-ID")
            if line is None:
                masters.append(one)
                continue
            if "RANGE" in line.parameters:
                raise line.fault("with RANGE cannot be followed")
            moved[self._moment(line, line.value).second] = one
        for master in masters:
            start, days, exact = self._first(master)
            times = [one for one in self._times(master, start, days, exact) if one.start.second not in moved]
            yield from self._closing(master, times)
        for one in moved.values():
            start, days, exact = self._first(one)
            yield from self._closing(one, [_Time(start, days, exact)])

    def _closing(self, event: Component, times: Iterable[_Time]) -> Iterator[_Closing]:
        kept = tuple(one for one in times if self._within(one))
        if event.says("STATUS") == "CANCELLED" or not kept:
            return
        if kept[0].start.zone is None or event.says("TRANSP") != "TRANSPARENT":
            yield _Closing(event.text("SUMMARY").strip()[:200], kept)

    def _within(self, one: _Time) -> bool:
        end = one.start.wall + one.days * _DAY + one.exact
        return one.start.wall < self._to and end > max(self._from, one.start.wall)

    def _first(self, event: Component) -> tuple[_Moment, int, timedelta]:
        """When an event begins, and for how long."""
        line = event.one("DTSTART")
        if line is None:
            raise Unreadable(event.line, "the event has no DTSTART")
        start = self._moment(line, line.value)
        days, exact = self._length(event, start)
        if days + exact // _DAY > _LONGEST_DAYS:
            raise line.fault("begins an event of more than ten years")
        return start, days, exact

    def _length(self, event: Component, start: _Moment) -> tuple[int, timedelta]:
        """Days of the wall clock, and what is exact."""
        if (ending := event.one("DTEND")) is not None:
            end = self._moment(ending, ending.value)
            if (end.zone is None) != (start.zone is None):
                raise ending.fault("is a date where DTSTART is a time, or the other way round")
            seconds = end.second - start.second
            if seconds < 0:
                raise ending.fault("lies before DTSTART")
            if start.zone is not None:
                return 0, timedelta(seconds=seconds)
            return max(1, seconds // 86_400), timedelta(0)
        if (length := event.one("DURATION")) is not None:
            days, exact = _duration(length.value, length)
            return (days, exact) if start.zone is not None else (max(1, days), timedelta(0))
        return int(start.zone is None), timedelta(0)

    def _times(self, event: Component, start: _Moment, days: int, exact: timedelta) -> Iterator[_Time]:
        """All times of an event until the years end."""
        out_days, out = self._left_out(event)
        seen: set[int] = set()
        for one in self._all_times(event, start, days, exact):
            if one.start.second in seen or one.start.second in out or one.start.wall.date() in out_days:
                continue
            seen.add(one.start.second)
            self._left -= 1
            if self._left < 0:
                raise Unreadable(event.line, f"the file's events take place more than {_MOST_TIMES} times")
            yield one

    def _all_times(self, event: Component, start: _Moment, days: int, exact: timedelta) -> Iterator[_Time]:
        yield _Time(start, days, exact)
        for line in event.all("RRULE"):
            for wall in self._repeated(line, start):
                if wall + days * _DAY + exact >= self._from:
                    yield _Time(start.at(wall), days, exact)
        for line in event.all("RDATE"):
            for text in line.value.split(","):
                begin, _, length = text.partition("/")
                moment = self._moment(line, begin)
                if moment.zone is None and start.zone is not None:  # a day of an event that has a time
                    moment = start.at(datetime.combine(moment.wall.date(), start.wall.time()))
                if not length:
                    yield _Time(moment, days, exact)
                elif length.strip()[:1] in {"P", "+"}:
                    yield _Time(moment, *_duration(length, line))
                else:
                    yield _Time(moment, 0, timedelta(seconds=max(0, self._moment(line, length).second - moment.second)))

    def _left_out(self, event: Component) -> tuple[set[date], set[int]]:
        """Days on which, and seconds at which, an event does not take place though its rule says so."""
        days, seconds = set[date](), set[int]()
        if (line := event.one("EXRULE")) is not None:
            raise line.fault("cannot be followed: write EXDATE instead")
        for line in event.all("EXDATE"):
            for text in line.value.split(","):
                moment = self._moment(line, text)
                if moment.zone is None:
                    days.add(moment.wall.date())
                else:
                    seconds.add(moment.second)
        return days, seconds

    def _repeated(self, line: Line, start: _Moment) -> Iterator[datetime]:
        """The wall times that a rule gives, up to the end of the years."""
        parts = _parts(line)
        if parts.get("FREQ") not in _FREQUENCIES:
            raise line.fault("must repeat by days, weeks, months or years")
        if not parts.get("INTERVAL", "1").isdecimal() or int(parts.get("INTERVAL", "1")) < 1:
            raise line.fault("has an INTERVAL that is no number above 0")
        if "COUNT" in parts and "UNTIL" in parts:
            raise line.fault("has both COUNT and UNTIL")
        if "UNTIL" in parts:
            parts["UNTIL"] = self._until(line, parts["UNTIL"], start).strftime("%Y%m%dT%H%M%S")
        try:
            walls = _rule(";".join(f"{name}={value}" for name, value in parts.items()), start.wall)
        except (ValueError, TypeError, KeyError, AttributeError) as error:  # whatever dateutil makes of nonsense
            raise line.fault(f"is no rule: {error}") from error
        for wall in walls:
            self._patience -= 1
            if wall >= self._to:
                return
            if self._patience < 0:
                raise line.fault(f"is one too many: the file's events repeat more than {_MOST_REPEATED} times")
            yield wall

    def _until(self, line: Line, text: str, start: _Moment) -> datetime:
        """The last wall time of a rule: an instant is told in the zone of the event, a date means all of it."""
        moment = self._moment(line, text)
        if moment.zone is not None and not text.endswith("Z"):
            return moment.wall
        if moment.zone is None or start.zone is None:
            return datetime.combine(moment.wall.date(), time.max.replace(microsecond=0))
        return moment.wall.replace(tzinfo=moment.zone).astimezone(start.zone).replace(tzinfo=None)

    def _moment(self, line: Line, text: str) -> _Moment:
        text = text.strip()
        try:
            if (found := _DATE.fullmatch(text)) is not None:
                return _Moment(_wall(found), None)
            if line.parameters.get("VALUE", "").upper() == "DATE" or (found := _MOMENT.fullmatch(text)) is None:
                raise line.fault(f"has no date or time in {text[:40]!r}")
            wall = _wall(found)
        except ValueError as error:
            raise line.fault(f"has no date or time in {text[:40]!r}: {error}") from error
        return _Moment(wall, UTC if found[7] else self._zone_of(line))

    def _zone_of(self, line: Line) -> tzinfo:
        name = line.parameters.get("TZID")
        if name is None:
            return self._zone
        if name not in self._known:
            try:
                self._known[name] = zone_named(name, self._described.get(name))
            except ZoneUnknown as error:
                raise line.fault(f"names a time zone that nobody knows: {name[:60]!r}") from error
        return self._known[name]


def _parts(line: Line) -> dict[str, str]:
    """A rule's parts by name."""
    pairs = [part.partition("=") for part in line.value.strip().strip(";").upper().split(";")]
    if any(not name or not value for name, _, value in pairs):
        raise line.fault(f"is no rule: {line.value[:60]!r}")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _rule(text: str, start: datetime) -> Iterable[datetime]:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped] # noqa: PLC0415 - few functions ever repeat anything

    made: Callable[..., Iterable[datetime]] = rrulestr
    return made(text, dtstart=start)


# --- what comes of it ------------------------------------------------------------------------------------------------


def _has(event: Component, words: Sequence[str]) -> bool:
    if not words:
        return False
    told = f"{event.text('SUMMARY')}\n{event.text('DESCRIPTION')}".casefold()
    return any(word in told for word in words)


def _by_uid(events: Iterable[Component]) -> Iterable[list[Component]]:
    """Events that belong together: one, and what is said of some of its times. Without a UID each stands alone."""
    groups: dict[str, list[Component]] = {}
    for place, event in enumerate(events):
        line = event.one("UID")
        groups.setdefault(line.value if line is not None else f"\n{place}", []).append(event)
    return groups.values()


def _together(closings: Iterable[_Closing], *, left_out: int) -> Closed:
    days, hours, events = set[date](), list[tuple[int, int]](), list[Found]()
    for closing in closings:
        whole = closing.times[0].start.zone is None
        for one in closing.times:
            if one.start.zone is None:
                days |= {one.start.wall.date() + place * _DAY for place in range(one.days)}  # at most ten years of them
            else:
                hours.append((one.start.second, one.end_second))
        first = min(one.start.wall for one in closing.times).date()
        events.append(Found(closing.title, first, len(closing.times), whole))
    merged = tuple(_apart(hours))
    if len(days) > MOST_CLOSED_DAYS or len(merged) > MOST_CLOSED_HOURS:
        what = f"{len(days)} days" if len(days) > MOST_CLOSED_DAYS else f"{len(merged)} stretches of hours"
        raise Unreadable(1, f"the file closes {what}; a calendar holds {MOST_CLOSED_DAYS} of each")
    events.sort(key=lambda one: (one.first, one.title))
    return Closed(tuple(sorted(days)), merged, tuple(events), left_out)


def _apart(hours: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Stretches in order, with those that touch made one."""
    current: tuple[int, int] | None = None
    for since, until in sorted(hours):
        if current is not None and since <= current[1]:
            current = current[0], max(current[1], until)
            continue
        if current is not None:
            yield current
        current = since, until
    if current is not None:
        yield current
