"""How a ticket stands, and giving it back after an action was undone."""

from dataclasses import fields, replace

from helpdesk.kernel.errors import Conflict
from helpdesk.sla import rules as sla
from helpdesk.tickets.commands import RestoreTicket
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import TicketRestored
from helpdesk.tickets.model import Standing, Ticket
from helpdesk.tickets.parts.clocks import apply_policy, calendar_of, clocks_now

_NAMES = tuple(field.name for field in fields(Standing))


def standing_of(ticket: Ticket) -> Standing:
    """How a ticket stands."""
    return Standing(**{name: getattr(ticket, name) for name in _NAMES})


def restored(ticket: Ticket, standing: Standing) -> Ticket:
    """A ticket that stands as given."""
    return replace(ticket, **{name: getattr(standing, name) for name in _NAMES})


@apply.register
def _(fact: TicketRestored, ticket: Ticket) -> Ticket:
    return restored(ticket, fact.standing)


@decide_on.register
def _(command: RestoreTicket, draft: Draft) -> None:
    if draft.ticket.merged is not None:
        raise Conflict(f"It was merged into #{draft.ticket.merged.number}: un-merge it first.")
    # A field of the same name may hold something else now, which the standing does not tell: history has names alone.
    before, wanted = draft.ticket.copies.fields, dict(command.fields)
    stood = draft.ticket
    if standing_of(stood) != command.standing or before != wanted:
        draft.state(TicketRestored(command.standing, command.because))
        draft.copy(fields=wanted)
        if command.follow:
            _follow(draft, stood)


def _follow(draft: Draft, stood: Ticket) -> None:
    """Lets the clocks do what status and policy mean now; clocks that were given back know of the status already."""
    applied = draft.ticket.sla
    if applied is not None and applied == stood.sla and draft.ticket.status is not stood.status:
        status = draft.ticket.status.value
        clocks_now(draft, status, sla.follow_status(applied, status, draft.now, calendar_of(draft, applied)))
    apply_policy(draft)
