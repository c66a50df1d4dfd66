"""Business time: how much of it lies between two instants, and when a given amount of it will have passed.

The one rule is the wall clock's: a calendar is open at an instant if the local clock then shows a time inside one of its windows.
So a wall time that daylight saving skips is nobody's working time (a window inside the gap has no length that day, one that
reaches into it ends or begins at the jump), and one that comes twice is worked twice. Closed hours are instants, and taken out of what
is open by then.

A calendar is laid out a year (of UTC) at a time, when that year is first asked for: the open intervals, and the open time before
each. A sum over any span is then two binary searches and one addition a year between.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from time import gmtime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.sla.model import BusinessCalendar, CalendarInvalid

LOOK_AHEAD_YEARS = 100
"""How far beyond its start an amount of business time is looked for."""

_DAY = 86_400
_DAY_MS = _DAY * 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_MILLISECOND = timedelta(milliseconds=1)
_LAST_YEAR = 9998

type _Interval = tuple[int, int]
"""From and to, since 1970: in seconds, local or UTC as said, or in milliseconds."""


def to_ms(instant: datetime) -> int:
    """Whole milliseconds from 1970 to an aware instant.

    Raises:
        TypeError: the instant has no time zone.
    """
    return (instant - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The UTC instant so many milliseconds after 1970."""
    seconds, rest = divmod(milliseconds, 1000)
    return _EPOCH + timedelta(0, seconds, rest * 1000)


def cut_to_ms(instant: datetime) -> datetime:
    """An aware instant without what is less than a millisecond, in UTC. Most have nothing to cut: those are given back."""
    return instant if instant.tzinfo is UTC and not instant.microsecond % 1000 else from_ms(to_ms(instant))


def _year_of(milliseconds: int) -> int:
    """The UTC year of an instant."""
    return _year_of_day(milliseconds // _DAY_MS)


@lru_cache(maxsize=8192)
def _year_of_day(days: int) -> int:
    return gmtime(days * _DAY).tm_year


@dataclass(frozen=True, slots=True)
class _Year:
    """The open intervals of one UTC year in milliseconds since 1970, in order and apart from one another."""

    starts: list[int]
    ends: list[int]
    open_before: list[int]
    open_ms: int

    def open_until(self, at: int) -> int:
        """Open milliseconds from the year's beginning to an instant in it."""
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return 0
        return self.open_before[index] + min(at, self.ends[index]) - self.starts[index]

    def reaches(self, open_ms: int) -> int:
        """The first instant by which so many open milliseconds, 1 to all of the year's, have passed in the year."""
        index = bisect_left(self.open_before, open_ms) - 1
        return self.starts[index] + open_ms - self.open_before[index]


class CompiledCalendar:
    """A business calendar ready to calculate with. Made by `compile_calendar`, and good to keep: it remembers the years asked for.

    Attributes:
        calendar: what it was made of.
    """

    __slots__ = ("_closed_days", "_closed_hours", "_worked_days", "_years", "_zone", "calendar")

    def __init__(self, calendar: BusinessCalendar) -> None:
        """Look up zone and holidays.

        Raises:
            CalendarInvalid: nobody knows the zone, the country or its subdivision.
        """
        self.calendar = calendar
        self._years: dict[int, _Year] = {}
        self._closed_days = frozenset(calendar.extra_holidays + calendar.resolved_holidays + calendar.feed_days)
        self._closed_hours = tuple(_merged(sorted(_closed_hours(calendar))))
        self._worked_days = frozenset(calendar.working_days_despite_holiday)
        try:
            self._zone = ZoneInfo(calendar.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise CalendarInvalid(f"There is no time zone {calendar.zone!r}") from error
        if calendar.holiday_country and not calendar.resolved_years and not calendar.always:
            _public_holidays(calendar.holiday_country, calendar.holiday_subdivision, 2000)

    def is_working_day(self, day: date) -> bool:
        """Whether the weekly windows hold on a local day: it is no holiday, or worked all the same."""
        if day in self._worked_days:
            return True
        return day not in self._closed_days and day not in self._holidays_of(day.year)

    def open_ms_between(self, start: int, end: int) -> int:
        """Open milliseconds between two instants in milliseconds since 1970; 0 if `end` is not after `start`."""
        if end <= start:
            return 0
        if self.calendar.always:
            return end - start
        first, last = _year_of(start), _year_of(end)
        total = self._year(last).open_until(end) - self._year(first).open_until(start)
        for year in range(first, last):
            total += self._year(year).open_ms
        return total

    def instant_after(self, start: int, open_ms: int) -> int | None:
        """The first instant by which so many open milliseconds have passed since `start`.

        None if that is more than about `LOOK_AHEAD_YEARS` away. No time has passed at `start` itself, open or not.
        """
        if open_ms <= 0:
            return start
        if self.calendar.always:
            return start + open_ms
        first = _year_of(start)
        wanted = self._year(first).open_until(start) + open_ms
        for number in range(first, min(first + LOOK_AHEAD_YEARS, _LAST_YEAR) + 1):
            year = self._year(number)
            if wanted <= year.open_ms:
                return year.reaches(wanted)
            wanted -= year.open_ms
        return None

    def open_stretches(self, since: int, until: int) -> Iterator[_Interval]:
        """When it is open between two instants, all in milliseconds since 1970; stretches may touch at the turn of a year."""
        if self.calendar.always:
            yield since, until
            return
        for number in range(_year_of(since), _year_of(until) + 1):
            year = self._year(number)
            cut = ((max(a, since), min(b, until)) for a, b in zip(year.starts, year.ends, strict=True))
            yield from ((a, b) for a, b in cut if a < b)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._lay_out(number)
        return year

    def _lay_out(self, number: int) -> _Year:
        """The year's open intervals: local windows cut at each change of the zone's offset, and moved by that offset."""
        begin, end = _year_bounds(number)
        local = list(
            self._open_wall_time(date(number, 1, 1) - timedelta(days=2), date(number, 12, 31) + timedelta(days=1))
        )
        opened: list[_Interval] = []
        for (since, until), offset in self._offsets(begin, end):
            cut = ((max(a - offset, since), min(b - offset, until)) for a, b in local)
            opened.extend((a, b) for a, b in cut if a < b)
        starts, ends, before, total = [], [], [], 0
        for since, until in _without(_in_ms(_merged(opened)), self._closed_hours):
            starts.append(since)
            ends.append(until)
            before.append(total)
            total += until - since
        return _Year(starts, ends, before, total)

    def _open_wall_time(self, first: date, last: date) -> Iterator[_Interval]:
        """The windows of all working days from `first` to `last`, in local seconds since 1970, merged."""
        windows: list[_Interval] = []
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            week_day = self.calendar.weekly[day.weekday()]
            if week_day and self.is_working_day(day):
                midnight = (ordinal - _EPOCH_DAY) * _DAY
                windows.extend((midnight + w.start * 60, midnight + w.closing_minute * 60) for w in week_day)
        return _merged(sorted(windows))

    def _offsets(self, begin: int, end: int) -> Iterator[tuple[_Interval, int]]:
        """Stretches of UTC from `begin` to `end` in which the zone keeps one offset, and that offset in seconds."""
        since, offset = begin, self._offset(begin)
        for later in range(begin + _DAY, end + 1, _DAY):
            ahead = self._offset(later)
            if ahead != offset:
                change = self._change(later - _DAY, later)
                yield (since, change), offset
                since, offset = change, ahead
        yield (since, end), offset

    def _change(self, before: int, after: int) -> int:
        """The second at which the offset changes between two instants that differ in it."""
        old = self._offset(before)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(middle) == old:
                before = middle
            else:
                after = middle
        return after

    def _offset(self, second: int) -> int:
        shift = datetime.fromtimestamp(second, self._zone).utcoffset()
        return 0 if shift is None else shift // timedelta(seconds=1)

    def _holidays_of(self, year: int) -> frozenset[date]:
        """Public holidays that are looked up: those of a resolved year are closed days already."""
        country, resolved = self.calendar.holiday_country, self.calendar.resolved_years
        if country is None or (resolved and resolved[0] <= year <= resolved[1]):
            return frozenset()
        return _public_holidays(country, self.calendar.holiday_subdivision, year)


@lru_cache(maxsize=128)
def compile_calendar(calendar: BusinessCalendar) -> CompiledCalendar:
    """A calendar ready to calculate with; the same one for an equal calendar.

    Raises:
        CalendarInvalid: nobody knows the zone, the country or its subdivision.
    """
    return CompiledCalendar(calendar)


def open_alike(one: BusinessCalendar, other: BusinessCalendar, since: datetime, until: datetime) -> bool:
    """Whether two calendars are open at the same times between two instants, whatever makes them so."""
    between = to_ms(since), to_ms(until)
    first, second = (CompiledCalendar(calendar).open_stretches(*between) for calendar in (one, other))
    return all(a == b for a, b in zip_longest(first, second))


def resolve_holidays(calendar: BusinessCalendar, first_year: int, last_year: int) -> BusinessCalendar:
    """The same calendar with the public holidays of some years looked up and kept in it.

    For whoever saves a calendar: loading the library of holidays takes longer (half a second of CPU) than all that most functions
    do, and a revision that brings its holidays with it counts the same for ever. Other years are looked up as they are needed.

    Raises:
        CalendarInvalid: nobody knows the country or its subdivision.
    """
    if calendar.holiday_country is None:
        return replace(calendar, resolved_years=None, resolved_holidays=())
    country, subdivision, years = (
        calendar.holiday_country,
        calendar.holiday_subdivision,
        range(first_year, last_year + 1),
    )
    days = {day for year in years for day in _public_holidays(country, subdivision, year)}
    return replace(calendar, resolved_years=(first_year, last_year), resolved_holidays=tuple(sorted(days)))


def add_business_time(cal: CompiledCalendar, start: datetime, seconds: int) -> datetime:
    """The first instant by which so many business seconds have passed since `start`.

    An amount that is used up exactly when a window closes ends there, not when the next one opens. No seconds end at `start`,
    open or not.

    Raises:
        CalendarInvalid: the calendar does not open for that long within `LOOK_AHEAD_YEARS`.
        ValueError: a negative amount.
    """
    if seconds < 0:
        raise ValueError("Business time is added, not taken away")
    instant = cal.instant_after(to_ms(start), seconds * 1000)
    if instant is None:
        raise CalendarInvalid(f"{cal.calendar.name} is not open for {seconds} seconds in {LOOK_AHEAD_YEARS} years")
    return from_ms(instant)


def business_seconds_between(cal: CompiledCalendar, start: datetime, end: datetime) -> int:
    """Whole business seconds between two instants; 0 if `end` is not after `start`."""
    return cal.open_ms_between(to_ms(start), to_ms(end)) // 1000


def _merged(intervals: Iterable[_Interval]) -> Iterator[_Interval]:
    """Intervals in the order of their starts, with those that touch or overlap made one."""
    current: _Interval | None = None
    for since, until in intervals:
        if current is None:
            current = since, until
        elif since <= current[1]:
            current = current[0], max(current[1], until)
        else:
            yield current
            current = since, until
    if current is not None:
        yield current


def _closed_hours(calendar: BusinessCalendar) -> Iterator[_Interval]:
    """Its own closed hours and those of its feed, in milliseconds since 1970."""
    for one in calendar.closed_hours:
        yield to_ms(one.since), to_ms(one.until)
    yield from _in_ms(calendar.feed_hours)


def _in_ms(intervals: Iterable[_Interval]) -> Iterator[_Interval]:
    return ((since * 1000, until * 1000) for since, until in intervals)


def _without(intervals: Iterable[_Interval], closed: Sequence[_Interval]) -> Iterator[_Interval]:
    """What is left of intervals; both are in order and apart from one another."""
    first = 0
    for since, until in intervals:
        while first < len(closed) and closed[first][1] <= since:
            first += 1
        begin, place = since, first
        while place < len(closed) and closed[place][0] < until:
            if begin < closed[place][0]:
                yield begin, closed[place][0]
            begin = max(begin, closed[place][1])
            place += 1
        if begin < until:
            yield begin, until


def _year_bounds(number: int) -> _Interval:
    """A UTC year's first second and the first of the next, since 1970."""
    first, following = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal() + 1
    return (first - _EPOCH_DAY) * _DAY, (following - _EPOCH_DAY) * _DAY


@lru_cache(maxsize=512)
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - heavy, and calendars without a country never need it

    where = f"{country}-{subdivision}" if subdivision else country
    if country not in holidays.registry.EntityLoader.get_country_codes(include_aliases=False):
        raise CalendarInvalid(f"There are no public holidays known for {where!r}")
    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError as error:
        raise CalendarInvalid(f"There are no public holidays known for {where!r}") from error
