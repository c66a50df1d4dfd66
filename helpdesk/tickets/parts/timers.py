"""Tickets that wait for an instant: put aside until then, or wanted done by then."""

from dataclasses import replace
from datetime import datetime

from helpdesk.kernel.errors import Conflict, FieldError, Invalid
from helpdesk.tickets.commands import SnoozeTicket, WakeTicket
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import TicketDue, TicketDueChanged, TicketSnoozed, TicketWoke
from helpdesk.tickets.model import SWEEPER, Actor, Reason, Snooze, Ticket


@apply.register
def _(fact: TicketDueChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, due_at=fact.new, overdue_at=None)


@apply.register
def _(fact: TicketDue, ticket: Ticket) -> Ticket:
    return replace(ticket, overdue_at=fact.due_at)


@apply.register
def _(fact: TicketSnoozed, ticket: Ticket) -> Ticket:
    return replace(ticket, snooze=Snooze(fact.by, fact.until))


@apply.register
def _(fact: TicketWoke, ticket: Ticket) -> Ticket:
    del fact
    return replace(ticket, snooze=None)


@decide_on.register
def _(command: SnoozeTicket, draft: Draft) -> None:
    if draft.ticket.done:
        raise Conflict("The ticket is done; there is nothing to put aside.")
    if command.until is not None and command.until <= draft.now:
        raise Invalid("Some fields are not valid.", [FieldError("/until", "is not in the future")])
    if draft.ticket.snooze != Snooze(draft.actor.id, command.until):
        draft.state(TicketSnoozed(draft.actor.id, command.until))


@decide_on.register
def _(command: WakeTicket, draft: Draft) -> None:
    del command
    wake(draft, Reason("by_hand"), draft.now)


def wake(draft: Draft, because: Reason, at: datetime, *, actor: Actor | None = None) -> None:
    """Takes a ticket back that was put aside, as of an instant; nothing happens to others."""
    snooze = draft.ticket.snooze
    if snooze is not None:
        draft.state(TicketWoke(snooze.by, at, because), actor=actor)


def set_due(draft: Draft, due_at: datetime | None) -> None:
    """Sets until when it shall be done; an instant that has passed is told at the next sweep."""
    if due_at != draft.ticket.due_at:
        draft.state(TicketDueChanged(draft.ticket.due_at, due_at))


def waking_at(ticket: Ticket) -> datetime | None:
    """When time alone takes it back."""
    return ticket.snooze.until if ticket.snooze is not None else None


def falling_due_at(ticket: Ticket) -> datetime | None:
    """When time alone tells that it is due: once for each due date, and never of what is done."""
    return ticket.due_at if ticket.overdue_at is None and not ticket.done else None


def wake_by_time(draft: Draft, at: datetime) -> None:
    """Takes it back because its time has come."""
    wake(draft, Reason("time"), at, actor=SWEEPER)


def fall_due(draft: Draft, at: datetime) -> None:
    """Tells that its due date passed."""
    draft.state(TicketDue(at), actor=SWEEPER)
