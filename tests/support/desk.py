"""The desk that tests work at: four colleagues, two groups, hours in Seoul, round targets, one mailbox."""

from datetime import date
from typing import Final

from helpdesk.desk.model import Category, Desk, General, Limits, Mailbox
from helpdesk.people.model import Agent, Group, Role
from helpdesk.sla.model import USUAL_PAUSES, BusinessCalendar, Metric, SlaPolicy, Target, Window

ADMIN: Final = Agent("ada", "Ada Admin", "ada@desk.test", Role.ADMIN, available=False)
SUPERVISOR: Final = Agent("suki", "Suki Tanaka", "suki@desk.test", Role.SUPERVISOR, ("support",), available=False)
AGENT: Final = Agent("jiwoo", "박지우", "jiwoo@desk.test", Role.AGENT, ("support", "billing"), language="ko")
AGENT2: Final = Agent("daniel", "Daniel Weber", "daniel@desk.test", Role.AGENT, ("support",))
AGENTS: Final = (ADMIN, SUPERVISOR, AGENT, AGENT2)

SUPPORT_ADDRESS: Final = "support@desk.test"

HOUR: Final = 3600
FIRST_RESPONSE_SECONDS: Final = 4 * HOUR
RESOLUTION_SECONDS: Final = 16 * HOUR
URGENT_FIRST_RESPONSE_SECONDS: Final = HOUR
SURVEY_DELAY_SECONDS: Final = HOUR
CLOSE_AFTER_SECONDS: Final = 4 * 24 * HOUR
SURVEY_VALID_SECONDS: Final = 14 * 24 * HOUR
LINK_VALID_SECONDS: Final = 90 * 24 * HOUR

_OFFICE: Final = (Window(9 * 60, 18 * 60),)

CALENDAR: Final = BusinessCalendar(
    id="seoul",
    name="Seoul office",
    zone="Asia/Seoul",
    weekly=(_OFFICE,) * 5 + ((), ()),
    extra_holidays=(date(2026, 12, 25), date(2027, 1, 1)),
)


def _targets(first: int, following: int, resolution: int) -> tuple[Target, ...]:
    return (
        Target(Metric.FIRST_RESPONSE, first),
        Target(Metric.NEXT_RESPONSE, following),
        Target(Metric.RESOLUTION, resolution),
    )


POLICY: Final = SlaPolicy(
    id="standard",
    version=1,
    name="Standard",
    calendar_id=CALENDAR.id,
    targets={
        "urgent": _targets(URGENT_FIRST_RESPONSE_SECONDS, HOUR, 4 * HOUR),
        "high": _targets(2 * HOUR, 2 * HOUR, 8 * HOUR),
        "normal": _targets(FIRST_RESPONSE_SECONDS, 4 * HOUR, RESOLUTION_SECONDS),
        "low": _targets(8 * HOUR, 8 * HOUR, 32 * HOUR),
    },
    warn_percent=75,
    pause_on=USUAL_PAUSES,
)

CATEGORIES: Final = (
    Category(
        "technical", {"en": "Something does not work", "ko": "문제가 있어요", "ja": "うまく動かない"}, {}, "support"
    ),
    Category("billing", {"en": "Billing", "ko": "결제와 청구", "ja": "お支払いと請求"}, {}, "billing"),
)


def desk_for_tests(limits: Limits | None = None) -> Desk:
    """The configuration.

    Args:
        limits: what callers without a sign-in may do; None: so much that no test reaches it by accident.
    """
    return Desk(
        general=General(
            name="Test Desk",
            default_group="support",
            survey_delay_seconds=SURVEY_DELAY_SECONDS,
            survey_valid_seconds=SURVEY_VALID_SECONDS,
            close_after_seconds=CLOSE_AFTER_SECONDS,
            link_valid_seconds=LINK_VALID_SECONDS,
            limits=limits or Limits(10_000, 10_000, 10_000),
        ),
        agents={agent.id: agent for agent in AGENTS},
        groups={group.id: group for group in (Group("support", "Support"), Group("billing", "Billing"))},
        categories={category.id: category for category in CATEGORIES},
        mailboxes={"support": Mailbox("support", SUPPORT_ADDRESS, "Test Support", "support")},
        policies=(POLICY,),
        calendars={(CALENDAR.id, CALENDAR.revision): CALENDAR},
    )
