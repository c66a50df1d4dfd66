"""Policies, calendars and lengths in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.sla import words
from helpdesk.sla.model import ROUND_THE_CLOCK, BusinessCalendar, Conditions, Escalation, Metric, Timing, Window
from tests.support.desks import BILLING, SEOUL
from tests.support.escalating import EVERYONE


@pytest.mark.parametrize(
    ("seconds", "business", "said"),
    [
        (3600, True, "1 hour"),
        (5400, False, "1 hour 30 minutes"),
        (86_400, False, "1 day"),
        (86_400, True, "24 hours"),
        (61, True, "1 minute 1 second"),
        (0, True, "no time"),
    ],
)
def test_a_length_is_told_in_whole_units_and_business_time_in_hours(seconds: int, *, business: bool, said: str) -> None:
    assert words.length_in_words(seconds, business=business) == said


def test_a_calendar_says_its_hours_zone_and_holidays() -> None:
    assert words.calendar_in_words(ROUND_THE_CLOCK) == "round the clock"
    assert words.calendar_in_words(SEOUL) == (
        "Monday to Friday 09:00–12:00 and 13:00–18:00 (Asia/Seoul); closed on 1 own day"  # noqa: RUF001 - as typeset
    )
    shifts = BusinessCalendar(
        "s",
        "S",
        "Europe/Berlin",
        ((Window(1320, 360),), (), (), (), (), (Window(0, 1440),), (Window(0, 1440),)),
        holiday_country="DE",
        holiday_subdivision="BY",
        working_days_despite_holiday=(date(2026, 1, 6),),
    )
    assert words.calendar_in_words(shifts) == (
        "Monday 22:00–06:00, Saturday to Sunday 00:00–24:00 (Europe/Berlin); "  # noqa: RUF001 - as typeset
        "closed on public holidays of DE-BY; open on 1 holiday all the same"
    )
    assert words.calendar_in_words(BusinessCalendar("n", "N")) == "never (UTC)"


def test_a_policy_says_for_whom_what_and_what_is_done() -> None:
    said = words.policy_in_words(EVERYONE)
    assert said[0] == "For all tickets."
    assert (
        "Priority low: resolution within 80 hours of business time; hand-off by a group within 20 hours of business time."
        in said
    )
    assert "Clocks stand while the ticket is on hold or pending." in said
    assert "At 50 % of the target of first response: tell assignee and group." in said
    assert "At 100 % of the target of first response: raise the priority, tag late." in said
    assert words.policy_in_words(BILLING)[0] == "For tickets with group billing."
    wanted = Conditions(plans=("gold", "silver"), fields={"product": ("x",)})
    assert words.policy_in_words(replace(BILLING, conditions=wanted, pause_on=()))[0] == (
        "For tickets with support plan gold or silver and field product x."
    )
    assert "No status stops the clocks." in words.policy_in_words(replace(BILLING, pause_on=()))


def test_an_escalation_says_when_and_what() -> None:
    level = Escalation(
        "e", Timing.AFTER, 7200, (Metric.RESOLUTION,), assignee="jun", group="billing", priority="urgent"
    )
    assert words.escalation_in_words(level) == (
        "2 hours after a breach of resolution: set the priority to urgent, hand on to group billing, assign to jun."
    )
    assert words.escalation_in_words(Escalation("e", Timing.AFTER, 0, tags=("a",))) == "At a breach: tag a."


def test_what_has_a_name_is_called_by_it_and_what_has_one_name_is_told_once() -> None:
    def named(kind: str, kept_id: str) -> str:
        return f"{kind.title()} {kept_id.upper()}" if kind != "webhook" else "a webhook"

    does: dict[str, Any] = {"notify": ("jun",), "group": "billing", "assignee": "mina", "webhooks": ("a", "b")}
    policy = replace(BILLING, escalations=(Escalation("e", Timing.AFTER, 0, **does),))
    said = words.policy_in_words(policy, named)
    assert said[0] == "For tickets with group Group BILLING."
    assert said[-1] == (
        "At a breach: tell Agent JUN, hand on to group Group BILLING, assign to Agent MINA, call a webhook."
    )
