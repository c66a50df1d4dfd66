"""Side conversations: a colleague asks third parties in threads of their own, beside the ticket.

Nothing in them moves the ticket's clocks, and nothing of them is the requester's. The one thing they can move is the
status: set along with a question, and open again with the answer that a ticket on hold waits for. One that was begun
can go on when its ticket is closed, or goes on in another: what was asked may still want an answer.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from helpdesk.kernel.errors import Conflict, FieldError, Invalid, NotFound
from helpdesk.tickets.commands import (
    UNSET,
    AddSidePerson,
    CloseSide,
    RemoveSidePerson,
    ReopenSide,
    StartSide,
    WriteAside,
)
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import (
    MessageAdded,
    SideClosed,
    SidePersonAdded,
    SidePersonRemoved,
    SideReopened,
    SideStarted,
)
from helpdesk.tickets.model import (
    ActorKind,
    Held,
    Participant,
    Reason,
    SideConversation,
    SideCopy,
    Status,
    Ticket,
    Visibility,
)
from helpdesk.tickets.parts.moves import Wish, refuse_wish, wished_status
from helpdesk.tickets.parts.properties import refuse_if_closed, set_status

MAX_HELD: Final = 20
"""Messages that wait on one ticket: each is on its snapshot."""
MAX_SIDES: Final = 50
"""A ticket's side conversations are all on its snapshot."""
MAX_SIDE_PEOPLE: Final = 10
"""Each gets every mail of the conversation, and takes two of the 100 items of the transaction that begins it."""


# --- folding ---------------------------------------------------------------------------------------------------------


@apply.register
def _(fact: SideStarted, ticket: Ticket) -> Ticket:
    begun = SideConversation(
        fact.side_id, len(ticket.side) + 1, fact.by, fact.to, fact.cc, reopen_on_answer=fact.reopen_on_answer
    )
    return replace(ticket, side=(*ticket.side, begun))


@apply.register(SideClosed)
@apply.register(SideReopened)
def _(fact: SideClosed | SideReopened, ticket: Ticket) -> Ticket:
    return _with_side(ticket, fact.side_id, lambda one: replace(one, closed=isinstance(fact, SideClosed)))


@apply.register
def _(fact: SidePersonAdded, ticket: Ticket) -> Ticket:
    def added(one: SideConversation) -> SideConversation:
        one = replace(one, removed=tuple(gone for gone in one.removed if gone != fact.person_id))
        return replace(one, cc=(*one.cc, fact.person_id)) if fact.cc else replace(one, to=(*one.to, fact.person_id))

    return _with_side(ticket, fact.side_id, added)


@apply.register
def _(fact: SidePersonRemoved, ticket: Ticket) -> Ticket:
    def left(people: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in people if one != fact.person_id)

    def after(one: SideConversation) -> SideConversation:
        removed = (*one.removed, fact.person_id)[-MAX_SIDE_PEOPLE:]
        return replace(one, to=left(one.to), cc=left(one.cc), removed=removed)

    return _with_side(ticket, fact.side_id, after)


def written_aside(ticket: Ticket, side_id: str, by: ActorKind, at: datetime) -> Ticket:
    """The ticket when a message went out or came in in a side conversation."""
    return _with_side(ticket, side_id, lambda one: replace(one, messages=one.messages + 1, last_at=at, last_by=by))


def _with_side(ticket: Ticket, side_id: str, change: Callable[[SideConversation], SideConversation]) -> Ticket:
    return replace(ticket, side=tuple(change(one) if one.id == side_id else one for one in ticket.side))


# --- deciding --------------------------------------------------------------------------------------------------------


@decide_on.register
def _(command: StartSide, draft: Draft) -> None:
    refuse_if_closed(draft)
    if draft.ticket.side_conversation(command.side_id) is not None:
        raise Conflict("The side conversation is there already.")
    if len(draft.ticket.side) >= MAX_SIDES:
        raise Conflict(f"A ticket can have {MAX_SIDES} side conversations.")
    people = _one_each(command.to), _one_each(command.cc)
    to, cc = people[0], tuple(one for one in people[1] if one.id not in {two.id for two in people[0]})
    if not to:
        raise Invalid("There is nobody to ask.", [FieldError("/to", "names nobody")])
    if len(to) + len(cc) > MAX_SIDE_PEOPLE:
        raise Invalid("Too many people.", [FieldError("/to", f"at most {MAX_SIDE_PEOPLE} with those in Cc")])
    for field, named in (("/to", to), ("/cc", cc)):
        _refuse_requester(draft.ticket, named, field)
    to_ids, cc_ids = (tuple(one.id for one in named) for named in (to, cc))
    draft.state(SideStarted(command.side_id, command.first.author.id, to_ids, cc_ids, command.reopen_on_answer))
    draft.copy(side={**draft.ticket.copies.side, command.side_id: SideCopy(command.subject, (*to, *cc))})
    decide_on(command.first, draft)


@decide_on.register
def _(command: WriteAside, draft: Draft) -> None:
    side = _side_of(draft, command.side_id)
    speaks = not command.automatic and command.author.kind is not ActorKind.SYSTEM
    for person in command.people:
        _join(draft, command.side_id, person)
    if side.closed and speaks:
        draft.state(SideReopened(command.side_id, (Reason("written"),)))
    wish = wished_status(draft, command.status, UNSET if command.custom_status is None else command.custom_status)
    if wish is not None:
        refuse_wish(draft, wish)
    if _is_held(command, draft):
        draft.state(_added(command, send_at=command.send_at, wish=wish))
        return
    draft.state(_added(command))
    if command.author.kind is ActorKind.THIRD_PARTY and speaks:
        if side.reopen_on_answer and draft.ticket.status is Status.ON_HOLD:
            set_status(draft, Status.OPEN, Reason("side_answered"))
    elif wish is not None:
        set_status(draft, wish.status, Reason("with_message"), custom=wish.custom)


def _added(command: WriteAside, *, send_at: datetime | None = None, wish: Wish | None = None) -> MessageAdded:
    return MessageAdded(
        command.message_id,
        command.author,
        Visibility.SIDE,
        command.channel,
        command.automatic,
        send_at=send_at,
        status=wish.status if wish is not None else None,
        custom_status=wish.custom if wish is not None else None,
        side_id=command.side_id,
    )


def _is_held(command: WriteAside, draft: Draft) -> bool:
    by_agent = command.author.kind is ActorKind.AGENT and not command.automatic
    held = by_agent and command.send_at is not None and command.send_at > draft.now
    if held and len(draft.ticket.held) >= MAX_HELD:
        raise Conflict(f"{MAX_HELD} answers wait to be sent on this ticket; take one back first.")
    return held


def taken_back(draft: Draft, held: Held) -> None:
    """A conversation whose only message was taken back never began: it waits for nothing."""
    side = draft.ticket.side_conversation(held.side_id or "")
    if side is None or side.closed or side.messages:
        return
    if not any(one.side_id == side.id for one in draft.ticket.held):
        draft.state(SideClosed(side.id, (Reason("taken_back"),)))


@decide_on.register
def _(command: CloseSide, draft: Draft) -> None:
    if not _side_of(draft, command.side_id).closed:
        draft.state(SideClosed(command.side_id))


@decide_on.register
def _(command: ReopenSide, draft: Draft) -> None:
    if _side_of(draft, command.side_id).closed:
        draft.state(SideReopened(command.side_id))


@decide_on.register
def _(command: AddSidePerson, draft: Draft) -> None:
    side = _side_of(draft, command.side_id)
    if command.person.id in side.people:
        return
    _refuse_requester(draft.ticket, (command.person,), "/email")
    if len(side.people) >= MAX_SIDE_PEOPLE:
        raise Conflict(f"At most {MAX_SIDE_PEOPLE} people can be in a side conversation.")
    _let_in(draft, side.id, command.person, cc=command.cc)


@decide_on.register
def _(command: RemoveSidePerson, draft: Draft) -> None:
    side = _side_of(draft, command.side_id)
    if command.person_id not in side.people:
        return
    if len(side.people) == 1:
        raise Conflict("Nobody would be left; close the conversation instead.")
    draft.state(SidePersonRemoved(side.id, command.person_id))
    copies = draft.ticket.copies.side
    kept = tuple(one for one in copies[side.id].people if one.id != command.person_id)
    draft.copy(side={**copies, side.id: replace(copies[side.id], people=kept)})


def _join(draft: Draft, side_id: str, person: Participant) -> None:
    """Lets in whom a mail names, but nobody who knows the ticket itself: that only a colleague decides."""
    side, ticket = _side_of(draft, side_id), draft.ticket
    known = {ticket.requester_id, *ticket.participants, *side.people, *side.removed}
    if person.id not in known and len(side.people) < MAX_SIDE_PEOPLE:
        _let_in(draft, side_id, person, cc=True)


def _let_in(draft: Draft, side_id: str, person: Participant, *, cc: bool) -> None:
    draft.state(SidePersonAdded(side_id, person.id, cc))
    copies = draft.ticket.copies.side
    copy = copies[side_id]
    draft.copy(side={**copies, side_id: replace(copy, people=(*copy.people, person))})


def _refuse_requester(ticket: Ticket, people: Iterable[Participant], pointer: str) -> None:
    if any(one.id == ticket.requester_id for one in people):
        raise Invalid(
            "The requester cannot be in a side conversation.",
            [FieldError(pointer, "is the requester: answer the ticket")],
        )


def _side_of(draft: Draft, side_id: str) -> SideConversation:
    found = draft.ticket.side_conversation(side_id)
    if found is None:
        raise NotFound("There is no such side conversation.")
    return found


def _one_each(people: Iterable[Participant]) -> tuple[Participant, ...]:
    return tuple({one.id: one for one in people}.values())
