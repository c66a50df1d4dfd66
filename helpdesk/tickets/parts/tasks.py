"""What is to be done on a ticket: tasks come and go, are done, stand in an order, and fall due once."""

from dataclasses import replace
from datetime import datetime

from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound
from helpdesk.tickets.commands import AddTasks, ChangeTask, OrderTasks, RemoveTask, Unset
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.model import SWEEPER, Status, Ticket
from helpdesk.tickets.parts.properties import refuse_if_closed
from helpdesk.tickets.todo import (
    MAX_TASKS,
    MAX_TITLE_LENGTH,
    ChecklistAdded,
    DueTask,
    Task,
    TaskAdded,
    TaskChanged,
    TaskDone,
    TaskRemoved,
    TaskReopened,
    TasksDue,
    TasksOrdered,
)

# --- how facts fold --------------------------------------------------------------------------------------------------


@apply.register
def _(fact: TaskAdded, ticket: Ticket) -> Ticket:
    return replace(ticket, tasks=(*ticket.tasks, Task(fact.task_id, fact.assignee, fact.due_at)))


@apply.register
def _(fact: ChecklistAdded, ticket: Ticket) -> Ticket:
    added = (Task(plan.id, plan.assignee, plan.due_at, checklist_id=fact.checklist_id) for plan in fact.tasks)
    return replace(ticket, tasks=(*ticket.tasks, *added))


@apply.register
def _(fact: TaskChanged, ticket: Ticket) -> Ticket:
    task = _task(ticket, fact.task_id)
    reminded_at = task.reminded_at if fact.new_due_at == task.due_at else None
    return _with(ticket, replace(task, assignee=fact.new_assignee, due_at=fact.new_due_at, reminded_at=reminded_at))


@apply.register
def _(fact: TaskDone, ticket: Ticket) -> Ticket:
    return _with(ticket, replace(_task(ticket, fact.task_id), done_at=ticket.updated_at, done_by=fact.done_by))


@apply.register
def _(fact: TaskReopened, ticket: Ticket) -> Ticket:
    return _with(ticket, replace(_task(ticket, fact.task_id), done_at=None, done_by=None))


@apply.register
def _(fact: TaskRemoved, ticket: Ticket) -> Ticket:
    return replace(ticket, tasks=tuple(task for task in ticket.tasks if task.id != fact.task_id))


@apply.register
def _(fact: TasksOrdered, ticket: Ticket) -> Ticket:
    return replace(ticket, tasks=tuple(_task(ticket, task_id) for task_id in fact.task_ids))


@apply.register
def _(fact: TasksDue, ticket: Ticket) -> Ticket:
    told = {due.task_id: due.due_at for due in fact.tasks}
    tasks = (replace(task, reminded_at=told[task.id]) if task.id in told else task for task in ticket.tasks)
    return replace(ticket, tasks=tuple(tasks))


def _task(ticket: Ticket, task_id: str) -> Task:
    found = next((task for task in ticket.tasks if task.id == task_id), None)
    if found is None:
        raise ValueError("a task's fact on a ticket without it")
    return found


def _with(ticket: Ticket, changed: Task) -> Ticket:
    return replace(ticket, tasks=tuple(changed if task.id == changed.id else task for task in ticket.tasks))


# --- what comes of commands ------------------------------------------------------------------------------------------


@decide_on.register
def _(command: AddTasks, draft: Draft) -> None:
    refuse_if_closed(draft)
    there = {task.id for task in draft.ticket.tasks}
    new = [(plan, title) for plan, title in zip(command.tasks, command.titles, strict=True) if plan.id not in there]
    if len(there) + len(new) > MAX_TASKS:
        raise Conflict(f"A ticket has at most {MAX_TASKS} tasks; this would make {len(there) + len(new)}.")
    for _, title in new:
        _refuse_unless_title(title)
    plans = tuple(plan for plan, _ in new)
    if command.checklist_id is None:
        for plan in plans:
            draft.state(TaskAdded(plan.id, plan.assignee, plan.due_at))
    elif plans:
        draft.state(ChecklistAdded(command.checklist_id, plans))
    draft.copy(tasks={**draft.ticket.copies.tasks, **{plan.id: title for plan, title in new}})


@decide_on.register
def _(command: ChangeTask, draft: Draft) -> None:
    refuse_if_closed(draft)
    task = _wanted(draft, command.task_id)
    titles = draft.ticket.copies.tasks
    title = titles.get(task.id, "") if isinstance(command.title, Unset) else command.title
    assignee = task.assignee if isinstance(command.assignee, Unset) else command.assignee
    due_at = task.due_at if isinstance(command.due_at, Unset) else command.due_at
    renamed = title != titles.get(task.id)
    if renamed:
        _refuse_unless_title(title)
    if renamed or (assignee, due_at) != (task.assignee, task.due_at):
        draft.state(TaskChanged(task.id, task.assignee, assignee, task.due_at, due_at, renamed))
        draft.copy(tasks={**titles, task.id: title})
    if isinstance(command.done, Unset) or command.done is not task.open:
        return
    draft.state(TaskDone(task.id, draft.actor.id) if command.done else TaskReopened(task.id))


@decide_on.register
def _(command: RemoveTask, draft: Draft) -> None:
    refuse_if_closed(draft)
    task = _wanted(draft, command.task_id)
    draft.state(TaskRemoved(task.id))
    titles = draft.ticket.copies.tasks
    draft.copy(tasks={task_id: title for task_id, title in titles.items() if task_id != task.id})


@decide_on.register
def _(command: OrderTasks, draft: Draft) -> None:
    refuse_if_closed(draft)
    present = tuple(task.id for task in draft.ticket.tasks)
    if sorted(command.task_ids) != sorted(present):
        raise Conflict("These are not the ticket's tasks, each once: some came or went, perhaps. Read them again.")
    if command.task_ids != present:
        draft.state(TasksOrdered(command.task_ids))


def _wanted(draft: Draft, task_id: str) -> Task:
    found = next((task for task in draft.ticket.tasks if task.id == task_id), None)
    if found is None:
        raise NotFound("There is no such task.")
    return found


def _refuse_unless_title(title: str) -> None:
    if not 0 < len(title) <= MAX_TITLE_LENGTH:
        fault = FieldError("/title", f"must have 1 to {MAX_TITLE_LENGTH} characters")
        raise Invalid("Some fields are not valid.", [fault])


# --- time ------------------------------------------------------------------------------------------------------------


def tasks_due_at(ticket: Ticket) -> datetime | None:
    """When the next task falls due; on a closed ticket none does: nobody could do anything about it."""
    instants = () if ticket.status is Status.CLOSED else (task.tells_at for task in ticket.tasks)
    return min((at for at in instants if at is not None), default=None)


def settle_tasks(draft: Draft) -> None:
    """Records which tasks have fallen due, in that order: one fact, so that any number of them fits a transaction."""
    if draft.ticket.status is Status.CLOSED:
        return
    due = [
        DueTask(task.id, task.tells_at)
        for task in draft.ticket.tasks
        if task.tells_at is not None and task.tells_at <= draft.now
    ]
    if due:
        draft.state(TasksDue(tuple(sorted(due, key=lambda one: one.due_at))), actor=SWEEPER)
