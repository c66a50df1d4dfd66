"""What settings may say about calendars and policies, and that they survive storage."""

import json
from datetime import date

import pytest

from helpdesk.kernel.codec import canonical_json, from_document, to_document
from helpdesk.sla.model import (
    USUAL_PAUSES,
    BusinessCalendar,
    CalendarInvalid,
    Conditions,
    Metric,
    PolicyInvalid,
    SlaPolicy,
    Target,
    Window,
)

LUNCH_BREAK = (Window(540, 720), Window(780, 1080))


@pytest.mark.parametrize(("start", "end"), [(-1, 10), (1440, 10), (0, 1441), (0, -1)])
def test_a_window_outside_the_day_is_refused(start: int, end: int) -> None:
    with pytest.raises(CalendarInvalid):
        Window(start, end)


def test_a_week_of_six_days_is_refused() -> None:
    with pytest.raises(CalendarInvalid):
        BusinessCalendar("c", "C", weekly=((),) * 6)


def test_a_subdivision_without_its_country_is_refused() -> None:
    with pytest.raises(CalendarInvalid):
        BusinessCalendar("c", "C", holiday_subdivision="BY")


@pytest.mark.parametrize("seconds", [0, -1, 10**9])
def test_a_target_of_no_length_or_of_decades_is_refused(seconds: int) -> None:
    with pytest.raises(PolicyInvalid):
        Target(Metric.RESOLUTION, seconds)


def test_two_targets_for_one_metric_are_refused() -> None:
    with pytest.raises(PolicyInvalid):
        SlaPolicy("p", 1, "P", "c", {"low": (Target(Metric.RESOLUTION, 1), Target(Metric.RESOLUTION, 2))})


def test_a_warning_after_more_than_the_whole_target_is_refused() -> None:
    with pytest.raises(PolicyInvalid):
        SlaPolicy("p", 1, "P", "c", warn_percent=101)


@pytest.mark.parametrize(
    "kept",
    [
        BusinessCalendar(
            id="seoul",
            name="Seoul",
            zone="Asia/Seoul",
            weekly=(LUNCH_BREAK,) * 5 + ((Window(1320, 360),), ()),
            revision=7,
            holiday_country="KR",
            extra_holidays=(date(2026, 12, 24),),
            working_days_despite_holiday=(date(2026, 5, 1),),
            resolved_years=(2025, 2026),
            resolved_holidays=(date(2025, 1, 1), date(2026, 1, 1)),
        ),
        BusinessCalendar(id="always", name="Always", always=True),
        SlaPolicy(
            id="vip",
            version=2,
            name="VIP",
            calendar_id="seoul",
            targets={"urgent": (Target(Metric.FIRST_RESPONSE, 1800), Target(Metric.RESOLUTION, 7200, business=False))},
            warn_percent=0,
            pause_on=USUAL_PAUSES,
            conditions=Conditions(organizations=("acme",)),
        ),
        SlaPolicy(id="none", version=1, name="None", calendar_id="always", pause_on=()),
    ],
)
def test_settings_come_back_from_storage_as_they_were(kept: BusinessCalendar | SlaPolicy) -> None:
    assert from_document(type(kept), json.loads(canonical_json(to_document(kept)))) == kept
