"""From a ticket's event to what rules can react to. Pure."""

from dataclasses import replace
from typing import Final

from helpdesk.automation.model import Happening, Occurrence
from helpdesk.contracts.events import EventType
from helpdesk.tickets.facts import (
    Event,
    MessageAdded,
    MessageReleased,
    RatingRecorded,
    SlaBreached,
    SlaWarned,
    TicketAssigned,
    TicketOpened,
    TicketStatusChanged,
)
from helpdesk.tickets.model import AUTOMATION, ActorKind, Status, StatusCategory, Visibility

_PROPERTIES: Final = {
    EventType.TICKET_PRIORITY_CHANGED: "priority",
    EventType.TICKET_TYPE_CHANGED: "type",
    EventType.TICKET_ASSESSED: "impact",
    EventType.TICKET_CATEGORY_CHANGED: "category",
    EventType.TICKET_PRODUCT_CHANGED: "product",
    EventType.TICKET_TAGS_CHANGED: "tags",
    EventType.TICKET_FIELDS_CHANGED: "fields",
    EventType.TICKET_ORGANIZATION_CHANGED: "organization",
    EventType.TICKET_REQUESTER_CHANGED: "requester",
    EventType.TICKET_DUE_CHANGED: "due_at",
}
_PLAIN: Final = {
    EventType.TICKET_OPENED: Happening.OPENED,
    EventType.DELIVERY_FAILED: Happening.DELIVERY_FAILED,
    EventType.APPROVAL_SETTLED: Happening.APPROVAL_SETTLED,
    EventType.TICKET_DUE: Happening.DUE,
}
_AUTHORS: Final = {
    ActorKind.REQUESTER: Happening.REQUESTER_REPLIED,
    ActorKind.AGENT: Happening.AGENT_REPLIED,
}


def occurrence_of(event: Event) -> Occurrence | None:
    """What an event is to rules; None: nothing they may react to, and never what a rule did itself."""
    return None if event.actor == AUTOMATION else effect_of(event)


def effect_of(event: Event) -> Occurrence | None:
    """What an event is to rules, whoever caused it; None: nothing they know."""
    plain = Occurrence(event.id, frozenset(), event.actor.kind)
    match event.fact:
        case MessageAdded(send_at=None) as fact:
            found = _message(plain, fact.author.kind, fact.visibility)
        case MessageReleased(side_id=None):
            found = replace(_of(plain, Happening.AGENT_REPLIED), by=ActorKind.AGENT)
        case TicketStatusChanged(old=old, new=new):
            found = _status(plain, old, new)
        case TicketAssigned() as fact:
            found = _assigned(plain, fact)
        case SlaWarned(metric=metric):
            found = replace(_of(plain, Happening.SLA_WARNED), metric=metric.value)
        case SlaBreached(metric=metric):
            found = replace(_of(plain, Happening.SLA_BREACHED), metric=metric.value)
        case RatingRecorded(rating=rating):
            found = replace(_of(plain, Happening.RATED), rating=rating)
        case _:
            found = _other(plain, event.type)
    return found if found.happened else None


def message_of(event: Event) -> str | None:
    """Id of the message that an event is about, if it is in the ticket's own conversation."""
    match event.fact:
        case TicketOpened(message_id=message_id):
            return message_id
        case MessageAdded(message_id=message_id, side_id=None):
            return message_id
        case MessageReleased(message_id=message_id, side_id=None):
            return message_id
        case _:
            return None


def together(first: Occurrence, second: Occurrence) -> Occurrence:
    """Something that happened, and what a rule made of it: what the rules after it react to."""
    changed = tuple(dict.fromkeys((*first.changed, *second.changed)))
    return replace(first, happened=first.happened | second.happened, changed=changed)


def _of(plain: Occurrence, *happened: Happening) -> Occurrence:
    return replace(plain, happened=frozenset(happened))


def _other(plain: Occurrence, kind: EventType) -> Occurrence:
    if (name := _PROPERTIES.get(kind)) is not None:
        return replace(_of(plain, Happening.CHANGED), changed=(name,))
    return _of(plain, _PLAIN[kind]) if kind in _PLAIN else plain


def _assigned(plain: Occurrence, fact: TicketAssigned) -> Occurrence:
    moved = {"group": fact.old_group != fact.new_group, "assignee": fact.old_assignee != fact.new_assignee}
    changed = tuple(name for name, so in moved.items() if so)
    return replace(_of(plain, Happening.ASSIGNED, Happening.CHANGED), changed=changed)


def _message(plain: Occurrence, author: ActorKind, visibility: Visibility) -> Occurrence:
    if author is ActorKind.SYSTEM:
        return plain
    if visibility is Visibility.INTERNAL:
        return _of(plain, Happening.NOTE_ADDED)
    if visibility is Visibility.SIDE:
        return _of(plain, Happening.THIRD_PARTY_REPLIED) if author is ActorKind.THIRD_PARTY else plain
    return _of(plain, _AUTHORS[author]) if author in _AUTHORS else plain


def _status(plain: Occurrence, old: Status, new: Status) -> Occurrence:
    happened = {Happening.STATUS_CHANGED, Happening.CHANGED}
    was_done, is_done = old.category is StatusCategory.DONE, new.category is StatusCategory.DONE
    if new is Status.SOLVED and not was_done:
        happened.add(Happening.SOLVED)
    if was_done and not is_done:
        happened.add(Happening.REOPENED)
    return replace(plain, happened=frozenset(happened), changed=("status",))
