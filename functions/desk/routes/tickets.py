"""Finding, reading, changing and answering tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import msgspec

from functions.desk.schemas import tickets as schemas
from helpdesk import bootstrap
from helpdesk.channels.service import KEY_KEPT_SECONDS, body_hash, find_attachment
from helpdesk.channels.store import LINK_SECONDS
from helpdesk.contracts.table import idempotency_key
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import to_document
from helpdesk.mail.delivery import Slot, fate_of
from helpdesk.mail.display import with_pictures
from helpdesk.mail.letters import Kind
from helpdesk.mail.remarks import text_of
from helpdesk.people.model import Person, Role
from helpdesk.platform.access import uploads_of
from helpdesk.platform.http import Call, Endpoint, Reply, idempotency_header, version_header
from helpdesk.platform.signing import after
from helpdesk.tickets.commands import UNSET, ChangeTicket, Unset
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import ActorKind, Attachment, Message, Reason, Ticket, Visibility
from helpdesk.tickets.service import Guard
from helpdesk.tickets.views import ClockRow, ClockState, TicketQuery, TicketRow, summarize
from helpdesk.tickets.working import parse_search, parse_statuses


def list_tickets(call: Call) -> Reply:
    """A page of tickets."""
    query: schemas.TicketsQuery = call.query
    number, words = parse_search(query.q or "")
    wanted = TicketQuery(
        group=query.group,
        assignee=call.agent.id if query.assignee == "me" else query.assignee,
        statuses=parse_statuses(query.status) if query.status else frozenset(),
        category=query.category,
        priority=query.priority,
        words=words,
        number=number,
        requester_id=query.requester,
    )
    position = bootstrap.signer().read_cursor("tickets", query.cursor, call.now)
    page = bootstrap.agent_desk().list(wanted, limit=query.limit, position=position)
    items = [_row_out(row, call) for row in page.items]
    return Reply(schemas.TicketsOut(items, bootstrap.signer().sign_cursor("tickets", page.next_position)))


def get_ticket(call: Call) -> Reply:
    """A ticket."""
    return _ticket_reply(bootstrap.agent_desk().get(call.params["id"]), call)


def change_ticket(call: Call) -> Reply:
    """Changes a ticket."""
    patch: schemas.TicketPatch = call.body
    tags = patch.tags
    change = ChangeTicket(
        status=_given(patch.status),
        priority=_given(patch.priority),
        assignee=call.agent.id if patch.assignee == "me" else _given(patch.assignee),
        group=_given(patch.group),
        category=_given(patch.category),
        tags=UNSET if tags is msgspec.UNSET else tuple(tag.strip() for tag in tags),
        fields=_given(patch.fields),
    )
    ticket = bootstrap.agent_desk().change(call.params["id"], change, call.agent, version=version_header(call))
    return _ticket_reply(ticket, call)


def list_messages(call: Call) -> Reply:
    """A page of a ticket's messages."""
    query: schemas.PageQuery = call.query
    ticket_id = call.params["id"]
    signer = bootstrap.signer()
    position = signer.read_cursor(f"messages/{ticket_id}", query.cursor, call.now)
    ticket, page = bootstrap.agent_desk().messages(ticket_id, limit=query.limit, position=position)
    fates = _fates(ticket, page.items)
    items = [_message_out(message, fates.get(message.id, _Fate()), call) for message in page.items]
    return Reply(schemas.MessagesOut(items, signer.sign_cursor(f"messages/{ticket_id}", page.next_position)))


def add_message(call: Call) -> Reply:
    """Answers, or notes something."""
    body: schemas.MessageIn = call.body
    ticket_id = call.params["id"]
    key = idempotency_header(call)
    guard = None
    if key is not None:
        scope = f"agents/{call.agent.id}/{ticket_id}"
        expires = after(call.now, KEY_KEPT_SECONDS)
        guard = Guard("idempotency", idempotency_key(scope, key), note=body_hash(call.raw), expires_at=expires)
    uploads = uploads_of(call, body.attachments, bootstrap.signer())

    def attach(found: str) -> tuple[Attachment, ...]:
        return tuple(bootstrap.files().claim(upload, found) for upload in uploads)

    message = bootstrap.agent_desk().add_message(
        ticket_id,
        body.body,
        body.visibility,
        call.agent,
        status=body.status,
        attach=attach if uploads else None,
        guard=guard,
        hold_seconds=body.hold_seconds,
        seen=None if body.confirm else body.seen_message_id,
    )
    return Reply(written_message(message, call))


def written_message(message: Message, call: Call) -> schemas.MessageOut:
    """A message that was written just now."""
    sent = _Fate("queued", held_until=message.send_at) if message.visibility is Visibility.PUBLIC else _Fate()
    return _message_out(message, sent, call)


def undo_message(call: Call) -> Reply:
    """Takes a held answer back."""
    message = bootstrap.agent_desk().withdraw(call.params["id"], call.params["message_id"], call.agent)
    return Reply(_message_out(message, _Fate("withdrawn"), call))


def send_message(call: Call) -> Reply:
    """Sends a held answer now."""
    ticket_id = call.params["id"]
    message = bootstrap.agent_desk().send_now(ticket_id, call.params["message_id"], call.agent)
    fate = _fates(bootstrap.agent_desk().get(ticket_id), [message]).get(message.id, _Fate())
    return Reply(_message_out(message, fate, call))


def add_participant(call: Call) -> Reply:
    """Lets somebody take part."""
    body: schemas.ParticipantIn = call.body
    ticket = bootstrap.participation().add(call.params["id"], body.email, body.name, call.agent)
    return _ticket_reply(ticket, call)


def remove_participant(call: Call) -> Reply:
    """Lets somebody take part no more."""
    ticket = bootstrap.participation().remove(call.params["id"], call.params["person_id"], call.agent)
    return _ticket_reply(ticket, call)


def list_history(call: Call) -> Reply:
    """A page of a ticket's history."""
    query: schemas.PageQuery = call.query
    ticket_id = call.params["id"]
    signer = bootstrap.signer()
    position = signer.read_cursor(f"history/{ticket_id}", query.cursor, call.now)
    page = bootstrap.agent_desk().history(ticket_id, limit=query.limit, position=position)
    items = [_event_out(event) for event in page.items]
    return Reply(schemas.HistoryOut(items, signer.sign_cursor(f"history/{ticket_id}", page.next_position)))


def get_attachment(call: Call) -> Reply:
    """A link to a file."""
    messages = bootstrap.agent_desk().all_messages(call.params["id"])
    attachment = find_attachment(messages, call.params["attachment_id"])
    url = bootstrap.files().link(attachment, inline=True)
    return Reply(schemas.LinkOut(url, format_instant(after(call.now, LINK_SECONDS))))


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of the mail that carried a message."""

    delivery: schemas.Delivery | None = None
    reason: str | None = None
    held_until: datetime | None = None


def _fates(ticket: Ticket, messages: Sequence[Message]) -> dict[str, _Fate]:
    """What became of the mails that carried agents' answers to the requester, by message."""
    answers = [m for m in messages if m.author.kind is ActorKind.AGENT and m.visibility is Visibility.PUBLIC]
    slots = {
        message.id: Slot(message.id, Kind.REPLY, ticket.requester_id, ticket.id)
        for message in answers
        if message.withdrawn_at is None
    }
    found = bootstrap.notice_log().find_all(slots.values())
    held = {one.message_id: one.send_at for one in ticket.held}
    fates = {message.id: _Fate("withdrawn") for message in answers}
    for message_id, slot in slots.items():
        word, reason = fate_of(found.get(slot))
        fates[message_id] = _Fate(word, reason, held.get(message_id))
    return fates


def _given[T](value: T | msgspec.UnsetType) -> T | Unset:
    return UNSET if isinstance(value, msgspec.UnsetType) else value


def _ticket_reply(ticket: Ticket, call: Call) -> Reply:
    row = _row_out(summarize(ticket), call)
    rating = None
    if ticket.rating is not None and ticket.survey_id is not None:
        survey = bootstrap.survey_store().find(ticket.survey_id)
        comment = survey.answer.comment if survey is not None and survey.answer is not None else None
        rating = schemas.RatingOut(ticket.rating, comment)
    people = bootstrap.people_store().by_ids((ticket.requester_id, *ticket.participants))
    asks = row.requester
    out = schemas.TicketOut(
        **{name: getattr(row, name) for name in row.__struct_fields__ if name != "requester"},
        requester=_person_out(asks.id, asks.name, asks.email, people),
        participants=[_person_out(one.id, one.name, one.address, people) for one in ticket.copies.participants],
        language=ticket.language,
        fields=cast("dict[str, schemas.FieldValue]", dict(ticket.copies.fields)),
        linked_tickets=[schemas.LinkedOut(link.ticket_id, link.number, link.relation) for link in ticket.links],
        solved_at=schemas.instant(ticket.solved_at),
        closed_at=schemas.instant(ticket.closed_at),
        rating=rating,
    )
    return Reply(out, headers={"etag": f'"{ticket.version}"'})


def _person_out(
    person_id: str, name: str | None, address: str | None, people: Mapping[str, Person]
) -> schemas.RequesterDetailsOut:
    person = people.get(person_id)
    undeliverable = person is not None and person.undeliverable
    complained = person is not None and person.complained
    return schemas.RequesterDetailsOut(person_id, name, address, undeliverable=undeliverable, complained=complained)


def _row_out(row: TicketRow, call: Call) -> schemas.TicketRowOut:
    last = row.last_message
    clocks = [_clock_out(clock, call) for clock in row.clocks]
    due = [clock.due_at for clock in clocks if clock.state is ClockState.RUNNING and clock.due_at is not None]
    return schemas.TicketRowOut(
        id=row.id,
        number=row.number,
        subject=row.subject,
        status=row.status,
        priority=row.priority,
        type=row.type,
        channel=row.channel,
        category=row.category,
        group=row.group,
        assignee=row.assignee,
        requester=schemas.RequesterOut(row.requester_id, row.requester_name, row.requester_address),
        tags=list(row.tags),
        version=row.version,
        created_at=format_instant(row.created_at),
        updated_at=format_instant(row.updated_at),
        last_message=schemas.LastMessageOut(format_instant(last.at), last.author_kind, last.visibility, last.preview)
        if last is not None
        else None,
        sla=schemas.SlaOut(row.policy_id, min(due, default=None), clocks),
    )


def _clock_out(clock: ClockRow, call: Call) -> schemas.ClockOut:
    return schemas.ClockOut(
        metric=clock.metric,
        state=clock.state(call.now),
        due_at=schemas.instant(clock.due_at),
        remaining_seconds=clock.remaining_seconds,
        met_at=schemas.instant(clock.met_at),
        breached_at=schemas.instant(clock.breached_at),
    )


def _message_out(message: Message, fate: _Fate, call: Call) -> schemas.MessageOut:
    remark = message.remark
    words = text_of(remark, call.agent.language) if remark is not None else None
    return schemas.MessageOut(
        id=message.id,
        at=format_instant(message.at),
        author=schemas.AuthorOut(message.author.kind, message.author.id, message.author_name),
        visibility=message.visibility,
        channel=message.channel,
        automatic=message.automatic,
        body_text=words or message.text,
        body_html=with_pictures(message, bootstrap.files().link) if message.html is not None else None,
        quoted_text=message.quoted,
        attachments=[schemas.FileOut(a.id, a.filename, a.content_type, a.size, a.inline) for a in message.attachments],
        delivery=fate.delivery,
        delivery_reason=fate.reason,
        send_at=schemas.instant(fate.held_until),
        remark=schemas.RemarkOut(remark.code, dict(remark.params)) if remark is not None else None,
    )


def _event_out(event: Event) -> schemas.EventOut:
    data = to_document(event.fact)
    data.pop("because", None)
    found = getattr(event.fact, "because", ())
    because: tuple[Reason, ...] = (found,) if isinstance(found, Reason) else found
    agent = bootstrap.agent(event.actor.id) if event.actor.kind is ActorKind.AGENT else None
    return schemas.EventOut(
        id=event.id,
        seq=event.seq,
        type=event.type.value,
        at=format_instant(event.at),
        actor=schemas.AuthorOut(event.actor.kind, event.actor.id, agent.name if agent is not None else None),
        data={name: msgspec.Raw(msgspec.json.encode(value)) for name, value in data.items()},
        because=[schemas.ReasonOut(reason.code, dict(reason.params)) for reason in because],
    )


ENDPOINTS = (
    Endpoint(
        "GET /v1/tickets",
        name="listTickets",
        summary="Tickets of a group, an assignee, a status; most urgent first",
        handle=list_tickets,
        role=Role.AGENT,
        query=schemas.TicketsQuery,
        response=schemas.TicketsOut,
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}",
        name="getTicket",
        summary="A ticket",
        handle=get_ticket,
        role=Role.AGENT,
        response=schemas.TicketOut,
        tag="Tickets",
    ),
    Endpoint(
        "PATCH /v1/tickets/{id}",
        name="changeTicket",
        summary="Change a ticket",
        handle=change_ticket,
        role=Role.AGENT,
        body=schemas.TicketPatch,
        response=schemas.TicketOut,
        errors={409: "It has a newer version than If-Match names, or is closed."},
        headers={"If-Match": 'The version that was seen, as `"7"`; it is in `ETag` and `version`.'},
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/messages",
        name="listMessages",
        summary="A ticket's messages, newest first",
        handle=list_messages,
        role=Role.AGENT,
        query=schemas.PageQuery,
        response=schemas.MessagesOut,
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/messages",
        name="addMessage",
        summary="Answer the requester, or note something for colleagues",
        handle=add_message,
        role=Role.AGENT,
        body=schemas.MessageIn,
        response=schemas.MessageOut,
        status=201,
        errors={
            409: "The ticket is closed, or somebody wrote after `seen_message_id` (`newer_message`).",
            422: "The Idempotency-Key came with another body before.",
        },
        headers={"Idempotency-Key": "Makes a repetition of the call give the first one's answer, for a day at least."},
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/messages/{message_id}/undo",
        name="undoMessage",
        summary="Take back an answer that is held",
        description="Only who wrote it, and only until it is sent. It is then never sent, and changed nothing.",
        handle=undo_message,
        role=Role.AGENT,
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
        role=Role.AGENT,
        response=schemas.MessageOut,
        errors={409: "It was taken back."},
        tag="Tickets",
    ),
    Endpoint(
        "POST /v1/tickets/{id}/participants",
        name="addParticipant",
        summary="Let somebody take part beside the requester",
        handle=add_participant,
        role=Role.AGENT,
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
        role=Role.AGENT,
        response=schemas.TicketOut,
        errors={409: "The ticket is closed."},
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/history",
        name="listHistory",
        summary="What happened to a ticket, by whom and why; newest first",
        handle=list_history,
        role=Role.AGENT,
        query=schemas.PageQuery,
        response=schemas.HistoryOut,
        tag="Tickets",
    ),
    Endpoint(
        "GET /v1/tickets/{id}/attachments/{attachment_id}",
        name="getAttachment",
        summary="A link to a file of a ticket",
        handle=get_attachment,
        role=Role.AGENT,
        response=schemas.LinkOut,
        tag="Files",
    ),
)
