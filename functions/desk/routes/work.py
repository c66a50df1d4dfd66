"""Opening tickets for others, changing who asks, following, putting aside, and time."""

import msgspec

from functions.desk.calls import KEY_MEANING, attach_of, guard_of
from functions.desk.schemas import tickets as ticket_schemas
from functions.desk.schemas import work as schemas
from functions.desk.schemas.tickets import instant, moment
from functions.desk.shapes import ticket_reply
from helpdesk import bootstrap
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply
from helpdesk.tickets.commands import UNSET, ChangeTicket
from helpdesk.tickets.model import Priority, Visibility
from helpdesk.tickets.opening import NewTicket, Somebody
from helpdesk.tickets.timelog import TimeEntry, TimeWish


def open_ticket(call: Call) -> Reply:
    """Opens a ticket."""
    body: schemas.TicketIn = call.body
    if body.written_by == "agent" and body.visibility == "public":
        call.require(Permission.REPLY)
    change = ChangeTicket(
        status=body.status or UNSET,
        custom_status=body.custom_status or UNSET,
        impact=body.impact or UNSET,
        urgency=body.urgency or UNSET,
        product=body.product or UNSET,
        priority=body.priority or UNSET,
        category=body.category or UNSET,
        group=body.group or UNSET,
        assignee=call.agent.id if body.assignee == "me" else body.assignee or UNSET,
        tags=tuple(tag.strip() for tag in body.tags) or UNSET,
        fields=body.fields or UNSET,
        due_at=moment(body.due_at, "/due_at") if body.due_at is not None else UNSET,
    )
    wish = NewTicket(
        requester=_somebody(body.requester),
        subject=body.subject,
        body=body.body,
        channel=body.channel,
        outbound=body.written_by == "agent",
        visibility=Visibility(body.visibility),
        silent=not body.acknowledge,
        type=body.type,
        priority=body.priority or Priority.NORMAL,
        participants=tuple(map(_somebody, body.participants)),
        change=change,
    )
    guard = guard_of(call, f"agents/{call.agent.id}/tickets")
    attach = attach_of(call, body.attachments)
    ticket = bootstrap.opening().open(wish, call.agent, attach=attach or (lambda _: ()), guard=guard)
    reply = ticket_reply(ticket, call)
    return Reply(reply.value, headers={**reply.headers, "location": f"/v1/tickets/{ticket.id}"})


def _somebody(given: schemas.SomebodyIn) -> Somebody:
    return Somebody(given.id, given.email, given.name, given.locale)


def change_requester(call: Call) -> Reply:
    """Lets somebody else be who asks."""
    body: schemas.RequesterIn = call.body
    ticket = bootstrap.participation().change_requester(
        call.params["id"], _somebody(body), call.agent, keep_former=body.keep_former
    )
    return ticket_reply(ticket, call)


def _agent_named(call: Call) -> str:
    named = call.params["agent_id"]
    if named in {"me", call.agent.id}:
        return call.agent.id
    call.require(Permission.CHANGE)
    return named


def add_follower(call: Call) -> Reply:
    """Lets an agent follow."""
    return ticket_reply(bootstrap.attention().follow(call.params["id"], _agent_named(call), call.agent), call)


def remove_follower(call: Call) -> Reply:
    """Lets an agent follow no more."""
    return ticket_reply(bootstrap.attention().unfollow(call.params["id"], _agent_named(call), call.agent), call)


def snooze(call: Call) -> Reply:
    """Puts a ticket aside."""
    body: schemas.SnoozeIn = call.body
    until = moment(body.until, "/until") if body.until is not None else None
    return ticket_reply(bootstrap.attention().snooze(call.params["id"], until, call.agent), call)


def wake(call: Call) -> Reply:
    """Takes a ticket back."""
    return ticket_reply(bootstrap.attention().wake(call.params["id"], call.agent), call)


def log_time(call: Call) -> Reply:
    """Writes time down."""
    body: schemas.TimeIn = call.body
    started = moment(body.started_at, "/started_at") if body.started_at is not None else None
    wish = TimeWish(body.seconds, body.billable, started, body.note)
    guard = guard_of(call, f"agents/{call.agent.id}/time/{call.params['id']}")
    entry = bootstrap.time_log().log(call.params["id"], wish, call.agent, worker=body.agent, guard=guard)
    return Reply(_entry_out(entry))


def list_time(call: Call) -> Reply:
    """A page of a ticket's time."""
    query: ticket_schemas.PageQuery = call.query
    ticket_id, signer = call.params["id"], bootstrap.signer()
    position = signer.read_cursor(f"time/{ticket_id}", query.cursor, call.now)
    page = bootstrap.time_log().list(ticket_id, limit=query.limit, position=position)
    cursor = signer.sign_cursor(f"time/{ticket_id}", page.next_position)
    return Reply(schemas.TimesOut([_entry_out(entry) for entry in page.items], cursor))


def correct_time(call: Call) -> Reply:
    """Lets an entry say something else."""
    body: schemas.TimePatch = call.body
    wish = TimeWish(
        None if isinstance(body.seconds, msgspec.UnsetType) else body.seconds,
        None if isinstance(body.billable, msgspec.UnsetType) else body.billable,
        None if isinstance(body.started_at, msgspec.UnsetType) else moment(body.started_at, "/started_at"),
        None if isinstance(body.note, msgspec.UnsetType) else body.note,
    )
    return Reply(_entry_out(bootstrap.time_log().correct(call.params["id"], call.params["entry_id"], wish, call.agent)))


def remove_time(call: Call) -> Reply:
    """Takes an entry away."""
    bootstrap.time_log().remove(call.params["id"], call.params["entry_id"], call.agent)
    return Reply()


def _entry_out(entry: TimeEntry) -> schemas.TimeOut:
    agent = bootstrap.agent(entry.agent_id)
    return schemas.TimeOut(
        id=entry.id,
        agent=entry.agent_id,
        agent_name=agent.name if agent is not None else None,
        seconds=entry.seconds,
        billable=entry.billable,
        started_at=instant(entry.started_at),
        note=entry.note,
        logged_at=format_instant(entry.logged_at),
        logged_by=entry.logged_by,
        changed_at=instant(entry.changed_at),
    )


_OTHERS_TIME = "It is another's time, and you are no supervisor."

ENDPOINTS = (
    Endpoint(
        "POST /v1/tickets",
        name="openTicket",
        summary="Open a ticket for somebody",
        description="Write down what a requester said, or begin with a message of ours. History says who did it.",
        handle=open_ticket,
        needs=Permission.OPEN,
        body=schemas.TicketIn,
        response=ticket_schemas.TicketOut,
        status=201,
        errors={409: "It cannot begin like this.", 422: "The Idempotency-Key came with another body before."},
        headers={"Idempotency-Key": KEY_MEANING},
        tag="Tickets",
    ),
    Endpoint(
        "PUT /v1/tickets/{id}/requester",
        name="changeRequester",
        summary="Let somebody else be who asks",
        description="The organization follows them. Links of the one before stop working.",
        handle=change_requester,
        needs=Permission.CHANGE,
        body=schemas.RequesterIn,
        response=ticket_schemas.TicketOut,
        errors={409: "The ticket is closed, or has no room for the one before."},
        tag="Tickets",
    ),
    Endpoint(
        "PUT /v1/tickets/{id}/followers/{agent_id}",
        name="addFollower",
        summary="Tell an agent from now on what happens to a ticket; `me` is yourself",
        handle=add_follower,
        needs=Permission.READ,
        response=ticket_schemas.TicketOut,
        errors={409: "It has no room for more."},
        tag="Tickets",
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/followers/{agent_id}",
        name="removeFollower",
        summary="Tell an agent no more what happens to a ticket; `me` is yourself",
        handle=remove_follower,
        needs=Permission.READ,
        response=ticket_schemas.TicketOut,
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/snooze",
        name="snoozeTicket",
        summary="Put a ticket aside until an instant or the requester's answer, whichever comes first",
        handle=snooze,
        needs=Permission.CHANGE,
        body=schemas.SnoozeIn,
        response=ticket_schemas.TicketOut,
        errors={409: "The ticket is done."},
        tag="Tickets",
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/snooze",
        name="wakeTicket",
        summary="Take a ticket back that was put aside",
        handle=wake,
        needs=Permission.CHANGE,
        response=ticket_schemas.TicketOut,
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/time",
        name="logTime",
        summary="Write down time spent on a ticket",
        handle=log_time,
        needs=Permission.LOG_TIME,
        body=schemas.TimeIn,
        response=schemas.TimeOut,
        status=201,
        errors={403: _OTHERS_TIME, 422: "The Idempotency-Key came with another body before."},
        headers={"Idempotency-Key": KEY_MEANING},
        tag="Time",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/time",
        name="listTime",
        summary="Time spent on a ticket, newest entry first",
        handle=list_time,
        needs=Permission.READ,
        query=ticket_schemas.PageQuery,
        response=schemas.TimesOut,
        tag="Time",
    ),
    Endpoint(
        "PATCH /v1/tickets/{id}/time/{entry_id}",
        name="correctTime",
        summary="Correct an entry",
        handle=correct_time,
        needs=Permission.LOG_TIME,
        body=schemas.TimePatch,
        response=schemas.TimeOut,
        errors={403: _OTHERS_TIME},
        tag="Time",
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/time/{entry_id}",
        name="removeTime",
        summary="Take an entry away",
        handle=remove_time,
        needs=Permission.LOG_TIME,
        status=204,
        errors={403: _OTHERS_TIME},
        tag="Time",
    ),
)
