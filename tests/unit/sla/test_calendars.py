"""Business time against a slow reference that looks at the wall clock minute by minute, and against days known by hand."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk.sla.calendars import (
    CompiledCalendar,
    add_business_time,
    business_seconds_between,
    compile_calendar,
    resolve_holidays,
)
from helpdesk.sla.model import ROUND_THE_CLOCK, BusinessCalendar, CalendarInvalid, Window
from tests.support.walltime import SECOND, WallTime, is_open, random_cases

NINE_TO_SIX = Window(540, 1080)
OFFICE = ((NINE_TO_SIX,),) * 5 + ((), ())
EVERY_DAY = ((NINE_TO_SIX,),) * 7
MINUTE = timedelta(minutes=1)
HOUR = 3600

ZONES = (
    "UTC",
    "Asia/Seoul",
    "Asia/Tokyo",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",  # daylight saving of half an hour
    "America/Havana",  # changes at midnight
    "Asia/Kathmandu",  # 5:45 ahead
)

AROUND = (
    datetime(2024, 2, 28, 12, tzinfo=UTC),  # a leap day
    datetime(2023, 12, 31, tzinfo=UTC),
    datetime(2026, 3, 8, tzinfo=UTC),  # New York and Havana spring forward
    datetime(2026, 11, 1, tzinfo=UTC),  # and fall back
    datetime(2026, 3, 29, tzinfo=UTC),  # Berlin
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 4, 4, 12, tzinfo=UTC),  # Lord Howe, the other way round
    datetime(2026, 10, 3, 12, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),  # Apia leaves a whole day out
    datetime(2026, 7, 15, tzinfo=UTC),
)


def slow_open_seconds(calendar: BusinessCalendar, start: datetime, end: datetime) -> float:
    """What the wall clock says, asked each minute of UTC (zones here keep offsets of whole minutes)."""
    zone = ZoneInfo(calendar.zone)
    minute = start.replace(second=0, microsecond=0)
    total = timedelta()
    while minute < end:
        if is_open(calendar, minute.astimezone(zone)):
            total += min(minute + MINUTE, end) - max(minute, start)
        minute += MINUTE
    return total.total_seconds()


minutes = st.one_of(st.integers(0, 1439), st.sampled_from([0, 60, 90, 120, 150, 180, 540, 1080, 1439]))
windows = st.builds(Window, minutes, st.one_of(minutes, st.just(1440)))
weeks = st.tuples(*[st.lists(windows, max_size=3).map(tuple)] * 7)
instants = st.builds(
    lambda around, ms: around + timedelta(milliseconds=ms),
    st.sampled_from(AROUND),
    st.one_of(st.integers(-100_000_000, 100_000_000), st.integers(-1600, 1600).map(lambda minute: minute * 60_000)),
)


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    near = draw(st.sampled_from(AROUND)).date()
    days = st.integers(-2, 2).map(lambda shift: near + timedelta(days=shift))
    return BusinessCalendar(
        id="drawn",
        name="Drawn",
        zone=draw(st.sampled_from((*ZONES, "Pacific/Apia"))),
        weekly=draw(weeks),
        extra_holidays=draw(st.lists(days, max_size=2).map(tuple)),
        working_days_despite_holiday=draw(st.lists(days, max_size=1).map(tuple)),
        always=draw(st.sampled_from([False] * 9 + [True])),
    )


def new_york(*day_windows: Window) -> BusinessCalendar:
    return BusinessCalendar(id="ny", name="New York", zone="America/New_York", weekly=(day_windows,) * 7)


@settings(deadline=None, max_examples=150)
@given(calendars(), instants, st.integers(0, 2 * 86_400_000))
@example(new_york(Window(120, 180)), datetime(2026, 3, 8, tzinfo=UTC), 86_400_000)
@example(new_york(Window(30, 90)), datetime(2026, 11, 1, tzinfo=UTC), 86_400_000)
@example(new_york(Window(0, 1440)), datetime(2023, 12, 31, tzinfo=UTC), 0)
@example(new_york(Window(1320, 360)), datetime(2023, 12, 31, tzinfo=UTC), 2 * 86_400_000)
def test_business_time_is_what_the_wall_clock_says_minute_by_minute(
    calendar: BusinessCalendar, start: datetime, length_ms: int
) -> None:
    end = start + timedelta(milliseconds=length_ms)
    expected = slow_open_seconds(calendar, start, end)
    assert business_seconds_between(CompiledCalendar(calendar), start, end) == int(expected)


@settings(deadline=None, max_examples=150)
@given(calendars(), instants, st.integers(1, 400_000))
def test_added_business_time_ends_at_the_first_instant_by_which_it_has_passed(
    calendar: BusinessCalendar, start: datetime, seconds: int
) -> None:
    compiled = CompiledCalendar(calendar)
    if not calendar.always and not any(business_seconds_between(compiled, a, b) for a, b in years_from(start)):
        with pytest.raises(CalendarInvalid):
            add_business_time(compiled, start, seconds)
        return
    end = add_business_time(compiled, start, seconds)
    assert business_seconds_between(compiled, start, end) == seconds
    assert business_seconds_between(compiled, start, end - timedelta(milliseconds=1)) == seconds - 1


def years_from(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    return pairwise(datetime(year, 1, 1, tzinfo=UTC) for year in range(start.year + 1, start.year + 13))


def test_business_time_is_what_the_wall_clock_says_in_thousands_of_calendars_with_holidays() -> None:
    """A part of what `make fuzz-time` asks: 100,000 cases."""
    for case in random_cases(seed=7, count=6000, a_calendar=200):
        calendar = compile_calendar(case.calendar)
        assert calendar.open_ms_between(case.start, case.end) == case.between, case
        if case.after is not None:
            assert calendar.instant_after(case.start, case.amount) == case.after, case


def test_an_offset_of_odd_seconds_is_counted_second_by_second() -> None:
    """Liberia was 44 minutes and 30 seconds behind until 1972."""
    calendar = BusinessCalendar("m", "Monrovia", "Africa/Monrovia", EVERY_DAY)
    start = datetime(1972, 1, 6, tzinfo=UTC)
    wall = WallTime(calendar, start, 3 * 86_400, SECOND)
    compiled, base = compile_calendar(calendar), int(start.timestamp()) * 1000
    for ms in range(0, wall.length_ms, 977_777):
        assert compiled.open_ms_between(base, base + ms) == wall.open_until(ms)
        expected = wall.reaches(ms, 3_599_999)
        if expected is not None:
            assert compiled.instant_after(base + ms, 3_599_999) == base + expected


@settings(deadline=None, max_examples=100)
@given(calendars(), st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_business_time_of_two_stretches_is_that_of_both_together(
    calendar: BusinessCalendar, cuts: list[datetime]
) -> None:
    compiled = CompiledCalendar(calendar)
    start, middle, end = ((cut - AROUND[0]) // timedelta(milliseconds=1) for cut in cuts)
    between = compiled.open_ms_between
    assert between(start, middle) + between(middle, end) == between(start, end)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_an_amount_used_up_when_the_window_closes_ends_there_and_not_at_the_next_opening() -> None:
    seoul = compile_calendar(BusinessCalendar("seoul", "Seoul", "Asia/Seoul", OFFICE))
    friday_five = at("2026-03-06T17:00:00+09:00")
    assert add_business_time(seoul, friday_five, 3600) == at("2026-03-06T18:00:00+09:00")
    assert add_business_time(seoul, friday_five, 3601) == at("2026-03-09T09:00:01+09:00")


def test_no_seconds_end_where_they_begin_even_when_closed() -> None:
    seoul = compile_calendar(BusinessCalendar("seoul", "Seoul", "Asia/Seoul", OFFICE))
    sunday = at("2026-03-08T03:00:00+09:00")
    assert add_business_time(seoul, sunday, 0) == sunday
    assert business_seconds_between(seoul, sunday, sunday) == 0
    assert business_seconds_between(seoul, sunday + timedelta(days=5), sunday) == 0


@pytest.mark.parametrize(
    ("window", "day", "hours"),
    [
        (Window(60, 240), "2026-03-08", 2),  # the hour from two to three is skipped
        (Window(60, 240), "2026-11-01", 4),  # the hour from one to two comes twice
        (Window(120, 180), "2026-03-08", 0),  # a window inside the gap
        (Window(150, 300), "2026-03-08", 2),  # opens in the gap: at the jump
        (Window(60, 150), "2026-03-08", 1),  # closes in the gap: at the jump
        (Window(0, 1440), "2026-03-08", 23),
        (Window(0, 1440), "2026-11-01", 25),
        (Window(1320, 360), "2026-03-07", 7),  # a night shift into the gap
    ],
)
def test_skipped_wall_time_is_not_worked_and_repeated_wall_time_is_worked_twice(
    window: Window, day: str, hours: int
) -> None:
    weekday = date.fromisoformat(day).weekday()
    weekly = tuple((window,) if index == weekday else () for index in range(7))
    calendar = compile_calendar(BusinessCalendar("ny", "New York", "America/New_York", weekly))
    noon = at(f"{day}T12:00:00+00:00")
    around = noon - timedelta(days=1), noon + timedelta(days=2)
    assert business_seconds_between(calendar, *around) == hours * 3600


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "America/New_York", "Asia/Seoul", "Pacific/Kiritimati"])
@pytest.mark.parametrize("window", [Window(0, 1440), Window(0, 540), Window(1320, 1290)])
def test_a_year_ends_in_utc_without_anybody_noticing(zone: str, window: Window) -> None:
    calendar = BusinessCalendar("z", "Z", zone, ((window,),) * 7)
    for hours in range(0, 48, 5):
        start = at("2025-12-31T00:00Z") + timedelta(hours=hours)
        seconds = business_seconds_between(compile_calendar(calendar), start, start + timedelta(hours=5))
        assert seconds == slow_open_seconds(calendar, start, start + timedelta(hours=5))


def test_an_amount_used_up_with_the_year_ends_with_the_year() -> None:
    days = compile_calendar(BusinessCalendar("d", "D", "UTC", ((Window(0, 1440),),) * 5 + ((), ())))
    assert add_business_time(days, at("2027-12-31T23:00Z"), HOUR) == at("2028-01-01T00:00Z")
    assert add_business_time(days, at("2027-12-31T23:00Z"), HOUR + 1) == at("2028-01-03T00:00:01Z")


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    night = BusinessCalendar("n", "Night", "UTC", ((Window(1320, 360),),) * 7, extra_holidays=(date(2026, 3, 4),))
    calendar = compile_calendar(night)
    assert business_seconds_between(calendar, at("2026-03-04T00:00Z"), at("2026-03-04T12:00Z")) == 6 * 3600
    assert business_seconds_between(calendar, at("2026-03-04T12:00Z"), at("2026-03-05T12:00Z")) == 0


@pytest.mark.parametrize(
    ("country", "zone", "closed"),
    [
        ("KR", "Asia/Seoul", "2025-05-06"),  # Children's Day and Buddha's birthday fell on one day
        ("KR", "Asia/Seoul", "2025-10-08"),  # Chuseok reached into a Sunday
        ("KR", "Asia/Seoul", "2026-03-02"),  # the first of March was a Sunday
        ("KR", "Asia/Seoul", "2026-08-17"),  # Liberation Day was a Saturday
        ("JP", "Asia/Tokyo", "2026-05-06"),  # Constitution Day was a Sunday
        ("JP", "Asia/Tokyo", "2026-09-22"),  # between two holidays
        ("US", "America/New_York", "2026-07-03"),  # the fourth was a Saturday
        ("US", "America/New_York", "2021-12-31"),  # New Year's Day of the next year was a Saturday
    ],
)
def test_public_holidays_are_closed_with_their_substitutes(country: str, zone: str, closed: str) -> None:
    day = date.fromisoformat(closed)
    plain = BusinessCalendar("c", "C", zone, OFFICE)
    with_holidays = BusinessCalendar("c", "C", zone, OFFICE, holiday_country=country)
    worked = BusinessCalendar("c", "C", zone, OFFICE, holiday_country=country, working_days_despite_holiday=(day,))
    opening = datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    closing = opening + timedelta(hours=9)
    seconds = [business_seconds_between(compile_calendar(c), opening, closing) for c in (plain, with_holidays, worked)]
    assert seconds == [9 * 3600, 0, 9 * 3600]


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    def open_hours(subdivision: str) -> int:
        calendar = BusinessCalendar(
            "d", "D", "Europe/Berlin", EVERY_DAY, holiday_country="DE", holiday_subdivision=subdivision
        )
        epiphany = at("2026-01-06T00:00+01:00")
        return business_seconds_between(compile_calendar(calendar), epiphany, epiphany + timedelta(days=1)) // 3600

    assert (open_hours("BY"), open_hours("BE")) == (0, 9)


def test_a_calendar_with_its_holidays_resolved_counts_the_same_without_the_library() -> None:
    looked_up = BusinessCalendar("s", "Seoul", "Asia/Seoul", OFFICE, holiday_country="KR")
    resolved = resolve_holidays(looked_up, 2024, 2027)
    ends = at("2025-01-01T00:00Z"), at("2026-12-31T00:00Z")
    assert business_seconds_between(compile_calendar(resolved), *ends) == business_seconds_between(
        compile_calendar(looked_up), *ends
    )
    assert date(2025, 10, 8) in resolved.resolved_holidays
    unread = replace(resolved, holiday_country="XX")  # would be refused if it were looked up
    assert business_seconds_between(CompiledCalendar(unread), *ends) > 0


def test_round_the_clock_is_ordinary_time() -> None:
    always = compile_calendar(ROUND_THE_CLOCK)
    start = at("2026-01-01T00:00Z")
    assert add_business_time(always, start, 10**8) == start + timedelta(seconds=10**8)
    assert business_seconds_between(always, start, start + timedelta(days=3)) == 3 * 86_400


@pytest.mark.parametrize(
    "calendar",
    [
        BusinessCalendar("c", "C", "Mars/Olympus", OFFICE),
        BusinessCalendar("c", "C", "../etc/passwd", OFFICE),
        BusinessCalendar("c", "C", "", OFFICE),
        BusinessCalendar("c", "C", "UTC", OFFICE, holiday_country="XX"),
        BusinessCalendar("c", "C", "UTC", OFFICE, holiday_country="HolidayBase"),
        BusinessCalendar("c", "C", "UTC", OFFICE, holiday_country="DE", holiday_subdivision="ZZ"),
    ],
)
def test_a_zone_or_country_that_nobody_knows_is_refused(calendar: BusinessCalendar) -> None:
    with pytest.raises(CalendarInvalid):
        CompiledCalendar(calendar)


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(CalendarInvalid, match="not open"):
        add_business_time(compile_calendar(BusinessCalendar("c", "Closed")), at("2026-01-01T00:00Z"), 1)


def test_ten_years_of_business_time_are_counted_without_walking_through_them() -> None:
    seoul = compile_calendar(BusinessCalendar("s", "Seoul", "Asia/Seoul", OFFICE, holiday_country="KR"))
    start, end = at("2020-01-02T03:04:05Z"), at("2029-11-12T05:06:07Z")
    length = business_seconds_between(seoul, start, end)
    assert add_business_time(seoul, start, length) == end  # both inside a window
    rounds = 200
    before = time.process_time()
    for _ in range(rounds):
        business_seconds_between(seoul, start, end)
        add_business_time(seoul, start, length)
    # The aim is 20 µs; the bound leaves room for a busy machine and still forbids a walk through 2,500 days.
    assert (time.process_time() - before) / rounds / 2 < 200e-6
