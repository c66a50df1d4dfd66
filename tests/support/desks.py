"""A small company's desk: Seoul's office hours, two promises of time, three groups, five colleagues."""

from datetime import date

from helpdesk.desk.model import Category, Desk, General, Mailbox, Product
from helpdesk.desk.rules import rules_of
from helpdesk.people.model import Agent, Group, Role
from helpdesk.sla.model import (
    ROUND_THE_CLOCK,
    USUAL_PAUSES,
    BusinessCalendar,
    Conditions,
    Metric,
    SlaPolicy,
    Target,
    Window,
)
from helpdesk.tickets.model import Status
from helpdesk.tickets.workflow import StatusDefinition

HOUR = 3600
DAY = 24 * HOUR

SEOUL = BusinessCalendar(
    id="seoul",
    name="Seoul office",
    zone="Asia/Seoul",
    weekly=((Window(9 * 60, 12 * 60), Window(13 * 60, 18 * 60)),) * 5 + ((), ()),
    revision=2,
    extra_holidays=(date(2026, 11, 27),),
    resolved_years=(2026, 2027),
    resolved_holidays=(date(2026, 12, 25), date(2027, 1, 1)),
)


def _targets(first: int, following: int, solved: int, *, business: bool = True) -> tuple[Target, ...]:
    return (
        Target(Metric.FIRST_RESPONSE, first * HOUR, business),
        Target(Metric.NEXT_RESPONSE, following * HOUR, business),
        Target(Metric.RESOLUTION, solved * HOUR, business),
    )


STANDARD = SlaPolicy(
    id="standard",
    version=3,
    name="Standard",
    calendar_id="seoul",
    targets={
        "urgent": _targets(1, 2, 8),
        "high": _targets(2, 4, 16),
        "normal": _targets(4, 8, 40),
        "low": (Target(Metric.RESOLUTION, 80 * HOUR),),
    },
    pause_on=USUAL_PAUSES,
)
BILLING = SlaPolicy(
    id="billing",
    version=1,
    name="Money cannot wait",
    calendar_id="always",
    targets={"urgent": _targets(1, 1, 4, business=False), "normal": _targets(2, 3, 24, business=False)},
    warn_percent=50,
    pause_on=("on_hold",),
    conditions=Conditions(groups=("billing",)),
)


def agent(agent_id: str, *groups: str, role: Role = Role.AGENT, capacity: int = 20, available: bool = True) -> Agent:
    """A colleague whose address follows from their id."""
    return Agent(agent_id, agent_id.title(), f"{agent_id}@desk.test", role, groups, capacity, available)


def a_desk(**changes: object) -> Desk:
    """The desk, with some of it changed."""
    agents = (
        agent("mina", "support", "billing", capacity=2),
        agent("jun", "support", capacity=4),
        agent("yuki", "support", "billing", available=False),
        agent("sana", role=Role.SUPERVISOR),
        agent("adam", role=Role.ADMIN),
    )
    parts: dict[str, object] = {
        "general": General(name="Acme help", default_group="support"),
        "agents": {one.id: one for one in agents},
        "groups": {one.id: one for one in (Group("support", "Support"), Group("billing", "Billing"))},
        "categories": {
            one.id: one
            for one in (
                Category("billing", {"en": "Billing", "ko": "결제"}, group="billing"),
                Category("other", {"en": "Something else"}, {"en": "Whatever it is"}),
                Category("internal", {"en": "Internal"}, group="gone", public=False),
            )
        },
        "mailboxes": {
            one.id: one
            for one in (
                Mailbox("support", "support@desk.test", "Acme support", "support"),
                Mailbox("billing", "billing@desk.test", "Acme 결제", "billing", "ko"),
            )
        },
        "statuses": {
            one.id: one
            for one in (
                StatusDefinition(
                    "working", Status.OPEN, {"en": "Working on it"}, to=("in_repair", "pending", "solved")
                ),
                StatusDefinition("in_repair", Status.ON_HOLD, {"en": "In repair", "ko": "수리 중"}),
                StatusDefinition("done_for_now", Status.SOLVED, {"en": "Done for now"}),
            )
        },
        "products": {
            one.id: one
            for one in (
                Product("chair", {"en": "Chair", "ko": "의자"}),
                Product("lamp", {"en": "Lamp"}, group="billing"),
            )
        },
        "policies": (BILLING, STANDARD),
        "calendars": {(one.id, one.revision): one for one in (ROUND_THE_CLOCK, SEOUL)},
    }
    return Desk(**(parts | changes))


DESK = a_desk()
RULES = rules_of(DESK)
