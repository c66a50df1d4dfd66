"""When a colleague works."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.people.hours import absence_at, hours_faults, substitute_for, working
from helpdesk.people.model import Absence, Agent, AgentStatus, Role
from helpdesk.sla.model import BusinessCalendar, Window

OFFICE = (Window(9 * 60, 18 * 60),)
WEEK = (OFFICE,) * 5 + ((), ())
SEOUL = BusinessCalendar("seoul", "Seoul", "Asia/Seoul", WEEK, extra_holidays=(date(2026, 12, 25),))
MINA = Agent("mina", "Mina", "mina@desk.test", Role.AGENT, time_zone="Asia/Seoul")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(hour: int, minute: int = 0, day: date = date(2026, 11, 23), zone: str = "Asia/Seoul") -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_who_says_nothing_of_hours_works_round_the_clock_while_online() -> None:
    assert working(MINA, at(3), {})
    assert not any(working(replace(MINA, status=one), at(3), {}) for one in AgentStatus if one != "online")


def test_hours_of_a_calendar_are_counted_in_its_zone_and_keep_its_holidays() -> None:
    mina = replace(MINA, calendar_id="seoul", time_zone="America/New_York")
    calendars = {"seoul": SEOUL}
    assert [working(mina, at(hour, minute), calendars) for hour, minute in ((8, 59), (9, 0), (17, 59), (18, 0))] == [
        False,
        True,
        True,
        False,
    ]
    assert not working(mina, at(10, day=date(2026, 12, 25)), calendars)
    assert working(replace(mina, calendar_id="gone"), at(3), calendars)


def test_own_hours_go_before_a_calendars_and_may_run_over_midnight() -> None:
    night = replace(MINA, calendar_id="seoul", hours=((Window(22 * 60, 6 * 60),), *((),) * 6))
    assert working(night, at(23), {"seoul": SEOUL})
    assert working(night, at(5, day=date(2026, 11, 24)), {"seoul": SEOUL})
    assert not working(night, at(7, day=date(2026, 11, 24)), {"seoul": SEOUL})
    assert not working(night, at(10), {"seoul": SEOUL})


def test_an_absence_is_whole_days_of_the_colleagues_own_zone() -> None:
    away = replace(MINA, absences=(Absence(date(2026, 11, 23), date(2026, 11, 24), "holiday", "jun"),))
    assert working(away, at(23, 59, date(2026, 11, 22)), {})
    assert not working(away, at(0), {})
    assert not working(away, at(23, 59, date(2026, 11, 24)), {})
    assert working(away, at(0, 0, date(2026, 11, 25)), {})


def test_who_stands_in_may_be_absent_too_and_nobody_stands_in_for_themselves() -> None:
    def absent(name: str, substitute: str | None) -> Agent:
        away = Absence(MONDAY.date(), MONDAY.date(), None, substitute)
        return Agent(name, name, f"{name}@desk.test", Role.AGENT, absences=(away,))

    jun = Agent("jun", "Jun", "jun@desk.test", Role.AGENT)
    agents = {"a": absent("a", "b"), "b": absent("b", "jun"), "jun": jun, "c": absent("c", "d"), "d": absent("d", "c")}
    assert substitute_for(agents["a"], MONDAY, agents) == jun
    assert substitute_for(agents["c"], MONDAY, agents) is None
    assert substitute_for(absent("e", None), MONDAY, agents) is None
    assert substitute_for(absent("e", "gone"), MONDAY, agents) is None
    assert substitute_for(jun, MONDAY, agents) is None


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(["UTC", "Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]),
    st.integers(0, 400),
    st.integers(0, 30),
)
def test_nobody_works_on_a_day_they_are_absent_and_everybody_without_hours_on_others(
    instant: datetime, zone: str, start: int, length: int
) -> None:
    first = date(2026, 1, 1) + timedelta(days=start)
    away = Absence(first, first + timedelta(days=length))
    agent = replace(MINA, time_zone=zone, absences=(away,))
    local = instant.astimezone(ZoneInfo(zone)).date()
    inside = away.first_day <= local <= away.last_day
    assert working(agent, instant, {}) is not inside
    assert (absence_at(agent, instant) == away) is inside


def test_what_is_wrong_with_hours_is_named() -> None:
    def faults(**wrong: object) -> set[str]:
        return {one.pointer for one in hours_faults(replace(MINA, **wrong))}

    assert faults() == faults(hours=WEEK) == set()
    assert faults(time_zone="Mars/Base") == {"/time_zone"}
    assert faults(hours=(OFFICE,)) == {"/hours"}
    assert faults(skills={"billing": 6, "sso": 1}) == {"/skills/billing"}
    wrong = (
        Absence(date(2026, 2, 2), date(2026, 2, 1)),
        Absence(date(2026, 3, 1), date(2026, 3, 1), "x" * 201, "mina"),
    )
    assert faults(absences=wrong) == {
        "/absences/0/last_day",
        "/absences/1/reason",
        "/absences/1/substitute",
    }
