"""What the desk writes in a mail, before anybody knows how it will look: one plain object a mail, one kind a purpose."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from helpdesk.mail.brand import USUAL, Palette
from helpdesk.sla.model import Metric
from helpdesk.tickets.model import Priority
from helpdesk.tickets.todo import ApprovalState, Verdict


class Kind(StrEnum):
    """Why a mail is sent; also the name of its template."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    ASSIGNED = "assigned"
    REQUESTER_REPLIED = "requester_replied"
    BREACHED = "breached"
    ESCALATED = "escalated"
    NOTIFICATION = "notification"
    SURVEY = "survey"
    SIDE = "side"
    SIDE_ANSWERED = "side_answered"
    APPROVAL = "approval"
    APPROVAL_SETTLED = "approval_settled"
    SIGN_IN = "sign_in"
    COMMUNITY = "community"
    PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Party:
    """Who sends or gets a mail. The name is anybody's text."""

    name: str | None
    address: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with the mail; with a content id, HTML shows it by `cid:`."""

    filename: str
    content_type: str
    content: bytes
    content_id: str | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """To the requester: it has arrived.

    Attributes:
        articles: titles and addresses of what may answer it already.
        solved: where they say that one of those did.
    """

    link: str
    articles: tuple[tuple[str, str], ...] = ()
    solved: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is too large to go along, and where it waits. Without a link it is not there any more."""

    filename: str
    size: int = 0
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """An earlier message, repeated below an answer.

    Attributes:
        zone: IANA zone that its instant is told in.
    """

    author: str
    at: datetime
    text: str
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Answered:
    """To the requester, or to third parties in a side conversation: what an agent wrote.

    Attributes:
        link: the requester's way to the request; empty for third parties, who have none.
        html: sanitised HTML of the same text; None where it was plain.
        author: the agent's name; None when it is not to be told.
        left_out: files that are too large to go along.
        before: earlier messages to repeat below it, newest first.
    """

    text: str
    link: str
    html: str | None = None
    author: str | None = None
    left_out: tuple[Waiting, ...] = ()
    before: tuple[Quoted, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """To an agent: the ticket is theirs. `several`: with others, by one action, of which this mail is the only one."""

    link: str
    requester: str
    text: str
    priority: Priority
    group: str | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class RequesterReplied:
    """To the assignee: the requester wrote."""

    link: str
    requester: str
    text: str


@dataclass(frozen=True, slots=True)
class SideAnswered:
    """To a colleague: a third party answered in a side conversation.

    Attributes:
        who: who answered, by name or else by address.
    """

    link: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Breached:
    """To a supervisor: a target was missed.

    Attributes:
        at: the instant it was due.
        zone: IANA zone of the calendar it was counted in.
    """

    link: str
    requester: str
    metric: Metric
    at: datetime
    zone: str
    priority: Priority
    group: str | None = None
    assignee: str | None = None


@dataclass(frozen=True, slots=True)
class Escalated(Breached):
    """To whom an escalation names: a target is near or was missed, and `at` is when it is or was due."""


@dataclass(frozen=True, slots=True)
class Notified:
    """To an agent: something that they want to be told of.

    Attributes:
        topic: what it is, as a code of `mail.wording.TOPICS`.
        who: whose doing it is; empty: nobody's.
        text: the beginning of what was written.
    """

    link: str
    requester: str
    topic: str
    who: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """To the requester: how was it?

    Attributes:
        expires_at: until when the link works.
        zone: IANA zone that its day is told in.
    """

    link: str
    expires_at: datetime
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """To somebody who is asked: may we?

    Attributes:
        text: what the asker shows beside the question.
        asker: the agent's name; None when it is not to be told.
        due_at: by when an answer is wanted.
        zone: IANA zone that instants are told in.
        expires_at: until when the link works; None: it asks for a sign-in.
        again: they were asked before.
    """

    link: str
    question: str
    text: str = ""
    asker: str | None = None
    due_at: datetime | None = None
    zone: str = "UTC"
    expires_at: datetime | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered."""

    name: str
    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalTold:
    """To who asked: it is approved, or declined."""

    link: str
    question: str
    state: ApprovalState
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class SignInCode:
    """To whoever wants to sign in at the portal: the code, and a link that it is in.

    Attributes:
        minutes: for how long both are good.
    """

    link: str
    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class CommunityAnswered:
    """To who follows a question of the community: somebody answered.

    Attributes:
        question: its title.
        who: what the author is called in the community.
        leave: where its button ends these mails; programs end them there with one click.
    """

    link: str
    question: str
    who: str
    text: str
    leave: str


@dataclass(frozen=True, slots=True)
class PulseAsked:
    """To a colleague: how are you doing?

    Attributes:
        until: the last day on which it can be answered.
    """

    link: str
    until: date


type Details = (
    Acknowledged
    | Answered
    | Assigned
    | RequesterReplied
    | SideAnswered
    | Breached
    | Escalated
    | Notified
    | SurveyAsked
    | ApprovalAsked
    | ApprovalTold
    | SignInCode
    | CommunityAnswered
    | PulseAsked
)


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one kind of mail in one language, in the little language of `mail.wording` and `mail.markup`.

    Attributes:
        subject: the desk puts the ticket's number before it.
        preview: what lists of mails show beside the subject.
    """

    subject: str
    preview: str
    body: str


@dataclass(frozen=True, slots=True)
class Look:
    """How a brand's mails look and are signed.

    Attributes:
        mailbox: the mailbox's name.
        colours: each legible where it stands.
        logo_url: https address of a picture.
        signature: source of what stands below an answer; None: the agent's name and the desk's.
    """

    mailbox: str = ""
    colours: Palette = USUAL
    logo_url: str | None = None
    signature: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one recipient, and perhaps others in copy.

    Attributes:
        id: names the mail; the same again when the same mail is made again.
        at: its date.
        language: one of ours.
        desk: what the mail calls the desk.
        sender: the mailbox.
        tag: the thread's signed tag; empty: it is about no ticket.
        number: the ticket's; 0: it is about none.
        subject: the ticket's, or the side conversation's.
        side: number of the side conversation it belongs to; 0: the ticket's own thread.
        begins: it is the first of its conversation, so its subject is no answer's.
        by_rule: a rule wrote it, though it is an answer.
        beside: further recipients of the same standing.
        in_reply_to: Message-ID of the mail it answers, without brackets.
        references: further Message-IDs of the conversation that the recipient has seen, oldest first.
        copies: who gets it too, and sees so.
        template: an admin's words for it; None: those that come with the desk.
    """

    kind: Kind
    id: str
    at: datetime
    language: str
    desk: str
    sender: Party
    recipient: Party
    tag: str
    number: int
    subject: str
    details: Details
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    copies: tuple[Party, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    look: Look = field(default_factory=Look)
    template: Template | None = None
    side: int = 0
    begins: bool = False
    beside: tuple[Party, ...] = ()
    by_rule: bool = False

    @property
    def automatic(self) -> bool:
        """Whether no human wrote it."""
        return self.by_rule or self.kind not in {Kind.REPLY, Kind.SIDE}

    @property
    def shown_number(self) -> str:
        """What the recipient knows it by: `#1042`, or `#1042-1` in a side conversation; empty for what is about no ticket."""
        if not self.number:
            return ""
        return f"#{self.number}-{self.side}" if self.side else f"#{self.number}"
