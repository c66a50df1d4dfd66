"""Tickets that agents open: a call written down, a visit, or a first message of ours to somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.desk.rules import catalogue_of
from helpdesk.forms.model import FormChannel
from helpdesk.forms.rules import Matter, submitted
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Invalid, KeyReused, Unavailable
from helpdesk.kernel.ids import new_id
from helpdesk.kernel.text import (
    clean,
    clean_line,
    is_address,
    language_of,
    normal_address,
    preview,
    supported_language,
)
from helpdesk.people.model import Agent, Person
from helpdesk.people.service import PeopleStore, newcomer
from helpdesk.tickets.commands import UNSET, ChangeTicket, OpenTicket, Unset
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.model import (
    Actor,
    ActorKind,
    Attachment,
    Channel,
    Message,
    Participant,
    Priority,
    Ticket,
    TicketType,
    Visibility,
)
from helpdesk.tickets.parts.participants import MAX_PARTICIPANTS
from helpdesk.tickets.rules import decide
from helpdesk.tickets.service import AddressTaken, AlreadyDone, Extras, Guard, TicketService, TicketStore
from helpdesk.tickets.working import AgentDesk

_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True)
class Somebody:
    """Who is meant: a person by id, or by address, who is made known if they are not."""

    id: str | None = None
    address: str | None = None
    name: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What an agent opens.

    Attributes:
        outbound: the first message is the agent's own; else they write down what the requester said.
        visibility: of the first message; only an agent's own can be internal.
        silent: the requester is not told that it has arrived.
        change: properties that are set along with it.
    """

    requester: Somebody
    subject: str
    body: str
    channel: Channel = Channel.PHONE
    outbound: bool = False
    visibility: Visibility = Visibility.PUBLIC
    silent: bool = False
    type: TicketType = TicketType.REQUEST
    priority: Priority = Priority.NORMAL
    participants: tuple[Somebody, ...] = ()
    change: ChangeTicket = field(default_factory=ChangeTicket)


class AgentOpening:
    """Agents open tickets for others.

    Args:
        tickets: decides and writes.
        store: reads.
        people: who asks and takes part.
        names: checks what an agent names.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(
        self,
        tickets: TicketService,
        store: TicketStore,
        people: PeopleStore,
        names: AgentDesk,
        desk: Callable[[], Desk],
        clock: Clock,
    ) -> None:
        self._tickets = tickets
        self._store = store
        self._people = people
        self._names = names
        self._desk = desk
        self._clock = clock

    def open(
        self,
        wish: NewTicket,
        agent: Agent,
        *,
        attach: Callable[[str], tuple[Attachment, ...]] = lambda _: (),
        guard: Guard | None = None,
    ) -> Ticket:
        """Opens a ticket.

        Args:
            wish: what to open.
            agent: who opens it.
            attach: makes the files of its first message.
            guard: lets it happen once.

        Raises:
            Invalid: nobody is meant, or somebody of ours; names that are not of this desk; a file that is not there;
                of a call, what its category's question screen misses.
            KeyReused: the guard's key came with another body before.
            Unavailable: contention that did not end.
        """
        _check(wish)
        wish = replace(wish, change=self._asked_on_the_phone(wish))
        if guard is not None and (before := self._opened_before(guard)) is not None:
            return before
        for _ in range(_ATTEMPTS):
            try:
                return self._open(wish, agent, attach, guard)
            except AddressTaken:
                continue  # they wrote in this moment: by now they are known
            except AlreadyDone:
                if guard is not None and (before := self._opened_before(guard)) is not None:
                    return before
        raise Unavailable("The desk is very busy; try again in a moment.")

    def _asked_on_the_phone(self, wish: NewTicket) -> ChangeTicket:
        """The properties of a call, with its fields as the question screen of its category has them.

        Raises:
            Invalid: fields that are missing, or do not fit.
        """
        change = wish.change
        if wish.channel is not Channel.PHONE or wish.outbound:
            return change
        about = Matter(change.category if isinstance(change.category, str) else None, wish.type.value)
        given = {} if isinstance(change.fields, Unset) else change.fields
        fields = submitted(catalogue_of(self._desk()), about, given, FormChannel.PHONE, by_customer=False)
        return replace(change, fields=fields or UNSET)

    def _open(
        self, wish: NewTicket, agent: Agent, attach: Callable[[str], tuple[Attachment, ...]], guard: Guard | None
    ) -> Ticket:
        now, desk = self._clock(), self._desk()
        guess = language_of(f"{wish.subject} {wish.body}", desk.general.language)
        person, new_requester = found_or_new(self._people, desk, wish.requester, guess, now, "/requester")
        joining, new_people = self._joining(wish.participants, person, guess, now)
        actor, ticket_id = Actor(ActorKind.AGENT, agent.id), new_id(now)
        author = actor if wish.outbound else Actor(ActorKind.REQUESTER, person.id)
        message = Message(
            id=new_id(now),
            ticket_id=ticket_id,
            at=now,
            author=author,
            author_name=agent.name if wish.outbound else person.name,
            visibility=wish.visibility,
            channel=wish.channel,
            text=clean(wish.body).strip(),
            recorded_by=None if wish.outbound else agent.id,
        )
        command = OpenTicket(
            ticket_id=ticket_id,
            number=0,
            requester_id=person.id,
            subject=clean_line(wish.subject),
            message_id=message.id,
            preview=preview(message.text),
            channel=wish.channel,
            language=supported_language(wish.requester.language, guess if new_requester else person.language),
            requester_name=person.name,
            requester_address=person.address,
            type=wish.type,
            priority=wish.priority,
            organization_id=person.organization_id,
            participants=joining,
            author=author,
            visibility=wish.visibility,
            silent=wish.silent,
        )
        plain = decide(None, command, DeskRules(), actor=actor, now=now).ticket
        command = replace(command, change=self._names.fitted(wish.change, plain), number=self._store.next_number())
        extras = Extras(
            message=replace(message, attachments=attach(ticket_id)),
            people=(*new_requester, *new_people),
            guards=(guard,) if guard is not None else (),
        )
        return self._tickets.open(command, extras, actor=actor).ticket

    def _joining(
        self, wanted: Iterable[Somebody], requester: Person, language: str, now: datetime
    ) -> tuple[tuple[Participant, ...], tuple[Person, ...]]:
        """Who takes part, and who of them becomes known by it."""
        joining: dict[str, Participant] = {}
        new: list[Person] = []
        for place, one in enumerate(wanted):
            pointer = f"/participants/{place}"
            person, made = found_or_new(self._people, self._desk(), one, language, now, pointer)
            same = [known for known in (requester, *new) if normal_address(known.address) == person.address]
            if not same and person.id != requester.id:
                joining[person.id] = Participant(person.id, person.address, person.name)
                new += made
        return tuple(joining.values()), tuple(new)

    def _opened_before(self, guard: Guard) -> Ticket | None:
        done = self._store.done_before(guard.key)
        if done is None:
            return None
        if done.note != guard.note:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        return self._tickets.get(done.ticket_id)


def found_or_new(
    people: PeopleStore, desk: Desk, wanted: Somebody, language: str, now: datetime, pointer: str
) -> tuple[Person, tuple[Person, ...]]:
    """Who is meant, and themselves again if they become known by it.

    Args:
        people: who is known.
        desk: the configuration.
        wanted: by id or by address.
        language: of somebody new who names none.
        now: since when they are known.
        pointer: where the caller named them.

    Raises:
        Invalid: nobody, or somebody of ours.
    """
    if (wanted.id is None) == (wanted.address is None):
        raise Invalid("Some fields are not valid.", [FieldError(pointer, "needs an id or an email, and not both")])
    if wanted.id is not None:
        by_id = people.by_id(wanted.id)
        if by_id is None:
            raise Invalid("Some fields are not valid.", [FieldError(f"{pointer}/id", "is nobody the desk knows")])
        return by_id, ()
    address = normal_address(wanted.address or "")
    if not is_address(address):
        raise Invalid("Some fields are not valid.", [FieldError(f"{pointer}/email", "is not an e-mail address")])
    if desk.agent_by_address(address) is not None or desk.has_mailbox(address):
        fault = FieldError(f"{pointer}/email", "is a colleague's or the desk's own")
        raise Invalid("Some fields are not valid.", [fault])
    known = people.by_address(address)
    if known is not None:
        return known, ()
    person = newcomer(people, address, wanted.name, wanted.language or language, now)
    return person, (person,)


def _check(wish: NewTicket) -> None:
    errors = []
    if not clean_line(wish.subject):
        errors.append(FieldError("/subject", "is empty"))
    if not clean(wish.body).strip():
        errors.append(FieldError("/body", "is empty"))
    if wish.visibility is Visibility.INTERNAL and not wish.outbound:
        errors.append(FieldError("/visibility", "what a requester says is public"))
    if len(wish.participants) > MAX_PARTICIPANTS:
        errors.append(FieldError("/participants", f"at most {MAX_PARTICIPANTS}"))
    if errors:
        raise Invalid("Some fields are not valid.", errors)
