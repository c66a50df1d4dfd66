"""Inbound mail, from the raw bytes in the bucket to a ticket, a message, or a listed suspension: none is lost.

Every raw mail has an entry in the ledger before it is read, and ids that follow from the mail itself, so that doing it
again after a crash anywhere gives the same ticket, the same message and the same files.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

from helpdesk.channels.service import FileStore, following
from helpdesk.contracts.table import mail_seen_key
from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, NotFound, Unavailable
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean_line, is_address, preview, supported_language
from helpdesk.mail.model import Attachment as MailAttachment
from helpdesk.mail.model import InboundMail
from helpdesk.mail.rules import (
    Outcome,
    Verdicts,
    Voice,
    is_machine,
    judge,
    mailbox_of,
    thread_proof,
    voice,
)
from helpdesk.people.service import PeopleStore, new_person
from helpdesk.tickets.commands import AddMessage, OpenTicket
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    Attachment,
    Channel,
    Link,
    Message,
    Relation,
    Status,
    Ticket,
    Visibility,
)
from helpdesk.tickets.service import AddressTaken, AlreadyDone, Extras, Guard, TicketService, TicketStore

MAX_MAIL_BYTES: Final = 40 * 1024 * 1024
"""The largest mail that is read, as SES takes them; a larger one is suspended unread."""
MAX_FILES: Final = 100
_LOOKED_UP_REFERENCES: Final = 20
UNKNOWN_SENDER: Final = "unknown-sender@invalid"
"""Stands for a sender that a released mail does not name; nothing is ever sent there."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as SES hands it over.

    Attributes:
        id: SES's message id; names the object in the bucket.
        at: when SES took it.
        recipients: of the envelope.
    """

    id: str
    at: datetime
    recipients: tuple[str, ...] = ()
    verdicts: Verdicts = field(default_factory=Verdicts)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What became of one raw mail.

    Attributes:
        sender: of the From header, for the list of suspended mails.
        because: codes that say why.
    """

    arrival: Arrival
    outcome: Outcome
    because: tuple[str, ...] = ()
    ticket_id: str | None = None
    message_id: str | None = None
    sender: str | None = None
    subject: str | None = None
    size: int = 0
    released_by: str | None = None


class RawMails(Protocol):
    """The bucket of raw mail."""

    def size(self, mail_id: str) -> int:
        """Bytes of a raw mail.

        Raises:
            NotFound: there is none of this id.
        """
        ...

    def read(self, mail_id: str) -> bytes:
        """A raw mail."""
        ...


class Ledger(Protocol):
    """What became of all raw mail."""

    def get(self, mail_id: str) -> LedgerEntry | None:
        """One mail's entry."""
        ...

    def record(self, entry: LedgerEntry) -> None:
        """Writes an entry."""
        ...

    def entries(self, outcome: Outcome, *, limit: int, position: dict[str, str] | None) -> Page[LedgerEntry]:
        """Mails with an outcome that waits for somebody (received, suspended, rejected), newest first."""
        ...


class Threads(Protocol):
    """Which ticket a Message-ID belongs to."""

    def ticket_of_threads(self, message_ids: tuple[str, ...]) -> str | None:
        """The ticket of the first of some Message-IDs that is known."""
        ...


@dataclass(frozen=True, slots=True)
class _Settled:
    outcome: Outcome
    because: tuple[str, ...]
    ticket_id: str | None = None
    message_id: str | None = None


class InboundMailService:
    """Deals with mail that came in.

    Args:
        parse: reads raw bytes; never raises.
        raw_mails: the bucket.
        ledger: what became of each.
        threads: tickets by Message-ID.
        prove: the ticket that a thread tag proves.
        tickets, store, people, files, desk, clock: as for `channels.service.RequestService`.
    """

    def __init__(  # noqa: PLR0913 - bootstrap names every port
        self,
        *,
        parse: Callable[[bytes], InboundMail],
        raw_mails: RawMails,
        ledger: Ledger,
        threads: Threads,
        prove: Callable[[str], str | None],
        tickets: TicketService,
        store: TicketStore,
        people: PeopleStore,
        files: FileStore,
        desk: Callable[[], Desk],
        clock: Clock,
    ) -> None:
        self._parse = parse
        self._raw_mails = raw_mails
        self._ledger = ledger
        self._threads = threads
        self._prove = prove
        self._tickets = tickets
        self._store = store
        self._people = people
        self._files = files
        self._desk = desk
        self._clock = clock

    def receive(self, arrival: Arrival, *, released_by: str | None = None) -> LedgerEntry:
        """Deals with one mail; again for a mail that was dealt with gives what came of it then.

        Args:
            arrival: as SES handed it over.
            released_by: the colleague who lets a suspended mail in.

        Raises:
            NotFound: there is no such raw mail.
            Unavailable: contention that did not end; the caller tries again.
        """
        known = self._ledger.get(arrival.id)
        finished = known is not None and known.outcome not in {Outcome.RECEIVED, Outcome.SUSPENDED}
        if known is not None and (finished or (known.outcome is Outcome.SUSPENDED and released_by is None)):
            return known
        size = self._raw_mails.size(arrival.id)
        entry = LedgerEntry(arrival, Outcome.RECEIVED, size=size, released_by=released_by)
        if known is None:
            self._ledger.record(entry)
        if size > MAX_MAIL_BYTES:
            return self._record(entry, _Settled(Outcome.SUSPENDED, ("too_large",)))
        raw = self._raw_mails.read(arrival.id)
        mail = self._parse(raw)
        entry = replace(
            entry,
            sender=mail.from_.address if mail.from_ is not None else None,
            subject=clean_line(mail.subject)[:300],
        )
        return self._record(entry, self._settle(entry, mail))

    def release(self, mail_id: str, agent_id: str) -> LedgerEntry:
        """Lets a suspended mail in: does what would have been done had nothing spoken against it.

        Raises:
            NotFound: there is no such mail.
            Conflict: it is not suspended, or is larger than what can be read.
        """
        entry = self._ledger.get(mail_id)
        if entry is None:
            raise NotFound("There is no such mail.")
        if entry.outcome is not Outcome.SUSPENDED:
            raise Conflict(f"The mail is not suspended: it was dealt with ({entry.outcome}).")
        if "too_large" in entry.because:
            raise Conflict("The mail is larger than what can be read; ask for it in another way.")
        return self.receive(entry.arrival, released_by=agent_id)

    def entries(self, outcome: Outcome, *, limit: int, position: dict[str, str] | None) -> Page[LedgerEntry]:
        """Mails with an outcome that waits for somebody, newest first."""
        return self._ledger.entries(outcome, limit=limit, position=position)

    # --- parts ---

    def _record(self, entry: LedgerEntry, settled: _Settled) -> LedgerEntry:
        entry = replace(
            entry,
            outcome=settled.outcome,
            because=settled.because,
            ticket_id=settled.ticket_id,
            message_id=settled.message_id,
        )
        self._ledger.record(entry)
        return entry

    def _settle(self, entry: LedgerEntry, mail: InboundMail) -> _Settled:
        judgement = judge(mail, entry.arrival.verdicts, released=entry.released_by is not None)
        if judgement.outcome is not None:
            return _Settled(judgement.outcome, judgement.because)
        ticket = self._thread(mail)
        if ticket is None and mail.bounce is not None:
            return _Settled(Outcome.SUSPENDED, ("bounce_of_unknown_mail",))
        work = _Work(entry.arrival, mail, mailbox_of(self._desk(), _recipients(entry.arrival, mail)))
        for _ in range(3):
            try:
                return self._deliver(work, ticket)
            except AddressTaken:
                continue  # the same new person wrote twice at once: by now they are known
            except Conflict:
                ticket = self._tickets.get(ticket.id) if ticket is not None else None  # closed meanwhile
            except AlreadyDone:
                done = self._store.done_before(work.guard.key)
                if done is None:
                    raise
                mine = done.message_id == work.message_id
                opened = Outcome.TICKET if done.ticket_id == work.ticket_id else Outcome.MESSAGE
                outcome = opened if mine else Outcome.DUPLICATE
                return _Settled(outcome, ("done_before",), done.ticket_id, done.message_id)
        raise Unavailable("The mail could not be dealt with; it will be tried again.")

    def _thread(self, mail: InboundMail) -> Ticket | None:
        """The ticket a mail belongs to: by what proves itself, else by a Message-ID that the desk has seen."""
        ids = mail.references
        if mail.bounce is not None:
            original = mail.bounce.original_message_id
            ids = (*ids, *mail.bounce.original_references, *((original,) if original else ()))
        ticket_id = thread_proof(ids, mail.address_tags, self._prove)
        if ticket_id is None and ids:
            ticket_id = self._threads.ticket_of_threads(tuple(reversed(ids))[:_LOOKED_UP_REFERENCES])
        return self._store.get(ticket_id) if ticket_id is not None else None

    def _deliver(self, work: "_Work", ticket: Ticket | None) -> _Settled:
        if ticket is None:
            return self._open(work, ())
        sender = work.mail.from_.address if work.mail.from_ is not None else ""
        agent = self._desk().agent_by_address(sender)
        who = voice(work.mail, ticket, agent, work.arrival.verdicts)
        if who is Voice.STRANGER:
            return self._open(work, (Link(Relation.MENTIONS, ticket.id, ticket.number),))
        if ticket.status is Status.CLOSED:
            return self._follow(work, ticket) if who is Voice.REQUESTER else self._note(work, ticket, who, None)
        return self._note(work, ticket, who, agent.id if agent is not None else None)

    def _note(self, work: "_Work", ticket: Ticket, who: Voice, agent_id: str | None) -> _Settled:
        """Adds a mail to a ticket: a person's words as a message, a machine's as an internal note."""
        if who is Voice.REQUESTER:
            author, visibility = Actor(ActorKind.REQUESTER, ticket.requester_id), Visibility.PUBLIC
        elif who is Voice.AGENT and agent_id is not None and ticket.status is not Status.CLOSED:
            author, visibility = Actor(ActorKind.AGENT, agent_id), Visibility.PUBLIC
        else:
            author, visibility = Actor(ActorKind.SYSTEM, "mail"), Visibility.INTERNAL
        name = ticket.copies.requester_name if who is Voice.REQUESTER else self._name_of(work, agent_id)
        message = self._message(work, ticket.id, author, name, visibility, is_reply=True)
        command = AddMessage(
            message.id, author, visibility, Channel.EMAIL, preview(message.text), automatic=who is Voice.MACHINE
        )
        self._tickets.add_message(message, command, guards=(work.guard,), threads=work.threads)
        because = "machine" if who is Voice.MACHINE else "thread"
        return _Settled(Outcome.MESSAGE, (because,), ticket.id, message.id)

    def _follow(self, work: "_Work", closed: Ticket) -> _Settled:
        author = Actor(ActorKind.REQUESTER, closed.requester_id)
        message = self._message(
            work, work.ticket_id, author, closed.copies.requester_name, Visibility.PUBLIC, is_reply=True
        )
        command = following(closed, message, number=self._store.next_number())
        extras = Extras(message=message, guards=(work.guard,), threads=work.threads)
        self._tickets.open(command, extras, actor=author)
        return _Settled(Outcome.TICKET, ("follows_closed",), work.ticket_id, message.id)

    def _open(self, work: "_Work", links: tuple[Link, ...]) -> _Settled:
        mail, desk = work.mail, self._desk()
        address, name = self._requester(work)
        known = self._people.by_address(address)
        fallback = work.mailbox.language if work.mailbox is not None else desk.general.language
        language = supported_language(mail.language, known.language if known is not None else fallback)
        person = known or new_person(address, name, language, work.arrival.at)
        author = Actor(ActorKind.REQUESTER, person.id)
        message = self._message(work, work.ticket_id, author, person.name, Visibility.PUBLIC, is_reply=False)
        command = OpenTicket(
            ticket_id=work.ticket_id,
            number=self._store.next_number(),
            requester_id=person.id,
            subject=clean_line(mail.subject)[:300] or preview(message.text, 80) or "(no subject)",
            message_id=message.id,
            preview=preview(message.text),
            channel=Channel.EMAIL,
            language=language,
            requester_name=person.name,
            requester_address=person.address,
            organization_id=person.organization_id,
            mailbox_id=work.mailbox.id if work.mailbox is not None else None,
            automatic=is_machine(mail) or address == UNKNOWN_SENDER,
            links=links,
        )
        people = () if known else (person,)
        extras = Extras(message=message, people=people, guards=(work.guard,), threads=work.threads)
        self._tickets.open(command, extras, actor=author)
        because = ("stranger_in_thread",) if links else ("new",)
        return _Settled(Outcome.TICKET, because, work.ticket_id, message.id)

    def _requester(self, work: "_Work") -> tuple[str, str | None]:
        """Who asks: the sender, or whose mail a colleague forwards."""
        mail = work.mail
        sender = mail.from_
        forwarded = mail.forwarded_from
        if sender is not None and forwarded is not None and is_address(forwarded.address):
            agent = self._desk().agent_by_address(sender.address)
            if agent is not None and work.arrival.verdicts.vouched_for:
                return forwarded.address, forwarded.name
        if sender is None or not is_address(sender.address):
            return UNKNOWN_SENDER, None
        return sender.address, sender.name

    def _name_of(self, work: "_Work", agent_id: str | None) -> str | None:
        agent = self._desk().agents.get(agent_id) if agent_id is not None else None
        if agent is not None:
            return agent.name
        return clean_line((work.mail.from_.name if work.mail.from_ is not None else None) or "")[:200] or None

    def _message(
        self,
        work: "_Work",
        ticket_id: str,
        author: Actor,
        name: str | None,
        visibility: Visibility,
        *,
        is_reply: bool,
    ) -> Message:
        mail = work.mail
        shown = mail.reply_text if is_reply and mail.reply_text.strip() else mail.text
        html = mail.reply_html if is_reply and mail.reply_html else mail.html_sanitized
        files = tuple(
            self._file(ticket_id, work, place, file) for place, file in enumerate(mail.attachments[:MAX_FILES])
        )
        return Message(
            id=work.message_id,
            ticket_id=ticket_id,
            at=self._clock(),
            author=author,
            author_name=name,
            visibility=visibility,
            channel=Channel.EMAIL,
            text=shown.strip(),
            html=html,
            quoted=mail.text if shown != mail.text else None,
            attachments=files,
            automatic=is_machine(mail),
            mail_message_id=mail.message_id,
            raw_mail_id=work.arrival.id,
        )

    def _file(self, ticket_id: str, work: "_Work", place: int, file: MailAttachment) -> Attachment:
        file_id = derived_id(work.arrival.at, work.arrival.id, "file", str(place))
        name = clean_line(file.filename or "")[:200] or f"attachment-{place + 1}"
        key = self._files.put(ticket_id, file_id, name, file.content_type, file.content)
        return Attachment(
            id=file_id,
            filename=name,
            content_type=file.content_type,
            size=file.size,
            object_key=key,
            inline=file.inline,
            content_id=file.content_id,
        )


@dataclass(frozen=True, slots=True)
class _Work:
    """One mail on its way in, and the ids that follow from it."""

    arrival: Arrival
    mail: InboundMail
    mailbox: Mailbox | None

    @property
    def ticket_id(self) -> str:
        return derived_id(self.arrival.at, self.arrival.id, "ticket")

    @property
    def message_id(self) -> str:
        return derived_id(self.arrival.at, self.arrival.id, "message")

    @property
    def guard(self) -> Guard:
        """Seen before: the same Message-ID, words and files in the same mailbox.

        Delivered again, a mail differs in its trace headers only. Another mail under a Message-ID that some program uses
        for all it sends is another mail, and not lost.
        """
        box = self.mailbox.id if self.mailbox is not None else ""
        return Guard("mail", mail_seen_key(_identity(self.mail), box), note=self.arrival.id)

    @property
    def threads(self) -> tuple[str, ...]:
        return (self.mail.message_id,) if self.mail.message_id else ()


def _identity(mail: InboundMail) -> str:
    """What is the same when a mail comes twice."""
    sender = mail.from_.address if mail.from_ is not None else ""
    files = [f"{file.filename} {hashlib.sha256(file.content).hexdigest()}" for file in mail.attachments]
    parts = (mail.message_id or "", sender, mail.subject, mail.text, *files)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def _recipients(arrival: Arrival, mail: InboundMail) -> tuple[str, ...]:
    boxes = (*mail.to, *mail.cc)
    return (*arrival.recipients, *mail.delivered_to, *(box.address for box in boxes))
