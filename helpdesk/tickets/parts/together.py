"""Tickets that become one, and one that becomes two: each can be taken back."""

from dataclasses import replace
from typing import Final

from helpdesk.kernel.errors import Conflict, Invalid
from helpdesk.sla import rules as sla
from helpdesk.tickets.commands import (
    AbsorbTicket,
    MergeTicket,
    ReturnTicket,
    SplitTicket,
    UndoSplit,
    UnmergeTicket,
)
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import (
    TicketAbsorbed,
    TicketMerged,
    TicketReturned,
    TicketSplit,
    TicketSplitUndone,
    TicketUnmerged,
)
from helpdesk.tickets.model import (
    Absorbed,
    LastMessage,
    Merged,
    Reason,
    Standing,
    Status,
    StatusCategory,
    Swapped,
    Ticket,
)
from helpdesk.tickets.parts.clocks import run_clocks
from helpdesk.tickets.parts.participants import join
from helpdesk.tickets.parts.properties import refuse_if_closed, set_status
from helpdesk.tickets.parts.standing import restored, standing_of

MAX_SOURCES: Final = 20
"""Tickets that go on in one: each costs its conversation a query."""
MAX_SPLITS: Final = 20
MAX_SPLIT_MESSAGES: Final = 20
"""Each takes two of the 100 items of a transaction."""


# --- merging ---------------------------------------------------------------------------------------------------------


@apply.register
def _(fact: TicketMerged, ticket: Ticket) -> Ticket:
    """Closed while it goes on elsewhere, with clocks put aside: what it promised is the other ticket's to keep."""
    closed = replace(
        ticket,
        status=Status.CLOSED,
        custom_status=None,
        sla=None,
        solved_at=ticket.solved_at or ticket.updated_at,
        closed_at=ticket.updated_at,
        survey_at=None,
        close_at=None,
    )
    return replace(closed, merged=Merged(fact.ticket_id, fact.number, fact.standing))


@apply.register
def _(fact: TicketUnmerged, ticket: Ticket) -> Ticket:
    del fact
    if ticket.merged is None:
        raise ValueError("it was not merged")
    return replace(restored(ticket, ticket.merged.standing), merged=None)


@apply.register
def _(fact: TicketAbsorbed, ticket: Ticket) -> Ticket:
    absorbed = Absorbed(fact.origin, fact.along, fact.joined, fact.standing, ticket.version)
    return replace(ticket, absorbed=(*ticket.absorbed, absorbed))


@apply.register
def _(fact: TicketReturned, ticket: Ticket) -> Ticket:
    absorbed = next(one for one in ticket.absorbed if one.origin.ticket_id == fact.ticket_id)
    untouched = ticket.version == absorbed.version + 1  # this fact is the first since
    if untouched and absorbed.standing is not None:
        ticket = restored(ticket, absorbed.standing)
    return replace(
        ticket,
        absorbed=tuple(one for one in ticket.absorbed if one is not absorbed),
        participants=tuple(one for one in ticket.participants if one not in absorbed.joined),
    )


@decide_on.register
def _(command: MergeTicket, draft: Draft) -> None:
    ticket = draft.ticket
    if command.ticket_id == ticket.id:
        raise Invalid("A ticket cannot be merged into itself.")
    if ticket.merged is not None:
        raise Conflict(f"It was merged into #{ticket.merged.number} already.")
    refuse_if_closed(draft)
    if ticket.held:
        raise Conflict("An answer is still held: send it or take it back first.")
    draft.state(TicketMerged(command.ticket_id, command.number, standing_of(ticket)))


@decide_on.register
def _(command: UnmergeTicket, draft: Draft) -> None:
    del command
    merged = draft.ticket.merged
    if merged is None:
        raise Conflict("It is not merged into another ticket.")
    draft.state(TicketUnmerged(merged.ticket_id))


@decide_on.register
def _(command: AbsorbTicket, draft: Draft) -> None:
    refuse_if_closed(draft)
    if len(draft.ticket.sources) + 1 + len(command.along) > MAX_SOURCES:
        raise Conflict(f"At most {MAX_SOURCES} tickets can go on in one.")
    before, took_part = standing_of(draft.ticket), draft.ticket.participants
    join(draft, command.people)
    if command.waiting:
        _requester_waits(draft)
    moved: Standing | None = before if standing_of(draft.ticket) != before else None
    joined = tuple(one for one in draft.ticket.participants if one not in took_part)
    draft.state(TicketAbsorbed(command.origin, command.along, joined, moved))
    last = draft.ticket.copies.last_message
    if command.last is not None and (last is None or last.at < command.last.at):
        _swap(draft, command.origin.ticket_id, command.last)


def _requester_waits(draft: Draft) -> None:
    """What waits for an answer in a ticket that comes in waits for one here."""
    if draft.ticket.status.category is not StatusCategory.OPEN:
        set_status(draft, Status.OPEN, Reason("merged"))
    run_clocks(draft, "merged", sla.on_requester_message)


@decide_on.register
def _(command: ReturnTicket, draft: Draft) -> None:
    absorbed = next((one for one in draft.ticket.absorbed if one.origin.ticket_id == command.ticket_id), None)
    if absorbed is None:
        raise Conflict("That ticket does not go on in this one.")
    draft.state(TicketReturned(command.ticket_id))
    kept = tuple(one for one in draft.ticket.copies.participants if one.id in draft.ticket.participants)
    draft.copy(participants=kept)
    _swap_back(draft, command.ticket_id)


# --- splitting -------------------------------------------------------------------------------------------------------


@apply.register
def _(fact: TicketSplit, ticket: Ticket) -> Ticket:
    return replace(ticket, splits=(*ticket.splits, fact.split))


@apply.register
def _(fact: TicketSplitUndone, ticket: Ticket) -> Ticket:
    return replace(ticket, splits=tuple(one for one in ticket.splits if one.ticket_id != fact.ticket_id))


@decide_on.register
def _(command: SplitTicket, draft: Draft) -> None:
    if draft.ticket.merged is not None:
        raise Conflict(f"It was merged into #{draft.ticket.merged.number}: split that one.")
    if len(draft.ticket.splits) >= MAX_SPLITS:
        raise Conflict(f"A ticket can be split {MAX_SPLITS} times.")
    gone = {message_id for one in draft.ticket.splits for message_id in one.message_ids}
    if gone & set(command.split.message_ids):
        raise Conflict("Some of these messages went on in another ticket already.")
    draft.state(TicketSplit(command.split))
    _swap(draft, command.split.ticket_id, command.last)


@decide_on.register
def _(command: UndoSplit, draft: Draft) -> None:
    if all(one.ticket_id != command.ticket_id for one in draft.ticket.splits):
        raise Conflict("That ticket was not split off from this one.")
    draft.state(TicketSplitUndone(command.ticket_id))
    _swap_back(draft, command.ticket_id)


# --- what lists show -------------------------------------------------------------------------------------------------


def _swap(draft: Draft, ticket_id: str, last: LastMessage | None) -> None:
    """Shows another message as the newest, until that ticket comes back."""
    copies = draft.ticket.copies
    draft.copy(last_message=last, swapped={**copies.swapped, ticket_id: Swapped(copies.last_message, last)})


def _swap_back(draft: Draft, ticket_id: str) -> None:
    """Shows the newest message as it was, unless somebody has written since."""
    copies = draft.ticket.copies
    gone = copies.swapped.get(ticket_id)
    if gone is None:
        return
    left = {
        other: replace(swapped, before=gone.before) if swapped.before == gone.after else swapped
        for other, swapped in copies.swapped.items()
        if other != ticket_id
    }
    last = gone.before if copies.last_message == gone.after else copies.last_message
    draft.copy(last_message=last, swapped=left)
