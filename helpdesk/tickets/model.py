"""What a ticket is: its snapshot, its messages, and the facts (events) that make it what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from helpdesk.contracts.events import EventType
from helpdesk.sla.model import AppliedSla, Metric


class StatusCategory(StrEnum):
    """What a status means."""

    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"


class Status(StrEnum):
    """Where a ticket stands. Rules read the category, never the name."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"

    @property
    def category(self) -> StatusCategory:
        """Open (ours to do), paused (somebody else's), or done."""
        return _CATEGORY[self]


_CATEGORY: Final = {
    Status.NEW: StatusCategory.OPEN,
    Status.OPEN: StatusCategory.OPEN,
    Status.PENDING: StatusCategory.PAUSED,
    Status.ON_HOLD: StatusCategory.PAUSED,
    Status.SOLVED: StatusCategory.DONE,
    Status.CLOSED: StatusCategory.DONE,
}


class Priority(StrEnum):
    """How much it presses."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return _RANK[self]


_RANK: Final = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


class TicketType(StrEnum):
    """ITIL's kinds of matters."""

    REQUEST = "request"
    INCIDENT = "incident"
    QUESTION = "question"
    PROBLEM = "problem"


class Channel(StrEnum):
    """How a message came."""

    WEB = "web"
    EMAIL = "email"
    API = "api"


class Visibility(StrEnum):
    """Who may read a message: the requester too, or colleagues only."""

    PUBLIC = "public"
    INTERNAL = "internal"


class ActorKind(StrEnum):
    """Who did something."""

    REQUESTER = "requester"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a person of ours by id, or a part of the desk by name (`router`, `sweeper`)."""

    kind: ActorKind
    id: str


ROUTER: Final = Actor(ActorKind.SYSTEM, "router")
SWEEPER: Final = Actor(ActorKind.SYSTEM, "sweeper")
SURVEYOR: Final = Actor(ActorKind.SYSTEM, "survey")


class Relation(StrEnum):
    """How two tickets belong together."""

    FOLLOWS = "follows"  # a reply to a closed ticket opened this one
    FOLLOWED_BY = "followed_by"
    MENTIONS = "mentions"  # a stranger quoted that ticket's thread


@dataclass(frozen=True, slots=True)
class Link:
    """A tie to another ticket."""

    relation: Relation
    ticket_id: str
    number: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the desk did something: a code that pages put into words, and its values (ids, counts)."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


# --- facts -----------------------------------------------------------------------------------------------------------


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


# --- the snapshot ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message, as a list shows it."""

    at: datetime
    author_kind: ActorKind
    visibility: Visibility
    preview: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody beside the requester who gets the answers and may write to the ticket."""

    id: str
    address: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A public answer that waits a moment before it is sent, so that its author can take it back.

    Attributes:
        send_at: when it is released, unless somebody acts before.
        status: set when it is released.
        overtaken: the requester wrote meanwhile: that waits for an answer still, so `status` is left alone.
    """

    message_id: str
    author: Actor
    send_at: datetime
    status: Status | None = None
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Copies:
    """What a snapshot repeats of messages and people so that lists need no second look; folding leaves it out.

    Attributes:
        held: what lists show of each held message once it is released, by the message's id.
        participants: names and addresses of the ticket's participants, in its order.
    """

    subject: str = ""
    requester_name: str | None = None
    requester_address: str | None = None
    last_message: LastMessage | None = None
    held: Mapping[str, LastMessage] = field(default_factory=dict)
    fields: Mapping[str, str | int | float | bool | list[str] | None] = field(default_factory=dict)
    participants: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands: the fold of its events, and copies for lists.

    Attributes:
        version: seq of the last event folded in.
        chain: hash of that event; the next one carries it.
        held: messages that wait to be sent, soonest first.
        participants: ids of people who take part beside the requester, in order of joining.
        removed: ids of people who took part and were removed: a mail's Cc does not bring them back.
    """

    id: str
    version: int
    chain: str
    number: int
    status: Status
    type: TicketType
    priority: Priority
    channel: Channel
    language: str
    requester_id: str
    created_at: datetime
    updated_at: datetime
    category: str | None = None
    group: str | None = None
    assignee: str | None = None
    organization_id: str | None = None
    mailbox_id: str | None = None
    tags: tuple[str, ...] = ()
    field_names: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    sla: AppliedSla | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    survey_at: datetime | None = None
    close_at: datetime | None = None
    survey_id: str | None = None
    rating: int | None = None
    automatic: bool = False
    participants: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()
    copies: Copies = field(default_factory=Copies)

    @property
    def done(self) -> bool:
        """Solved or closed."""
        return self.status.category is StatusCategory.DONE

    def holds(self, message_id: str) -> bool:
        """Whether a message waits to be sent."""
        return any(held.message_id == message_id for held in self.held)


# --- messages --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message; its bytes lie in the files bucket under `object_key`."""

    id: str
    filename: str
    content_type: str
    size: int
    object_key: str
    inline: bool = False
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the conversation.

    Attributes:
        remark: of what the desk itself notes: what happened, as a code and values, so that each colleague reads it in
            their own language; `text` has it in the desk's.
        text: what was newly written, plain.
        html: the same, sanitised, where it came as HTML.
        quoted: the quoted rest of a mail, plain; None when there was none.
        full_text_key: object key of the complete body where it is over what an item holds.
        mail_message_id: RFC 5322 Message-ID of the mail it came by.
        send_at: until when it is held, as planned when it was written; whether it still is, the ticket knows.
        withdrawn_at: when its author took it back before it was sent: the requester never sees it.
    """

    id: str
    ticket_id: str
    at: datetime
    author: Actor
    visibility: Visibility
    channel: Channel
    text: str
    author_name: str | None = None
    html: str | None = None
    quoted: str | None = None
    full_text_key: str | None = None
    attachments: tuple[Attachment, ...] = ()
    automatic: bool = False
    mail_message_id: str | None = None
    raw_mail_id: str | None = None
    remark: Reason | None = None
    send_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def public(self) -> bool:
        """Whether the requester may read it, once it is not held any more."""
        return self.visibility is Visibility.PUBLIC and self.withdrawn_at is None
