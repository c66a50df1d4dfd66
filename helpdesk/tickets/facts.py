"""What can have happened to a ticket: each fact with its values, and the event that holds it in its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from helpdesk.contracts.events import EventType
from helpdesk.sla.model import AppliedSla, Metric
from helpdesk.tickets.model import Actor, Channel, Link, Priority, Reason, Standing, Status, TicketType, Visibility


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A matter came in, with its first message. `automatic`: a machine wrote it."""

    type_: ClassVar = EventType.TICKET_OPENED
    number: int
    requester_id: str
    channel: Channel
    type: TicketType
    priority: Priority
    language: str
    message_id: str
    category: str | None = None
    organization_id: str | None = None
    mailbox_id: str | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """Somebody wrote. `automatic` is a machine's writing, which moves nothing.

    With `send_at` it is held: it counts, and sets `status`, when it is released, and can be withdrawn until then.
    """

    type_: ClassVar = EventType.MESSAGE_ADDED
    message_id: str
    author: Actor
    visibility: Visibility
    channel: Channel
    automatic: bool = False
    send_at: datetime | None = None
    status: Status | None = None
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageReleased:
    """A held message goes out. `released_at` is the planned instant, or the earlier one at which its author let it go."""

    type_: ClassVar = EventType.MESSAGE_RELEASED
    message_id: str
    released_at: datetime


@dataclass(frozen=True, slots=True)
class MessageWithdrawn:
    """Its author took a held message back: it was never sent and never will be."""

    type_: ClassVar = EventType.MESSAGE_WITHDRAWN
    message_id: str


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A mail did not reach somebody.

    Attributes:
        mail: kind of the mail: `reply`, `acknowledgement`, `survey`.
        outcome: `bounced`, `complained` or `failed`.
        reason: code of the mail service or of the recipient's server, such as `permanent_general` or `5.1.1`.
        person_id: whom it did not reach.
        message_id: of the message that the mail carried; None for what the desk says by itself.
    """

    type_: ClassVar = EventType.DELIVERY_FAILED
    mail: str
    outcome: str
    reason: str
    person_id: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class TicketStatusChanged:
    """The status moved. `survey_at` and `close_at` are what is planned from now on."""

    type_: ClassVar = EventType.TICKET_STATUS_CHANGED
    old: Status
    new: Status
    because: Reason
    survey_at: datetime | None = None
    close_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketPriorityChanged:
    """The priority moved."""

    type_: ClassVar = EventType.TICKET_PRIORITY_CHANGED
    old: Priority
    new: Priority
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketCategoryChanged:
    """It is about something else than was thought."""

    type_: ClassVar = EventType.TICKET_CATEGORY_CHANGED
    old: str | None = None
    new: str | None = None
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketAssigned:
    """Group or assignee moved, and why."""

    type_: ClassVar = EventType.TICKET_ASSIGNED
    old_group: str | None = None
    new_group: str | None = None
    old_assignee: str | None = None
    new_assignee: str | None = None
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketTagsChanged:
    """Tags came and went."""

    type_: ClassVar = EventType.TICKET_TAGS_CHANGED
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketFieldsChanged:
    """Fields were filled in or emptied; `filled` are all that now hold something.

    Their values may be a person's words, so they stay on the snapshot.
    """

    type_: ClassVar = EventType.TICKET_FIELDS_CHANGED
    names: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketLinked:
    """It was tied to another ticket."""

    type_: ClassVar = EventType.TICKET_LINKED
    link: Link


@dataclass(frozen=True, slots=True)
class SlaApplied:
    """A policy was put on the ticket, as it stood then."""

    type_: ClassVar = EventType.SLA_APPLIED
    sla: AppliedSla


@dataclass(frozen=True, slots=True)
class SlaChanged:
    """Clocks stopped, went on, started or were met; `sla` is how they stand now."""

    type_: ClassVar = EventType.SLA_CHANGED
    cause: str
    sla: AppliedSla


@dataclass(frozen=True, slots=True)
class SlaWarned:
    """A clock came near its due instant. `warned_at` is the computed instant, whenever it was noticed."""

    type_: ClassVar = EventType.SLA_WARNED
    metric: Metric
    warned_at: datetime


@dataclass(frozen=True, slots=True)
class SlaBreached:
    """A clock was missed. `breached_at` is the computed instant, whenever it was noticed."""

    type_: ClassVar = EventType.SLA_BREACHED
    metric: Metric
    breached_at: datetime


@dataclass(frozen=True, slots=True)
class SurveyDue:
    """It is time to ask how it went. `due_at` is the planned instant."""

    type_: ClassVar = EventType.SURVEY_DUE
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SurveySent:
    """The requester was asked."""

    type_: ClassVar = EventType.SURVEY_SENT
    survey_id: str


@dataclass(frozen=True, slots=True)
class RatingRecorded:
    """The requester answered. The comment stays with the survey."""

    type_: ClassVar = EventType.RATING_RECORDED
    survey_id: str
    rating: int


@dataclass(frozen=True, slots=True)
class ParticipantAdded:
    """Somebody beside the requester takes part from now on: they get answers and may write."""

    type_: ClassVar = EventType.PARTICIPANT_ADDED
    person_id: str


@dataclass(frozen=True, slots=True)
class ParticipantRemoved:
    """Somebody takes part no more; only a colleague can let them in again."""

    type_: ClassVar = EventType.PARTICIPANT_REMOVED
    person_id: str


@dataclass(frozen=True, slots=True)
class TicketRestored:
    """What an action had moved was given back. `standing` is how the ticket stands now, clocks and all."""

    type_: ClassVar = EventType.TICKET_RESTORED
    standing: Standing
    because: tuple[Reason, ...] = ()


type Fact = (
    TicketOpened
    | MessageAdded
    | MessageReleased
    | MessageWithdrawn
    | DeliveryFailed
    | TicketStatusChanged
    | TicketPriorityChanged
    | TicketCategoryChanged
    | TicketAssigned
    | TicketTagsChanged
    | TicketFieldsChanged
    | TicketLinked
    | SlaApplied
    | SlaChanged
    | SlaWarned
    | SlaBreached
    | SurveyDue
    | SurveySent
    | RatingRecorded
    | ParticipantAdded
    | ParticipantRemoved
    | TicketRestored
)

FACTS: Final["Mapping[EventType, type[Fact]]"] = {
    fact.type_: fact
    for fact in (
        TicketOpened,
        MessageAdded,
        MessageReleased,
        MessageWithdrawn,
        DeliveryFailed,
        TicketStatusChanged,
        TicketPriorityChanged,
        TicketCategoryChanged,
        TicketAssigned,
        TicketTagsChanged,
        TicketFieldsChanged,
        TicketLinked,
        SlaApplied,
        SlaChanged,
        SlaWarned,
        SlaBreached,
        SurveyDue,
        SurveySent,
        RatingRecorded,
        ParticipantAdded,
        ParticipantRemoved,
        TicketRestored,
    )
}


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of one ticket, in its place.

    Attributes:
        id: ULID.
        seq: its place among the ticket's events, from 1; the ticket's version after it.
        at: when it was recorded.
        prev: hash of the event before it; empty for the first.
    """

    id: str
    ticket_id: str
    seq: int
    at: datetime
    actor: Actor
    fact: Fact
    prev: str

    @property
    def type(self) -> EventType:
        """Which fact it is."""
        return self.fact.type_
