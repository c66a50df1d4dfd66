"""What can have happened to a ticket: each fact with its values, and the event that holds it in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from helpdesk.contracts.events import EventType
from helpdesk.sla.model import AppliedSla, Metric
from helpdesk.tickets.model import (
    Actor,
    Channel,
    Content,
    Level,
    Link,
    Origin,
    Priority,
    Reason,
    Split,
    Standing,
    Status,
    TicketType,
    Visibility,
)
from helpdesk.tickets.todo import TODO_FACTS, TodoFact
from helpdesk.tickets.triaging import HandOverAsked, IncidentSuspected, TriageSuggested


@dataclass(frozen=True, slots=True)
class TicketOpened:
    """A matter came in, with its first message.

    Attributes:
        automatic: a machine wrote it.
        author: who wrote the first message; None: the event's actor. An agent writes down what a requester says.
        visibility: of that message; None: public.
        silent: the requester is not told that it has arrived.
    """

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
    author: Actor | None = None
    visibility: Visibility | None = None
    silent: bool | None = None


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """Somebody wrote. `automatic` is a machine's writing, which moves nothing.

    With `send_at` it is held: it counts, and sets `status`, when it is released, and can be withdrawn until then; with
    `unless_replied` that happens by itself when the requester writes. `mentions` are ids of agents whom a note calls.
    With `side_id` it was written in a side conversation, which is none of the requester's.
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
    mentions: tuple[str, ...] = ()
    unless_replied: bool | None = None
    custom_status: str | None = None
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageReleased:
    """A held message goes out. `released_at` is the planned instant, or the earlier one at which its author let it go.

    `because` is why the status wished with it could not be set any more.
    With `side_id` it was written in a side conversation.
    """

    type_: ClassVar = EventType.MESSAGE_RELEASED
    message_id: str
    released_at: datetime
    because: tuple[Reason, ...] = ()
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageWithdrawn:
    """A held message was taken back: it was never sent and never will be. Without a reason its author did it."""

    type_: ClassVar = EventType.MESSAGE_WITHDRAWN
    message_id: str
    because: tuple[Reason, ...] = ()
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """Its author changed a held message: when it goes out (`send_at` is the instant from now on), or its words."""

    type_: ClassVar = EventType.MESSAGE_EDITED
    message_id: str
    send_at: datetime
    rewritten: bool


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A mail did not reach somebody.

    Attributes:
        mail: kind of the mail: `reply`, `acknowledgement`, `survey`, `side`.
        outcome: `bounced`, `complained` or `failed`.
        reason: code of the mail service or of the recipient's server, such as `permanent_general` or `5.1.1`.
        person_id: whom it did not reach.
        message_id: of the message that the mail carried; None for what the desk says by itself.
        side_id: of the side conversation it was written in.
    """

    type_: ClassVar = EventType.DELIVERY_FAILED
    mail: str
    outcome: str
    reason: str
    person_id: str
    message_id: str | None = None
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class TicketStatusChanged:
    """The status moved. `survey_at` and `close_at` are what is planned from now on.

    `old_custom` and `new_custom` are ids of admins' statuses over the two.
    """

    type_: ClassVar = EventType.TICKET_STATUS_CHANGED
    old: Status
    new: Status
    because: Reason
    survey_at: datetime | None = None
    close_at: datetime | None = None
    old_custom: str | None = None
    new_custom: str | None = None


@dataclass(frozen=True, slots=True)
class TicketPriorityChanged:
    """The priority moved."""

    type_: ClassVar = EventType.TICKET_PRIORITY_CHANGED
    old: Priority
    new: Priority
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketTypeChanged:
    """It is another kind of matter than was thought."""

    type_: ClassVar = EventType.TICKET_TYPE_CHANGED
    old: TicketType
    new: TicketType
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketAssessed:
    """Somebody judged how far it reaches and how soon it must be dealt with."""

    type_: ClassVar = EventType.TICKET_ASSESSED
    old_impact: Level | None = None
    new_impact: Level | None = None
    old_urgency: Level | None = None
    new_urgency: Level | None = None
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketProductChanged:
    """It is about another product."""

    type_: ClassVar = EventType.TICKET_PRODUCT_CHANGED
    old: str | None = None
    new: str | None = None
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
class SlaEscalated:
    """A level of escalation was reached; what it changes are facts of their own, right behind this one.

    Attributes:
        metric: on which clock.
        level: the escalation's id in the policy.
        escalated_at: the computed instant, whenever it was noticed.
        notify: who is written to: `assignee`, `group`, `supervisors`, `admins`, or ids of agents.
    """

    type_: ClassVar = EventType.SLA_ESCALATED
    metric: Metric
    level: str
    escalated_at: datetime
    notify: tuple[str, ...] = ()


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
class TicketUnlinked:
    """A tie to another ticket was cut."""

    type_: ClassVar = EventType.TICKET_UNLINKED
    link: Link


@dataclass(frozen=True, slots=True)
class TicketMerged:
    """It goes on in another ticket; `standing` is how it stood until then."""

    type_: ClassVar = EventType.TICKET_MERGED
    ticket_id: str
    number: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class TicketUnmerged:
    """It goes on by itself again, as it stood before it was merged into `ticket_id`."""

    type_: ClassVar = EventType.TICKET_UNMERGED
    ticket_id: str


@dataclass(frozen=True, slots=True)
class TicketAbsorbed:
    """Another ticket goes on in this one.

    Attributes:
        along: tickets that had gone on in that one.
        joined: ids of people who take part from now on because of it.
        standing: how this one stood before, if that moved it.
    """

    type_: ClassVar = EventType.TICKET_ABSORBED
    origin: Origin
    along: tuple[Origin, ...] = ()
    joined: tuple[str, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class TicketReturned:
    """A ticket that went on in this one goes on by itself again."""

    type_: ClassVar = EventType.TICKET_RETURNED
    ticket_id: str


@dataclass(frozen=True, slots=True)
class TicketSplit:
    """Messages of it go on in a ticket of their own."""

    type_: ClassVar = EventType.TICKET_SPLIT
    split: Split


@dataclass(frozen=True, slots=True)
class TicketSplitUndone:
    """Messages that had gone on in another ticket are here again."""

    type_: ClassVar = EventType.TICKET_SPLIT_UNDONE
    ticket_id: str


@dataclass(frozen=True, slots=True)
class TicketRestored:
    """What an action had moved was given back. `standing` is how the ticket stands now, clocks and all."""

    type_: ClassVar = EventType.TICKET_RESTORED
    standing: Standing
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonErased:
    """All that told of a person was taken out of what this ticket's snapshot and messages say. Nothing else changed.

    Attributes:
        whole: they asked here: every word of the ticket is gone.
    """

    type_: ClassVar = EventType.PERSON_ERASED
    person_id: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class TicketCleared:
    """A rule of retention took something out of what the snapshot and the messages say. Nothing else changed.

    Attributes:
        rule: its id.
    """

    type_: ClassVar = EventType.TICKET_CLEARED
    rule: str
    content: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalHoldChanged:
    """Nothing may be taken out of it from now on, or what is due may go again."""

    type_: ClassVar = EventType.LEGAL_HOLD_CHANGED
    held: bool


@dataclass(frozen=True, slots=True)
class TicketRequesterChanged:
    """Somebody else asks from now on; links of the one before open nothing any more."""

    type_: ClassVar = EventType.TICKET_REQUESTER_CHANGED
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TicketOrganizationChanged:
    """It belongs to another organization."""

    type_: ClassVar = EventType.TICKET_ORGANIZATION_CHANGED
    old: str | None = None
    new: str | None = None
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowersChanged:
    """Agents are told what happens to it from now on, or no more."""

    type_: ClassVar = EventType.FOLLOWERS_CHANGED
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketDueChanged:
    """Somebody wants it done until another instant, or whenever."""

    type_: ClassVar = EventType.TICKET_DUE_CHANGED
    old: datetime | None = None
    new: datetime | None = None
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketDue:
    """Its due date passed before it was done. `due_at` is that instant, whenever it was noticed."""

    type_: ClassVar = EventType.TICKET_DUE
    due_at: datetime


@dataclass(frozen=True, slots=True)
class TicketSnoozed:
    """An agent put it aside until an instant or the requester's answer; without one, until the answer."""

    type_: ClassVar = EventType.TICKET_SNOOZED
    by: str
    until: datetime | None = None
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketWoke:
    """It came back. `by` is the agent who had put it aside, `woke_at` the planned instant or that of the cause."""

    type_: ClassVar = EventType.TICKET_WOKE
    by: str
    woke_at: datetime
    because: Reason


@dataclass(frozen=True, slots=True)
class TimeLogged:
    """An agent worked on it. What they wrote about it is in the entry's own record."""

    type_: ClassVar = EventType.TIME_LOGGED
    entry_id: str
    agent_id: str
    seconds: int
    billable: bool
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeCorrected:
    """An entry says something else now; with the same figures, only its words do."""

    type_: ClassVar = EventType.TIME_CORRECTED
    entry_id: str
    old_seconds: int
    old_billable: bool
    seconds: int
    billable: bool
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeRemoved:
    """An entry was taken away, with what it had counted."""

    type_: ClassVar = EventType.TIME_REMOVED
    entry_id: str
    seconds: int
    billable: bool


@dataclass(frozen=True, slots=True)
class SideStarted:
    """A colleague began to ask third parties, in a thread of its own. Subject and addresses stay on the snapshot."""

    type_: ClassVar = EventType.SIDE_STARTED
    side_id: str
    by: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reopen_on_answer: bool = True


@dataclass(frozen=True, slots=True)
class SideClosed:
    """Nothing more is waited for there."""

    type_: ClassVar = EventType.SIDE_CLOSED
    side_id: str
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SideReopened:
    """It goes on."""

    type_: ClassVar = EventType.SIDE_REOPENED
    side_id: str
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SidePersonAdded:
    """Somebody gets its mails from now on, in To or (`cc`) in Cc, and may answer."""

    type_: ClassVar = EventType.SIDE_PERSON_ADDED
    side_id: str
    person_id: str
    cc: bool = False


@dataclass(frozen=True, slots=True)
class SidePersonRemoved:
    """Somebody gets its mails no more."""

    type_: ClassVar = EventType.SIDE_PERSON_REMOVED
    side_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class WebhooksOrdered:
    """Systems outside are to be told of the ticket. Who calls them hears of it by this fact, and does so afterwards.

    Attributes:
        webhooks: ids of the destinations.
    """

    type_: ClassVar = EventType.WEBHOOKS_ORDERED
    webhooks: tuple[str, ...] = ()
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SlaPolicyChosen:
    """A rule says which SLA policy holds, whatever the policies' own conditions say.

    Attributes:
        policy: its id; None: their conditions choose again.
    """

    type_: ClassVar = EventType.SLA_POLICY_CHOSEN
    policy: str | None = None
    because: tuple[Reason, ...] = ()


type Fact = (
    TicketOpened
    | MessageAdded
    | MessageReleased
    | MessageWithdrawn
    | MessageEdited
    | DeliveryFailed
    | TicketStatusChanged
    | TicketPriorityChanged
    | TicketTypeChanged
    | TicketAssessed
    | TicketProductChanged
    | TicketCategoryChanged
    | TicketAssigned
    | TicketTagsChanged
    | TicketFieldsChanged
    | TicketLinked
    | SlaApplied
    | SlaChanged
    | SlaWarned
    | SlaBreached
    | SlaEscalated
    | SurveyDue
    | SurveySent
    | RatingRecorded
    | ParticipantAdded
    | ParticipantRemoved
    | TicketRequesterChanged
    | TicketOrganizationChanged
    | FollowersChanged
    | TicketDueChanged
    | TicketDue
    | TicketSnoozed
    | TicketWoke
    | TimeLogged
    | TimeCorrected
    | TimeRemoved
    | TicketRestored
    | PersonErased
    | TicketCleared
    | LegalHoldChanged
    | TicketUnlinked
    | TicketMerged
    | TicketUnmerged
    | TicketAbsorbed
    | TicketReturned
    | TicketSplit
    | TicketSplitUndone
    | SideStarted
    | SideClosed
    | SideReopened
    | SidePersonAdded
    | SidePersonRemoved
    | TriageSuggested
    | IncidentSuspected
    | HandOverAsked
    | WebhooksOrdered
    | SlaPolicyChosen
    | TodoFact
)

FACTS: Final["Mapping[EventType, type[Fact]]"] = {
    fact.type_: fact
    for fact in (
        TicketOpened,
        MessageAdded,
        MessageReleased,
        MessageWithdrawn,
        MessageEdited,
        DeliveryFailed,
        TicketStatusChanged,
        TicketPriorityChanged,
        TicketTypeChanged,
        TicketAssessed,
        TicketProductChanged,
        TicketCategoryChanged,
        TicketAssigned,
        TicketTagsChanged,
        TicketFieldsChanged,
        TicketLinked,
        SlaApplied,
        SlaChanged,
        SlaWarned,
        SlaBreached,
        SlaEscalated,
        SurveyDue,
        SurveySent,
        RatingRecorded,
        ParticipantAdded,
        ParticipantRemoved,
        TicketRequesterChanged,
        TicketOrganizationChanged,
        FollowersChanged,
        TicketDueChanged,
        TicketDue,
        TicketSnoozed,
        TicketWoke,
        TimeLogged,
        TimeCorrected,
        TimeRemoved,
        TicketRestored,
        PersonErased,
        TicketCleared,
        LegalHoldChanged,
        TicketUnlinked,
        TicketMerged,
        TicketUnmerged,
        TicketAbsorbed,
        TicketReturned,
        TicketSplit,
        TicketSplitUndone,
        SideStarted,
        SideClosed,
        SideReopened,
        SidePersonAdded,
        SidePersonRemoved,
        TriageSuggested,
        IncidentSuspected,
        HandOverAsked,
        WebhooksOrdered,
        SlaPolicyChosen,
        *TODO_FACTS,
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
        came_from: from where it was asked for: a network address, or the host that handed a mail over; empty: not known, or
            the desk did it by itself. No part of what is hashed or published: it must be able to go.
    """

    id: str
    ticket_id: str
    seq: int
    at: datetime
    actor: Actor
    fact: Fact
    prev: str
    came_from: str = field(default="", compare=False)

    @property
    def type(self) -> EventType:
        """Which fact it is."""
        return self.fact.type_
