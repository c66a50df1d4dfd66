"""A desk whose promises escalate: levels that mail, tag, raise and hand on, groups with targets and hours of their own."""

from dataclasses import replace
from datetime import timedelta

from helpdesk.desk.rules import rules_of
from helpdesk.sla.model import (
    ROUND_THE_CLOCK,
    USUAL_PAUSES,
    Conditions,
    Escalation,
    Metric,
    SlaPolicy,
    Target,
    Timing,
)
from helpdesk.tickets.core import DeskRules
from tests.support.desks import HOUR, SEOUL, a_desk

SOON = Escalation("soon", Timing.PERCENT, 50, (Metric.FIRST_RESPONSE,), notify=("assignee", "group"))
MISSED = Escalation("missed", Timing.PERCENT, 100, (Metric.FIRST_RESPONSE,), priority="raise", tags=("late",))
ON = Escalation(
    "on", Timing.AFTER, HOUR, (Metric.FIRST_RESPONSE, Metric.RESOLUTION), ("admins", "sana"), group="billing"
)
BACK = Escalation("back", Timing.BEFORE, 1800, (Metric.RESOLUTION, Metric.HANDOFF), group="support", assignee="jun")


def _targets(first: int, then: int, solved: int, update: int, handoff: int) -> tuple[Target, ...]:
    return (
        Target(Metric.FIRST_RESPONSE, first * HOUR),
        Target(Metric.NEXT_RESPONSE, then * HOUR),
        Target(Metric.RESOLUTION, solved * HOUR, business=False),
        Target(Metric.PERIODIC_UPDATE, update * HOUR),
        Target(Metric.HANDOFF, handoff * HOUR),
        Target(Metric.HANDOFF, 2 * handoff * HOUR, group="billing"),
    )


TAGGED = SlaPolicy(
    "tagged",
    1,
    "Late ones in billing",
    "always",
    {"normal": _targets(3, 3, 20, 5, 6), "high": _targets(2, 2, 10, 4, 3), "urgent": _targets(1, 1, 5, 2, 2)},
    pause_on=("on_hold",),
    conditions=Conditions(groups=("billing",), tags=("late",)),
    escalations=(BACK,),
)
EVERYONE = SlaPolicy(
    "everyone",
    1,
    "Everyone",
    "seoul",
    {
        "normal": _targets(4, 8, 40, 10, 8),
        "high": _targets(2, 4, 16, 8, 4),
        "urgent": _targets(1, 2, 8, 4, 2),
        "low": (Target(Metric.RESOLUTION, 80 * HOUR), Target(Metric.HANDOFF, 20 * HOUR)),
    },
    pause_on=USUAL_PAUSES,
    group_calendars={"billing": "always"},
    escalations=(SOON, MISSED, ON),
)
DESK = a_desk(policies=(TAGGED, EVERYONE), calendars={(one.id, one.revision): one for one in (ROUND_THE_CLOCK, SEOUL)})
RULES: DeskRules = replace(rules_of(DESK), survey_delay=timedelta(hours=1), close_delay=timedelta(days=4))
