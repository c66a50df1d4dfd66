"""What can be done with tickets: use cases over a store, a clock and the settings. Nothing here knows AWS."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from helpdesk.contracts.table import Key
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import HelpdeskError, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import is_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.whereabouts import came_from
from helpdesk.people.model import Person
from helpdesk.sla.ticks import DueTicket
from helpdesk.tickets.commands import AddMessage, Command, OpenTicket
from helpdesk.tickets.core import Decision, DeskRules
from helpdesk.tickets.facts import Event, MessageWithdrawn, SlaApplied
from helpdesk.tickets.model import Actor, ActorKind, Message, Ticket
from helpdesk.tickets.rules import decide
from helpdesk.tickets.views import TaskRow, TicketQuery, TicketRow

ATTEMPTS: Final = 8
"""How often a command is decided anew when somebody else was first. Each try sees a newer ticket."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Something that may happen once: written in the command's transaction, refused if it is there already.

    Attributes:
        name: told back in `AlreadyDone`.
        key: where it is written.
        note: what a repetition wants to know (a hash of the body, the message's id).
        expires_at: when it may be forgotten; None: never.
    """

    name: str
    key: Key
    note: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a guard remembers.

    Attributes:
        side_id: of the side conversation that the message was written in.
    """

    ticket_id: str
    message_id: str | None
    note: str
    side_id: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """What a Message-ID belongs to: a ticket, or one of its side conversations."""

    ticket_id: str
    side_id: str | None = None


class AlreadyDone(HelpdeskError):
    """A guard was there: this was done before.

    Attributes:
        guard: the name of the guard.
    """

    code = "already_done"

    def __init__(self, guard: str) -> None:
        super().__init__(f"Done before: {guard}.")
        self.guard = guard


class AddressTaken(HelpdeskError):
    """The new person's address came to belong to somebody else meanwhile."""

    code = "address_taken"


class AgentFull(HelpdeskError):
    """The agent would have more tickets than they take."""

    code = "agent_full"


@dataclass(frozen=True, slots=True)
class Record:
    """A further item of a ticket's transaction: a time entry's note, a task in its agent's list, a bulk action's mark.

    Attributes:
        key: where it is; in the ticket's partition, mostly.
        document: what it says; None: the item is taken away.
        places: index attributes of contracts/table.py with their values, for what shall be found by an index.
        once: refuse with `AlreadyDone` of this name if the item is there already; empty: write it whatever was there.
        expires_at: when it may be forgotten; None: never.
    """

    key: Key
    document: Document | None
    places: Mapping[str, str] = field(default_factory=dict)
    once: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number that goes up by one with a ticket's transaction: however often that is tried, it counts once.

    Attributes:
        key: where it is; a transaction has each once.
        at: since when it stands as it does.
    """

    key: Key
    at: datetime


@dataclass(frozen=True, slots=True)
class Extras:
    """What a command writes beside the ticket and its events, in the same transaction.

    Attributes:
        message: the message it adds.
        messages: further ones that it writes or writes anew.
        people: whom it makes known: requester and participants.
        guards: what may happen once.
        threads: Message-IDs that from now on lead to this ticket, or to the side conversation of `message`.
        assignee_limit: refuse if the new assignee has so many open tickets already.
        records: further items.
        counts: numbers that go up.
    """

    message: Message | None = None
    people: tuple[Person, ...] = ()
    guards: tuple[Guard, ...] = ()
    threads: tuple[str, ...] = ()
    assignee_limit: int | None = None
    messages: tuple[Message, ...] = ()
    records: tuple[Record, ...] = ()
    counts: tuple[Count, ...] = ()


NOTHING: Final = Extras()


@dataclass(frozen=True, slots=True)
class Change:
    """One ticket's share of a transaction.

    Attributes:
        before: the ticket it was decided on; None: it is opened.
        decision: what comes of it; without events the ticket only must not have changed meanwhile.
        extras: what is written along.
    """

    before: Ticket | None
    decision: Decision
    extras: Extras = NOTHING


def withdrawn_by_rule(change: Change) -> tuple[tuple[str, datetime], ...]:
    """Messages that a command took back without having them in hand, and when: the store marks each."""
    extras = change.extras
    at_hand = {message.id for message in (extras.message, *extras.messages) if message is not None}
    return tuple(
        (event.fact.message_id, event.at)
        for event in change.decision.events
        if isinstance(event.fact, MessageWithdrawn) and event.fact.message_id not in at_hand
    )


def came_from_of(event: Event) -> str:
    """From where an event that is written now was asked for; what the desk does by itself, or follows, comes from nowhere."""
    by_itself = event.actor.kind is ActorKind.SYSTEM or isinstance(event.fact, SlaApplied)
    return "" if by_itself else came_from()


class TicketStore(Protocol):
    """Where tickets are kept."""

    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket as it stands, read consistently."""
        ...

    def commit(self, before: Ticket | None, decision: Decision, extras: Extras) -> None:
        """Writes a decision and its extras, all or nothing.

        Raises:
            StaleVersion: the ticket is not as `before` any more.
            AlreadyDone: a guard was there.
            AddressTaken: the new person's address is somebody's.
            AgentFull: the new assignee is at the limit.
            Unavailable: contention; nothing was written.
        """
        ...

    def commit_all(self, changes: Sequence[Change]) -> None:
        """Writes what comes of several tickets, all or nothing: 100 items at most, messages, events and all.

        Raises:
            StaleVersion: one of them is not as it was any more.
            AlreadyDone, AddressTaken, AgentFull, Unavailable: see `commit`.
        """
        ...

    def get_all(self, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
        """Tickets as they stand, read consistently, by id: a call for each hundred. Ids that are none are left out."""
        ...

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """The rows of tickets as they stand, read consistently, by id: a call for each hundred."""
        ...

    def messages_of(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Message]:
        """Messages by their places (ticket's id, message's id), read consistently: a call for each hundred."""
        ...

    def record(self, key: Key) -> Document | None:
        """What a record says."""
        ...

    def records(
        self, partition: str, prefix: str, *, limit: int, position: dict[str, str] | None, newest_first: bool = False
    ) -> Page[tuple[Key, Document]]:
        """A page of the records in a partition whose sort keys begin with a prefix."""
        ...

    def done_before(self, key: Key) -> Done | None:
        """What a guard remembers."""
        ...

    def next_number(self) -> int:
        """A number that no other ticket has."""
        ...

    def messages(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Message]:
        """A ticket's messages, newest first."""
        ...

    def messages_before(self, ticket_id: str, message_id: str | None, *, limit: int) -> tuple[Message, ...]:
        """A ticket's messages older than one (None: than none), newest first."""
        ...

    def first_message(self, ticket_id: str) -> Message | None:
        """The message that a ticket was opened with."""
        ...

    def with_messages(self, ticket_id: str, *, limit: int) -> tuple["Ticket", "Page[Message]"] | None:
        """A ticket and its newest messages, in one query."""
        ...

    def message(self, ticket_id: str, message_id: str, side_id: str | None = None) -> Message | None:
        """One message of the ticket's own conversation, or of a side conversation."""
        ...

    def side_messages(
        self, ticket_id: str, side_id: str, *, limit: int, position: dict[str, str] | None
    ) -> Page[Message]:
        """A side conversation's messages, newest first. No other list has them."""
        ...

    def rewrite(self, message: Message) -> None:
        """Writes a message anew in its place.

        Raises:
            NotFound: it is not there.
        """
        ...

    def events(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Event]:
        """A ticket's events, newest first."""
        ...

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of a list."""
        ...

    def solved_in(self, month: str, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of the tickets solved in a month, given as `2026-11`, those solved last first."""
        ...

    def tasks(self, agent_id: str, *, done: bool, limit: int, position: dict[str, str] | None) -> Page[TaskRow]:
        """A page of an agent's tasks over all tickets: open ones as they fall due, or done ones, newest first."""
        ...

    def due(self, shard: int, until: datetime) -> Iterable[DueTicket]:
        """Tickets in a shard with something due at or before an instant, soonest first."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command led to. `events` is empty when there was nothing to do."""

    ticket: Ticket
    events: tuple["Event", ...]


class TicketService:
    """Decides commands against tickets as they stand, and writes what comes of them.

    Args:
        store: where tickets are kept.
        clock: the desk's time.
        rules: gives the settings that decisions depend on.
        pause: waits a little before the given try (counted from 1); tests hand in one that does not.
    """

    def __init__(
        self,
        store: TicketStore,
        clock: Clock,
        rules: Callable[[], DeskRules],
        pause: Callable[[int], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._pause = pause

    def get(self, ticket_id: str) -> Ticket:
        """A ticket.

        Raises:
            NotFound: there is none of this id.
        """
        ticket = self._store.get(ticket_id) if is_id(ticket_id) else None
        if ticket is None:
            raise NotFound("There is no such ticket.")
        return ticket

    def open(self, command: OpenTicket, extras: Extras, *, actor: Actor) -> Outcome:
        """Opens a ticket.

        Raises:
            AlreadyDone, AddressTaken: see `TicketStore.commit`.
            Unavailable: contention that did not end.
        """
        decision = decide(None, command, self._rules(), actor=actor, now=self._clock())
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._store.commit(None, decision, extras)
            except Unavailable:
                self._wait(attempt)
            else:
                return Outcome(decision.ticket, decision.events)
        raise Unavailable("The desk is very busy; try again in a moment.")

    def run(
        self,
        ticket_id: str,
        command: Command,
        *,
        actor: Actor,
        expected_version: int | None = None,
        extras: Extras = NOTHING,
        allowed: Callable[[Ticket], None] | None = None,
    ) -> Outcome:
        """Carries out a command, deciding anew when somebody else changed the ticket first.

        Args:
            ticket_id: of which ticket.
            command: what is wished.
            actor: by whom.
            expected_version: see `carry_out`.
            extras: what is written along.
            allowed: see `carry_out`.

        Raises:
            NotFound, StaleVersion, AlreadyDone, AgentFull, Unavailable: see `carry_out`.
            Conflict, Invalid: see `decide`.
        """

        def decision(ticket: Ticket, rules: DeskRules, now: datetime) -> Decision:
            return decide(ticket, command, rules, actor=actor, now=now)

        return self.carry_out(ticket_id, decision, expected_version=expected_version, extras=extras, allowed=allowed)

    def carry_out(
        self,
        ticket_id: str,
        decision_on: Callable[[Ticket, DeskRules, datetime], Decision],
        *,
        expected_version: int | None = None,
        extras: Extras = NOTHING,
        allowed: Callable[[Ticket], None] | None = None,
    ) -> Outcome:
        """Writes what is decided, deciding anew when somebody else changed the ticket first.

        Args:
            ticket_id: of which ticket.
            decision_on: decides on the ticket as it stands; several commands one after another, perhaps.
            expected_version: the version the wish was made against; None: any.
            extras: what is written along.
            allowed: looks at the ticket before anything is decided; raises to refuse.

        Raises:
            NotFound: no such ticket.
            StaleVersion: it is not at `expected_version` (any more).
            AlreadyDone, AgentFull: see `TicketStore.commit`.
            Unavailable: contention that did not end.
        """
        for attempt in range(1, ATTEMPTS + 1):
            ticket = self.get(ticket_id)
            if allowed is not None:
                allowed(ticket)
            if expected_version is not None and ticket.version != expected_version:
                raise StaleVersion(
                    f"You saw version {expected_version}; it is at {ticket.version} now.", current=ticket.version
                )
            decision = decision_on(ticket, self._rules(), self._clock())
            if not decision.events:
                return Outcome(ticket, ())
            try:
                self._store.commit(ticket, decision, extras)
            except (StaleVersion, Unavailable):
                self._wait(attempt)
            else:
                return Outcome(decision.ticket, decision.events)
        raise Unavailable("Many are changing this ticket at once; try again in a moment.")

    def carry_out_together(
        self,
        ticket_ids: Sequence[str],
        changes_of: Callable[[tuple[Ticket, ...], DeskRules, datetime], Sequence[Change]],
        *,
        seen: Mapping[str, Ticket] | None = None,
    ) -> tuple[Ticket, ...]:
        """Writes what is decided on several tickets at once, deciding anew when one of them was changed first.

        Args:
            ticket_ids: of which tickets.
            changes_of: decides on them as they stand, in the order of their ids; may open others along with them.
            seen: the tickets as they were read a moment ago; they are read only if they are not so any more.

        Returns:
            The tickets after it, as the changes have them.

        Raises:
            NotFound: one of them is not there.
            AlreadyDone, AgentFull: see `TicketStore.commit`.
            Unavailable: contention that did not end.
        """
        for attempt in range(1, ATTEMPTS + 1):
            found = seen if attempt == 1 and seen is not None else None
            if found is None:
                found = self._store.get_all([one for one in ticket_ids if is_id(one)])
            if any(one not in found for one in ticket_ids):
                raise NotFound("There is no such ticket.")
            changes = changes_of(tuple(found[one] for one in ticket_ids), self._rules(), self._clock())
            after = tuple(change.decision.ticket for change in changes)
            if not any(change.decision.events for change in changes):
                return after
            try:
                self._store.commit_all(changes)
            except (StaleVersion, Unavailable):
                self._wait(attempt)
            else:
                return after
        raise Unavailable("Many are changing these tickets at once; try again in a moment.")

    def add_message(
        self,
        message: Message,
        command: AddMessage,
        *,
        guards: tuple[Guard, ...] = (),
        threads: tuple[str, ...] = (),
        allowed: Callable[[Ticket], None] | None = None,
    ) -> Outcome:
        """Adds a message to its ticket. Raises what `run` raises."""
        extras = Extras(message=message, guards=guards, threads=threads)
        return self.run(message.ticket_id, command, actor=message.author, extras=extras, allowed=allowed)

    def _wait(self, attempt: int) -> None:
        if attempt < ATTEMPTS:
            self._pause(attempt)
