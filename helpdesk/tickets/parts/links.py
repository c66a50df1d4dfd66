"""Ties between tickets."""

from dataclasses import replace

from helpdesk.kernel.errors import Invalid
from helpdesk.tickets.commands import LinkTicket
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import TicketLinked
from helpdesk.tickets.model import Ticket


@apply.register
def _(fact: TicketLinked, ticket: Ticket) -> Ticket:
    return replace(ticket, links=(*ticket.links, fact.link))


@decide_on.register
def _(command: LinkTicket, draft: Draft) -> None:
    if command.link.ticket_id == draft.ticket.id:
        raise Invalid("A ticket cannot be linked to itself.")
    if command.link not in draft.ticket.links:
        draft.state(TicketLinked(command.link))
