"""What becomes of an inbound mail: refused, held back for a colleague to see, or let in; and as whose words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.text import normal_address
from helpdesk.mail.model import OWN_LOOP_HEADER, InboundMail
from helpdesk.people.model import Agent
from helpdesk.tickets.model import Ticket


class Outcome(StrEnum):
    """What became of a raw mail."""

    RECEIVED = "received"  # stored, not yet dealt with
    TICKET = "ticket"  # it opened one
    MESSAGE = "message"  # it joined one
    SUSPENDED = "suspended"  # held back; can be released
    REJECTED = "rejected"  # refused for good: our own mail coming back
    DUPLICATE = "duplicate"  # the same mail was dealt with before


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What SES found out about a mail: `PASS`, `FAIL`, `GRAY`, `PROCESSING_FAILED` or `DISABLED` each."""

    spam: str = "DISABLED"
    virus: str = "DISABLED"
    spf: str = "DISABLED"
    dkim: str = "DISABLED"
    dmarc: str = "DISABLED"

    @property
    def vouched_for(self) -> bool:
        """Whether nothing speaks against the sender being who they say they are."""
        return self.dmarc != "FAIL" and not (self.spf == "FAIL" and self.dkim == "FAIL")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a mail is let in.

    Attributes:
        outcome: SUSPENDED or REJECTED; None: let in.
        because: codes, most telling first.
    """

    outcome: Outcome | None
    because: tuple[str, ...] = ()


def judge(mail: InboundMail, verdicts: Verdicts, *, released: bool) -> Judgement:
    """Whether a mail is let in, before anything is known of its thread.

    Args:
        mail: as it was read.
        verdicts: what SES found.
        released: a colleague has looked at it and lets it in; only our own mail is refused even so.
    """
    if mail.header(OWN_LOOP_HEADER) is not None:
        return Judgement(Outcome.REJECTED, ("own_mail",))
    if released:
        return Judgement(None, ("released",))
    faults = [
        (verdicts.virus == "FAIL", "virus"),
        (verdicts.spam == "FAIL", "spam"),
        (not verdicts.vouched_for, "sender_not_authenticated"),
        (_has_no_sender(mail), "no_sender"),
        (mail.feedback_report is not None, "abuse_report"),
        (_is_empty(mail), "empty"),
    ]
    because = tuple(reason for holds, reason in faults if holds)
    return Judgement(Outcome.SUSPENDED if because else None, because)


def _has_no_sender(mail: InboundMail) -> bool:
    return (mail.from_ is None or not mail.from_.address) and mail.bounce is None


def _is_empty(mail: InboundMail) -> bool:
    return not mail.text.strip() and not mail.attachments and not mail.subject and mail.bounce is None


def is_machine(mail: InboundMail) -> bool:
    """Whether no human wrote it to us: it is never answered, reopens nothing and moves no clock."""
    return mail.auto_submitted or mail.bounce is not None or mail.mailing_list or mail.vacation


def mailbox_of(desk: Desk, recipients: Iterable[str]) -> Mailbox | None:
    """The mailbox that a mail was sent to: of the first recipient that is one, tags left out; else the desk's first."""
    by_address = {normal_address(mailbox.address): mailbox for mailbox in desk.mailboxes.values()}
    for recipient in recipients:
        found = by_address.get(untagged(recipient))
        if found is not None:
            return found
    return min(desk.mailboxes.values(), key=lambda mailbox: mailbox.id, default=None)


def untagged(address: str) -> str:
    """An address without what follows `+` in its local part, in the form in which addresses are compared."""
    local, at, domain = normal_address(address).rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def thread_proof(message_ids: Iterable[str], tags: Iterable[str], prove: Callable[[str], str | None]) -> str | None:
    """The ticket that a mail's references or reply address prove, without looking anything up.

    The desk's own Message-IDs end in a thread tag before the `@`; reply addresses carry it after the `+`.

    Args:
        message_ids: of In-Reply-To and References, without brackets.
        tags: of the addresses it was sent to.
        prove: the ticket of a tag, None if the tag is not the desk's.
    """
    for message_id in reversed(tuple(message_ids)):
        ticket_id = prove(message_id.rpartition("@")[0].rpartition(".")[2])
        if ticket_id is not None:
            return ticket_id
    return next((found for tag in tags if (found := prove(tag)) is not None), None)


class Voice(StrEnum):
    """As whose words a mail joins a ticket."""

    REQUESTER = "requester"
    AGENT = "agent"
    MACHINE = "machine"
    STRANGER = "stranger"


def voice(mail: InboundMail, ticket: Ticket, agent: Agent | None, verdicts: Verdicts) -> Voice:
    """As whose words a mail that names a ticket's thread joins it; a stranger's does not.

    Args:
        mail: as it was read.
        ticket: the one whose thread it names.
        agent: the colleague who has the sender's address, if any.
        verdicts: an agent's word counts only if nothing speaks against it being theirs.
    """
    if is_machine(mail):
        return Voice.MACHINE
    sender = mail.from_.address if mail.from_ is not None else ""
    if sender and normal_address(sender) == normal_address(ticket.copies.requester_address or ""):
        return Voice.REQUESTER
    if agent is not None and verdicts.vouched_for:
        return Voice.AGENT
    return Voice.STRANGER
