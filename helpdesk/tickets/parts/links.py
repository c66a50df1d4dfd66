"""Ties between tickets."""

from dataclasses import replace
from typing import Final

from helpdesk.kernel.errors import Conflict, Invalid
from helpdesk.tickets.commands import LinkTicket, UnlinkTicket
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import TicketLinked, TicketUnlinked
from helpdesk.tickets.model import Link, Relation, Ticket

MAX_LINKS: Final = 100

_ONLY_ONE: Final = {
    Relation.CHILD_OF: "It has a parent already.",
    Relation.PART_OF: "It is a part of an incident already.",
}


@apply.register
def _(fact: TicketLinked, ticket: Ticket) -> Ticket:
    return replace(ticket, links=(*ticket.links, fact.link))


@apply.register
def _(fact: TicketUnlinked, ticket: Ticket) -> Ticket:
    return replace(ticket, links=tuple(link for link in ticket.links if link != fact.link))


@decide_on.register
def _(command: LinkTicket, draft: Draft) -> None:
    link, ticket = command.link, draft.ticket
    if link.ticket_id == ticket.id:
        raise Invalid("A ticket cannot be linked to itself.")
    if link in ticket.links:
        return
    refuse_link(ticket, link)
    draft.state(TicketLinked(link))


@decide_on.register
def _(command: UnlinkTicket, draft: Draft) -> None:
    if command.link in draft.ticket.links:
        draft.state(TicketUnlinked(command.link))


def refuse_link(ticket: Ticket, link: Link) -> None:
    """Says why a tie cannot be.

    Families have two generations: whoever has a parent is nobody's parent, so that no ticket is ever its own ancestor.

    Raises:
        Conflict: it cannot, as the ticket stands.
    """
    has = {one.relation for one in ticket.links}
    if len(ticket.links) >= MAX_LINKS:
        raise Conflict(f"A ticket has at most {MAX_LINKS} links.")
    if link.relation in _ONLY_ONE and link.relation in has:
        raise Conflict(_ONLY_ONE[link.relation])
    if {link.relation} | has >= {Relation.CHILD_OF, Relation.PARENT_OF}:
        raise Conflict("A ticket that has a parent cannot have children.")
    if any(one.ticket_id == link.ticket_id and one.relation in _OPPOSITES for one in ticket.links) and (
        link.relation in _OPPOSITES
    ):
        raise Conflict("The two are related in another way already.")


_OPPOSITES: Final = {Relation.CHILD_OF, Relation.PARENT_OF, Relation.PART_OF}

MIRRORED: Final = {
    Relation.RELATES_TO: Relation.RELATES_TO,
    Relation.CHILD_OF: Relation.PARENT_OF,
    Relation.PARENT_OF: Relation.CHILD_OF,
}
"""Ties that both tickets tell of, by what the other one says."""
