"""What can be asked of a ticket. A command is a wish; `rules.decide` says what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from helpdesk.tickets.model import (
    Actor,
    Channel,
    Link,
    Participant,
    Priority,
    Reason,
    Standing,
    Status,
    TicketType,
    Visibility,
)

type FieldValue = str | int | float | bool | list[str] | None


class Unset(Enum):
    """Stands for "leave it as it is", where None means "take it away"."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """Open a ticket with its first message.

    Attributes:
        automatic: a machine wrote it: no acknowledgement, no survey.
        participants: who takes part beside the requester.
    """

    ticket_id: str
    number: int
    requester_id: str
    subject: str
    message_id: str
    preview: str
    channel: Channel
    language: str
    requester_name: str | None = None
    requester_address: str | None = None
    type: TicketType = TicketType.REQUEST
    priority: Priority = Priority.NORMAL
    category: str | None = None
    organization_id: str | None = None
    mailbox_id: str | None = None
    automatic: bool = False
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    participants: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True)
class AddMessage:
    """Add a message, and perhaps set the status with it.

    Attributes:
        send_at: hold a public answer of an agent until then; None: it is sent at once.
        participants: who takes part from now on; whoever does already, was removed or finds no room is left out.
    """

    message_id: str
    author: Actor
    visibility: Visibility
    channel: Channel
    preview: str
    automatic: bool = False
    status: Status | None = None
    participants: tuple[Participant, ...] = ()
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReleaseMessage:
    """Send a held message now."""

    message_id: str


@dataclass(frozen=True, slots=True)
class WithdrawMessage:
    """Take a held message back."""

    message_id: str


@dataclass(frozen=True, slots=True)
class NoteDeliveryFailure:
    """Note that a mail did not reach somebody; see `model.DeliveryFailed`."""

    mail: str
    outcome: str
    reason: str
    person_id: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeTicket:
    """Change some properties; what is UNSET stays."""

    status: Status | Unset = UNSET
    priority: Priority | Unset = UNSET
    category: str | Unset | None = UNSET
    group: str | Unset | None = UNSET
    assignee: str | Unset | None = UNSET
    tags: tuple[str, ...] | Unset = UNSET
    fields: Mapping[str, FieldValue] | Unset = UNSET


@dataclass(frozen=True, slots=True)
class RouteTicket:
    """The router's proposal; it yields to whatever people did before it came."""

    group: str | None
    assignee: str | None
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LinkTicket:
    """Tie it to another ticket."""

    link: Link


@dataclass(frozen=True, slots=True)
class AddParticipant:
    """Let somebody take part, also somebody who was removed before."""

    participant: Participant


@dataclass(frozen=True, slots=True)
class RemoveParticipant:
    """Let somebody take part no more."""

    person_id: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Let time do what is due: warnings, breaches, the survey, closing."""


@dataclass(frozen=True, slots=True)
class RecordSurvey:
    """The survey went out."""

    survey_id: str


@dataclass(frozen=True, slots=True)
class RecordRating:
    """The survey was answered."""

    survey_id: str
    rating: int


@dataclass(frozen=True, slots=True)
class RestoreTicket:
    """Give back what an action had moved.

    Attributes:
        standing: how the ticket stood before the action.
        fields: what its fields held then.
    """

    standing: Standing
    fields: Mapping[str, FieldValue]
    because: tuple[Reason, ...] = ()


type Command = (
    OpenTicket
    | AddMessage
    | ReleaseMessage
    | WithdrawMessage
    | NoteDeliveryFailure
    | ChangeTicket
    | RouteTicket
    | LinkTicket
    | AddParticipant
    | RemoveParticipant
    | Tick
    | RecordSurvey
    | RecordRating
    | RestoreTicket
)
