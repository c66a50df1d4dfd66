"""What the wall clock says of business hours, asked minute by minute or second by second: slow, plain, and so believed."""

import random
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from helpdesk.sla.model import BusinessCalendar, Closing, Window

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def is_open(calendar: BusinessCalendar, wall: datetime) -> bool:
    """Whether a wall clock that shows this stands in working hours."""
    if calendar.always:
        return True
    minute, today = wall.hour * 60 + wall.minute, wall.date()
    yesterday = today - timedelta(days=1)
    return any(window.start <= minute < window.closing_minute for window in windows_of(calendar, today)) or any(
        minute + 1440 < window.closing_minute for window in windows_of(calendar, yesterday)
    )


def is_closed(calendar: BusinessCalendar, at: datetime) -> bool:
    """Whether an instant lies in closed hours, whatever the wall clock says."""
    if calendar.always:
        return False
    own = any(one.since <= at < one.until for one in calendar.closed_hours)
    return own or any(since <= at.timestamp() < until for since, until in calendar.feed_hours)


def windows_of(calendar: BusinessCalendar, day: date) -> tuple[Window, ...]:
    """The hours of a local day."""
    if day not in calendar.working_days_despite_holiday:
        if day in calendar.extra_holidays or day in calendar.feed_days:
            return ()
        if calendar.holiday_country and day in _public(
            calendar.holiday_country, calendar.holiday_subdivision, day.year
        ):
            return ()
    return calendar.weekly[day.weekday()]


@cache
def _public(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


class WallTime:
    """A stretch of days looked at instant by instant: how much of it was open before each.

    Args:
        calendar: whose hours.
        start: a whole `step` of UTC.
        steps: how many of them.
        step: a minute; a second where a zone's offset or its change is not one of whole minutes.
    """

    def __init__(self, calendar: BusinessCalendar, start: datetime, steps: int, step: timedelta = MINUTE) -> None:
        zone = ZoneInfo(calendar.zone)
        self.start, self._ms = start, step // timedelta(milliseconds=1)
        self._open = [
            is_open(calendar, at.astimezone(zone)) and not is_closed(calendar, at)
            for at in (start + step * index for index in range(steps))
        ]
        self._before = [0]
        for opened in self._open:
            self._before.append(self._before[-1] + (self._ms if opened else 0))

    @property
    def length_ms(self) -> int:
        """Of the whole stretch."""
        return len(self._open) * self._ms

    def open_until(self, ms: int) -> int:
        """Open milliseconds in the first `ms` of the stretch."""
        index, rest = divmod(ms, self._ms)
        return self._before[index] + (rest if rest and self._open[index] else 0)

    def reaches(self, ms: int, open_ms: int) -> int | None:
        """The first millisecond by which `open_ms` (1 or more) have passed since `ms`; None if not within the stretch."""
        wanted = self.open_until(ms) + open_ms
        index = bisect_left(self._before, wanted)
        if index == len(self._before):
            return None
        return (index - 1) * self._ms + wanted - self._before[index - 1]


AROUND = (
    datetime(2024, 2, 26, tzinfo=UTC),  # a leap day
    datetime(2000, 2, 25, tzinfo=UTC),  # the one of a century
    datetime(2023, 12, 27, tzinfo=UTC),
    datetime(2026, 3, 4, tzinfo=UTC),  # New York and Havana spring forward
    datetime(2026, 10, 28, tzinfo=UTC),  # and fall back
    datetime(2026, 3, 25, tzinfo=UTC),  # Berlin, London
    datetime(2026, 10, 21, tzinfo=UTC),
    datetime(2026, 4, 1, tzinfo=UTC),  # Lord Howe, half an hour, the other way round
    datetime(2026, 9, 29, tzinfo=UTC),
    datetime(2011, 12, 26, tzinfo=UTC),  # Apia leaves a whole day out
    datetime(2025, 10, 1, tzinfo=UTC),  # Chuseok with its substitute
    datetime(2026, 4, 29, tzinfo=UTC),  # Golden Week
    datetime(2026, 7, 1, tzinfo=UTC),  # the fourth of July on a Saturday
)
ZONES = (
    "UTC",
    "Asia/Seoul",
    "Asia/Tokyo",
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Havana",  # changes at midnight
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Africa/Casablanca",  # standard time in Ramadan only
)
COUNTRIES = ((None, None), (None, None), ("KR", None), ("JP", None), ("US", None), ("DE", "BY"))


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the answers of the wall clock.

    Attributes:
        start: ms since 1970.
        end: the same; may lie before.
        between: open milliseconds from one to the other.
        amount: open milliseconds to add to `start`, 0 or more.
        after: the instant at which they have passed; None: not within the days that were looked at.
    """

    calendar: BusinessCalendar
    start: int
    end: int
    between: int
    amount: int
    after: int | None


def random_cases(seed: int, count: int, a_calendar: int = 250) -> Iterator[Case]:
    """Random calendars with random questions, always the same ones for a seed.

    Args:
        seed: of chance.
        count: how many cases.
        a_calendar: how many questions each calendar is asked.
    """
    chance = random.Random(seed)
    for first in range(0, count, a_calendar):
        calendar, around = _random_calendar(chance), chance.choice(AROUND)
        wall = WallTime(calendar, around, 8 * 1440)
        base = int(around.timestamp()) * 1000
        for _ in range(min(a_calendar, count - first)):
            start, end = (_random_place(chance, wall.length_ms) for _ in range(2))
            amount = _random_amount(chance)
            after = start if amount == 0 else wall.reaches(start, amount)
            between = max(0, wall.open_until(end) - wall.open_until(start))
            yield Case(calendar, base + start, base + end, between, amount, None if after is None else base + after)


def _random_place(chance: random.Random, length_ms: int) -> int:
    return chance.choice((chance.randrange, _on_the_minute(chance)))(length_ms)


def _on_the_minute(chance: random.Random) -> Callable[[int], int]:
    return lambda length_ms: chance.randrange(length_ms // 60_000) * 60_000


def _random_amount(chance: random.Random) -> int:
    return chance.choice((0, 1, chance.randrange(60_000), chance.randrange(1, 24) * 3_600_000, chance.randrange(10**8)))


def _random_calendar(chance: random.Random) -> BusinessCalendar:
    country, subdivision = chance.choice(COUNTRIES)
    around = chance.choice(AROUND)
    near = around.date()
    return BusinessCalendar(
        id="random",
        name="Random",
        zone=chance.choice(ZONES),
        weekly=tuple(tuple(_random_window(chance) for _ in range(chance.choice((0, 1, 1, 2, 3)))) for _ in range(7)),
        holiday_country=country,
        holiday_subdivision=subdivision,
        extra_holidays=tuple(near + timedelta(days=chance.randrange(8)) for _ in range(chance.randrange(3))),
        working_days_despite_holiday=tuple(
            near + timedelta(days=chance.randrange(8)) for _ in range(chance.randrange(2))
        ),
        always=chance.random() < 0.03,
        closed_hours=tuple(_random_closing(chance, around) for _ in range(chance.choice((0, 0, 1, 3)))),
        feed_days=tuple(near + timedelta(days=chance.randrange(8)) for _ in range(chance.choice((0, 0, 1)))),
        feed_hours=tuple(
            (int(one.since.timestamp()), int(one.until.timestamp()))
            for one in (_random_closing(chance, around) for _ in range(chance.choice((0, 0, 2))))
        ),
    )


def _random_closing(chance: random.Random, around: datetime) -> Closing:
    since = around + MINUTE * chance.randrange(8 * 1440)
    return Closing(since, since + MINUTE * chance.choice((1, 30, 60, 600, 1440, 3000)))


def _random_window(chance: random.Random) -> Window:
    usual = (0, 60, 90, 120, 150, 180, 540, 720, 780, 1080, 1320, 1439)
    start = chance.choice((chance.choice(usual), chance.randrange(1440)))
    return Window(start, chance.choice((chance.choice(usual), 1440, start, chance.randrange(1441))))
