"""Who asks, when that turns out to be somebody else, and to which organization a ticket belongs."""

from dataclasses import replace
from typing import Final

from helpdesk.kernel.errors import Conflict
from helpdesk.tickets.commands import ChangeRequester, SettleForRequester
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import TicketOrganizationChanged, TicketRequesterChanged, TicketTagsChanged
from helpdesk.tickets.model import Participant, Reason, Status, Ticket
from helpdesk.tickets.parts.clocks import apply_policy, sla_facts
from helpdesk.tickets.parts.participants import MAX_PARTICIPANTS, join
from helpdesk.tickets.parts.properties import MAX_TAGS, refuse_if_closed, set_organization, set_status
from helpdesk.tickets.parts.timers import wake

MAX_REMEMBERED: Final = 20
UNANSWERED: Final = "no-article-helped"
"""The tag of tickets whose requester says that no article of the first answer helped."""


@apply.register
def _(fact: TicketRequesterChanged, ticket: Ticket) -> Ticket:
    return replace(
        ticket,
        requester_id=fact.new,
        asked_before=(*(one for one in ticket.asked_before if one != fact.old), fact.old)[-MAX_REMEMBERED:],
        participants=tuple(one for one in ticket.participants if one != fact.new),
        removed=tuple(one for one in ticket.removed if one != fact.new),
    )


@apply.register
def _(fact: TicketOrganizationChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, organization_id=fact.new)


@decide_on.register
def _(command: ChangeRequester, draft: Draft) -> None:
    refuse_if_closed(draft)
    ticket, person = draft.ticket, command.person
    if person.id == ticket.requester_id:
        return
    facts_before = sla_facts(ticket)
    copies = ticket.copies
    former = Participant(ticket.requester_id, copies.requester_address or "", copies.requester_name)
    draft.state(TicketRequesterChanged(ticket.requester_id, person.id))
    draft.copy(
        requester_name=person.name,
        requester_address=person.address,
        participants=tuple(one for one in copies.participants if one.id != person.id),
    )
    if command.keep_former:
        if len(draft.ticket.participants) >= MAX_PARTICIPANTS:
            raise Conflict(f"At most {MAX_PARTICIPANTS} people can take part beside the requester.")
        join(draft, (former,))
    set_organization(draft, command.organization_id)
    if sla_facts(draft.ticket) != facts_before:
        apply_policy(draft)


@decide_on.register
def _(command: SettleForRequester, draft: Draft) -> None:
    """What colleagues must fill in before solving is not theirs to fill in who asked: their word is enough."""
    refuse_if_closed(draft)
    if command.solved:
        if not draft.ticket.done:
            set_status(draft, Status.SOLVED, Reason("requester_solved"))
    elif draft.ticket.done:
        set_status(draft, Status.OPEN, Reason("requester_reopened"))
        wake(draft, Reason("requester_replied"), draft.now)
    tags = draft.ticket.tags
    if command.unanswered and UNANSWERED not in tags and len(tags) < MAX_TAGS:
        draft.state(TicketTagsChanged(added=(UNANSWERED,)))
