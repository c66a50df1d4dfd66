"""Who takes part in a ticket beside its requester."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from helpdesk.kernel.errors import Conflict
from helpdesk.tickets.commands import AddParticipant, RemoveParticipant
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import ParticipantAdded, ParticipantRemoved
from helpdesk.tickets.model import Participant, Ticket
from helpdesk.tickets.parts.properties import refuse_if_closed

MAX_PARTICIPANTS: Final = 20
"""Beside the requester. Each gets every answer by mail, and takes three of the 100 items of the opening transaction."""
MAX_REMOVED: Final = 100
"""How many removed people a ticket remembers; the oldest are forgotten first."""


@apply.register
def _(fact: ParticipantAdded, ticket: Ticket) -> Ticket:
    return replace(
        ticket,
        participants=(*ticket.participants, fact.person_id),
        removed=tuple(one for one in ticket.removed if one != fact.person_id),
    )


@apply.register
def _(fact: ParticipantRemoved, ticket: Ticket) -> Ticket:
    kept = tuple(one for one in ticket.participants if one != fact.person_id)
    return replace(ticket, participants=kept, removed=(*ticket.removed, fact.person_id)[-MAX_REMOVED:])


@decide_on.register
def _(command: AddParticipant, draft: Draft) -> None:
    refuse_if_closed(draft)
    person_id = command.participant.id
    if person_id == draft.ticket.requester_id or person_id in draft.ticket.participants:
        return
    if len(draft.ticket.participants) >= MAX_PARTICIPANTS:
        raise Conflict(f"At most {MAX_PARTICIPANTS} people can take part beside the requester.")
    _let_in(draft, command.participant)


@decide_on.register
def _(command: RemoveParticipant, draft: Draft) -> None:
    refuse_if_closed(draft)
    if command.person_id in draft.ticket.participants:
        draft.state(ParticipantRemoved(command.person_id))
        kept = tuple(one for one in draft.ticket.copies.participants if one.id != command.person_id)
        draft.ticket = replace(draft.ticket, copies=replace(draft.ticket.copies, participants=kept))


def join(draft: Draft, participants: Iterable[Participant]) -> None:
    """Lets people take part whom a mail names, as far as they are new, not removed, and there is room."""
    for participant in participants:
        ticket = draft.ticket
        known = {ticket.requester_id, *ticket.participants, *ticket.removed}
        if participant.id not in known and len(ticket.participants) < MAX_PARTICIPANTS:
            _let_in(draft, participant)


def _let_in(draft: Draft, participant: Participant) -> None:
    draft.state(ParticipantAdded(participant.id))
    copies = draft.ticket.copies
    draft.ticket = replace(draft.ticket, copies=replace(copies, participants=(*copies.participants, participant)))
