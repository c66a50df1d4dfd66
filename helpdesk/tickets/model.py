"""What a ticket is: its words, its snapshot, its messages. `facts` holds what makes it what it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.sla.model import AppliedSla
from helpdesk.tickets.todo import Approval, ApprovalWords, Task
from helpdesk.tickets.triaging import Triage


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


class Level(StrEnum):
    """How far something reaches (impact), or how soon it must be dealt with (urgency)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


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
    PHONE = "phone"


class Visibility(StrEnum):
    """Who may read a message: the requester too, colleagues only, or colleagues and a side conversation's people."""

    PUBLIC = "public"
    INTERNAL = "internal"
    SIDE = "side"


class ActorKind(StrEnum):
    """Who did something."""

    REQUESTER = "requester"
    AGENT = "agent"
    SYSTEM = "system"
    THIRD_PARTY = "third_party"
    """Somebody who is asked beside the ticket: of all that a requester can, they can do nothing."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a person of ours by id, or a part of the desk by name (`router`, `sweeper`)."""

    kind: ActorKind
    id: str


ROUTER: Final = Actor(ActorKind.SYSTEM, "router")
SWEEPER: Final = Actor(ActorKind.SYSTEM, "sweeper")
SURVEYOR: Final = Actor(ActorKind.SYSTEM, "survey")
AUTOMATION: Final = Actor(ActorKind.SYSTEM, "automation")
"""The rules that admins wrote."""


class Content(StrEnum):
    """What can be taken out of a ticket when it need not be kept any longer."""

    FILES = "files"  # attachments and raw mails
    WORDS = "words"  # every text, the subject and what its fields hold among them
    PEOPLE = "people"  # names and addresses of whoever is no colleague


class Relation(StrEnum):
    """How two tickets belong together."""

    FOLLOWS = "follows"  # a reply to a closed ticket opened this one
    FOLLOWED_BY = "followed_by"
    MENTIONS = "mentions"  # a stranger quoted that ticket's thread
    RELATES_TO = "relates_to"
    CHILD_OF = "child_of"
    PARENT_OF = "parent_of"
    PART_OF = "part_of"  # one of many reports of an incident, which has a ticket of its own
    SPLIT_FROM = "split_from"  # begun with messages that were in that ticket
    SPLIT_INTO = "split_into"


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
        unless_replied: it is taken back by itself when the requester writes before.
        custom_status: set along with `status`, which it stands over.
        side_id: of the side conversation it is written in; None: it is for the requester.
    """

    message_id: str
    author: Actor
    send_at: datetime
    status: Status | None = None
    overtaken: bool = False
    unless_replied: bool | None = None
    custom_status: str | None = None
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """A ticket put aside.

    Attributes:
        by: id of the agent who did it.
        until: when it comes back at the latest; None: only when the requester answers.
    """

    by: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Swapped:
    """The newest message as lists showed it before tickets came together or apart, and since."""

    before: LastMessage | None = None
    after: LastMessage | None = None


@dataclass(frozen=True, slots=True)
class SideConversation:
    """A thread of its own beside the ticket, with third parties; the requester never sees it.

    Attributes:
        number: its place among the ticket's, from 1: mails call it `#1042-1`.
        by: id of the agent who began it.
        to: ids of the people its mails go to.
        cc: ids of those who get them too.
        removed: ids of people whom a colleague removed: a mail's Cc does not bring them back.
        reopen_on_answer: whether an answer opens the ticket again that waits for it (on hold).
        messages: how many went out or came in; one that is held or was taken back does not count.
        last_at: when the newest of them did.
        last_by: who wrote that.
    """

    id: str
    number: int
    by: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    closed: bool = False
    reopen_on_answer: bool = True
    messages: int = 0
    last_at: datetime | None = None
    last_by: ActorKind | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """Ids of all third parties, in the order in which mails name them."""
        return (*self.to, *self.cc)


@dataclass(frozen=True, slots=True)
class SideCopy:
    """What a snapshot repeats of a side conversation: its subject, and names and addresses of its people."""

    subject: str
    people: tuple[Participant, ...] = ()


@dataclass(frozen=True, slots=True)
class Copies:
    """What a snapshot repeats of messages and people so that lists need no second look; folding leaves it out.

    Attributes:
        held: what lists show of each held message once it is released, by the message's id.
        participants: names and addresses of the ticket's participants, in its order.
        swapped: what to show of the newest message when a ticket that came in or was split off comes back, by its id.
        side: of each side conversation, by its id.
        tasks: what its tasks are called, by id.
        approvals: what its approvals say, by id.
    """

    subject: str = ""
    requester_name: str | None = None
    requester_address: str | None = None
    last_message: LastMessage | None = None
    held: Mapping[str, LastMessage] = field(default_factory=dict)
    fields: Mapping[str, str | int | float | bool | list[str] | None] = field(default_factory=dict)
    participants: tuple[Participant, ...] = ()
    swapped: Mapping[str, Swapped] = field(default_factory=dict)
    side: Mapping[str, SideCopy] = field(default_factory=dict)
    tasks: Mapping[str, str] = field(default_factory=dict)
    approvals: Mapping[str, ApprovalWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of a ticket that actions move and that undoing one gives back, name for name as on `Ticket`.

    What people wrote, who takes part and what was sent is not in it: that happened, whatever is undone.
    """

    status: Status
    type: TicketType
    priority: Priority
    category: str | None = None
    group: str | None = None
    assignee: str | None = None
    organization_id: str | None = None
    tags: tuple[str, ...] = ()
    field_names: tuple[str, ...] = ()
    sla: AppliedSla | None = None
    solved_at: datetime | None = None
    closed_at: datetime | None = None
    survey_at: datetime | None = None
    close_at: datetime | None = None
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    snooze: Snooze | None = None
    custom_status: str | None = None
    impact: Level | None = None
    urgency: Level | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A ticket whose messages are read in another."""

    ticket_id: str
    number: int
    requester_id: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Where a ticket went on, and how it stood before."""

    ticket_id: str
    number: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A ticket that goes on in this one.

    Attributes:
        origin: that ticket.
        along: tickets that had gone on in it before.
        joined: ids of people who take part in this one because of it.
        standing: how this one stood before, if that moved it.
        version: of this one right after; while it is still that, giving back is exact.
    """

    origin: Origin
    along: tuple[Origin, ...] = ()
    joined: tuple[str, ...] = ()
    standing: Standing | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """Messages that went on in a ticket of their own."""

    ticket_id: str
    number: int
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands: the fold of its events, and copies for lists.

    Attributes:
        version: seq of the last event folded in.
        chain: hash of that event; the next one carries it.
        held: messages that wait to be sent, soonest first.
        participants: ids of people who take part beside the requester, in order of joining.
        removed: ids of people who took part and were removed: a mail's Cc does not bring them back.
        asked_before: ids of people who were the requester before, oldest first.
        followers: ids of agents who are told what happens, in order of joining.
        due_at: until when somebody wants it done, whatever the SLA says.
        overdue_at: the due date that passed and was told; another date starts anew.
        snooze: it is put aside.
        time_seconds: all time logged on it.
        billable_seconds: the part of it that is billed.
        custom_status: id of the admin's status it stands in, which is over `status`; None: in `status` itself.
        product: id of what it is about.
        merged: it goes on in another ticket.
        absorbed: tickets that go on in this one, in order of merging.
        splits: messages of it that went on in tickets of their own.
        side: conversations with third parties beside it, oldest first; none ever leaves this list.
        tasks: what is to be done, in order.
        approvals: whose yes was asked for, oldest first.
        triage: what the desk took it to be about when it came in.
        reassigned: how often it went from one group or agent to another: what was sent wrong, or handed on.
        cleared: what a rule of retention took out of it, if nothing was written since.
        legal_hold: nothing may be taken out of it: somebody answers for it to a court.
        sla_policy: id of the SLA policy that a rule chose; None: the policies' conditions choose.
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
    asked_before: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    due_at: datetime | None = None
    overdue_at: datetime | None = None
    snooze: Snooze | None = None
    time_seconds: int = 0
    billable_seconds: int = 0
    custom_status: str | None = None
    impact: Level | None = None
    urgency: Level | None = None
    product: str | None = None
    merged: Merged | None = None
    absorbed: tuple[Absorbed, ...] = ()
    splits: tuple[Split, ...] = ()
    side: tuple[SideConversation, ...] = ()
    tasks: tuple[Task, ...] = ()
    approvals: tuple[Approval, ...] = ()
    triage: Triage | None = None
    reassigned: int = 0
    cleared: tuple[Content, ...] = ()
    legal_hold: bool = False
    sla_policy: str | None = None
    copies: Copies = field(default_factory=Copies)

    def side_conversation(self, side_id: str) -> SideConversation | None:
        """One of its side conversations."""
        return next((one for one in self.side if one.id == side_id), None)

    @property
    def sources(self) -> tuple[Origin, ...]:
        """Tickets whose messages are read in this one beside its own."""
        return tuple(origin for one in self.absorbed for origin in (one.origin, *one.along))

    @property
    def let_in(self) -> tuple[str, ...]:
        """Ids of who takes part and may read what others wrote here.

        Those of a ticket that was merged into this one get its answers by mail, and see no more of it than that.
        """
        by_merging = {person for one in self.absorbed for person in one.joined}
        return tuple(one for one in self.participants if one not in by_merging)

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


_IN_SIDE: Final = "~"
"""Sorts places in side conversations behind all others."""


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
        recorded_by: id of the agent who wrote down what its author said.
        moved_to: id of the ticket it went on in when that was split off.
        side_id: of the side conversation it belongs to; None: it is the ticket's own.
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
    recorded_by: str | None = None
    moved_to: str | None = None
    side_id: str | None = None

    @property
    def place(self) -> str:
        """What names it within its ticket: its id; in a side conversation, behind that one's."""
        return self.id if self.side_id is None else f"{_IN_SIDE}{self.side_id}/{self.id}"

    @property
    def public(self) -> bool:
        """Whether the requester may read it, once it is not held any more."""
        return self.visibility is Visibility.PUBLIC and self.withdrawn_at is None and self.moved_to is None


def side_of(place: str) -> tuple[str | None, str]:
    """The side conversation, if it is in one, and the id of the message that a place names."""
    if not place.startswith(_IN_SIDE):
        return None, place
    side_id, _, message_id = place.removeprefix(_IN_SIDE).partition("/")
    return side_id, message_id
