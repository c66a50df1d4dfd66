"""Time that agents spend on tickets: entries with words, and totals on the ticket that always add up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from helpdesk.contracts.table import TIME_PREFIX, ticket_partition, time_key
from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.codec import from_document, to_document
from helpdesk.kernel.errors import FieldError, Forbidden, Invalid, KeyReused, NotFound, StaleVersion, Unavailable
from helpdesk.kernel.ids import is_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean
from helpdesk.people.model import Agent, Role
from helpdesk.tickets.commands import Command, CorrectTime, LogTime, RemoveTime
from helpdesk.tickets.model import Actor, ActorKind, Ticket
from helpdesk.tickets.service import ATTEMPTS, AlreadyDone, Extras, Guard, Record, TicketService, TicketStore

MAX_SECONDS: Final = 7 * 24 * 3600
"""Of one entry."""


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Time that somebody spent on a ticket.

    Attributes:
        agent_id: who worked.
        logged_by: who wrote it down.
        note: their words; no event has them.
    """

    id: str
    ticket_id: str
    agent_id: str
    seconds: int
    billable: bool
    logged_at: datetime
    logged_by: str
    started_at: datetime | None = None
    note: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimeWish:
    """What an entry shall say; what is None stays, of a new one it is the usual."""

    seconds: int | None = None
    billable: bool | None = None
    started_at: datetime | None = None
    note: str | None = None


class TimeLog:
    """Time on tickets.

    Args:
        tickets: decides and writes.
        store: reads.
        desk: the configuration.
        clock: the desk's time.
    """

    def __init__(self, tickets: TicketService, store: TicketStore, desk: Callable[[], Desk], clock: Clock) -> None:
        self._tickets = tickets
        self._store = store
        self._desk = desk
        self._clock = clock

    def list(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[TimeEntry]:
        """A page of a ticket's entries, newest first.

        Raises:
            NotFound: no such ticket.
        """
        if position is None:
            self._tickets.get(ticket_id)
        page = self._store.records(
            ticket_partition(ticket_id), TIME_PREFIX, limit=limit, position=position, newest_first=True
        )
        return Page(tuple(from_document(TimeEntry, document) for _, document in page.items), page.next_position)

    def log(
        self, ticket_id: str, wish: TimeWish, agent: Agent, *, worker: str | None = None, guard: Guard | None = None
    ) -> TimeEntry:
        """Writes an entry down.

        Args:
            ticket_id: of which ticket.
            wish: what it says; the seconds are needed.
            agent: who writes it down.
            worker: id of who worked; None: themselves. Another's time is for supervisors to write down.
            guard: lets it happen once.

        Raises:
            NotFound: no such ticket.
            Invalid: no agent of this desk, or a length that is not taken.
            Forbidden: it is another's time.
            KeyReused: the guard's key came with another body before.
            Unavailable: contention that did not end.
        """
        now, who = self._clock(), worker or agent.id
        if who not in self._desk().agents:
            raise Invalid("Some fields are not valid.", [FieldError("/agent", "is not an agent of this desk")])
        _refuse_unless_own(who, agent)
        blank = TimeEntry(new_id(now), ticket_id, who, 0, billable=False, logged_at=now, logged_by=agent.id)
        entry = _with(blank, wish, now)
        command = LogTime(entry.id, who, entry.seconds, entry.billable, entry.started_at)
        guards = (replace(guard, note=f"{guard.note}/{entry.id}"),) if guard is not None else ()
        extras = Extras(records=(_record(entry),), guards=guards)
        try:
            self._tickets.run(ticket_id, command, actor=_by(agent), extras=extras)
        except AlreadyDone:
            if guard is None:
                raise
            return self._logged_before(guard)
        return entry

    def correct(self, ticket_id: str, entry_id: str, wish: TimeWish, agent: Agent) -> TimeEntry:
        """Lets an entry say something else.

        Raises:
            NotFound: no such ticket or entry.
            Invalid: a length that is not taken.
            Forbidden: it is another's time.
            Unavailable: contention that did not end.
        """

        def corrected(entry: TimeEntry) -> tuple[TimeEntry, Command | None, Record]:
            after = _with(entry, wish, self._clock())
            command = CorrectTime(
                entry.id, entry.seconds, entry.billable, after.seconds, after.billable, after.started_at
            )
            said = replace(after, changed_at=entry.changed_at)
            return after, command if said != entry else None, _record(after)

        return self._change(ticket_id, entry_id, agent, corrected)

    def remove(self, ticket_id: str, entry_id: str, agent: Agent) -> None:
        """Takes an entry away. Raises what `correct` raises."""

        def removed(entry: TimeEntry) -> tuple[TimeEntry, Command | None, Record]:
            gone = Record(time_key(entry.ticket_id, entry.id), None)
            return entry, RemoveTime(entry.id, entry.seconds, entry.billable), gone

        self._change(ticket_id, entry_id, agent, removed)

    def _change(
        self,
        ticket_id: str,
        entry_id: str,
        agent: Agent,
        change: Callable[[TimeEntry], tuple[TimeEntry, Command | None, Record]],
    ) -> TimeEntry:
        """Changes an entry as it stands: it is read after its ticket, and nothing is written if that moved meanwhile."""
        for _ in range(ATTEMPTS):
            ticket = self._tickets.get(ticket_id)
            entry = self._entry(ticket, entry_id)
            _refuse_unless_own(entry.agent_id, agent)
            after, command, record = change(entry)
            if command is None:
                return entry
            extras = Extras(records=(record,))
            try:
                self._tickets.run(ticket_id, command, actor=_by(agent), expected_version=ticket.version, extras=extras)
            except StaleVersion:
                continue
            return after
        raise Unavailable("Many are changing this ticket at once; try again in a moment.")

    def _entry(self, ticket: Ticket, entry_id: str) -> TimeEntry:
        document = self._store.record(time_key(ticket.id, entry_id)) if is_id(entry_id) else None
        if document is None:
            raise NotFound("There is no such entry.")
        return from_document(TimeEntry, document)

    def _logged_before(self, guard: Guard) -> TimeEntry:
        done = self._store.done_before(guard.key)
        if done is None:
            raise Unavailable("The entry is still being written.")
        note, _, entry_id = done.note.rpartition("/")
        if note != guard.note:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        return self._entry(self._tickets.get(done.ticket_id), entry_id)


def _with(entry: TimeEntry, wish: TimeWish, now: datetime) -> TimeEntry:
    spent = entry.seconds if wish.seconds is None else wish.seconds
    if not 0 < spent <= MAX_SECONDS:
        raise Invalid("Some fields are not valid.", [FieldError("/seconds", f"must be 1 to {MAX_SECONDS}")])
    return replace(
        entry,
        seconds=spent,
        billable=entry.billable if wish.billable is None else wish.billable,
        started_at=wish.started_at or entry.started_at,
        note=entry.note if wish.note is None else clean(wish.note).strip(),
        changed_at=now if entry.seconds else None,
    )


def _refuse_unless_own(worker: str, agent: Agent) -> None:
    if worker != agent.id and not agent.role.includes(Role.SUPERVISOR):
        raise Forbidden("Only supervisors write down or change another's time.")


def _record(entry: TimeEntry) -> Record:
    return Record(time_key(entry.ticket_id, entry.id), to_document(entry))


def _by(agent: Agent) -> Actor:
    return Actor(ActorKind.AGENT, agent.id)
