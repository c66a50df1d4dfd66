"""Examples and rules that other desks publish of their clocks, worked out by hand and held against ours.

Sources, read in November 2026:

- Jira Service Management, "How teams see SLAs", https://confluence.atlassian.com/servicemanagementserver0417/how-teams-see-slas-1072468255.html:
  a goal of 16 hours from Monday 11:00 with uneven working days; remaining time runs only in working hours and takes pauses out.
- Zendesk, "Setting your schedule with business hours and holidays",
  https://support.zendesk.com/hc/en-us/articles/4408842938522: holidays count as outside business hours; hours over midnight are two
  intervals there. Told by example at https://dev.classmethod.jp/articles/ticket-schedules-in-zendesk/.
- Zendesk's metrics as GitLab's support quotes them (handbook, "Metrics definitions"): requester wait time is new, open and on-hold;
  agent work time is new and open; agent wait time is pending.
- Freshdesk, "What are business hours and calendar hours?", https://support.freshdesk.com/support/solutions/articles/37627: six hours on a
  Friday evening end on Monday in business hours and the same night in calendar hours.
- Freshdesk, https://support.freshdesk.com/support/solutions/articles/229718: the timer is off in the statuses that are set so.
- Eccentex, "Business Hours Setup", https://docs.eccentex.com/doc1/business-hours-setup: eight working hours from Tuesday 11:00.
"""

from datetime import date, datetime

import pytest

from helpdesk.sla import rules
from helpdesk.sla.calendars import add_business_time, business_seconds_between, compile_calendar
from helpdesk.sla.model import BusinessCalendar, Metric, SlaPolicy, Target, Window

HOUR = 3600


def hours(start: int, end: int) -> tuple[Window, ...]:
    return (Window(start * 60, end * 60),)


def at(text: str) -> datetime:
    """An instant in March 2026, whose second day is a Monday; all calendars here are in UTC."""
    return datetime.fromisoformat(f"2026-03-{text}Z")


NINE_TO_FIVE = BusinessCalendar("n", "Nine to five", "UTC", (hours(9, 17),) * 5 + ((), ()))
JIRA = BusinessCalendar("j", "Jira's example", "UTC", (hours(9, 17), hours(9, 16), (), hours(8, 17), (), (), ()))
EIGHT_TO_FIVE = BusinessCalendar("z", "Zendesk's example", "UTC", (hours(8, 17),) * 5 + ((), ()))


@pytest.mark.parametrize(
    ("calendar", "start", "length", "due"),
    [
        # Jira: six hours on Monday, seven on Tuesday, none on Wednesday, three on Thursday from eight.
        (JIRA, "02T11:00", 16 * HOUR, "05T11:00"),
        # One hour less ends within Thursday too, one day's worth ends with Tuesday's closing.
        (JIRA, "02T11:00", 15 * HOUR, "05T10:00"),
        (JIRA, "02T11:00", 13 * HOUR, "03T16:00"),
        # Created when nobody works: from the next opening.
        (JIRA, "06T12:00", 2 * HOUR, "09T11:00"),
        (JIRA, "04T10:00", 1, "05T08:00:01"),
        # Eccentex: not Tuesday seven in the evening.
        (NINE_TO_FIVE, "03T11:00", 8 * HOUR, "04T11:00"),
        # Freshdesk: an hour of Friday is left, five are Monday's.
        (NINE_TO_FIVE, "06T16:00", 6 * HOUR, "09T14:00"),
        # "1 day" of 24 hours is three working days of eight hours.
        (NINE_TO_FIVE, "02T09:00", 24 * HOUR, "04T17:00"),
    ],
)
def test_a_goal_in_business_hours_ends_where_the_published_rules_put_it(
    calendar: BusinessCalendar, start: str, length: int, due: str
) -> None:
    assert add_business_time(compile_calendar(calendar), at(start), length) == at(due)


@pytest.mark.parametrize(
    ("calendar", "start", "end", "seconds"),
    [
        # Zendesk: from five minutes before Friday's closing to five after Monday's opening, sixty hours on the wall.
        (EIGHT_TO_FIVE, "06T16:55", "09T08:05", 600),
        # Jira: what is left of sixteen hours at various times is sixteen less this.
        (JIRA, "02T11:00", "02T17:00", 6 * HOUR),
        (JIRA, "02T11:00", "03T08:00", 6 * HOUR),
        (JIRA, "02T11:00", "04T12:00", 13 * HOUR),
        (JIRA, "02T11:00", "05T09:30", 14 * HOUR + 1800),
        (NINE_TO_FIVE, "07T00:00", "09T09:00", 0),
    ],
)
def test_time_passes_in_business_hours_only(calendar: BusinessCalendar, start: str, end: str, seconds: int) -> None:
    assert business_seconds_between(compile_calendar(calendar), at(start), at(end)) == seconds


def test_hours_over_midnight_are_the_two_intervals_that_zendesk_asks_for() -> None:
    over = BusinessCalendar("o", "Over midnight", "UTC", (hours(22, 6),) * 5 + ((), ()))
    first, last = (Window(22 * 60, 1440),), (Window(0, 360),)
    days = (first, first + last, first + last, first + last, first + last, last, ())
    split = BusinessCalendar("t", "Two intervals", "UTC", days)
    for start in ("02T00:00", "02T23:30", "03T05:59", "07T01:00"):
        for length in (1, HOUR, 8 * HOUR, 100 * HOUR):
            ends = {add_business_time(compile_calendar(one), at(start), length) for one in (over, split)}
            assert len(ends) == 1, (start, length)


def test_a_holiday_counts_as_outside_business_hours() -> None:
    closed = BusinessCalendar("h", "H", "UTC", (hours(9, 17),) * 5 + ((), ()), extra_holidays=(date(2026, 3, 3),))
    assert add_business_time(compile_calendar(closed), at("02T16:00"), 2 * HOUR) == at("04T10:00")


LIFE = (
    ("02T10:00", "pending"),
    ("02T12:00", "open"),
    ("02T13:00", "on_hold"),
    ("02T15:00", "open"),
    ("02T16:00", "solved"),
)


@pytest.mark.parametrize(
    ("pauses", "worked"),
    [
        (("pending",), 5 * HOUR),  # Zendesk's requester wait time: new, open and on-hold
        (("pending", "on_hold"), 3 * HOUR),  # its agent work time: new and open
        ((), 7 * HOUR),  # its total resolution time: all of it
    ],
)
def test_the_statuses_that_pause_give_zendesks_metrics(pauses: tuple[str, ...], worked: int) -> None:
    policy = SlaPolicy(
        "p", 1, "P", "n", {"normal": (Target(Metric.RESOLUTION, 8 * HOUR),)}, warn_percent=0, pause_on=pauses
    )
    calendar = compile_calendar(NINE_TO_FIVE)
    applied = rules.apply_policy(policy, calendar, "normal", at("02T09:00"))
    for instant, status in LIFE:
        applied = rules.follow_status(applied, status, at(instant), calendar)
    resolution = applied.clock(Metric.RESOLUTION)
    assert resolution is not None
    assert resolution.used_seconds == worked


def test_six_hours_on_a_friday_evening_end_that_night_in_calendar_hours() -> None:
    policy = SlaPolicy("p", 1, "P", "n", {"urgent": (Target(Metric.RESOLUTION, 6 * HOUR, business=False),)})
    applied = rules.apply_policy(policy, compile_calendar(NINE_TO_FIVE), "urgent", at("06T18:00"))
    resolution = applied.clock(Metric.RESOLUTION)
    assert resolution is not None
    assert resolution.due_at == at("07T00:00")
