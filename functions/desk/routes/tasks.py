"""Tasks of tickets: what is to be done, by whom, by when and in which order."""

import msgspec

from functions.desk.schemas import todo as schemas
from helpdesk import bootstrap
from helpdesk.channels.service import KEY_KEPT_SECONDS, body_hash
from helpdesk.contracts.table import idempotency_key
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header
from helpdesk.platform.signing import after
from helpdesk.tickets.commands import UNSET, ChangeTask
from helpdesk.tickets.model import Ticket
from helpdesk.tickets.service import Guard
from helpdesk.tickets.tasks import NewTask, task_in

TAG = "Tasks"
KEY = {"Idempotency-Key": "Makes a repetition of the call give what the first one made, for a day at least."}
CLOSED = {409: "The ticket is closed."}


def list_tasks(call: Call) -> Reply:
    """A ticket's tasks."""
    return _tasks_reply(bootstrap.agent_desk().get(call.params["id"]))


def add_task(call: Call) -> Reply:
    """Adds a task."""
    body: schemas.TaskIn = call.body
    wish = NewTask(
        body.title,
        call.agent.id if body.assignee == "me" else body.assignee,
        schemas.instant_of(body.due_at, "/due_at") if body.due_at is not None else None,
    )
    guard = guard_of(call, "tasks")
    ticket, (task_id,) = bootstrap.task_desk().add(call.params["id"], (wish,), call.agent, guard=guard)
    return _task_reply(ticket, task_id)


def change_task(call: Call) -> Reply:
    """Changes a task."""
    body: schemas.TaskPatch = call.body
    due_at = body.due_at
    change = ChangeTask(
        call.params["task_id"],
        title=UNSET if body.title is msgspec.UNSET else schemas.title_of(body.title),
        assignee=call.agent.id
        if body.assignee == "me"
        else (UNSET if isinstance(body.assignee, msgspec.UnsetType) else body.assignee),
        due_at=UNSET
        if isinstance(due_at, msgspec.UnsetType)
        else (schemas.instant_of(due_at, "/due_at") if due_at is not None else None),
        done=UNSET if isinstance(body.done, msgspec.UnsetType) else body.done,
    )
    ticket = bootstrap.task_desk().change(call.params["id"], change, call.agent)
    return _task_reply(ticket, change.task_id)


def remove_task(call: Call) -> Reply:
    """Takes a task away."""
    bootstrap.task_desk().remove(call.params["id"], call.params["task_id"], call.agent)
    return Reply()


def order_tasks(call: Call) -> Reply:
    """Puts a ticket's tasks into an order."""
    body: schemas.TaskOrderIn = call.body
    return _tasks_reply(bootstrap.task_desk().order(call.params["id"], body.task_ids, call.agent))


def apply_checklist(call: Call) -> Reply:
    """Puts a checklist on a ticket."""
    body: schemas.ChecklistOnTicketIn = call.body
    guard = guard_of(call, "checklists")
    return _tasks_reply(bootstrap.checklists().apply(body.checklist_id, call.params["id"], call.agent, guard=guard))


def list_my_tasks(call: Call) -> Reply:
    """A page of an agent's tasks over all tickets."""
    query: schemas.MyTasksQuery = call.query
    who = call.agent.id if query.assignee == "me" else query.assignee
    signer = bootstrap.signer()
    name = f"tasks/{who}/{query.done}"
    position = signer.read_cursor(name, query.cursor, call.now)
    page = bootstrap.task_desk().mine(who, done=query.done, limit=query.limit, position=position)
    items = [schemas.MyTaskOut.of_row(row) for row in page.items]
    return Reply(schemas.MyTasksOut(items, signer.sign_cursor(name, page.next_position)))


def guard_of(call: Call, what: str) -> Guard | None:
    """What lets a call on a ticket happen once, where the caller sent an Idempotency-Key."""
    key = idempotency_header(call)
    if key is None:
        return None
    scope = f"agents/{call.agent.id}/{call.params['id']}/{what}"
    expires = after(call.now, KEY_KEPT_SECONDS)
    return Guard("idempotency", idempotency_key(scope, key), note=body_hash(call.raw), expires_at=expires)


def _task_reply(ticket: Ticket, task_id: str) -> Reply:
    row = task_in(ticket, task_id)
    return Reply(schemas.TaskOut.of(row.task, row.title), headers=_etag(ticket))


def _tasks_reply(ticket: Ticket) -> Reply:
    return Reply(schemas.TasksOut(schemas.tasks_out(ticket)), headers=_etag(ticket))


def _etag(ticket: Ticket) -> dict[str, str]:
    """The ticket's version: a change of a task is one of its ticket."""
    return {"etag": f'"{ticket.version}"'}


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets/{id}/tasks",
        name="listTasks",
        summary="A ticket's tasks, in order",
        handle=list_tasks,
        needs=Permission.READ,
        response=schemas.TasksOut,
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/tickets/{id}/tasks",
        name="addTask",
        summary="Add a task to a ticket, behind those that are there",
        handle=add_task,
        needs=Permission.CHANGE,
        body=schemas.TaskIn,
        response=schemas.TaskOut,
        status=201,
        errors={
            409: "The ticket is closed, or has no room for more.",
            422: "The Idempotency-Key came with another body before.",
        },
        headers=KEY,
        tag=TAG,
    ),
    Endpoint(
        "PATCH /v1/tickets/{id}/tasks/{task_id}",
        name="changeTask",
        summary="Change a task, have it done, or open it again",
        handle=change_task,
        needs=Permission.CHANGE,
        body=schemas.TaskPatch,
        response=schemas.TaskOut,
        errors=CLOSED,
        tag=TAG,
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/tasks/{task_id}",
        name="removeTask",
        summary="Take a task away",
        handle=remove_task,
        needs=Permission.CHANGE,
        status=204,
        errors=CLOSED,
        tag=TAG,
    ),
    Endpoint(
        "PUT /v1/tickets/{id}/tasks/order",
        name="orderTasks",
        summary="Put a ticket's tasks into an order",
        handle=order_tasks,
        needs=Permission.CHANGE,
        body=schemas.TaskOrderIn,
        response=schemas.TasksOut,
        errors={409: "These are not the ticket's tasks, each once (some came or went meanwhile); or it is closed."},
        tag=TAG,
    ),
    Endpoint(
        "POST /v1/tickets/{id}/checklists",
        name="applyChecklist",
        summary="Put a checklist on a ticket: its items become tasks, all or none",
        description="Titles are in your language, as far as the checklist has it.",
        handle=apply_checklist,
        needs=Permission.CHANGE,
        body=schemas.ChecklistOnTicketIn,
        response=schemas.TasksOut,
        status=201,
        errors={
            409: "The ticket is closed, or has no room for all of them.",
            422: "The Idempotency-Key came with another body before.",
        },
        headers=KEY,
        tag=TAG,
    ),
    Endpoint(
        "GET /v1/tasks",
        name="listMyTasks",
        summary="An agent's tasks on all tickets",
        handle=list_my_tasks,
        needs=Permission.READ,
        query=schemas.MyTasksQuery,
        response=schemas.MyTasksOut,
        tag=TAG,
    ),
)
