"""Tickets, messages and events as the API tells of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

import msgspec

from functions.desk.schemas import tickets as schemas
from functions.desk.schemas.todo import approval_out, tasks_out
from helpdesk import bootstrap
from helpdesk.forms.model import name_in
from helpdesk.kernel.clock import format_instant
from helpdesk.kernel.codec import to_document
from helpdesk.mail.delivery import Slot, fate_of
from helpdesk.mail.display import with_pictures
from helpdesk.mail.letters import Kind
from helpdesk.mail.remarks import text_of
from helpdesk.people.model import Person
from helpdesk.platform.http import Call, Reply
from helpdesk.surveys.model import Survey
from helpdesk.tickets.facts import Event
from helpdesk.tickets.model import (
    ActorKind,
    Channel,
    Held,
    Message,
    Origin,
    Reason,
    SideConversation,
    SideCopy,
    Split,
    Ticket,
    Visibility,
)
from helpdesk.tickets.together import links_of
from helpdesk.tickets.views import ClockRow, ClockState, TicketRow, summarize


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the mail that carried a message."""

    delivery: schemas.Delivery | None = None
    reason: str | None = None
    held_until: datetime | None = None


def fates_of(ticket: Ticket, messages: Sequence[Message]) -> dict[str, Fate]:
    """What became of the mails that carried agents' answers to the requester, by message."""
    answers = [m for m in messages if m.author.kind is ActorKind.AGENT and m.visibility is Visibility.PUBLIC]
    origins = {one.ticket_id: (one.requester_id,) for one in ticket.sources}
    asked = (ticket.requester_id, *reversed(ticket.asked_before))
    slots = {
        message.id: [
            Slot(message.id, Kind.REPLY, person_id, message.ticket_id)
            for person_id in origins.get(message.ticket_id, asked)
        ]
        for message in answers
        if message.withdrawn_at is None
    }
    found = bootstrap.notice_log().find_all(slot for of_message in slots.values() for slot in of_message)
    held = {one.message_id: one.send_at for one in ticket.held}
    fates = {message.id: Fate("withdrawn") for message in answers}
    for message_id, of_message in slots.items():
        word, reason = fate_of(next((found[slot] for slot in of_message if slot in found), None))
        fates[message_id] = Fate(word, reason, held.get(message_id))
    return fates


def side_fates_of(ticket: Ticket, messages: Sequence[Message]) -> dict[str, Fate]:
    """What became of the mails that carried agents' messages to third parties, by message."""
    written = [m for m in messages if m.author.kind is ActorKind.AGENT and m.side_id is not None]
    slots = {m.id: Slot(m.id, Kind.SIDE, m.side_id or "", m.ticket_id) for m in written if m.withdrawn_at is None}
    found = bootstrap.notice_log().find_all(slots.values())
    held = {one.message_id: one.send_at for one in ticket.held}
    fates = {message.id: Fate("withdrawn") for message in written}
    return fates | {one: Fate(*fate_of(found.get(slot)), held.get(one)) for one, slot in slots.items()}


def sides_out(ticket: Ticket, people: Mapping[str, Person] | None = None) -> list[schemas.SideOut]:
    """A ticket's side conversations; `people` are read where they are not given."""
    if people is None:
        wanted = [person for side in ticket.side for person in side.people]
        people = bootstrap.people_store().by_ids(wanted) if wanted else {}
    return [_side_out(side, ticket.copies.side[side.id], people) for side in ticket.side]


def _side_out(side: SideConversation, copy: SideCopy, people: Mapping[str, Person]) -> schemas.SideOut:
    shown = {one.id: _person_out(one.id, one.name, one.address, people) for one in copy.people}
    return schemas.SideOut(
        id=side.id,
        number=side.number,
        subject=copy.subject,
        started_by=side.by,
        people=[
            schemas.SidePersonOut(**msgspec.structs.asdict(shown[one]), cc=one in side.cc)
            for one in side.people
            if one in shown
        ],
        state="closed" if side.closed else "open",
        reopen_on_answer=side.reopen_on_answer,
        messages=side.messages,
        last_at=schemas.instant(side.last_at),
        last_by=side.last_by,
    )


def survey_answers_out(survey: Survey | None, language: str) -> list[schemas.RatingAnswerOut]:
    """A survey's own questions with their answers, in words."""
    if survey is None or survey.answer is None:
        return []
    found = []
    for question in survey.questions:
        value = survey.answer.answers.get(question.id)
        if value is not None:
            names = {choice.id: name_in(choice.names, language, choice.id) for choice in question.choices}
            said = names.get(value, value) if isinstance(value, str) else value
            found.append(schemas.RatingAnswerOut(name_in(question.texts, language, question.id), said))
    return found


def ticket_reply(ticket: Ticket, call: Call) -> Reply:
    """A ticket in full, with its version as `ETag`."""
    return Reply(ticket_out(ticket, call), headers={"etag": f'"{ticket.version}"'})


def ticket_out(ticket: Ticket, call: Call) -> schemas.TicketOut:
    """A ticket in full: one call for its people, another for the comment of a rating."""
    # A row has the short ones of its fields, the whole ticket all of them.
    row = row_out(replace(summarize(ticket), fields=ticket.copies.fields), call)
    rating = None
    if ticket.rating is not None and ticket.survey_id is not None:
        survey = bootstrap.survey_store().find(ticket.survey_id)
        comment = survey.answer.comment if survey is not None and survey.answer is not None else None
        rating = schemas.RatingOut(ticket.rating, comment, survey_answers_out(survey, call.agent.language))
    asked = (person for side in ticket.side for person in side.people)
    people = bootstrap.people_store().by_ids((ticket.requester_id, *ticket.participants, *asked))
    asks = row.requester
    links = links_of(ticket)
    hidden = bootstrap.ticket_store().out_of_sight(link.ticket_id for link in links)
    return schemas.TicketOut(
        **{name: getattr(row, name) for name in row.__struct_fields__ if name != "requester"},
        requester=_person_out(asks.id, asks.name, asks.email, people),
        participants=[_person_out(one.id, one.name, one.address, people) for one in ticket.copies.participants],
        language=ticket.language,
        linked_tickets=[
            schemas.LinkedOut(link.ticket_id, link.number, link.relation)
            for link in links
            if link.ticket_id not in hidden
        ],
        side_conversations=sides_out(ticket, people),
        merged_into=schemas.NumberedOut(ticket.merged.ticket_id, ticket.merged.number) if ticket.merged else None,
        merged_from=[schemas.NumberedOut(one.ticket_id, one.number) for one in ticket.sources],
        solved_at=schemas.instant(ticket.solved_at),
        closed_at=schemas.instant(ticket.closed_at),
        rating=rating,
        tasks=tasks_out(ticket),
        approvals=[approval_out(ticket, one, agent_names()) for one in ticket.approvals],
        organization=ticket.organization_id,
        followers=list(ticket.followers),
        held=[_held_out(held) for held in ticket.held],
        time_seconds=ticket.time_seconds,
        billable_seconds=ticket.billable_seconds,
    )


def agent_names() -> dict[str, str]:
    """What colleagues are called, by id."""
    return {agent.id: agent.name for agent in bootstrap.desk().agents.values()}


def _held_out(held: Held) -> schemas.HeldOut:
    return schemas.HeldOut(
        message_id=held.message_id,
        author=held.author.id,
        send_at=format_instant(held.send_at),
        status=held.status,
        overtaken=held.overtaken,
        unless_requester_replies=bool(held.unless_replied),
        side_id=held.side_id,
    )


def _person_out(
    person_id: str, name: str | None, address: str | None, people: Mapping[str, Person]
) -> schemas.RequesterDetailsOut:
    person = people.get(person_id)
    undeliverable = person is not None and person.undeliverable
    complained = person is not None and person.complained
    return schemas.RequesterDetailsOut(person_id, name, address, undeliverable=undeliverable, complained=complained)


def row_out(row: TicketRow, call: Call) -> schemas.TicketRowOut:
    """A ticket in a list."""
    last = row.last_message
    clocks = [_clock_out(clock, call) for clock in row.clocks]
    due = [clock.due_at for clock in clocks if clock.state is ClockState.RUNNING and clock.due_at is not None]
    return schemas.TicketRowOut(
        id=row.id,
        number=row.number,
        subject=row.subject,
        status=row.status,
        custom_status=row.custom_status,
        priority=row.priority,
        impact=row.impact,
        urgency=row.urgency,
        type=row.type,
        channel=row.channel,
        category=row.category,
        product=row.product,
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
        fields=cast("dict[str, schemas.FieldValue]", dict(row.fields)),
        sla=schemas.SlaOut(row.policy_id, min(due, default=None), clocks),
        due_at=schemas.instant(row.due_at),
        snoozed=row.snooze is not None,
        snoozed_until=schemas.instant(row.snooze.until) if row.snooze is not None else None,
        snoozed_by=row.snooze.by if row.snooze is not None else None,
        cleared=list(row.cleared),
        legal_hold=bool(row.legal_hold),
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


def message_out(message: Message, fate: Fate, call: Call, ticket: Ticket | None = None) -> schemas.MessageOut:
    """A message, with what became of the mail that carried it; `ticket` is the one in which it is read."""
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
        from_ticket=_numbered(message.ticket_id, ticket.sources) if ticket is not None else None,
        moved_to=_numbered(message.moved_to, ticket.splits) if ticket is not None else None,
        recorded_by=message.recorded_by,
    )


def _numbered(ticket_id: str | None, among: Iterable[Origin | Split]) -> schemas.NumberedOut | None:
    return next((schemas.NumberedOut(one.ticket_id, one.number) for one in among if one.ticket_id == ticket_id), None)


def event_out(event: Event, *, with_address: bool = False) -> schemas.EventOut:
    """A fact of a ticket's history; from which address it was asked for, where whoever looks may know."""
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
        via=_via(event),
        address=event.came_from or None if with_address else None,
    )


def _via(event: Event) -> Literal["api", "mail", "web", "phone", "desk"]:
    """From where something was done, as far as history says: by the channel of what was written, else by who did it."""
    by_mail = event.actor.kind is ActorKind.THIRD_PARTY or event.actor.id == "mail"
    channel = getattr(event.fact, "channel", None)
    if channel is Channel.EMAIL or by_mail:
        return "mail"
    if event.actor.kind is ActorKind.SYSTEM:
        return "desk"
    if event.actor.kind is ActorKind.AGENT:
        return "phone" if channel is Channel.PHONE else "api"
    return "api" if channel is Channel.API else "web"


def written_message(message: Message, call: Call) -> schemas.MessageOut:
    """A message that was written just now."""
    sent = Fate("queued", held_until=message.send_at) if message.visibility is Visibility.PUBLIC else Fate()
    return message_out(message, sent, call)
