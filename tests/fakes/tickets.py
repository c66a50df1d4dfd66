"""Tickets in memory: the twin of `tickets.store`, held to the same contract by tests/contract."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from helpdesk.contracts.table import Key, due_shard
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import NotFound, StaleVersion
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import normal_address
from helpdesk.people.model import Person
from helpdesk.sla.ticks import DueTicket
from helpdesk.tickets.core import Decision
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import Message, Ticket, side_of
from helpdesk.tickets.rules import load_changes, next_due
from helpdesk.tickets.service import (
    AddressTaken,
    AgentFull,
    AlreadyDone,
    Change,
    Done,
    Extras,
    Record,
    Thread,
    came_from_of,
    withdrawn_by_rule,
)
from helpdesk.tickets.views import TaskRow, TicketQuery, TicketRow, summarize, task_rows
from tests.fakes.people import FakePeople

NEVER: Final = datetime.max.replace(tzinfo=UTC)


class FakeTickets:
    """See `tickets.service.TicketStore` and `mail.service.Threads`.

    `refusals` are raised by the next commits, one each, without anything being written.
    """

    def __init__(self, people: FakePeople | None = None) -> None:
        self.people = people or FakePeople()
        self.tickets: dict[str, Ticket] = {}
        self.history: dict[str, list[Event]] = {}
        self.conversations: dict[str, dict[str, Message]] = {}
        self.guards: dict[Key, Done] = {}
        self.asides: dict[tuple[str, str], dict[str, Message]] = {}
        self.threads: dict[str, Thread] = {}
        self.kept: dict[Key, Record] = {}
        self.counted: dict[Key, tuple[int, datetime]] = {}
        self.numbers = 1000
        self.commits = 0
        self.refusals: list[Exception] = []

    # --- writing ---

    def commit(self, before: Ticket | None, decision: Decision, extras: Extras) -> None:
        """Writes a decision and its extras, all or nothing."""
        self.commit_all((Change(before, decision, extras),))

    def commit_all(self, changes: Sequence[Change]) -> None:
        """Writes what comes of several tickets, all or nothing."""
        self.commits += 1
        if self.refusals:
            raise self.refusals.pop(0)
        self._check_loads(changes)
        for change in changes:
            self._check(change)
        for change in changes:
            self._write(change)

    def _write(self, change: Change) -> None:
        after, extras = change.decision.ticket, change.extras
        side_id = extras.message.side_id if extras.message is not None else None
        self.tickets[after.id] = after
        told = (replace(event, came_from=came_from_of(event)) for event in change.decision.events)
        self.history.setdefault(after.id, []).extend(told)
        for message in ((extras.message,) if extras.message is not None else ()) + extras.messages:
            self._put(message)
        for message_id, at in withdrawn_by_rule(change):
            kept = self.conversations.get(after.id, {})
            if message_id in kept:
                kept[message_id] = replace(kept[message_id], withdrawn_at=at)
        for guard in extras.guards:
            self.guards[guard.key] = Done(after.id, extras.message.id if extras.message else None, guard.note, side_id)
        self.threads |= dict.fromkeys(extras.threads, Thread(after.id, side_id))
        for person in extras.people:
            self.people.add(person)
        for count in extras.counts:
            self.counted[count.key] = (self.counted.get(count.key, (0, count.at))[0] + 1, count.at)
        for record in extras.records:
            if record.document is None:
                self.kept.pop(record.key, None)
            else:
                self.kept[record.key] = record
        for agent, delta in load_changes(change.before, after).items():
            self.people.tallies[agent] = self.people.tallies.get(agent, 0) + delta

    def _check_loads(self, changes: Sequence[Change]) -> None:
        deltas: dict[str, int] = {}
        for change in changes:
            for agent, delta in load_changes(change.before, change.decision.ticket).items():
                deltas[agent] = deltas.get(agent, 0) + delta
        limit = next((one.extras.assignee_limit for one in changes if one.extras.assignee_limit is not None), None)
        for agent, delta in deltas.items():
            if delta > 0 and limit is not None and self.people.tallies.get(agent, 0) >= limit:
                raise AgentFull("The agent has as many tickets as they take.")

    def _check(self, change: Change) -> None:
        before, extras = change.before, change.extras
        for guard in sorted(extras.guards, key=lambda one: one.name):
            if guard.key in self.guards:
                raise AlreadyDone(guard.name)
        for record in extras.records:
            if record.once and record.key in self.kept:
                raise AlreadyDone(record.once)
        if any(normal_address(person.address) in self.people.addresses for person in extras.people):
            raise AddressTaken("The address belongs to somebody by now.")
        stands = self.tickets.get(change.decision.ticket.id)
        if (stands.version if stands is not None else None) != (before.version if before is not None else None):
            raise StaleVersion("The ticket has changed in the meantime.")

    def rewrite(self, message: Message) -> None:
        """Writes a message anew in its place."""
        if self.message(message.ticket_id, message.id, message.side_id) is None:
            raise NotFound("There is no such message.")
        self._put(message)

    def next_number(self) -> int:
        """A number that no other ticket has."""
        self.numbers += 1
        return self.numbers

    def remember_thread(self, message_id: str, ticket_id: str, side_id: str | None = None) -> None:
        """Lets a Message-ID lead to a ticket or to a side conversation."""
        self.threads[message_id] = Thread(ticket_id, side_id)

    def _put(self, message: Message) -> None:
        if message.side_id is None:
            self.conversations.setdefault(message.ticket_id, {})[message.id] = message
        else:
            self.asides.setdefault((message.ticket_id, message.side_id), {})[message.id] = message

    # --- reading ---

    def get(self, ticket_id: str) -> Ticket | None:
        """The ticket as it stands."""
        return self.tickets.get(ticket_id)

    def get_all(self, ticket_ids: Sequence[str]) -> dict[str, Ticket]:
        """Tickets as they stand, by id."""
        return {one: self.tickets[one] for one in ticket_ids if one in self.tickets}

    def rows_of(self, ticket_ids: Sequence[str]) -> dict[str, TicketRow]:
        """The rows of tickets as they stand, by id."""
        return {one: summarize(ticket) for one, ticket in self.get_all(ticket_ids).items()}

    def messages_of(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Message]:
        """Messages by their ticket and their place in it."""
        named = ((ticket_id, *side_of(place)) for ticket_id, place in places)
        found = (self.message(ticket_id, message_id, side_id) for ticket_id, side_id, message_id in named)
        return {(message.ticket_id, message.place): message for message in found if message is not None}

    def record(self, key: Key) -> Document | None:
        """What a record says."""
        found = self.kept.get(key)
        return found.document if found is not None else None

    def records(
        self, partition: str, prefix: str, *, limit: int, position: dict[str, str] | None, newest_first: bool = False
    ) -> Page[tuple[Key, Document]]:
        """A page of the records in a partition whose sort keys begin with a prefix."""
        found = [
            (key, record.document)
            for key, record in sorted(self.kept.items(), key=lambda one: one[0].sk, reverse=newest_first)
            if key.pk == partition and key.sk.startswith(prefix) and record.document is not None
        ]
        return _page(found, limit, position)

    def done_before(self, key: Key) -> Done | None:
        """What a guard remembers."""
        return self.guards.get(key)

    def thread_of(self, message_ids: Iterable[str]) -> Thread | None:
        """What the first known of some Message-IDs belongs to; a side conversation's comes first."""
        known = [self.threads[one] for one in message_ids if one in self.threads]
        return min(known, key=lambda one: one.side_id is None, default=None)

    def message(self, ticket_id: str, message_id: str, side_id: str | None = None) -> Message | None:
        """One message."""
        if side_id is None:
            return self.conversations.get(ticket_id, {}).get(message_id)
        return self.asides.get((ticket_id, side_id), {}).get(message_id)

    def side_messages(
        self, ticket_id: str, side_id: str, *, limit: int, position: dict[str, str] | None
    ) -> Page[Message]:
        """A side conversation's messages, newest first."""
        found = self.asides.get((ticket_id, side_id), {})
        return _page([found[key] for key in sorted(found, reverse=True)], limit, position)

    def messages(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Message]:
        """A ticket's messages, newest first."""
        found = self.conversations.get(ticket_id, {})
        return _page([found[key] for key in sorted(found, reverse=True)], limit, position)

    def messages_before(self, ticket_id: str, message_id: str | None, *, limit: int) -> tuple[Message, ...]:
        """A ticket's messages older than one, newest first."""
        found = self.conversations.get(ticket_id, {})
        return tuple(found[one] for one in sorted(found, reverse=True) if message_id is None or one < message_id)[
            :limit
        ]

    def first_message(self, ticket_id: str) -> Message | None:
        """The message that a ticket was opened with."""
        found = self.conversations.get(ticket_id, {})
        return found[min(found)] if found else None

    def with_messages(self, ticket_id: str, *, limit: int) -> tuple[Ticket, Page[Message]] | None:
        """A ticket and its newest messages."""
        ticket = self.get(ticket_id)
        return (ticket, self.messages(ticket_id, limit=limit, position=None)) if ticket is not None else None

    def events(self, ticket_id: str, *, limit: int, position: dict[str, str] | None) -> Page[Event]:
        """A ticket's events, newest first."""
        return _page(list(reversed(self.history.get(ticket_id, []))), limit, position)

    def rows(self, query: TicketQuery, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of a list."""
        found = [ticket for ticket in self.tickets.values() if listed_in(query, ticket)]
        if query.requester_id is not None or query.organization_id is not None:
            found.sort(key=lambda ticket: ticket.id, reverse=True)
        elif query.done is False:
            found.sort(key=urgency)
        else:
            found.sort(key=lambda ticket: (ticket.updated_at, ticket.id), reverse=True)
        return _page([summarize(ticket) for ticket in found], limit, position)

    def newest_of(self, person: Person, *, limit: int) -> tuple[str, ...]:
        """Ids of a person's newest tickets, newest first."""
        ids = {one.id for one in self.tickets.values() if one.requester_id == person.id}
        ids.update(one for alias in person.aliases for one in alias.tickets)
        return tuple(sorted(ids, reverse=True)[:limit])

    def newest_within(self, organization_id: str, *, limit: int) -> tuple[str, ...]:
        """Ids of an organization's newest tickets, newest first."""
        ids = (one.id for one in self.tickets.values() if one.organization_id == organization_id)
        return tuple(sorted(ids, reverse=True)[:limit])

    def solved_in(self, month: str, *, limit: int, position: dict[str, str] | None) -> Page[TicketRow]:
        """A page of the tickets solved in a month, those solved last first."""
        done = [(one.solved_at, one) for one in self.tickets.values() if one.done and one.solved_at is not None]
        found = [one for at, one in sorted(done, key=lambda pair: (pair[0], pair[1].id)) if f"{at:%Y-%m}" == month]
        return _page([summarize(one) for one in reversed(found)], limit, position)

    def tasks(self, agent_id: str, *, done: bool, limit: int, position: dict[str, str] | None) -> Page[TaskRow]:
        """A page of an agent's tasks over all tickets."""
        rows = (row for ticket in self.tickets.values() for row in task_rows(ticket).values())
        found = [row for row in rows if row.task.assignee == agent_id and row.task.open is not done]
        found.sort(key=_task_place, reverse=done)
        return _page(found, limit, position)

    def due(self, shard: int, until: datetime) -> Iterator[DueTicket]:
        """Tickets in a shard with something due, soonest first."""
        found = ((next_due(ticket) or NEVER, ticket.id) for ticket in self.tickets.values())
        yield from (DueTicket(one, at) for at, one in sorted(found) if at <= until and due_shard(one) == shard)


def listed_in(query: TicketQuery, ticket: Ticket) -> bool:
    """Whether a ticket is in a list, which may be of those that somebody takes part in, too."""
    if query.taking_part and not {query.requester_id, *query.aliases}.isdisjoint(ticket.let_in):
        query = replace(query, requester_id=None, aliases=())
    if query.assignee is not None and query.assignee != (ticket.assignee or "none"):
        return False  # seen without making a row of it: thousands of tickets are looked through
    return query.matches(summarize(ticket))


def urgency(ticket: Ticket) -> tuple[datetime, int, str]:
    """Most urgent first: by the next clock, then by priority, then by age."""
    dues = [clock.due_at for clock in summarize(ticket).clocks if clock.due_at is not None and clock.met_at is None]
    return min(dues, default=NEVER), ticket.priority.rank, ticket.id


def _task_place(row: TaskRow) -> tuple[datetime, str, str]:
    at = row.task.due_at if row.task.done_at is None else row.task.done_at
    return at or NEVER, row.ticket_id, row.task.id


def _page[T](items: Sequence[T], limit: int, position: dict[str, str] | None) -> Page[T]:
    start = int(position["start"]) if position is not None else 0
    end = start + limit
    return Page(tuple(items[start:end]), {"start": str(end)} if end < len(items) else None)
