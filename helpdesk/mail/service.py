"""Inbound mail, from the raw bytes in the bucket to a ticket, a message, or a listed suspension: none is lost.

Every raw mail has an entry in the ledger before it is read, and ids that follow from the mail itself, so that doing it
again after a crash anywhere gives the same ticket, the same message and the same files.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from helpdesk.channels.service import FileStore, following
from helpdesk.contracts.table import mail_seen_key
from helpdesk.desk.model import Desk, Mailbox
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, NotFound, Unavailable
from helpdesk.kernel.ids import derived_id
from helpdesk.kernel.text import clean_line, is_address, normal_address, preview, supported_language
from helpdesk.mail import remarks
from helpdesk.mail.ledger import Arrival, Ledger, LedgerEntry, RawMails, Threads
from helpdesk.mail.model import Attachment as MailAttachment
from helpdesk.mail.model import InboundMail
from helpdesk.mail.rules import (
    Outcome,
    Voice,
    is_machine,
    is_report,
    judge,
    mailbox_of,
    may_join_by_number,
    names_as_we_do,
    on_ticket,
    participant_by_address,
    people_named,
    thread_ids,
    thread_proof,
    verdicts_of,
    voice,
    without_thread,
)
from helpdesk.people.model import Agent, Person
from helpdesk.people.service import PeopleStore, mark_address, new_person
from helpdesk.tickets import conversation
from helpdesk.tickets.commands import AddMessage, OpenTicket
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    Attachment,
    Channel,
    Link,
    Message,
    Participant,
    Reason,
    Relation,
    Status,
    Ticket,
    Visibility,
)
from helpdesk.tickets.parts.participants import MAX_PARTICIPANTS
from helpdesk.tickets.service import AddressTaken, AlreadyDone, Extras, Guard, TicketService, TicketStore
from helpdesk.tickets.views import TicketQuery

MAX_MAIL_BYTES: Final = 40 * 1024 * 1024
"""The largest mail that is read, as SES takes them; a larger one is suspended unread."""
MAX_FILES: Final = 100
_LOOKED_UP_REFERENCES: Final = 20
_LOOKED_UP_NUMBERS: Final = 3
UNKNOWN_SENDER: Final = "unknown-sender@invalid"
"""Stands for a sender that a released mail does not name; nothing is ever sent there."""
_DESK_ITSELF: Final = Actor(ActorKind.SYSTEM, "mail")


@dataclass(frozen=True, slots=True)
class _Settled:
    outcome: Outcome
    because: tuple[str, ...]
    ticket_id: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Author:
    """As whose words a mail is written down."""

    actor: Actor
    name: str | None
    visibility: Visibility


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

    def receive(self, arrival: Arrival) -> LedgerEntry:
        """Deals with one mail; again for a mail that was dealt with gives what came of it then.

        Args:
            arrival: as SES handed it over.

        Raises:
            NotFound: there is no such raw mail.
            Unavailable: contention that did not end; the caller tries again.
        """
        known = self._ledger.get(arrival.id)
        if known is None:
            entry = LedgerEntry(arrival, Outcome.RECEIVED, size=self._raw_mails.size(arrival.id))
            known = self._ledger.open(entry)
            if known is None:
                return self._deal_with(entry, first=True)
        return self._deal_with(known, first=False) if known.outcome is Outcome.RECEIVED else known

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
        return self._deal_with(replace(entry, released_by=agent_id), first=False)

    def again(self, mail_id: str) -> LedgerEntry:
        """Processes a mail once more, after a fix: what it led to is brought up to date, nothing is doubled.

        A mail that has no entry gets one. One that became a message has it read anew: text, HTML and files are
        replaced, all else stays. One that was held back, refused or never finished is judged anew.

        Raises:
            NotFound: there is no such raw mail.
            Conflict: it was deleted.
            Unavailable: contention that did not end.
        """
        known = self._ledger.get(mail_id)
        if known is None:
            return self.receive(self._arrival_of(mail_id))
        if known.outcome is Outcome.DELETED:
            raise Conflict("The mail was deleted.")
        if known.outcome in {Outcome.TICKET, Outcome.MESSAGE}:
            return self._read_anew(known)
        return self._deal_with(known, first=False)

    # --- parts ---

    def _arrival_of(self, mail_id: str) -> Arrival:
        """What is known of a mail from its bytes alone."""
        stored = self._raw_mails.find(mail_id)
        if stored is None:
            raise NotFound("There is no such mail.")
        if stored.size > MAX_MAIL_BYTES:
            return Arrival(mail_id, stored.at)
        return Arrival(mail_id, stored.at, verdicts=verdicts_of(self._parse(self._raw_mails.read(mail_id)).headers))

    def _deal_with(self, entry: LedgerEntry, *, first: bool) -> LedgerEntry:
        """Reads and settles a mail; unless it is the first try, looks whether an earlier one got as far as that."""
        if entry.size > MAX_MAIL_BYTES:
            return self._record(entry, _Settled(Outcome.SUSPENDED, ("too_large",)))
        mail = self._parse(self._raw_mails.read(entry.arrival.id))
        sender = mail.from_
        entry = replace(
            entry,
            sender=sender.address if sender is not None else None,
            sender_name=clean_line(sender.name or "")[:200] or None if sender is not None else None,
            subject=clean_line(mail.subject)[:300],
        )
        return self._record(entry, self._settle(entry, mail, first=first))

    def _record(self, entry: LedgerEntry, settled: _Settled) -> LedgerEntry:
        entry = replace(
            entry,
            outcome=settled.outcome,
            because=settled.because,
            ticket_id=settled.ticket_id,
            message_id=settled.message_id,
            settled_at=self._clock(),
        )
        self._ledger.record(entry)
        return entry

    def _settle(self, entry: LedgerEntry, mail: InboundMail, *, first: bool) -> _Settled:
        released = entry.released_by is not None
        judgement = judge(mail, entry.arrival.verdicts, self._desk(), released=released)
        if judgement.outcome is not None:
            return _Settled(judgement.outcome, judgement.because)
        work = _Work(entry.arrival, mail, mailbox_of(self._desk(), _recipients(entry.arrival, mail)))
        ticket = self._thread(mail)
        if not first and (settled := self._settled_before(work, ticket)) is not None:
            return settled
        unknown = without_thread(mail)
        if ticket is None and unknown is not None and not released:
            return _Settled(Outcome.SUSPENDED, (unknown,))
        for _ in range(3):
            try:
                return self._deliver(work, ticket)
            except AddressTaken:
                continue  # the same new person wrote twice at once: by now they are known
            except Conflict:
                ticket = self._going_on(ticket.id) if ticket is not None else None  # closed or merged meanwhile
            except AlreadyDone:
                return self._as_before(work)
        raise Unavailable("The mail could not be dealt with; it will be tried again.")

    def _settled_before(self, work: "_Work", ticket: Ticket | None) -> _Settled | None:
        """What an earlier try came to before it could say so.

        The guard alone would not know a mail that reads otherwise since a fix.
        """
        noted = self._threads.ticket_of_threads(work.threads) if work.threads else None
        for ticket_id in dict.fromkeys((work.ticket_id, ticket.id if ticket is not None else None, noted)):
            if ticket_id is not None and self._store.message(ticket_id, work.message_id) is not None:
                outcome = Outcome.TICKET if ticket_id == work.ticket_id else Outcome.MESSAGE
                return _Settled(outcome, ("done_before",), ticket_id, work.message_id)
        return None

    def _as_before(self, work: "_Work") -> _Settled:
        """What the guard remembers: this very mail, or another delivery of it."""
        done = self._store.done_before(work.guard.key)
        if done is None:
            raise Unavailable("The mail is being dealt with at this moment.")
        mine = done.message_id == work.message_id
        opened = Outcome.TICKET if done.ticket_id == work.ticket_id else Outcome.MESSAGE
        return _Settled(opened if mine else Outcome.DUPLICATE, ("done_before",), done.ticket_id, done.message_id)

    # --- where it belongs ---

    def _thread(self, mail: InboundMail) -> Ticket | None:
        """The ticket a mail belongs to: by what proves itself, else by a Message-ID that the desk has seen."""
        ids = thread_ids(mail)
        ticket_id = thread_proof(ids, mail.address_tags, self._prove)
        if ticket_id is None and ids:
            ticket_id = self._threads.ticket_of_threads(tuple(reversed(ids))[:_LOOKED_UP_REFERENCES])
        return self._going_on(ticket_id) if ticket_id is not None else None

    def _going_on(self, ticket_id: str) -> Ticket | None:
        """A ticket, or the one it was merged into."""
        ticket = self._store.get(ticket_id)
        return conversation.followed(self._store, ticket) if ticket is not None else None

    def _numbered(self, mail: InboundMail) -> Ticket | None:
        """The ticket whose number a mail's subject quotes: a hint, and no more."""
        for number in mail.ticket_numbers[:_LOOKED_UP_NUMBERS]:
            rows = self._store.rows(TicketQuery(number=number), limit=1, position=None).items
            ticket = self._going_on(rows[0].id) if rows else None
            if ticket is not None:
                return ticket
        return None

    def _deliver(self, work: "_Work", ticket: Ticket | None) -> _Settled:
        if ticket is not None and is_report(work.mail):
            return self._report(work, ticket)
        by_number = ticket is None
        ticket = ticket or self._numbered(work.mail)
        if ticket is None:
            return self._open(work, (), ("new",))
        sender = work.mail.from_.address if work.mail.from_ is not None else ""
        agent = self._desk().agent_by_address(sender)
        colleague = self._people.by_address(sender) if sender and self._desk().general.organization_may_join else None
        who = voice(work.mail, ticket, agent, work.arrival.verdicts, colleague)
        if by_number and not self._number_counts(work, ticket, who):
            who = Voice.STRANGER
        if who is Voice.STRANGER:
            because = "stranger_names_number" if by_number else "stranger_in_thread"
            return self._open(work, (Link(Relation.MENTIONS, ticket.id, ticket.number),), (because,))
        if ticket.status is Status.CLOSED and who is Voice.REQUESTER:
            return self._follow(work, ticket)
        if ticket.status is Status.CLOSED and who in {Voice.PARTICIPANT, Voice.ORGANIZATION}:
            return self._open(work, (Link(Relation.FOLLOWS, ticket.id, ticket.number),), ("follows_closed",))
        return self._note(work, ticket, self._author(work, ticket, who, agent, colleague), who)

    def _number_counts(self, work: "_Work", ticket: Ticket, who: Voice) -> bool:
        """Whether a number in the subject, with the sender it comes from, is proof enough to join the ticket."""
        mail = work.mail
        if not names_as_we_do(mail, ticket.number):
            return False
        known = mail.from_ is not None and bool(on_ticket(ticket, (mail.from_.address,)))
        return may_join_by_number(who, work.arrival.verdicts) and (known or who is Voice.AGENT)

    # --- what it becomes ---

    def _author(
        self, work: "_Work", ticket: Ticket, who: Voice, agent: Agent | None, colleague: Person | None
    ) -> _Author:
        mail = work.mail
        name = clean_line((mail.from_.name if mail.from_ is not None else None) or "")[:200] or None
        if who is Voice.REQUESTER:
            actor = Actor(ActorKind.REQUESTER, ticket.requester_id)
            return _Author(actor, ticket.copies.requester_name or name, Visibility.PUBLIC)
        sender = participant_by_address(ticket, mail.from_.address if mail.from_ is not None else "")
        if who is Voice.PARTICIPANT and sender is not None:
            return _Author(Actor(ActorKind.REQUESTER, sender.id), sender.name or name, Visibility.PUBLIC)
        if who is Voice.ORGANIZATION and colleague is not None:
            return _Author(Actor(ActorKind.REQUESTER, colleague.id), colleague.name or name, Visibility.PUBLIC)
        if who is Voice.AGENT and agent is not None and ticket.status is not Status.CLOSED:
            return _Author(Actor(ActorKind.AGENT, agent.id), agent.name, Visibility.PUBLIC)
        return _Author(_DESK_ITSELF, agent.name if agent is not None else name, Visibility.INTERNAL)

    def _note(self, work: "_Work", ticket: Ticket, author: _Author, who: Voice) -> _Settled:
        """Adds a mail to a ticket: a person's words as a message, a machine's as an internal note."""
        message = self._message(work, ticket.id, author, is_reply=True)
        joining, people = self._joining(work, ticket)
        if who is Voice.ORGANIZATION:
            joining = (self._participant(work, author), *joining)
        command = AddMessage(
            message.id,
            author.actor,
            author.visibility,
            Channel.EMAIL,
            preview(message.text),
            automatic=who is Voice.MACHINE,
            participants=joining,
        )
        extras = Extras(message=message, people=people, guards=(work.guard,), threads=work.threads)
        self._tickets.run(ticket.id, command, actor=author.actor, extras=extras)
        because = "machine" if who is Voice.MACHINE else "thread"
        return _Settled(Outcome.MESSAGE, (because,), ticket.id, message.id)

    def _participant(self, work: "_Work", author: _Author) -> Participant:
        sender = work.mail.from_
        return Participant(author.actor.id, normal_address(sender.address) if sender is not None else "", author.name)

    def _report(self, work: "_Work", ticket: Ticket) -> _Settled:
        """Notes on a ticket that a mail about it came back or was called spam, and marks whose address it was."""
        remark = self._marked(work.mail, ticket)
        text = remarks.text_of(remark, self._desk().general.language) or ""
        author = _Author(_DESK_ITSELF, None, Visibility.INTERNAL)
        message = replace(self._message(work, ticket.id, author, is_reply=False), remark=remark)
        message = replace(message, text=text, html=None, quoted=work.mail.text.strip() or None)
        command = AddMessage(message.id, author.actor, author.visibility, Channel.EMAIL, preview(text), automatic=True)
        self._tickets.add_message(message, command, guards=(work.guard,), threads=work.threads)
        because = "complaint" if work.mail.feedback_report is not None else "bounce"
        return _Settled(Outcome.MESSAGE, (because,), ticket.id, message.id)

    def _marked(self, mail: InboundMail, ticket: Ticket) -> Reason:
        """Marks addresses that a report is about, if they are of people on its ticket: a report can be forged."""
        if mail.feedback_report is not None:
            for person_id in on_ticket(ticket, mail.feedback_report.original_recipients):
                mark_address(self._people, person_id, complained=True)
            return remarks.of_complaint(mail.feedback_report)
        if mail.bounce is None:
            raise ValueError("no report")
        failed = on_ticket(ticket, mail.bounce.recipients) if mail.bounce.hard else ()
        for person_id in failed:
            mark_address(self._people, person_id, undeliverable=True)
        return remarks.of_bounce(mail.bounce, marked=bool(failed))

    def _follow(self, work: "_Work", closed: Ticket) -> _Settled:
        author = _Author(
            Actor(ActorKind.REQUESTER, closed.requester_id), closed.copies.requester_name, Visibility.PUBLIC
        )
        message = self._message(work, work.ticket_id, author, is_reply=True)
        joining, people = self._joining(work, closed)
        command = following(closed, message, number=self._store.next_number())
        command = replace(command, participants=(*command.participants, *joining))
        extras = Extras(message=message, people=people, guards=(work.guard,), threads=work.threads)
        self._tickets.open(command, extras, actor=author.actor)
        return _Settled(Outcome.TICKET, ("follows_closed",), work.ticket_id, message.id)

    def _open(self, work: "_Work", links: tuple[Link, ...], because: tuple[str, ...]) -> _Settled:
        mail = work.mail
        address, name = self._requester(work)
        known = self._people.by_address(address)
        language = self._language(work, known)
        person = known or new_person(address, name, language, work.arrival.at)
        author = _Author(Actor(ActorKind.REQUESTER, person.id), person.name, Visibility.PUBLIC)
        message = self._message(work, work.ticket_id, author, is_reply=False)
        joining, people = self._joining(work, None, person)
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
            participants=joining,
        )
        people = people if known else (person, *people)
        extras = Extras(message=message, people=people, guards=(work.guard,), threads=work.threads)
        self._tickets.open(command, extras, actor=author.actor)
        return _Settled(Outcome.TICKET, because, work.ticket_id, message.id)

    def _language(self, work: "_Work", known: Person | None) -> str:
        fallback = work.mailbox.language if work.mailbox is not None else self._desk().general.language
        return supported_language(work.mail.language, known.language if known is not None else fallback)

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

    def _joining(
        self, work: "_Work", ticket: Ticket | None, requester: Person | None = None
    ) -> tuple[tuple[Participant, ...], tuple[Person, ...]]:
        """Whom a mail names beside us, who do not take part yet; and those of them whom nobody knows."""
        present = {normal_address(requester.address)} if requester is not None else set[str]()
        if ticket is not None:
            present = {normal_address(one.address) for one in ticket.copies.participants}
            present.add(normal_address(ticket.copies.requester_address or ""))
        room = MAX_PARTICIPANTS - (len(ticket.participants) if ticket is not None else 0)
        named = people_named(work.mail, self._desk(), work.arrival.recipients)
        boxes = [box for box in named if box.address not in present][:room]
        known = self._people.by_addresses(box.address for box in boxes) if boxes else {}
        people = [
            known.get(box.address) or new_person(box.address, box.name, self._language(work, None), work.arrival.at)
            for box in boxes
        ]
        return (
            tuple(Participant(one.id, one.address, one.name) for one in people if not one.undeliverable),
            tuple(one for one in people if one.address not in known),
        )

    # --- reading it again ---

    def _read_anew(self, entry: LedgerEntry) -> LedgerEntry:
        """Brings the message that a mail became up to date with how mails are read now."""
        before = self._store.message(entry.ticket_id or "", entry.message_id or "")
        if before is None:
            return entry
        mail = self._parse(self._raw_mails.read(entry.arrival.id))
        work = _Work(entry.arrival, mail, None)
        author = _Author(before.author, before.author_name, before.visibility)
        is_reply = entry.outcome is Outcome.MESSAGE or "follows_closed" in entry.because
        read = self._message(work, before.ticket_id, author, is_reply=is_reply)
        after = replace(before, text=read.text, html=read.html, quoted=read.quoted, attachments=read.attachments)
        if before.remark is not None:
            after = replace(before, attachments=read.attachments, quoted=mail.text.strip() or None)
        if after != before:
            self._store.rewrite(replace(after, full_text_key=None))
        return entry

    def _message(
        self,
        work: "_Work",
        ticket_id: str,
        author: _Author,
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
            author=author.actor,
            author_name=author.name,
            visibility=author.visibility,
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
