"""What can be asked of a ticket. A command is a wish; `rules.decide` says what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from helpdesk.tickets.model import (
    Actor,
    Channel,
    Content,
    LastMessage,
    Level,
    Link,
    Origin,
    Participant,
    Priority,
    Reason,
    Split,
    Standing,
    Status,
    TicketType,
    Visibility,
)
from helpdesk.tickets.todo import ApprovalMode, ApprovalWords, Approver, TaskPlan, Verdict
from helpdesk.tickets.triaging import Triage

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
        author: who wrote the first message; None: who opens the ticket.
        visibility: of the first message.
        silent: the requester is not told that it has arrived.
        change: properties that are set along with it.
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
    author: Actor | None = None
    visibility: Visibility = Visibility.PUBLIC
    silent: bool = False
    change: "ChangeTicket | None" = None


@dataclass(frozen=True, slots=True)
class AddMessage:
    """Add a message, and perhaps set the status with it.

    Attributes:
        send_at: hold a public answer of an agent until then; None: it is sent at once.
        participants: who takes part from now on; whoever does already, was removed or finds no room is left out.
        mentions: ids of agents whom a note calls; they follow the ticket from now on.
        unless_replied: while it is held, take it back by itself when the requester writes.
        custom_status: id of an admin's status to set; says which `status` it is by itself.
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
    mentions: tuple[str, ...] = ()
    unless_replied: bool = False
    custom_status: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseMessage:
    """Send a held message now."""

    message_id: str


@dataclass(frozen=True, slots=True)
class WithdrawMessage:
    """Take a held message back.

    Attributes:
        anybodys: not only who wrote it may do so: an action is undone.
    """

    message_id: str
    anybodys: bool = False
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class EditMessage:
    """Change a held message.

    Attributes:
        send_at: when it goes out; None: as planned.
        preview: what lists show of its new words; None: they stay.
    """

    message_id: str
    send_at: datetime | None = None
    preview: str | None = None


@dataclass(frozen=True, slots=True)
class NoteDeliveryFailure:
    """Note that a mail did not reach somebody; see `facts.DeliveryFailed`."""

    mail: str
    outcome: str
    reason: str
    person_id: str
    message_id: str | None = None
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeTicket:
    """Change some properties; what is UNSET stays.

    Attributes:
        status: one of the desk's own; takes an admin's status away that stood over it.
        custom_status: id of an admin's status; says which `status` it is by itself. None: none over `status`.
        impact: with `urgency` chooses the priority, unless that is given too.
    """

    status: Status | Unset = UNSET
    custom_status: str | Unset | None = UNSET
    type: TicketType | Unset = UNSET
    impact: Level | Unset | None = UNSET
    urgency: Level | Unset | None = UNSET
    product: str | Unset | None = UNSET
    priority: Priority | Unset = UNSET
    category: str | Unset | None = UNSET
    group: str | Unset | None = UNSET
    assignee: str | Unset | None = UNSET
    tags: tuple[str, ...] | Unset = UNSET
    fields: Mapping[str, FieldValue] | Unset = UNSET
    organization: str | Unset | None = UNSET
    due_at: datetime | Unset | None = UNSET


@dataclass(frozen=True, slots=True)
class RouteTicket:
    """The router's proposal; it yields to whatever people did before it came.

    Attributes:
        triage: what the ticket's words say of it; `acted` marks what the desk may do by itself.
        away: id of an assignee whom it is taken from, as they are not there; if it has that assignee still.
    """

    group: str | None
    assignee: str | None
    because: tuple[Reason, ...]
    triage: Triage | None = None
    away: str | None = None


@dataclass(frozen=True, slots=True)
class SuspectIncident:
    """Say that it is the last of several that say the same."""

    cluster_id: str
    people: int


@dataclass(frozen=True, slots=True)
class AskHandOver:
    """Say that supervisors are asked whether others get what waits for somebody absent."""

    agent: str


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
class ChangeRequester:
    """Let somebody else be who asks; the organization follows them.

    Attributes:
        keep_former: the one before takes part from now on.
    """

    person: Participant
    organization_id: str | None = None
    keep_former: bool = False


@dataclass(frozen=True, slots=True)
class ChangeFollowers:
    """Let agents, by id, follow it or not; who does already, or does not, stays so."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SnoozeTicket:
    """Put it aside until an instant or the requester's answer; None: until the answer."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WakeTicket:
    """Take it back at once; nothing happens if it is not put aside."""


@dataclass(frozen=True, slots=True)
class LogTime:
    """Count time that somebody worked on it."""

    entry_id: str
    agent_id: str
    seconds: int
    billable: bool
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrectTime:
    """Let an entry say something else; what it said is given along, as its record had it."""

    entry_id: str
    old_seconds: int
    old_billable: bool
    seconds: int
    billable: bool
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoveTime:
    """Take an entry away; what it said is given along, as its record had it."""

    entry_id: str
    seconds: int
    billable: bool


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
class ErasePerson:
    """Take out of a ticket's snapshot all that tells of a person.

    Attributes:
        person_id: as the ticket knows them.
        whole: every word goes: they asked here.
    """

    person_id: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ClearTicket:
    """Take out of a done ticket's snapshot what need not be kept any longer; of one under legal hold, nothing.

    Attributes:
        rule: id of the rule of retention that says so.
    """

    rule: str
    content: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class SetLegalHold:
    """Let nothing be taken out of a ticket, or what is due go again. Closed tickets take it as well."""

    held: bool


@dataclass(frozen=True, slots=True)
class RestoreTicket:
    """Give back what an action had moved.

    Attributes:
        standing: how the ticket stood before the action.
        fields: what its fields held then.
        follow: the standing was put together of then and now: policy and clocks follow from what it says.
    """

    standing: Standing
    fields: Mapping[str, FieldValue]
    because: tuple[Reason, ...] = ()
    follow: bool = False


@dataclass(frozen=True, slots=True)
class UnlinkTicket:
    """Cut a tie to another ticket."""

    link: Link


@dataclass(frozen=True, slots=True)
class MergeTicket:
    """Let it go on in another ticket; a command to that one, `AbsorbTicket`, belongs to it."""

    ticket_id: str
    number: int


@dataclass(frozen=True, slots=True)
class UnmergeTicket:
    """Let it go on by itself again."""


@dataclass(frozen=True, slots=True)
class AbsorbTicket:
    """Let another ticket go on in this one.

    Attributes:
        origin: the other one.
        along: tickets that had gone on in it.
        people: who takes part in this one because of it, beside those who do already.
        waiting: its requester waits for an answer.
        last: its newest message.
    """

    origin: Origin
    along: tuple[Origin, ...] = ()
    people: tuple[Participant, ...] = ()
    waiting: bool = False
    last: LastMessage | None = None


@dataclass(frozen=True, slots=True)
class ReturnTicket:
    """Let a ticket that went on in this one go on by itself again."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class SplitTicket:
    """Let messages go on in a ticket of their own; `last` is the newest that stays."""

    split: Split
    last: LastMessage | None = None


@dataclass(frozen=True, slots=True)
class UndoSplit:
    """Have messages back that had gone on in another ticket."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class WriteAside:
    """Add a message to a side conversation.

    Attributes:
        automatic: a machine wrote it: it moves nothing.
        status: set along with it, for what a colleague writes.
        send_at: hold what a colleague writes until then; None: it is sent at once.
        people: who gets its mails from now on; whoever does already or finds no room is left out, and so is who knows
            the ticket itself: requester and participants.
    """

    side_id: str
    message_id: str
    author: Actor
    channel: Channel
    automatic: bool = False
    status: Status | None = None
    send_at: datetime | None = None
    people: tuple[Participant, ...] = ()
    custom_status: str | None = None


@dataclass(frozen=True, slots=True)
class StartSide:
    """Begin a side conversation with its first message."""

    subject: str
    to: tuple[Participant, ...]
    first: WriteAside
    cc: tuple[Participant, ...] = ()
    reopen_on_answer: bool = True

    @property
    def side_id(self) -> str:
        """Its id."""
        return self.first.side_id


@dataclass(frozen=True, slots=True)
class CloseSide:
    """Wait for nothing more there."""

    side_id: str


@dataclass(frozen=True, slots=True)
class ReopenSide:
    """Go on with it."""

    side_id: str


@dataclass(frozen=True, slots=True)
class AddSidePerson:
    """Let somebody get its mails, in To or in Cc."""

    side_id: str
    person: Participant
    cc: bool = False


@dataclass(frozen=True, slots=True)
class RemoveSidePerson:
    """Let somebody get its mails no more."""

    side_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class AddTasks:
    """Add something to do, or several things in order.

    Attributes:
        titles: what each is called, in the same order.
        checklist_id: the checklist they come from; None: it is one task by itself.
    """

    tasks: tuple[TaskPlan, ...]
    titles: tuple[str, ...]
    checklist_id: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeTask:
    """Change a task; what is UNSET stays."""

    task_id: str
    title: str | Unset = UNSET
    assignee: str | Unset | None = UNSET
    due_at: datetime | Unset | None = UNSET
    done: bool | Unset = UNSET


@dataclass(frozen=True, slots=True)
class RemoveTask:
    """Take a task away."""

    task_id: str


@dataclass(frozen=True, slots=True)
class OrderTasks:
    """Put the tasks into an order: all that there are, each once."""

    task_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Ask for somebody's approval."""

    approval_id: str
    mode: ApprovalMode
    approvers: tuple[Approver, ...]
    words: ApprovalWords
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerApproval:
    """Say yes or no, as one who was asked."""

    approval_id: str
    approver: Approver
    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawApproval:
    """Ask no more."""

    approval_id: str


@dataclass(frozen=True, slots=True)
class SettleForRequester:
    """The requester, or who takes part with them, says that it is solved, or that it is not after all.

    Attributes:
        unanswered: none of the articles that the first answer named helped: the ticket gets a tag.
    """

    solved: bool
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class OrderWebhooks:
    """Let systems outside be told of the ticket as it stands.

    Attributes:
        webhooks: ids of the destinations.
        because: what wishes it; whoever decides for a rule says that the rule does.
    """

    webhooks: tuple[str, ...]
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoosePolicy:
    """Let an SLA policy hold, whatever the policies' own conditions say.

    Attributes:
        policy: its id; None: their conditions choose again.
        because: what wishes it; whoever decides for a rule says that the rule does.
    """

    policy: str | None
    because: tuple[Reason, ...] = ()


type Command = (
    SettleForRequester
    | OpenTicket
    | AddMessage
    | ReleaseMessage
    | WithdrawMessage
    | EditMessage
    | NoteDeliveryFailure
    | ChangeTicket
    | RouteTicket
    | SuspectIncident
    | AskHandOver
    | LinkTicket
    | AddParticipant
    | RemoveParticipant
    | ChangeRequester
    | ChangeFollowers
    | SnoozeTicket
    | WakeTicket
    | LogTime
    | CorrectTime
    | RemoveTime
    | Tick
    | RecordSurvey
    | RecordRating
    | RestoreTicket
    | ErasePerson
    | ClearTicket
    | SetLegalHold
    | UnlinkTicket
    | MergeTicket
    | UnmergeTicket
    | AbsorbTicket
    | ReturnTicket
    | SplitTicket
    | UndoSplit
    | WriteAside
    | StartSide
    | CloseSide
    | ReopenSide
    | AddSidePerson
    | RemoveSidePerson
    | AddTasks
    | ChangeTask
    | RemoveTask
    | OrderTasks
    | AskApproval
    | AnswerApproval
    | WithdrawApproval
    | OrderWebhooks
    | ChoosePolicy
)
