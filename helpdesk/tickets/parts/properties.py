"""Properties of a ticket: status, type, priority, category, product, group and assignee, tags, fields."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from helpdesk.forms.rules import checked
from helpdesk.kernel.errors import Conflict, FieldError, Invalid
from helpdesk.sla import rules as sla
from helpdesk.tickets.commands import ChangeTicket, FieldValue, Unset
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import (
    TicketAssessed,
    TicketAssigned,
    TicketCategoryChanged,
    TicketFieldsChanged,
    TicketOrganizationChanged,
    TicketPriorityChanged,
    TicketProductChanged,
    TicketStatusChanged,
    TicketTagsChanged,
    TicketTypeChanged,
)
from helpdesk.tickets.model import Level, Priority, Reason, Status, StatusCategory, Ticket
from helpdesk.tickets.parts.clocks import apply_policy, calendar_of, clocks_now, sla_facts
from helpdesk.tickets.parts.moves import Wish, refuse_move, wished_status
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
        custom_status=fact.new_custom,
        solved_at=at_solving,
        closed_at=at_closing,
        survey_at=fact.survey_at,
        close_at=fact.close_at,
    )


@apply.register
def _(fact: TicketPriorityChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, priority=fact.new)


@apply.register
def _(fact: TicketTypeChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, type=fact.new)


@apply.register
def _(fact: TicketAssessed, ticket: Ticket) -> Ticket:
    return replace(ticket, impact=fact.new_impact, urgency=fact.new_urgency)


@apply.register
def _(fact: TicketProductChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, product=fact.new)


@apply.register
def _(fact: TicketCategoryChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, category=fact.new)


@apply.register
def _(fact: TicketAssigned, ticket: Ticket) -> Ticket:
    moved = fact.old_group is not None and fact.new_group != fact.old_group
    handed_on = fact.old_assignee is not None and fact.new_assignee != fact.old_assignee
    return replace(
        ticket,
        group=fact.new_group,
        assignee=fact.new_assignee,
        reassigned=ticket.reassigned + (moved or handed_on),
    )


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
    if not isinstance(command.type, Unset) and command.type is not draft.ticket.type:
        draft.state(TicketTypeChanged(draft.ticket.type, command.type))
    if not isinstance(command.product, Unset):
        set_product(draft, command.product)
    if not isinstance(command.category, Unset) and command.category != draft.ticket.category:
        draft.state(TicketCategoryChanged(draft.ticket.category, command.category))
    assess(
        draft,
        impact=draft.ticket.impact if isinstance(command.impact, Unset) else command.impact,
        urgency=draft.ticket.urgency if isinstance(command.urgency, Unset) else command.urgency,
        priority=None if isinstance(command.priority, Unset) else command.priority,
    )
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
    wish = wished_status(draft, command.status, command.custom_status)
    if wish is not None:
        move_by_hand(draft, wish, Reason("by_hand"))


def set_status(
    draft: Draft, status: Status, because: Reason, at: datetime | None = None, *, custom: str | None = None
) -> None:
    """Moves the status, whatever limits colleagues have; the clocks follow as of `at`, or else of the draft's instant.

    Args:
        draft: the ticket in the making.
        status: one of the desk's own.
        because: why.
        at: since when it is so.
        custom: id of an admin's status over it.
    """
    old, old_custom = draft.ticket.status, draft.ticket.custom_status
    if (status, custom) == (old, old_custom):
        return
    if old is Status.CLOSED:
        raise Conflict("The ticket is closed; closed is final.")
    if status is Status.NEW:
        raise Invalid("A ticket is new once.", [FieldError("/status", "cannot be set back to new")])
    survey_at, close_at = _plans(draft, status)
    draft.state(
        TicketStatusChanged(
            old=old,
            new=status,
            because=because,
            survey_at=survey_at,
            close_at=close_at,
            old_custom=old_custom,
            new_custom=custom,
        )
    )
    applied = draft.ticket.sla
    if applied is not None:
        followed = sla.follow_status(applied, status.value, at or draft.now, calendar_of(draft, applied))
        clocks_now(draft, status.value, followed)
    if draft.ticket.done:
        wake(draft, Reason("solved"), at or draft.now)


def move_by_hand(draft: Draft, wish: Wish, because: Reason) -> None:
    """Moves the status as a colleague wishes.

    Raises:
        NotReady: it may not follow the status there is, or something must be filled in first.
    """
    if wish.status is not Status.NEW:
        refuse_move(draft, wish)
    set_status(draft, wish.status, because, custom=wish.custom)


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
        survey_at = None
        if rules.survey_delay is not None and not asked:
            own = rules.own_survey_delay(ticket)
            survey_at = draft.now + (rules.survey_delay if own is None else own)
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


def set_product(draft: Draft, product: str | None) -> None:
    """Says what it is about, if it does not already."""
    if product != draft.ticket.product:
        draft.state(TicketProductChanged(draft.ticket.product, product))


def assess(draft: Draft, *, impact: Level | None, urgency: Level | None, priority: Priority | None) -> None:
    """Notes impact and urgency, and moves the priority: to the one given, or to what the two lead to."""
    ticket = draft.ticket
    because: tuple[Reason, ...] = ()
    if (impact, urgency) != (ticket.impact, ticket.urgency):
        draft.state(TicketAssessed(ticket.impact, impact, ticket.urgency, urgency))
        if priority is None and impact is not None and urgency is not None:
            priority = draft.rules.workflow.matrix.priority(impact, urgency)
            because = (Reason("impact_and_urgency", {"impact": impact.value, "urgency": urgency.value}),)
    if priority is not None and priority is not ticket.priority:
        draft.state(TicketPriorityChanged(ticket.priority, priority, because))


def _change_tags(draft: Draft, tags: tuple[str, ...]) -> None:
    if len(tags) > MAX_TAGS or any(not tag or len(tag) > MAX_TAG_LENGTH for tag in tags):
        message = f"at most {MAX_TAGS} tags of 1 to {MAX_TAG_LENGTH} characters"
        raise Invalid("The tags are not valid.", [FieldError("/tags", message)])
    wanted, present = set(tags), set(draft.ticket.tags)
    if wanted != present:
        draft.state(TicketTagsChanged(tuple(sorted(wanted - present)), tuple(sorted(present - wanted))))


def change_fields(draft: Draft, fields: Mapping[str, FieldValue]) -> None:
    """Merges fields into what is there; None takes one away. Values go to the copies, names into history.

    Raises:
        Invalid: a value that its field does not take, or too many of them.
    """
    before = draft.ticket.copies.fields
    fields = checked(draft.rules.workflow.catalogue, fields, before)
    after = {name: value for name, value in {**before, **fields}.items() if value not in (None, [])}
    if len(after) > MAX_FIELDS:
        raise Invalid("Too many fields.", [FieldError("/fields", f"at most {MAX_FIELDS}")])
    changed = tuple(sorted(name for name in fields if before.get(name) != after.get(name)))
    if changed:
        draft.state(TicketFieldsChanged(changed, tuple(sorted(after))))
        draft.ticket = replace(draft.ticket, copies=replace(draft.ticket.copies, fields=after))
