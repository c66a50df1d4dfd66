"""Inbound mail, from the raw bytes in the bucket to a ticket, a message, or a listed suspension: none is lost.

Every raw mail has an entry in the ledger before it is read, and ids that follow from the mail itself, so that doing it
again after a crash anywhere gives the same ticket, the same message and the same files.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from helpdesk.channels.service import FileStore, following
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import Conflict, NotFound, Unavailable
from helpdesk.kernel.text import clean_line, is_address, normal_address, preview
from helpdesk.kernel.whereabouts import coming_from
from helpdesk.mail import remarks
from helpdesk.mail.ledger import Arrival, Ledger, LedgerEntry, RawMails, Threads
from helpdesk.mail.model import InboundMail
from helpdesk.mail.rules import (
    Outcome,
    Voice,
    handed_over_by,
    is_machine,
    is_report,
    judge,
    known_on,
    mailbox_of,
    may_join_by_number,
    names_as_we_do,
    on_ticket,
    part_of,
    participant_by_address,
    side_named,
    side_voice,
    third_party_by_address,
    thread_ids,
    thread_proof,
    verdicts_of,
    voice,
    without_thread,
)
from helpdesk.mail.work import Author, Scribe, Work, recipients_of
from helpdesk.people.model import Agent, Person
from helpdesk.people.roles import Permission, permissions_of
from helpdesk.people.service import PeopleStore, mark_address, newcomer
from helpdesk.tickets import conversation
from helpdesk.tickets.commands import AddMessage, Command, OpenTicket, WriteAside
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    Channel,
    Link,
    Participant,
    Reason,
    Relation,
    SideConversation,
    Status,
    Ticket,
    Visibility,
)
from helpdesk.tickets.parts.participants import MAX_PARTICIPANTS
from helpdesk.tickets.parts.sides import MAX_SIDE_PEOPLE
from helpdesk.tickets.service import AddressTaken, AlreadyDone, Extras, Thread, TicketService, TicketStore
from helpdesk.tickets.views import TicketQuery
from helpdesk.tickets.visibility import scope_of

MAX_MAIL_BYTES: Final = 40 * 1024 * 1024
"""The largest mail that is read, as SES takes them; a larger one is suspended unread."""
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
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mail belongs: a ticket, or one of its side conversations.

    Attributes:
        by_number: only the subject says so.
    """

    ticket: Ticket
    side: SideConversation | None = None
    by_number: bool = False

    @property
    def side_id(self) -> str | None:
        return self.side.id if self.side is not None else None

    @property
    def own_words(self) -> Visibility:
        """Who reads what the desk notes there by itself."""
        return Visibility.INTERNAL if self.side is None else Visibility.SIDE

    def present(self) -> tuple[str, ...]:
        """Addresses of those whom a mail's Cc need not bring in, or cannot."""
        asked = () if self.side is None else self.ticket.copies.side[self.side.id].people
        return (*known_on(self.ticket), *(one.address for one in asked))

    def room(self) -> int:
        """For how many more people there is."""
        if self.side is not None:
            return MAX_SIDE_PEOPLE - len(self.side.people)
        return MAX_PARTICIPANTS - len(self.ticket.participants)

    def whose(self, addresses: Iterable[str]) -> tuple[str, ...]:
        """Ids of the people here who have one of some addresses."""
        if self.side is None:
            return on_ticket(self.ticket, addresses)
        found = (third_party_by_address(self.ticket, self.side.id, address) for address in addresses)
        return tuple(dict.fromkeys(one.id for one in found if one is not None))


class InboundMailService:
    """Deals with mail that came in.

    Args:
        parse: reads raw bytes; never raises.
        raw_mails: the bucket.
        ledger: what became of each.
        threads: tickets and side conversations by Message-ID.
        prove: the ticket that a thread tag proves, and the number of its side conversation; 0: its own thread.
        tickets, store, people, files, desk, clock: as for `channels.service.RequestService`.
    """

    def __init__(  # noqa: PLR0913 - bootstrap names every port
        self,
        *,
        parse: Callable[[bytes], InboundMail],
        raw_mails: RawMails,
        ledger: Ledger,
        threads: Threads,
        prove: Callable[[str], tuple[str, int] | None],
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
        self._desk = desk
        self._clock = clock
        self._scribe = Scribe(people, files, desk, clock)

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
        with coming_from(handed_over_by(mail.headers)):
            return self._record(entry, self._settle(entry, mail, first=first))

    def _record(self, entry: LedgerEntry, settled: _Settled) -> LedgerEntry:
        entry = replace(
            entry,
            outcome=settled.outcome,
            because=settled.because,
            ticket_id=settled.ticket_id,
            message_id=settled.message_id,
            side_id=settled.side_id,
            settled_at=self._clock(),
        )
        self._ledger.record(entry)
        return entry

    def _settle(self, entry: LedgerEntry, mail: InboundMail, *, first: bool) -> _Settled:
        released = entry.released_by is not None
        judgement = judge(mail, entry.arrival.verdicts, self._desk(), released=released)
        if judgement.outcome is not None:
            return _Settled(judgement.outcome, judgement.because)
        work = Work(entry.arrival, mail, mailbox_of(self._desk(), recipients_of(entry.arrival, mail)))
        place = self._thread(mail)
        if not first and (settled := self._settled_before(work, place)) is not None:
            return settled
        unknown = without_thread(mail)
        if place is None and unknown is not None and not released:
            return _Settled(Outcome.SUSPENDED, (unknown,))
        for _ in range(3):
            try:
                return self._deliver(work, place)
            except AddressTaken:
                continue  # the same new person wrote twice at once: by now they are known
            except Conflict:
                place = self._anew(place)  # closed or merged meanwhile
            except AlreadyDone:
                return self._as_before(work)
        raise Unavailable("The mail could not be dealt with; it will be tried again.")

    def _settled_before(self, work: Work, place: _Place | None) -> _Settled | None:
        """What an earlier try came to before it could say so.

        The guard alone would not know a mail that reads otherwise since a fix.
        """
        noted = self._threads.thread_of(work.threads) if work.threads else None
        found = Thread(place.ticket.id, place.side_id) if place is not None else None
        for thread in dict.fromkeys((Thread(work.ticket_id), found, noted)):
            if (
                thread is not None
                and self._store.message(thread.ticket_id, work.message_id, thread.side_id) is not None
            ):
                outcome = Outcome.TICKET if thread.ticket_id == work.ticket_id else Outcome.MESSAGE
                return _Settled(outcome, ("done_before",), thread.ticket_id, work.message_id, thread.side_id)
        return None

    def _as_before(self, work: Work) -> _Settled:
        """What the guard remembers: this very mail, or another delivery of it."""
        done = self._store.done_before(work.guard.key)
        if done is None:
            raise Unavailable("The mail is being dealt with at this moment.")
        mine = done.message_id == work.message_id
        opened = Outcome.TICKET if done.ticket_id == work.ticket_id else Outcome.MESSAGE
        outcome = opened if mine else Outcome.DUPLICATE
        return _Settled(outcome, ("done_before",), done.ticket_id, done.message_id, done.side_id)

    # --- where it belongs ---

    def _thread(self, mail: InboundMail) -> _Place | None:
        """Where a mail belongs: by what proves itself, else by a Message-ID that the desk has seen."""
        ids = thread_ids(mail)
        proven = thread_proof(ids, mail.address_tags, self._prove)
        if proven is not None:
            return self._side_place(proven[0], proven[1]) if proven[1] else self._going_on(proven[0])
        known = self._threads.thread_of(tuple(reversed(ids))[:_LOOKED_UP_REFERENCES]) if ids else None
        if known is None:
            return None
        ticket = self._store.get(known.ticket_id) if known.side_id is not None else None
        side = ticket.side_conversation(known.side_id or "") if ticket is not None else None
        return _Place(ticket, side) if ticket is not None and side is not None else self._going_on(known.ticket_id)

    def _going_on(self, ticket_id: str, *, by_number: bool = False) -> _Place | None:
        """A ticket, or the one it was merged into."""
        ticket = self._store.get(ticket_id)
        return _Place(conversation.followed(self._store, ticket), None, by_number) if ticket is not None else None

    def _anew(self, place: _Place | None) -> _Place | None:
        """A place as it is now. A side conversation stays with its ticket, whatever becomes of that."""
        if place is None or place.side is None:
            return self._going_on(place.ticket.id, by_number=place.by_number) if place is not None else None
        return self._side_place(place.ticket.id, place.side.number, by_number=place.by_number)

    def _side_place(self, ticket_id: str, number: int, *, by_number: bool = False) -> _Place | None:
        ticket = self._store.get(ticket_id)
        found = next((one for one in ticket.side if one.number == number), None) if ticket is not None else None
        return _Place(ticket, found, by_number) if ticket is not None and found is not None else None

    def _numbered(self, mail: InboundMail) -> _Place | None:
        """The place whose number a mail's subject quotes: a hint, and no more."""
        aside = side_named(mail)
        for number in (aside[0],) if aside is not None else mail.ticket_numbers[:_LOOKED_UP_NUMBERS]:
            rows = self._store.rows(TicketQuery(number=number), limit=1, position=None).items
            if rows:
                place = self._side_place(rows[0].id, aside[1], by_number=True) if aside is not None else None
                return place or self._going_on(rows[0].id, by_number=True)
        return None

    def _deliver(self, work: Work, place: _Place | None) -> _Settled:
        if place is not None and is_report(work.mail):
            return self._report(work, place)
        place = place or self._numbered(work.mail)
        if place is None:
            return self._open(work, (), ("new",))
        if place.side is not None:
            return self._deliver_aside(work, place, place.side)
        return self._deliver_to_ticket(work, place)

    def _deliver_to_ticket(self, work: Work, place: _Place) -> _Settled:
        ticket, agent = place.ticket, self._desk().agent_by_address(work.sender)
        writer = self._writer(work, ticket)
        may_join = self._desk().general.organization_may_join
        who = voice(work.mail, ticket, agent, work.arrival.verdicts, writer, may_join=may_join)
        who = self._in_sight(who, agent, ticket)
        if who is Voice.STRANGER or not self._counts(work, place, who):
            return self._mention(work, place)
        if ticket.status is Status.CLOSED and who is Voice.REQUESTER:
            return self._follow(work, place)
        if ticket.status is Status.CLOSED and who in {Voice.PARTICIPANT, Voice.ORGANIZATION}:
            return self._open(work, (Link(Relation.FOLLOWS, ticket.id, ticket.number),), ("follows_closed",))
        return self._note(work, place, self._author(work, ticket, who, agent, writer), who)

    def _deliver_aside(self, work: Work, place: _Place, side: SideConversation) -> _Settled:
        agent = self._desk().agent_by_address(work.sender)
        who = side_voice(work.mail, place.ticket, side.id, agent, work.arrival.verdicts)
        who = self._in_sight(who, agent, place.ticket)
        if who is Voice.STRANGER or not self._counts(work, place, who):
            return self._mention(work, place)
        return self._note_aside(work, place, who, agent)

    def _in_sight(self, who: Voice, agent: Agent | None, ticket: Ticket) -> Voice:
        """A colleague who may not see the ticket is a stranger there."""
        desk = self._desk()
        hidden = agent is not None and not scope_of(agent, desk.roles, desk.groups).allows(ticket)
        return Voice.STRANGER if who is Voice.AGENT and hidden else who

    def _may_reply(self, agent: Agent) -> bool:
        return Permission.REPLY in permissions_of(agent, self._desk().roles)

    def _mention(self, work: Work, place: _Place) -> _Settled:
        """A stranger's mail opens a ticket of its own; that it named another is for colleagues to see."""
        because = "stranger_names_number" if place.by_number else "stranger_in_thread"
        return self._open(work, (Link(Relation.MENTIONS, place.ticket.id, place.ticket.number),), (because,))

    def _writer(self, work: Work, ticket: Ticket) -> Person | None:
        """Who has the sender's address, where the ticket does not know it: people have several."""
        known = not work.sender or bool(on_ticket(ticket, (work.sender,)))
        return None if known else self._people.by_address(work.sender)

    def _counts(self, work: Work, place: _Place, who: Voice) -> bool:
        """Whether there is proof enough to join there: where only the subject says so, the sender has to be it."""
        if not place.by_number:
            return True
        if place.side is None and not names_as_we_do(work.mail, place.ticket.number):
            return False
        on_it = who in {Voice.REQUESTER, Voice.PARTICIPANT}
        known = on_it or (work.mail.from_ is not None and bool(place.whose((work.sender,))))
        return may_join_by_number(who, work.arrival.verdicts) and (known or who is Voice.AGENT)

    # --- what it becomes ---

    def _author(self, work: Work, ticket: Ticket, who: Voice, agent: Agent | None, writer: Person | None) -> Author:
        mail = work.mail
        name = clean_line((mail.from_.name if mail.from_ is not None else None) or "")[:200] or None
        if who is Voice.REQUESTER:
            actor = Actor(ActorKind.REQUESTER, ticket.requester_id)
            return Author(actor, ticket.copies.requester_name or name, Visibility.PUBLIC)
        sender = participant_by_address(ticket, mail.from_.address if mail.from_ is not None else "")
        if who is Voice.PARTICIPANT and sender is not None:
            return Author(Actor(ActorKind.REQUESTER, sender.id), sender.name or name, Visibility.PUBLIC)
        if who in {Voice.PARTICIPANT, Voice.ORGANIZATION} and writer is not None:
            author_id = part_of(ticket, writer) or writer.id
            return Author(Actor(ActorKind.REQUESTER, author_id), writer.name or name, Visibility.PUBLIC)
        if who is Voice.AGENT and agent is not None and ticket.status is not Status.CLOSED:
            readers = Visibility.PUBLIC if self._may_reply(agent) else Visibility.INTERNAL
            return Author(Actor(ActorKind.AGENT, agent.id), agent.name, readers)
        return Author(_DESK_ITSELF, agent.name if agent is not None else name, Visibility.INTERNAL)

    def _note(self, work: Work, place: _Place, author: Author, who: Voice) -> _Settled:
        """Adds a mail to a ticket: a person's words as a message, a machine's as an internal note."""
        ticket = place.ticket
        message = self._scribe.message(work, ticket.id, author, is_reply=True)
        joining, people = self._scribe.joining(work, place.present(), place.room())
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

    def _participant(self, work: Work, author: Author) -> Participant:
        sender = work.mail.from_
        return Participant(author.actor.id, normal_address(sender.address) if sender is not None else "", author.name)

    def _note_aside(self, work: Work, place: _Place, who: Voice, agent: Agent | None) -> _Settled:
        """Adds a mail to a side conversation, whoever of it wrote. A new colleague of theirs is in it from now on."""
        side_id, mail = place.side_id or "", work.mail
        known = third_party_by_address(place.ticket, side_id, work.sender) if who is Voice.THIRD_PARTY else None
        present = place.present() if known or who is not Voice.THIRD_PARTY else (*place.present(), work.sender)
        joining, people = self._scribe.joining(work, present, place.room())
        if who is Voice.THIRD_PARTY and known is None:
            writer, fresh = self._scribe.known_or_new(work)
            known = Participant(writer.id, writer.address, writer.name)
            joining, people = (known, *joining), ((writer, *people) if fresh else people)
        name = clean_line((mail.from_.name if mail.from_ is not None else None) or "")[:200] or None
        author = Author(_DESK_ITSELF, agent.name if agent is not None else name, Visibility.SIDE)
        if known is not None:
            author = Author(Actor(ActorKind.THIRD_PARTY, known.id), known.name or name, Visibility.SIDE)
        elif who is Voice.AGENT and agent is not None and self._may_reply(agent):
            author = Author(Actor(ActorKind.AGENT, agent.id), agent.name, Visibility.SIDE)
        message = replace(self._scribe.message(work, place.ticket.id, author, is_reply=True), side_id=side_id)
        machine = who is Voice.MACHINE
        command = WriteAside(side_id, message.id, author.actor, Channel.EMAIL, automatic=machine, people=joining)
        extras = Extras(message=message, people=people, guards=(work.guard,), threads=work.threads)
        self._tickets.run(place.ticket.id, command, actor=author.actor, extras=extras)
        return _Settled(Outcome.MESSAGE, ("machine" if machine else "side",), place.ticket.id, message.id, side_id)

    def _report(self, work: Work, place: _Place) -> _Settled:
        """Notes that a mail of ours came back or was called spam, where that was written, and marks whose address it was."""
        ticket, side_id = place.ticket, place.side_id
        remark = self._marked(work.mail, place)
        text = remarks.text_of(remark, self._desk().general.language) or ""
        author = Author(_DESK_ITSELF, None, place.own_words)
        message = replace(self._scribe.message(work, ticket.id, author, is_reply=False), remark=remark, side_id=side_id)
        message = replace(message, text=text, html=None, quoted=work.mail.text.strip() or None)
        command: Command
        if side_id is not None:
            command = WriteAside(side_id, message.id, author.actor, Channel.EMAIL, automatic=True)
        else:
            shown = preview(text)
            command = AddMessage(message.id, author.actor, author.visibility, Channel.EMAIL, shown, automatic=True)
        extras = Extras(message=message, guards=(work.guard,), threads=work.threads)
        self._tickets.run(ticket.id, command, actor=author.actor, extras=extras)
        because = "complaint" if work.mail.feedback_report is not None else "bounce"
        return _Settled(Outcome.MESSAGE, (because,), ticket.id, message.id, side_id)

    def _marked(self, mail: InboundMail, place: _Place) -> Reason:
        """Marks addresses that a report is about, if they are of people of its thread: a report can be forged."""
        if mail.feedback_report is not None:
            for person_id in place.whose(mail.feedback_report.original_recipients):
                mark_address(self._people, person_id, complained=True)
            return remarks.of_complaint(mail.feedback_report)
        if mail.bounce is None:
            raise ValueError("no report")
        failed = place.whose(mail.bounce.recipients) if mail.bounce.hard else ()
        for person_id in failed:
            mark_address(self._people, person_id, undeliverable=True)
        return remarks.of_bounce(mail.bounce, marked=bool(failed))

    def _follow(self, work: Work, place: _Place) -> _Settled:
        closed = place.ticket
        author = Author(
            Actor(ActorKind.REQUESTER, closed.requester_id), closed.copies.requester_name, Visibility.PUBLIC
        )
        message = self._scribe.message(work, work.ticket_id, author, is_reply=True)
        joining, people = self._scribe.joining(work, place.present(), place.room())
        command = following(closed, message, number=self._store.next_number())
        command = replace(command, participants=(*command.participants, *joining))
        extras = Extras(message=message, people=people, guards=(work.guard,), threads=work.threads)
        self._tickets.open(command, extras, actor=author.actor)
        return _Settled(Outcome.TICKET, ("follows_closed",), work.ticket_id, message.id)

    def _open(self, work: Work, links: tuple[Link, ...], because: tuple[str, ...]) -> _Settled:
        mail = work.mail
        address, name = self._requester(work)
        known = self._people.by_address(address)
        language = self._scribe.language(work, known)
        person = known or newcomer(self._people, address, name, language, work.arrival.at)
        author = Author(Actor(ActorKind.REQUESTER, person.id), person.name, Visibility.PUBLIC)
        message = self._scribe.message(work, work.ticket_id, author, is_reply=False)
        joining, people = self._scribe.joining(work, (person.address,), MAX_PARTICIPANTS)
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

    def _requester(self, work: Work) -> tuple[str, str | None]:
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

    # --- reading it again ---

    def _read_anew(self, entry: LedgerEntry) -> LedgerEntry:
        """Brings the message that a mail became up to date with how mails are read now."""
        before = self._store.message(entry.ticket_id or "", entry.message_id or "", entry.side_id)
        if before is None:
            return entry
        mail = self._parse(self._raw_mails.read(entry.arrival.id))
        work = Work(entry.arrival, mail, None)
        author = Author(before.author, before.author_name, before.visibility)
        is_reply = entry.outcome is Outcome.MESSAGE or "follows_closed" in entry.because
        read = self._scribe.message(work, before.ticket_id, author, is_reply=is_reply)
        after = replace(before, text=read.text, html=read.html, quoted=read.quoted, attachments=read.attachments)
        if before.remark is not None:
            after = replace(before, attachments=read.attachments, quoted=mail.text.strip() or None)
        if after != before:
            self._store.rewrite(replace(after, full_text_key=None))
        return entry
