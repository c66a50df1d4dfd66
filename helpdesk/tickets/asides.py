"""What agents do in side conversations: ask third parties, write on, close. Answers come by mail (`mail.service`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock, seconds
from helpdesk.kernel.errors import Conflict, FieldError, Invalid, KeyReused, NotFound, Unavailable
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean, clean_line, is_address, language_of, normal_address
from helpdesk.people.model import Agent, Person
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.tickets.commands import (
    AddSidePerson,
    CloseSide,
    ReleaseMessage,
    RemoveSidePerson,
    ReopenSide,
    StartSide,
    WithdrawMessage,
    WriteAside,
)
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    Attachment,
    Channel,
    Message,
    Participant,
    SideConversation,
    Status,
    Ticket,
    Visibility,
)
from helpdesk.tickets.service import AddressTaken, AlreadyDone, Extras, Guard, TicketService, TicketStore

LONGEST_SUBJECT: Final = 300
_TRIES: Final = 3
"""How often people are looked up anew who became known in that very moment."""

type Named = tuple[str, str | None]
"""An address, and a name for it."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What an agent writes.

    Attributes:
        body: plain text.
        status: set along with it.
        custom_status: id of an admin's status over it.
        hold_seconds: how long it may be taken back before it is sent; no longer than the desk allows.
        attach: makes the files of a ticket's message.
        guard: lets it happen once.
    """

    body: str
    status: Status | None = None
    custom_status: str | None = None
    hold_seconds: int = 0
    attach: Callable[[str], tuple[Attachment, ...]] | None = None
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """What a side conversation begins with.

    Attributes:
        to: whom its mails are for.
        cc: who gets them too.
        reopen_on_answer: whether an answer opens the ticket again that waits for it (on hold).
    """

    to: tuple[Named, ...]
    cc: tuple[Named, ...]
    subject: str
    first: Writing
    reopen_on_answer: bool = True


class SideConversations:
    """An agent's use cases with third parties.

    Args:
        tickets: decides and writes.
        store: reads.
        people: who is asked.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(
        self,
        tickets: TicketService,
        store: TicketStore,
        people: PeopleStore,
        desk: Callable[[], Desk],
        clock: Clock,
    ) -> None:
        self._tickets = tickets
        self._store = store
        self._people = people
        self._desk = desk
        self._clock = clock

    def start(self, ticket_id: str, asking: Asking, agent: Agent) -> tuple[Ticket, Message]:
        """Asks third parties, who become known if they are not; the ticket after it, and the first message.

        Raises:
            NotFound: no such ticket.
            Invalid: nobody to ask, an address that takes no mail or is the desk's own or the requester's, no subject.
            Conflict: the ticket is closed, or has as many side conversations as it can.
            KeyReused: the guard's key came with another body before.
            Unavailable: contention that did not end.
        """
        subject = clean_line(asking.subject)[:LONGEST_SUBJECT]
        if not subject:
            raise Invalid("Some fields are not valid.", [FieldError("/subject", "is empty")])
        to, cc = (self._addresses(named, at) for named, at in ((asking.to, "/to"), (asking.cc, "/cc")))
        message = self._written(ticket_id, new_id(self._clock()), asking.first, agent)
        if isinstance(message, tuple):
            return message
        language = language_of(f"{subject} {message.text}", self._desk().general.language)
        for _ in range(_TRIES):
            known = self._people.by_addresses((*to, *cc))
            fresh = self._fresh(to | cc, known, language)
            people = {**known, **{one.address: one for one in fresh}}
            command = StartSide(
                subject,
                _participants(to, people),
                _command(message, asking.first),
                _participants(cc, people),
                asking.reopen_on_answer,
            )
            try:
                return self._write(message, command, asking.first.guard, fresh)
            except AddressTaken:
                continue  # they wrote in this moment: by now they are known
        raise Unavailable("The desk is very busy; try again in a moment.")

    def write(self, ticket_id: str, side_id: str, writing: Writing, agent: Agent) -> tuple[Ticket, Message]:
        """Writes on in a side conversation; one that was closed is open again.

        Raises:
            NotFound: no such ticket or side conversation.
            Invalid, Conflict, KeyReused, Unavailable: see `start`.
        """
        self.of(self._tickets.get(ticket_id), side_id)
        message = self._written(ticket_id, side_id, writing, agent)
        if isinstance(message, tuple):
            return message
        return self._write(message, _command(message, writing), writing.guard, ())

    def messages(
        self, ticket_id: str, side_id: str, *, limit: int, position: dict[str, str] | None
    ) -> tuple[Ticket, Page[Message]]:
        """The ticket, and a page of a side conversation's messages, newest first.

        Raises:
            NotFound: no such ticket or side conversation.
        """
        ticket = self._tickets.get(ticket_id)
        self.of(ticket, side_id)
        return ticket, self._store.side_messages(ticket_id, side_id, limit=limit, position=position)

    def message(self, ticket_id: str, side_id: str, message_id: str) -> Message:
        """One message.

        Raises:
            NotFound: there is none.
        """
        known = is_id(ticket_id) and is_id(side_id) and is_id(message_id)
        found = self._store.message(ticket_id, message_id, side_id) if known else None
        if found is None:
            raise NotFound("There is no such message.")
        return found

    def withdraw(self, ticket_id: str, side_id: str, message_id: str, agent: Agent) -> Message:
        """Takes a held message back. Again: the same.

        Raises:
            NotFound: no such message.
            Forbidden: somebody else wrote it.
            Conflict: it was sent.
        """
        message = self.message(ticket_id, side_id, message_id)
        if message.withdrawn_at is not None:
            return message
        withdrawn = replace(message, withdrawn_at=self._clock())
        extras = Extras(message=withdrawn)
        self._tickets.run(ticket_id, WithdrawMessage(message_id), actor=_acting(agent), extras=extras)
        return withdrawn

    def send_now(self, ticket_id: str, side_id: str, message_id: str, agent: Agent) -> tuple[Ticket, Message]:
        """Sends a held message at once; one that was sent already is left as it is.

        Raises:
            NotFound: no such message.
            Forbidden: somebody else wrote it.
            Conflict: it was taken back.
        """
        message = self.message(ticket_id, side_id, message_id)
        if message.withdrawn_at is not None:
            raise Conflict("The message was taken back.")
        return self._tickets.run(ticket_id, ReleaseMessage(message_id), actor=_acting(agent)).ticket, message

    def close(self, ticket_id: str, side_id: str, agent: Agent) -> Ticket:
        """Waits for nothing more there. An answer opens it again.

        Raises:
            NotFound: no such ticket or side conversation.
        """
        return self._tickets.run(ticket_id, CloseSide(side_id), actor=_acting(agent)).ticket

    def reopen(self, ticket_id: str, side_id: str, agent: Agent) -> Ticket:
        """Goes on with it.

        Raises:
            NotFound: no such ticket or side conversation.
        """
        return self._tickets.run(ticket_id, ReopenSide(side_id), actor=_acting(agent)).ticket

    def add(self, ticket_id: str, side_id: str, named: Named, agent: Agent, *, cc: bool) -> Ticket:
        """Lets somebody get its mails from now on, by address; who is not known yet becomes known.

        Raises:
            NotFound: no such ticket or side conversation.
            Invalid: an address that takes no mail, or is the desk's own or the requester's.
            Conflict: it has no room for more.
            Unavailable: contention that did not end.
        """
        ticket = self._tickets.get(ticket_id)
        wanted = self._addresses((named,), "/email", each=False)
        for _ in range(_TRIES):
            known = self._people.by_addresses(wanted)
            fresh = self._fresh(wanted, known, ticket.language)
            (person,) = _participants(wanted, {**known, **{one.address: one for one in fresh}})
            command = AddSidePerson(side_id, person, cc)
            try:
                return self._tickets.run(ticket_id, command, actor=_acting(agent), extras=Extras(people=fresh)).ticket
            except AddressTaken:
                continue
        raise Unavailable("The desk is very busy; try again in a moment.")

    def remove(self, ticket_id: str, side_id: str, person_id: str, agent: Agent) -> Ticket:
        """Lets somebody get its mails no more; nothing changes if they did not.

        Raises:
            NotFound: no such ticket or side conversation.
            Conflict: nobody would be left.
        """
        return self._tickets.run(ticket_id, RemoveSidePerson(side_id, person_id), actor=_acting(agent)).ticket

    def of(self, ticket: Ticket, side_id: str) -> SideConversation:
        """One of a ticket's side conversations.

        Raises:
            NotFound: there is none of this id.
        """
        found = ticket.side_conversation(side_id)
        if found is None:
            raise NotFound("There is no such side conversation.")
        return found

    # --- parts ---

    def _written(
        self, ticket_id: str, side_id: str, writing: Writing, agent: Agent
    ) -> Message | tuple[Ticket, Message]:
        """The message that is to be written; or what a repetition is told, before any file is moved."""
        text = clean(writing.body).strip()
        if not text:
            raise Invalid("The message is empty.", [FieldError("/body", "is empty")])
        if writing.guard is not None and writing.attach is not None:
            before = self._written_before(writing.guard)
            if before is not None:
                return before
        now = self._clock()
        held = min(writing.hold_seconds, self._desk().general.hold_seconds)
        attachments: tuple[Attachment, ...] = ()
        if writing.attach is not None:
            self._tickets.get(ticket_id)  # no file is moved for a ticket that is not there
            attachments = writing.attach(ticket_id)
        return Message(
            id=new_id(now),
            ticket_id=ticket_id,
            at=now,
            author=_acting(agent),
            author_name=agent.name,
            visibility=Visibility.SIDE,
            channel=Channel.WEB,
            text=text,
            attachments=attachments,
            send_at=now + seconds(held) if held > 0 else None,
            side_id=side_id,
        )

    def _write(
        self, message: Message, command: StartSide | WriteAside, guard: Guard | None, people: tuple[Person, ...]
    ) -> tuple[Ticket, Message]:
        extras = Extras(message=message, people=people, guards=(guard,) if guard is not None else ())
        try:
            return self._tickets.run(message.ticket_id, command, actor=message.author, extras=extras).ticket, message
        except AlreadyDone:
            before = self._written_before(guard) if guard is not None else None
            if before is None:
                raise
            return before

    def _written_before(self, guard: Guard) -> tuple[Ticket, Message] | None:
        done = self._store.done_before(guard.key)
        if done is None:
            return None
        if done.note != guard.note:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        message = self._store.message(done.ticket_id, done.message_id or "", done.side_id)
        if message is None:
            raise Unavailable("The message is still being written.")
        return self._tickets.get(done.ticket_id), message

    def _addresses(self, named: Iterable[Named], pointer: str, *, each: bool = True) -> dict[str, str | None]:
        """Names by address, in order.

        Raises:
            Invalid: an address that takes no mail, or is the desk's own.
        """
        found: dict[str, str | None] = {}
        errors = []
        for place, (address, name) in enumerate(named):
            wanted = normal_address(address)
            at = f"{pointer}/{place}/email" if each else pointer
            if not is_address(wanted) or not wanted.isascii():
                errors.append(FieldError(at, "is not an e-mail address that takes mail"))
            elif self._desk().has_mailbox(wanted):
                errors.append(FieldError(at, "is the desk's own"))
            found.setdefault(wanted, clean_line(name or "") or None)
        if errors:
            raise Invalid("Some fields are not valid.", errors)
        return found

    def _fresh(self, named: Mapping[str, str | None], known: Mapping[str, Person], language: str) -> tuple[Person, ...]:
        """Those whom nobody knows yet."""
        now: datetime = self._clock()
        return tuple(
            newcomer(self._people, one, name, language, now) for one, name in named.items() if one not in known
        )


def _participants(named: Iterable[str], people: Mapping[str, Person]) -> tuple[Participant, ...]:
    found = (people[address] for address in named)
    return tuple(Participant(one.id, one.address, one.name) for one in found)


def _command(message: Message, writing: Writing) -> WriteAside:
    return WriteAside(
        message.side_id or "",
        message.id,
        message.author,
        message.channel,
        status=writing.status,
        send_at=message.send_at,
        custom_status=writing.custom_status,
    )


def _acting(agent: Agent) -> Actor:
    return Actor(ActorKind.AGENT, agent.id)
