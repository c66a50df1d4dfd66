"""Finding, reading, changing and answering tickets."""

from datetime import datetime, timedelta

import msgspec

from functions.desk.calls import attach_of, guard_of
from functions.desk.schemas import tickets as schemas
from functions.desk.shapes import (
    Fate,
    event_out,
    fates_of,
    message_out,
    row_out,
    ticket_out,
    ticket_reply,
    written_message,
)
from helpdesk import bootstrap
from helpdesk.channels.service import find_attachment
from helpdesk.channels.store import LINK_SECONDS
from helpdesk.kernel.clock import format_instant
from helpdesk.people.roles import Permission
from helpdesk.platform.http import Call, Endpoint, Reply, version_header
from helpdesk.platform.signing import after
from helpdesk.tickets.commands import UNSET, ChangeTicket, Unset
from helpdesk.tickets.model import Actor, ActorKind, Visibility
from helpdesk.tickets.views import TicketQuery
from helpdesk.tickets.working import parse_field, parse_search, parse_statuses


def list_tickets(call: Call) -> Reply:
    """A page of tickets."""
    query: schemas.TicketsQuery = call.query
    wanted = query_of(query, call)
    position = bootstrap.signer().read_cursor("tickets", query.cursor, call.now)
    page = bootstrap.agent_desk().list(wanted, limit=query.limit, position=position)
    items = [row_out(row, call) for row in page.items]
    return Reply(schemas.TicketsOut(items, bootstrap.signer().sign_cursor("tickets", page.next_position)))


def query_of(query: schemas.TicketsFilter, call: Call) -> TicketQuery:
    """Which tickets are wanted.

    Raises:
        Invalid: a status that is none.
    """
    number, words = parse_search(query.q or "")
    statuses, further = parse_statuses(
        query.status or ("active" if query.breaches_within else ""), bootstrap.desk().statuses
    )
    asker = bootstrap.people_store().by_id(query.requester) if query.requester else None
    breaching = None
    if query.breaches_within is not None:
        breaching = call.now, call.now + _span(query.breaches_within)
    return TicketQuery(
        group=query.group,
        assignee=call.agent.id if query.assignee == "me" else query.assignee,
        statuses=statuses,
        further=further,
        type=query.type,
        product=query.product,
        field=parse_field(query.field) if query.field else None,
        category=query.category,
        priority=query.priority,
        words=words,
        number=number,
        requester_id=asker.id if asker is not None else query.requester,
        aliases=asker.ids[1:] if asker is not None else (),
        organization_id=query.organization,
        snoozed={"include": None, "exclude": False, "only": True}[query.snoozed],
        breaching=breaching,
    )


def _span(text: str) -> timedelta:
    return timedelta(minutes=int(text[:-1]) * {"m": 1, "h": 60, "d": 1440}[text[-1]])


def get_ticket(call: Call) -> Reply:
    """A ticket."""
    return ticket_reply(bootstrap.agent_desk().get(call.params["id"]), call)


def open_ticket_page(call: Call) -> Reply:
    """A ticket with its newest messages."""
    query: schemas.FirstPageQuery = call.query
    ticket_id = call.params["id"]
    ticket, page = bootstrap.agent_desk().messages(ticket_id, limit=query.limit, position=None)
    cursor = bootstrap.signer().sign_cursor(f"messages/{ticket_id}", page.next_position)
    fates = fates_of(ticket, page.items)
    messages = [message_out(message, fates.get(message.id, Fate()), call, ticket) for message in page.items]
    out = schemas.OpenedTicketOut(ticket_out(ticket, call), schemas.MessagesOut(messages, cursor))
    return Reply(out, headers={"etag": f'"{ticket.version}"'})


def change_ticket(call: Call) -> Reply:
    """Changes a ticket."""
    change = change_of(call.body, call)
    ticket = bootstrap.agent_desk().change(call.params["id"], change, call.agent, version=version_header(call))
    return ticket_reply(ticket, call)


def change_of(patch: schemas.TicketPatch, call: Call) -> ChangeTicket:
    """What a patch wishes."""
    tags = patch.tags
    return ChangeTicket(
        status=_given(patch.status),
        custom_status=_given(patch.custom_status),
        type=_given(patch.type),
        impact=_given(patch.impact),
        urgency=_given(patch.urgency),
        product=_given(patch.product),
        priority=_given(patch.priority),
        assignee=call.agent.id if patch.assignee == "me" else _given(patch.assignee),
        group=_given(patch.group),
        category=_given(patch.category),
        tags=UNSET if tags is msgspec.UNSET else tuple(tag.strip() for tag in tags),
        fields=_given(patch.fields),
        organization=_given(patch.organization),
        due_at=schemas.moment(patch.due_at, "/due_at") if isinstance(patch.due_at, datetime) else _given(patch.due_at),
    )


def list_messages(call: Call) -> Reply:
    """A page of a ticket's messages."""
    query: schemas.PageQuery = call.query
    ticket_id = call.params["id"]
    signer = bootstrap.signer()
    position = signer.read_cursor(f"messages/{ticket_id}", query.cursor, call.now)
    ticket, page = bootstrap.agent_desk().messages(ticket_id, limit=query.limit, position=position)
    fates = fates_of(ticket, page.items)
    items = [message_out(message, fates.get(message.id, Fate()), call, ticket) for message in page.items]
    return Reply(schemas.MessagesOut(items, signer.sign_cursor(f"messages/{ticket_id}", page.next_position)))


def add_message(call: Call) -> Reply:
    """Answers, or notes something."""
    body: schemas.MessageIn = call.body
    if body.visibility == "public":
        call.require(Permission.REPLY)
    if body.status is not None or body.custom_status is not None:
        call.require(Permission.CHANGE)
    ticket_id = call.params["id"]
    message = bootstrap.agent_desk().add_message(
        ticket_id,
        body.body,
        Visibility(body.visibility),
        call.agent,
        html=body.html,
        status=body.status,
        custom_status=body.custom_status,
        attach=attach_of(call, body.attachments),
        guard=guard_of(call, f"agents/{call.agent.id}/{ticket_id}"),
        hold_seconds=body.hold_seconds,
        seen=None if body.confirm else body.seen_message_id,
        send_at=schemas.moment(body.send_at, "/send_at") if body.send_at is not None else None,
        unless_replied=body.unless_requester_replies,
        mentions=tuple(body.mentions),
    )
    return Reply(written_message(message, call))


def edit_message(call: Call) -> Reply:
    """Changes an answer that waits to be sent."""
    body: schemas.MessagePatch = call.body
    send_at = schemas.moment(body.send_at, "/send_at") if body.send_at is not None else None
    ticket, message = bootstrap.agent_desk().edit(
        call.params["id"], call.params["message_id"], call.agent, body=body.body, send_at=send_at
    )
    return Reply(message_out(message, fates_of(ticket, [message]).get(message.id, Fate()), call))


def undo_message(call: Call) -> Reply:
    """Takes a held answer back."""
    message = bootstrap.agent_desk().withdraw(call.params["id"], call.params["message_id"], call.agent)
    return Reply(message_out(message, Fate("withdrawn"), call))


def send_message(call: Call) -> Reply:
    """Sends a held answer now."""
    ticket_id = call.params["id"]
    message = bootstrap.agent_desk().send_now(ticket_id, call.params["message_id"], call.agent)
    fate = fates_of(bootstrap.agent_desk().get(ticket_id), [message]).get(message.id, Fate())
    return Reply(message_out(message, fate, call))


def add_participant(call: Call) -> Reply:
    """Lets somebody take part."""
    body: schemas.ParticipantIn = call.body
    ticket = bootstrap.participation().add(call.params["id"], body.email, body.name, _by(call))
    return ticket_reply(ticket, call)


def remove_participant(call: Call) -> Reply:
    """Lets somebody take part no more."""
    ticket = bootstrap.participation().remove(call.params["id"], call.params["person_id"], _by(call))
    return ticket_reply(ticket, call)


def list_history(call: Call) -> Reply:
    """A page of a ticket's history."""
    query: schemas.PageQuery = call.query
    ticket_id = call.params["id"]
    signer = bootstrap.signer()
    position = signer.read_cursor(f"history/{ticket_id}", query.cursor, call.now)
    page = bootstrap.agent_desk().history(ticket_id, limit=query.limit, position=position)
    whole = not call.permissions.isdisjoint({Permission.SUPERVISE, Permission.AUDIT})
    items = [event_out(event, with_address=whole) for event in page.items]
    return Reply(schemas.HistoryOut(items, signer.sign_cursor(f"history/{ticket_id}", page.next_position)))


def get_attachment(call: Call) -> Reply:
    """A link to a file."""
    messages = bootstrap.agent_desk().all_messages(call.params["id"])
    attachment = find_attachment(messages, call.params["attachment_id"])
    url = bootstrap.files().link(attachment, inline=True)
    return Reply(schemas.LinkOut(url, format_instant(after(call.now, LINK_SECONDS))))


def _by(call: Call) -> Actor:
    return Actor(ActorKind.AGENT, call.agent.id)


def _given[T](value: T | msgspec.UnsetType) -> T | Unset:
    return UNSET if isinstance(value, msgspec.UnsetType) else value


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets",
        name="listTickets",
        summary="Tickets of a group, an assignee, a status; most urgent first",
        handle=list_tickets,
        needs=Permission.READ,
        query=schemas.TicketsQuery,
        response=schemas.TicketsOut,
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}",
        name="getTicket",
        summary="A ticket",
        handle=get_ticket,
        needs=Permission.READ,
        response=schemas.TicketOut,
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/opened",
        name="openTicketPage",
        summary="A ticket with its newest messages: all that a page shows at first",
        description="Three table calls, whatever the desk holds. `messages.next_cursor` goes on in "
        "`GET /v1/tickets/{id}/messages`.",
        handle=open_ticket_page,
        needs=Permission.READ,
        query=schemas.FirstPageQuery,
        response=schemas.OpenedTicketOut,
        tag="Tickets",
    ),
    Endpoint(
        "PATCH /v1/tickets/{id}",
        name="changeTicket",
        summary="Change a ticket",
        handle=change_ticket,
        needs=Permission.CHANGE,
        body=schemas.TicketPatch,
        response=schemas.TicketOut,
        errors={
            409: "It has a newer version than If-Match names, is closed, or something must be done before that status "
            "(`not_ready`; `errors` says what)."
        },
        headers={"If-Match": 'The version that was seen, as `"7"`; it is in `ETag` and `version`.'},
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/messages",
        name="listMessages",
        summary="A ticket's messages, newest first",
        handle=list_messages,
        needs=Permission.READ,
        query=schemas.PageQuery,
        response=schemas.MessagesOut,
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/messages",
        name="addMessage",
        summary="Answer the requester, or note something for colleagues",
        handle=add_message,
        needs=Permission.NOTE,
        body=schemas.MessageIn,
        response=schemas.MessageOut,
        status=201,
        errors={
            409: "The ticket is closed, somebody wrote after `seen_message_id` (`newer_message`), or something must be "
            "done before that status (`not_ready`; `errors` says what).",
            422: "The Idempotency-Key came with another body before.",
        },
        headers={"Idempotency-Key": "Makes a repetition of the call give the first one's answer, for a day at least."},
        tag="Tickets",
    ),
    Endpoint(
        "PATCH /v1/tickets/{id}/messages/{message_id}",
        name="editMessage",
        summary="Change an answer that waits to be sent",
        description="Only who wrote it, and only until it is sent: its words, or when it goes out.",
        handle=edit_message,
        needs=Permission.REPLY,
        body=schemas.MessagePatch,
        response=schemas.MessageOut,
        errors={409: "It was sent, or taken back."},
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/messages/{message_id}/undo",
        name="undoMessage",
        summary="Take back an answer that is held",
        description="Only who wrote it, and only until it is sent. It is then never sent, and changed nothing.",
        handle=undo_message,
        needs=Permission.REPLY,
        response=schemas.MessageOut,
        errors={409: "It was sent already."},
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/messages/{message_id}/send",
        name="sendMessage",
        summary="Send an answer now that is held",
        description="Only who wrote it. One that was sent already is left as it is.",
        handle=send_message,
        needs=Permission.REPLY,
        response=schemas.MessageOut,
        errors={409: "It was taken back."},
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/participants",
        name="addParticipant",
        summary="Let somebody take part beside the requester",
        handle=add_participant,
        needs=Permission.CHANGE,
        body=schemas.ParticipantIn,
        response=schemas.TicketOut,
        errors={409: "The ticket is closed, or has no room for more."},
        tag="Tickets",
    ),
    Endpoint(
        "DELETE /v1/tickets/{id}/participants/{person_id}",
        name="removeParticipant",
        summary="Let somebody take part no more",
        handle=remove_participant,
        needs=Permission.CHANGE,
        response=schemas.TicketOut,
        errors={409: "The ticket is closed."},
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/history",
        name="listHistory",
        summary="What happened to a ticket, by whom and why; newest first",
        handle=list_history,
        needs=Permission.READ,
        query=schemas.PageQuery,
        response=schemas.HistoryOut,
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/attachments/{attachment_id}",
        name="getAttachment",
        summary="A link to a file of a ticket",
        handle=get_attachment,
        needs=Permission.READ,
        response=schemas.LinkOut,
        tag="Files",
    ),
)
