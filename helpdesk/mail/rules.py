"""What becomes of an inbound mail: refused, held back for a colleague to see, or let in; and as whose words."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.text import is_address, normal_address
from helpdesk.mail.model import OWN_LOOP_HEADER, InboundMail
from helpdesk.mail.model import Mailbox as Correspondent
from helpdesk.people.domains import PUBLIC_DOMAINS, domain_of
from helpdesk.people.model import Agent, Person
from helpdesk.tickets.model import Participant, Ticket


class Outcome(StrEnum):
    """What became of a raw mail."""

    RECEIVED = "received"  # stored, not yet dealt with
    TICKET = "ticket"  # it opened one
    MESSAGE = "message"  # it joined one
    SUSPENDED = "suspended"  # held back; can be released
    REJECTED = "rejected"  # refused for good: our own mail coming back
    DUPLICATE = "duplicate"  # the same mail was dealt with before
    DELETED = "deleted"  # it was held back, and a colleague deleted it


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

    @property
    def authenticated(self) -> bool:
        """Whether something speaks for the sender being who they say they are, and nothing against it."""
        return self.vouched_for and "PASS" in {self.spf, self.dkim, self.dmarc}


_RESULT: Final = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_GRAY: Final = frozenset({"none", "neutral", "softfail", "temperror", "policy"})


def verdicts_of(headers: Iterable[tuple[str, str]]) -> Verdicts:
    """What SES wrote into the raw mail that it stored: for a mail whose announcement never came.

    SES puts its headers in front of all others, so the first of each name is its own.

    >>> verdicts_of([("X-SES-Spam-Verdict", "PASS"), ("Authentication-Results", "amazonses.com; spf=pass; dmarc=fail")])
    Verdicts(spam='PASS', virus='DISABLED', spf='PASS', dkim='DISABLED', dmarc='FAIL')
    """
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name.lower(), value)
    found = {
        name: first[header].strip().upper()
        for name, header in (("spam", "x-ses-spam-verdict"), ("virus", "x-ses-virus-verdict"))
        if header in first
    }
    for name, result in _RESULT.findall(first.get("authentication-results", "")):
        word = result.lower()
        verdict = "GRAY" if word in _GRAY else "PASS" if word == "pass" else "FAIL"
        found[name.lower()] = verdict if found.get(name.lower()) != "PASS" else "PASS"
    return Verdicts(**found)


_FROM_HOST: Final = re.compile(r"from\s+([^\s()\[\];]+)?\s*(?:\([^()\[\]]*\[(?:IPv6:)?([0-9A-Fa-f.:]+)\][^()]*\))?")


def handed_over_by(headers: Iterable[tuple[str, str]]) -> str:
    """The host that handed a mail over to SES, which tells of it in the first `Received`; empty: it does not.

    The name is what the host calls itself, the address what SES saw.

    >>> handed_over_by([("Received", "from mx.example.com (mx.example.com [192.0.2.7]) by inbound-smtp.amazonaws.com")])
    'mx.example.com [192.0.2.7]'
    """
    received = next((value for name, value in headers if name.lower() == "received"), "")
    found = _FROM_HOST.match(received.strip())
    if found is None:
        return ""
    name, address = found.group(1) or "", found.group(2) or ""
    return f"{name} [{address}]".strip() if address else name


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a mail is let in.

    Attributes:
        outcome: SUSPENDED or REJECTED; None: let in.
        because: codes, most telling first.
    """

    outcome: Outcome | None
    because: tuple[str, ...] = ()


def judge(mail: InboundMail, verdicts: Verdicts, desk: Desk, *, released: bool) -> Judgement:
    """Whether a mail is let in, before anything is known of its thread.

    Args:
        mail: as it was read.
        verdicts: what SES found.
        desk: whose mailboxes tell which loop header is ours, and who is blocked.
        released: a colleague has looked at it and lets it in; only our own mail is refused even so.
    """
    if is_own_mail(mail, desk):
        return Judgement(Outcome.REJECTED, ("own_mail",))
    if released:
        return Judgement(None, ("released",))
    faults = [
        (verdicts.virus == "FAIL", "virus"),
        (verdicts.spam == "FAIL", "spam"),
        (not verdicts.vouched_for, "sender_not_authenticated"),
        (_is_blocked(mail, desk), "blocked_sender"),
        (_has_no_sender(mail), "no_sender"),
        (_is_empty(mail), "empty"),
    ]
    because = tuple(reason for holds, reason in faults if holds)
    return Judgement(Outcome.SUSPENDED if because else None, because)


def without_thread(mail: InboundMail) -> str | None:
    """Why a mail that belongs to no ticket of ours is held back; None: it opens one."""
    if mail.feedback_report is not None:
        return "abuse_report"
    return "bounce_of_unknown_mail" if mail.bounce is not None else None


def is_own_mail(mail: InboundMail, desk: Desk) -> bool:
    """Whether a mail carries our own loop header: its value is a domain we write from.

    Another desk of the same software writes the same header with a domain of its own, and is a correspondent like any.
    """
    own = {normal_address(mailbox.address).rpartition("@")[2] for mailbox in desk.mailboxes.values()}
    name = OWN_LOOP_HEADER.lower()
    return any(key.lower() == name and value.strip().lower() in own for key, value in mail.headers)


def _is_blocked(mail: InboundMail, desk: Desk) -> bool:
    return any(box is not None and desk.blocks(normal_address(box.address)) for box in (mail.from_, mail.sender))


def _has_no_sender(mail: InboundMail) -> bool:
    return (mail.from_ is None or not mail.from_.address) and not is_report(mail)


def _is_empty(mail: InboundMail) -> bool:
    return not mail.text.strip() and not mail.attachments and not mail.subject and not is_report(mail)


def is_report(mail: InboundMail) -> bool:
    """Whether it tells what became of a mail of ours: that it came back, or was called spam."""
    return mail.bounce is not None or mail.feedback_report is not None


def is_machine(mail: InboundMail) -> bool:
    """Whether no human wrote it to us: it is never answered, reopens nothing and moves no clock."""
    return mail.auto_submitted or is_report(mail) or mail.mailing_list or mail.vacation


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


# --- threads ---------------------------------------------------------------------------------------------------------

_OUR_NUMBER: Final = re.compile(r"\[#(\d{1,12})\]")
_SIDE_NUMBER: Final = re.compile(r"\[#(\d{1,12})-(\d{1,4})\]")


def names_as_we_do(mail: InboundMail, number: int) -> bool:
    """Whether a mail's subject holds a ticket's number as ours write it: `[#1042]`; any other `#1042` may be anything."""
    return str(number) in _OUR_NUMBER.findall(mail.subject)


def side_named(mail: InboundMail) -> tuple[int, int] | None:
    """The ticket's number and the side conversation's that a subject holds as ours write them: `[#1042-1]`."""
    found = _SIDE_NUMBER.search(mail.subject)
    return (int(found[1]), int(found[2])) if found is not None else None


def thread_ids(mail: InboundMail) -> tuple[str, ...]:
    """The Message-IDs that a mail refers to, a report's being those of the mail it is about; oldest first."""
    for report in (mail.bounce, mail.feedback_report):
        if report is not None:
            original = (report.original_message_id,) if report.original_message_id else ()
            return (*mail.references, *report.original_references, *original)
    return mail.references


def thread_proof(
    message_ids: Iterable[str], tags: Iterable[str], prove: Callable[[str], tuple[str, int] | None]
) -> tuple[str, int] | None:
    """The thread that a mail's references or reply address prove, without looking anything up.

    The desk's own Message-IDs end in a thread tag before the `@`; reply addresses carry it after the `+`. Whatever else
    a mail refers to, one that proves a side conversation belongs there: what was asked aside is not answered in public.

    Args:
        message_ids: of In-Reply-To and References, without brackets.
        tags: of the addresses it was sent to.
        prove: the ticket of a tag and the number of its side conversation (0: the ticket's own thread); None if the tag
            is not the desk's.
    """
    own = (message_id.rpartition("@")[0].rpartition(".")[2] for message_id in reversed(tuple(message_ids)))
    proven = [found for tag in (*own, *tags) if (found := prove(tag)) is not None]
    return min(proven, key=lambda one: one[1] == 0, default=None)


# --- who writes ------------------------------------------------------------------------------------------------------


class Voice(StrEnum):
    """As whose words a mail joins a ticket."""

    REQUESTER = "requester"
    PARTICIPANT = "participant"
    ORGANIZATION = "organization"  # of the requester's organization, where the desk's settings let them
    AGENT = "agent"
    THIRD_PARTY = "third_party"  # in a side conversation: somebody of it, or of their company
    MACHINE = "machine"
    STRANGER = "stranger"


def voice(
    mail: InboundMail,
    ticket: Ticket,
    agent: Agent | None,
    verdicts: Verdicts,
    writer: Person | None = None,
    *,
    may_join: bool = False,
) -> Voice:
    """As whose words a mail that names a ticket's thread joins it; a stranger's does not.

    Args:
        mail: as it was read.
        ticket: the one whose thread it names.
        agent: the colleague who has the sender's address, if any.
        verdicts: an agent's word counts only if nothing speaks against it being theirs.
        writer: who has the sender's address; asked for where the ticket does not know it.
        may_join: whether people of the requester's organization may join.
    """
    if is_machine(mail):
        return Voice.MACHINE
    sender = normal_address(mail.from_.address) if mail.from_ is not None else ""
    if sender and sender == normal_address(ticket.copies.requester_address or ""):
        return Voice.REQUESTER
    if agent is not None:
        return Voice.AGENT if verdicts.vouched_for else Voice.STRANGER
    if participant_by_address(ticket, sender) is not None:
        return Voice.PARTICIPANT
    return _from_elsewhere(ticket, writer, verdicts, may_join=may_join) if writer is not None else Voice.STRANGER


def _from_elsewhere(ticket: Ticket, writer: Person, verdicts: Verdicts, *, may_join: bool) -> Voice:
    """As whose words a mail counts whose sender is not named on the ticket by this address."""
    if ticket.requester_id in writer.ids:
        return Voice.REQUESTER
    if part_of(ticket, writer) is not None:
        return Voice.PARTICIPANT
    theirs = writer.organization_id is not None and writer.organization_id == ticket.organization_id
    return Voice.ORGANIZATION if may_join and theirs and verdicts.vouched_for else Voice.STRANGER


def part_of(ticket: Ticket, person: Person) -> str | None:
    """The id under which a person takes part in a ticket beside its requester."""
    return next((one for one in ticket.participants if one in person.ids), None)


def side_voice(mail: InboundMail, ticket: Ticket, side_id: str, agent: Agent | None, verdicts: Verdicts) -> Voice:
    """As whose words a mail that names a side conversation joins it; a stranger's does not.

    Somebody else of a third party's company may answer for them (questions go to `sales@`, answers come from people),
    unless it is the company of somebody on the ticket, or no company at all.

    Args:
        mail: as it was read.
        ticket: whose side conversation it names.
        side_id: which.
        agent: the colleague who has the sender's address, if any.
        verdicts: only a sender for whom something speaks is taken for somebody of a company.
    """
    if is_machine(mail):
        return Voice.MACHINE
    sender = normal_address(mail.from_.address) if mail.from_ is not None else ""
    if third_party_by_address(ticket, side_id, sender) is not None:
        return Voice.THIRD_PARTY
    if agent is not None:
        return Voice.AGENT if verdicts.vouched_for else Voice.STRANGER
    domain = sender.rpartition("@")[2]
    asked = {domain_of(one.address) for one in ticket.copies.side[side_id].people}
    on_the_ticket = {domain_of(address) for address in known_on(ticket)}
    for_them = domain in asked and domain not in on_the_ticket | PUBLIC_DOMAINS
    return Voice.THIRD_PARTY if for_them and verdicts.authenticated else Voice.STRANGER


def third_party_by_address(ticket: Ticket, side_id: str, address: str) -> Participant | None:
    """Who is in a side conversation from an address."""
    wanted, copy = normal_address(address), ticket.copies.side.get(side_id)
    people = copy.people if copy is not None else ()
    return next((one for one in people if wanted and normal_address(one.address) == wanted), None)


def known_on(ticket: Ticket) -> tuple[str, ...]:
    """Addresses of the people of a ticket: requester and participants."""
    asks = ticket.copies.requester_address
    return (*((asks,) if asks else ()), *(one.address for one in ticket.copies.participants))


def may_join_by_number(who: Voice, verdicts: Verdicts) -> bool:
    """Whether a mail may join a ticket that only its subject names.

    Numbers can be guessed, so here the sender is the proof: somebody on the ticket whom their mail server vouches for.
    """
    if who is Voice.AGENT:
        return verdicts.dmarc == "PASS"
    return who is Voice.MACHINE or (who is not Voice.STRANGER and verdicts.authenticated)


def participant_by_address(ticket: Ticket, address: str) -> Participant | None:
    """Who takes part in a ticket from an address."""
    wanted = normal_address(address)
    return next((one for one in ticket.copies.participants if wanted and normal_address(one.address) == wanted), None)


def on_ticket(ticket: Ticket, addresses: Iterable[str]) -> tuple[str, ...]:
    """Ids of the people of a ticket, requester and participants, who have one of some addresses."""
    wanted = {normal_address(address) for address in addresses}
    asks = normal_address(ticket.copies.requester_address or "") in wanted
    taking_part = tuple(one.id for one in ticket.copies.participants if normal_address(one.address) in wanted)
    return (*((ticket.requester_id,) if asks else ()), *taking_part)


_TAKES_NO_MAIL: Final = re.compile(
    r"(?:no|do[-_.]?not)[-_.]?(?:reply|respond)|mailer[-_.]?daemon|post[-_.]?master|bounces?|undisclosed-recipients",
    re.IGNORECASE,
)


def people_named(mail: InboundMail, desk: Desk, recipients: Iterable[str]) -> Iterator[Correspondent]:
    """Who else a person's mail was sent to: whoever they named beside us takes part in their matter.

    Left out are our own mailboxes, colleagues, addresses that only led the mail here, and such that take no mail.

    Args:
        mail: as it was read; a machine's names nobody.
        desk: the configuration.
        recipients: of the envelope.
    """
    if is_machine(mail):
        return
    ours = {untagged(mailbox.address) for mailbox in desk.mailboxes.values()}
    ways_here = {untagged(address) for address in (*recipients, *mail.delivered_to)}
    sent_to_us = any(untagged(box.address) in ours for box in (*mail.to, *mail.cc))
    seen = {normal_address(mail.from_.address)} if mail.from_ is not None else set[str]()
    # Without us among the recipients, who stands in To is rather an address that forwards to us.
    for box in (*(mail.to if sent_to_us else ()), *mail.cc):
        address = normal_address(box.address)
        skipped = address in seen or untagged(address) in ours | ways_here or _TAKES_NO_MAIL.match(address)
        if skipped or not is_address(address) or desk.agent_by_address(address) or desk.blocks(address):
            continue
        seen.add(address)
        yield Correspondent(box.name, address)
