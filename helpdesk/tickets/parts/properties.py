"""Properties of a ticket: status, priority, category, group and assignee, tags, fields."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from helpdesk.kernel.errors import Conflict, FieldError, Invalid
from helpdesk.sla import rules as sla
from helpdesk.tickets.commands import ChangeTicket, FieldValue, RouteTicket, Unset
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import (
    TicketAssigned,
    TicketCategoryChanged,
    TicketFieldsChanged,
    TicketOrganizationChanged,
    TicketPriorityChanged,
    TicketStatusChanged,
    TicketTagsChanged,
)
from helpdesk.tickets.model import Reason, Status, StatusCategory, Ticket
from helpdesk.tickets.parts.clocks import apply_policy, calendar_of, clocks_now, sla_facts
from helpdesk.tickets.parts.timers import set_due, wake

MAX_TAGS: Final = 50
MAX_TAG_LENGTH: Final = 60
MAX_FIELDS: Final = 100


@apply.register
def _(fact: TicketStatusChanged, ticket: Ticket) -> Ticket:
    at_solving, at_closing = ticket.solved_at, ticket.closed_at
    if fact.new.category is not StatusCategory.DONE:
        at_solving = at_closing = None
    elif ticket.status.category is not StatusCategory.DONE:
        at_solving = ticket.updated_at
    if fact.new is Status.CLOSED:
        at_closing = ticket.updated_at
    return replace(
        ticket,
        status=fact.new,
        solved_at=at_solving,
        closed_at=at_closing,
        survey_at=fact.survey_at,
        close_at=fact.close_at,
    )


@apply.register
def _(fact: TicketPriorityChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, priority=fact.new)


@apply.register
def _(fact: TicketCategoryChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, category=fact.new)


@apply.register
def _(fact: TicketAssigned, ticket: Ticket) -> Ticket:
    return replace(ticket, group=fact.new_group, assignee=fact.new_assignee)


@apply.register
def _(fact: TicketTagsChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, tags=tuple(sorted((set(ticket.tags) - set(fact.removed)) | set(fact.added))))


@apply.register
def _(fact: TicketFieldsChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, field_names=fact.filled)


@decide_on.register
def _(command: ChangeTicket, draft: Draft) -> None:
    refuse_if_closed(draft)
    facts_before = sla_facts(draft.ticket)
    if not isinstance(command.category, Unset) and command.category != draft.ticket.category:
        draft.state(TicketCategoryChanged(draft.ticket.category, command.category))
    if not isinstance(command.priority, Unset) and command.priority is not draft.ticket.priority:
        draft.state(TicketPriorityChanged(draft.ticket.priority, command.priority))
    assign(
        draft,
        group=draft.ticket.group if isinstance(command.group, Unset) else command.group,
        assignee=draft.ticket.assignee if isinstance(command.assignee, Unset) else command.assignee,
        because=(Reason("by_hand"),),
    )
    if not isinstance(command.tags, Unset):
        _change_tags(draft, command.tags)
    if not isinstance(command.fields, Unset):
        change_fields(draft, command.fields)
    if not isinstance(command.organization, Unset):
        set_organization(draft, command.organization)
    if not isinstance(command.due_at, Unset):
        set_due(draft, command.due_at)
    if sla_facts(draft.ticket) != facts_before:
        apply_policy(draft)
    if not isinstance(command.status, Unset):
        set_status(draft, command.status, Reason("by_hand"))


@decide_on.register
def _(command: RouteTicket, draft: Draft) -> None:
    ticket = draft.ticket
    if ticket.done or ticket.assignee is not None:
        return
    group = ticket.group or command.group
    assignee = command.assignee if group == command.group else None
    assign(draft, group=group, assignee=assignee, because=command.because)
    if draft.ticket.group != ticket.group:
        apply_policy(draft)


def set_status(draft: Draft, status: Status, because: Reason, at: datetime | None = None) -> None:
    """Moves the status; the clocks follow as of `at`, or else of the draft's instant."""
    old = draft.ticket.status
    if status is old:
        return
    if old is Status.CLOSED:
        raise Conflict("The ticket is closed; closed is final.")
    if status is Status.NEW:
        raise Invalid("A ticket is new once.", [FieldError("/status", "cannot be set back to new")])
    survey_at, close_at = _plans(draft, status)
    draft.state(TicketStatusChanged(old=old, new=status, because=because, survey_at=survey_at, close_at=close_at))
    applied = draft.ticket.sla
    if applied is not None:
        followed = sla.follow_status(applied, status.value, at or draft.now, calendar_of(draft, applied))
        clocks_now(draft, status.value, followed)
    if draft.ticket.done:
        wake(draft, Reason("solved"), at or draft.now)


def refuse_if_closed(draft: Draft) -> None:
    """Closed is final.

    Raises:
        Conflict: the ticket is closed.
    """
    if draft.ticket.status is Status.CLOSED:
        raise Conflict("The ticket is closed; closed is final.")


def _plans(draft: Draft, status: Status) -> tuple[datetime | None, datetime | None]:
    """When the survey and closing are due after a change to `status`: once planned they stay until it is reopened."""
    ticket, rules = draft.ticket, draft.rules
    if status.category is not StatusCategory.DONE:
        return None, None
    survey_at, close_at = ticket.survey_at, ticket.close_at
    if not ticket.done:
        asked = ticket.survey_id is not None or ticket.automatic
        survey_at = draft.now + rules.survey_delay if rules.survey_delay is not None and not asked else None
        close_at = draft.now + rules.close_delay if rules.close_delay is not None else None
    return survey_at, None if status is Status.CLOSED else close_at


def assign(draft: Draft, *, group: str | None, assignee: str | None, because: tuple[Reason, ...]) -> None:
    """Moves group and assignee, if they are not there already."""
    ticket = draft.ticket
    if (group, assignee) == (ticket.group, ticket.assignee):
        return
    draft.state(TicketAssigned(ticket.group, group, ticket.assignee, assignee, because))


def set_organization(draft: Draft, organization_id: str | None) -> None:
    """Moves it to another organization, if it is not there already."""
    if organization_id != draft.ticket.organization_id:
        draft.state(TicketOrganizationChanged(draft.ticket.organization_id, organization_id))


def _change_tags(draft: Draft, tags: tuple[str, ...]) -> None:
    if len(tags) > MAX_TAGS or any(not tag or len(tag) > MAX_TAG_LENGTH for tag in tags):
        message = f"at most {MAX_TAGS} tags of 1 to {MAX_TAG_LENGTH} characters"
        raise Invalid("The tags are not valid.", [FieldError("/tags", message)])
    wanted, present = set(tags), set(draft.ticket.tags)
    if wanted != present:
        draft.state(TicketTagsChanged(tuple(sorted(wanted - present)), tuple(sorted(present - wanted))))


def change_fields(draft: Draft, fields: Mapping[str, FieldValue]) -> None:
    """Merges fields into what is there; None takes one away. Values go to the copies, names into history."""
    before = draft.ticket.copies.fields
    after = {name: value for name, value in {**before, **fields}.items() if value not in (None, [])}
    if len(after) > MAX_FIELDS:
        raise Invalid("Too many fields.", [FieldError("/fields", f"at most {MAX_FIELDS}")])
    changed = tuple(sorted(name for name in fields if before.get(name) != after.get(name)))
    if changed:
        draft.state(TicketFieldsChanged(changed, tuple(sorted(after))))
        draft.ticket = replace(draft.ticket, copies=replace(draft.ticket.copies, fields=after))
