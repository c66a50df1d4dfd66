"""What agents do with the tasks of tickets: add, change, order, remove, and see all that is theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from helpdesk.desk.model import Desk
from helpdesk.kernel.clock import Clock
from helpdesk.kernel.errors import FieldError, Invalid, KeyReused, NotFound
from helpdesk.kernel.ids import derived_id, new_id
from helpdesk.kernel.pagination import Page
from helpdesk.kernel.text import clean_line
from helpdesk.people.model import Agent
from helpdesk.tickets.commands import AddTasks, ChangeTask, Command, OrderTasks, RemoveTask, Unset
from helpdesk.tickets.model import Actor, ActorKind, Ticket
from helpdesk.tickets.service import AlreadyDone, Extras, Guard, TicketService, TicketStore
from helpdesk.tickets.todo import TaskPlan
from helpdesk.tickets.views import TaskRow

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task as somebody wishes it."""

    title: str
    assignee: str | None = None
    due_at: datetime | None = None


class TaskDesk:
    """An agent's use cases with tasks.

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

    def mine(self, agent_id: str, *, done: bool, limit: int, position: dict[str, str] | None) -> Page[TaskRow]:
        """A page of an agent's tasks over all tickets: open ones as they fall due, or done ones, newest first."""
        return self._store.tasks(agent_id, done=done, limit=limit, position=position)

    def add(
        self,
        ticket_id: str,
        wishes: Sequence[NewTask],
        agent: Agent,
        *,
        checklist_id: str | None = None,
        guard: Guard | None = None,
    ) -> tuple[Ticket, tuple[str, ...]]:
        """Adds tasks in order, all or none.

        Args:
            ticket_id: to which ticket.
            wishes: what shall be done.
            agent: who adds them.
            checklist_id: the checklist they come from.
            guard: lets it happen once.

        Returns:
            The ticket, and the tasks' ids.

        Raises:
            NotFound: no such ticket.
            Conflict: the ticket is closed, or has no room for them.
            Invalid: a title that is none, or an assignee who is no agent of this desk.
            KeyReused: the guard's key came with another body before.
            Unavailable: contention that did not end.
        """
        for wish in wishes:
            self._refuse_stranger(wish.assignee)
        now = self._clock()
        ids = tuple(
            new_id(now) if guard is None else derived_id(_EPOCH, "task", guard.key.pk, str(place))
            for place in range(len(wishes))
        )
        plans = tuple(TaskPlan(one, wish.assignee, wish.due_at) for one, wish in zip(ids, wishes, strict=True))
        command = AddTasks(plans, tuple(clean_line(wish.title) for wish in wishes), checklist_id)
        if guard is not None and self._repeats(guard):
            return self._tickets.get(ticket_id), ids
        try:
            extras = Extras(guards=(guard,) if guard is not None else ())
            outcome = self._tickets.run(ticket_id, command, actor=_actor(agent), extras=extras)
        except AlreadyDone:
            if guard is None or not self._repeats(guard):
                raise
            return self._tickets.get(ticket_id), ids
        if guard is not None and not outcome.events:
            self._repeats(guard)  # somebody was faster with the same key: with the same wish, it is hoped
        return outcome.ticket, ids

    def change(self, ticket_id: str, change: ChangeTask, agent: Agent) -> Ticket:
        """Changes a task.

        Raises:
            NotFound: no such ticket or task.
            Conflict: the ticket is closed.
            Invalid: a title that is none, or an assignee who is no agent of this desk.
            Unavailable: contention that did not end.
        """
        if not isinstance(change.assignee, Unset):
            self._refuse_stranger(change.assignee)
        return self._run(ticket_id, change, agent)

    def remove(self, ticket_id: str, task_id: str, agent: Agent) -> Ticket:
        """Takes a task away. Raises what `change` raises."""
        return self._run(ticket_id, RemoveTask(task_id), agent)

    def order(self, ticket_id: str, task_ids: Sequence[str], agent: Agent) -> Ticket:
        """Puts the tasks into an order.

        Raises:
            NotFound: no such ticket.
            Conflict: these are not its tasks, each once; or it is closed.
            Unavailable: contention that did not end.
        """
        return self._run(ticket_id, OrderTasks(tuple(task_ids)), agent)

    def _run(self, ticket_id: str, command: Command, agent: Agent) -> Ticket:
        return self._tickets.run(ticket_id, command, actor=_actor(agent)).ticket

    def _refuse_stranger(self, assignee: str | None) -> None:
        desk = self._desk()
        taker = desk.agents.get(assignee or "")
        if assignee is not None and (taker is None or not desk.takes_tickets(taker)):
            fault = FieldError("/assignee", "is not an agent of this desk who takes tickets")
            raise Invalid("Some fields are not valid.", [fault])

    def _repeats(self, guard: Guard) -> bool:
        """Whether the same was wished before.

        Raises:
            KeyReused: something else was, with this key.
        """
        done = self._store.done_before(guard.key)
        if done is not None and done.note != guard.note:
            raise KeyReused("The Idempotency-Key was used with another body before.")
        return done is not None


def task_in(ticket: Ticket, task_id: str) -> TaskRow:
    """A task of a ticket.

    Raises:
        NotFound: it is not there (any more).
    """
    task = next((one for one in ticket.tasks if one.id == task_id), None)
    if task is None:
        raise NotFound("There is no such task.")
    return TaskRow(task, ticket.copies.tasks.get(task.id, ""), ticket.id, ticket.number, ticket.copies.subject)


def _actor(agent: Agent) -> Actor:
    return Actor(ActorKind.AGENT, agent.id)
