"""What an agent can be told, one thing told, and how they like to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.people.model import Agent, Role
from helpdesk.tickets.model import Actor

KEPT: Final = timedelta(days=60)
"""How long a notification is kept, read or not."""


class NotificationKind(StrEnum):
    """Why an agent is told."""

    MENTIONED = "mentioned"  # a note calls them
    ASSIGNED = "assigned"  # the ticket is theirs now
    REQUESTER_REPLIED = "requester_replied"  # on their ticket
    SIDE_ANSWERED = "side_answered"  # a third party answered on their ticket, or what they asked
    FOLLOWED_MESSAGE = "followed_message"  # a public message on a ticket they follow
    FOLLOWED_CHANGE = "followed_change"  # its status or who has it moved
    ANSWER_CANCELLED = "answer_cancelled"  # their scheduled answer took itself back: the requester wrote
    WOKE = "woke"  # a ticket they had put aside is back
    DUE = "due"  # a due date passed
    TASK_ASSIGNED = "task_assigned"  # a task is theirs now
    TASK_DUE = "task_due"  # the time of a task of theirs has come
    APPROVAL_ASKED = "approval_asked"  # somebody waits for their yes
    APPROVAL_SETTLED = "approval_settled"  # what they asked for was approved or declined
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    SLA_ESCALATED = "sla_escalated"
    RATED_LOW = "rated_low"  # a requester is not satisfied with how it went
    PULSE_ASKED = (
        "pulse_asked"  # they themselves are asked how they are doing; by mail alone, as the page asks by itself
    )
    INCIDENT_SUSPECTED = "incident_suspected"  # several people wrote the same in a short time
    HAND_OVER_ASKED = (
        "hand_over_asked"  # tickets wait for somebody absent, whose doing it is; the ticket is the most urgent
    )
    WEBHOOK_STOPPED = "webhook_stopped"  # the desk switched a destination off; the subject is its name


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing that one agent is told. Its words are made where it is shown: it holds none but the ticket's subject.

    Attributes:
        id: of the event that it tells of, or of the action on many tickets; an agent is told of each once.
        actor: whose doing it is.
        message_id: of the message that it is about.
    """

    id: str
    agent_id: str
    kind: NotificationKind
    at: datetime
    ticket_id: str
    number: int
    subject: str
    actor: Actor
    message_id: str | None = None
    read_at: datetime | None = None


_BY_MAIL: Final = frozenset(
    {
        NotificationKind.MENTIONED,
        NotificationKind.ASSIGNED,
        NotificationKind.REQUESTER_REPLIED,
        NotificationKind.SIDE_ANSWERED,
        NotificationKind.ANSWER_CANCELLED,
        NotificationKind.TASK_DUE,
        NotificationKind.APPROVAL_ASKED,
        NotificationKind.APPROVAL_SETTLED,
        NotificationKind.SLA_ESCALATED,
        NotificationKind.RATED_LOW,
        NotificationKind.PULSE_ASKED,
        NotificationKind.INCIDENT_SUSPECTED,
        NotificationKind.HAND_OVER_ASKED,
    }
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """How an agent likes to be told; what they said nothing about is as usual.

    Attributes:
        page: whether a kind comes into the page's list.
        mail: whether it comes by mail.
    """

    page: Mapping[str, bool] = field(default_factory=dict)
    mail: Mapping[str, bool] = field(default_factory=dict)

    def on_page(self, kind: NotificationKind) -> bool:
        """Whether a kind comes into the page's list; usually all do."""
        return self.page.get(kind, True)

    def by_mail(self, kind: NotificationKind, agent: Agent) -> bool:
        """Whether a kind comes by mail; usually what somebody waits for, and breaches for who watches over them."""
        usual = kind in _BY_MAIL
        if kind is NotificationKind.SLA_BREACHED:
            usual = agent.role.includes(Role.SUPERVISOR)
        return self.mail.get(kind, usual)
