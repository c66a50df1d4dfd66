"""What is written on a ticket: at once, held for a moment, taken back."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from helpdesk.kernel.errors import Conflict, FieldError, Forbidden, Invalid, NotReady
from helpdesk.sla import rules as sla
from helpdesk.tickets.commands import (
    UNSET,
    AddMessage,
    EditMessage,
    NoteDeliveryFailure,
    ReleaseMessage,
    WithdrawMessage,
)
from helpdesk.tickets.core import Draft, apply, decide_on
from helpdesk.tickets.facts import DeliveryFailed, MessageAdded, MessageEdited, MessageReleased, MessageWithdrawn
from helpdesk.tickets.model import (
    SWEEPER,
    Actor,
    ActorKind,
    Held,
    LastMessage,
    Reason,
    Status,
    StatusCategory,
    Ticket,
    Visibility,
)
from helpdesk.tickets.parts.clocks import run_clocks, settle_clocks
from helpdesk.tickets.parts.followers import follow
from helpdesk.tickets.parts.moves import Wish, refuse_move, refuse_wish, wished_status
from helpdesk.tickets.parts.participants import join
from helpdesk.tickets.parts.properties import set_status
from helpdesk.tickets.parts.sides import MAX_HELD, taken_back, written_aside
from helpdesk.tickets.parts.timers import fall_due, falling_due_at, wake, wake_by_time, waking_at


@apply.register
def _(fact: MessageAdded, ticket: Ticket) -> Ticket:
    if fact.send_at is not None:
        held = Held(
            fact.message_id,
            fact.author,
            fact.send_at,
            fact.status,
            unless_replied=fact.unless_replied,
            custom_status=fact.custom_status,
            side_id=fact.side_id,
        )
        return replace(ticket, held=_soonest_first((*ticket.held, held)))
    if fact.author.kind is ActorKind.REQUESTER and not fact.automatic:
        return replace(ticket, held=tuple(replace(one, overtaken=True) for one in ticket.held))
    if fact.side_id is not None:
        return written_aside(ticket, fact.side_id, fact.author.kind, ticket.updated_at)
    return ticket


@apply.register
def _(fact: MessageReleased, ticket: Ticket) -> Ticket:
    if fact.side_id is not None:  # only a colleague's message is ever held
        ticket = written_aside(ticket, fact.side_id, ActorKind.AGENT, fact.released_at)
    return _no_longer_held(ticket, fact.message_id)


@apply.register
def _(fact: MessageWithdrawn, ticket: Ticket) -> Ticket:
    return _no_longer_held(ticket, fact.message_id)


def _no_longer_held(ticket: Ticket, message_id: str) -> Ticket:
    return replace(ticket, held=tuple(one for one in ticket.held if one.message_id != message_id))


@apply.register
def _(fact: MessageEdited, ticket: Ticket) -> Ticket:
    return replace(
        ticket,
        held=_soonest_first(
            replace(one, send_at=fact.send_at) if one.message_id == fact.message_id else one for one in ticket.held
        ),
    )


def _soonest_first(held: Iterable[Held]) -> tuple[Held, ...]:
    return tuple(sorted(held, key=lambda one: one.send_at))


@decide_on.register
def _(command: AddMessage, draft: Draft) -> None:
    if command.visibility is Visibility.SIDE:
        raise Invalid(
            "A side conversation's messages are written there.", [FieldError("/visibility", "cannot be side")]
        )
    if draft.ticket.status is Status.CLOSED and command.visibility is Visibility.PUBLIC:
        raise Conflict("The ticket is closed. A new one can be opened that follows it.")
    last = LastMessage(draft.now, command.author.kind, command.visibility, command.preview)
    wish = wished_status(draft, command.status, UNSET if command.custom_status is None else command.custom_status)
    if _is_held(command, draft.now):
        _hold(command, wish, draft, last)
        join(draft, command.participants)
        return
    mentions = command.mentions if command.visibility is Visibility.INTERNAL else ()
    draft.state(
        MessageAdded(
            command.message_id,
            command.author,
            command.visibility,
            command.channel,
            command.automatic,
            mentions=mentions,
        )
    )
    draft.ticket = replace(draft.ticket, copies=replace(draft.ticket.copies, last_message=last))
    join(draft, command.participants)
    follow(draft, mentions, Reason("mentioned"))
    if wish is not None:
        refuse_wish(draft, wish)
    if not command.automatic:
        _move_by_message(command, draft, wish)
    if wish is not None:
        set_status(draft, wish.status, Reason("with_message"), custom=wish.custom)


def _is_held(command: AddMessage, now: datetime) -> bool:
    """Only what an agent sends to the requester can be held: nothing else leaves the desk."""
    by_agent = command.author.kind is ActorKind.AGENT and not command.automatic
    public = command.visibility is Visibility.PUBLIC
    return by_agent and public and command.send_at is not None and command.send_at > now


def _hold(command: AddMessage, wish: Wish | None, draft: Draft, last: LastMessage) -> None:
    """Keeps an answer back: it moves nothing until it is released, so taking it back has nothing to undo."""
    if wish is not None:
        refuse_wish(draft, wish)
    if len(draft.ticket.held) >= MAX_HELD:
        raise Conflict(f"{MAX_HELD} answers wait to be sent on this ticket; take one back first.")
    draft.state(
        MessageAdded(
            command.message_id,
            command.author,
            command.visibility,
            command.channel,
            send_at=command.send_at,
            status=wish.status if wish is not None else None,
            unless_replied=command.unless_replied or None,
            custom_status=wish.custom if wish is not None else None,
        )
    )
    copies = draft.ticket.copies
    draft.ticket = replace(draft.ticket, copies=replace(copies, held={**copies.held, command.message_id: last}))


def _release(draft: Draft, held: Held, at: datetime, actor: Actor) -> None:
    """Lets a held answer go, with all that an answer does, as of an instant that may lie a little back.

    What comes of it is its author's doing, whoever's command it was that found it due. A status that cannot be set any
    more, as the ticket has moved since, is left alone: the answer is what was promised, and nobody is there to ask.
    """
    wish = Wish(held.status, held.custom_status) if held.status is not None and not held.overtaken else None
    because = _why_not(draft, wish)
    draft.state(MessageReleased(held.message_id, at, because, held.side_id), actor=actor)
    doing, draft.actor = draft.actor, held.author
    if held.side_id is None:
        _answer(draft, held, at)
    wish = None if because else wish
    if draft.ticket.status is Status.NEW and wish is None and held.side_id is None:
        set_status(draft, Status.OPEN, Reason("answered"), at)
    elif wish is not None and wish.status is not Status.NEW and draft.ticket.status is not Status.CLOSED:
        set_status(draft, wish.status, Reason("with_message"), at, custom=wish.custom)
    draft.actor = doing


def _answer(draft: Draft, held: Held, at: datetime) -> None:
    """What a public answer does to lists and clocks when it is let go."""
    copies = draft.ticket.copies
    last = copies.held.get(held.message_id)
    draft.copy(
        last_message=replace(last, at=at) if last is not None else copies.last_message,
        held={name: shown for name, shown in copies.held.items() if name != held.message_id},
    )
    run_clocks(draft, "answered", sla.on_public_agent_message, at)
    if held.overtaken:
        run_clocks(draft, "requester_wrote", sla.on_requester_message, at)


def _why_not(draft: Draft, wish: Wish | None) -> tuple[Reason, ...]:
    """Why a status cannot be set any more; nothing: it can, or none is wished."""
    if wish is None or wish.status is Status.NEW or draft.ticket.status is Status.CLOSED:
        return ()
    try:
        refuse_move(draft, wish)
    except NotReady:
        return (Reason("status_cannot_follow", {"status": wish.id}),)
    return ()


@decide_on.register
def _(command: ReleaseMessage, draft: Draft) -> None:
    """Settling may have let it go already; then there is nothing left to do."""
    held = _held_by(draft, command.message_id)
    if held is not None:
        _release(draft, held, draft.now, draft.actor)


@decide_on.register
def _(command: WithdrawMessage, draft: Draft) -> None:
    held = _held(draft, command.message_id) if command.anybodys else _held_by(draft, command.message_id)
    if held is None:
        raise Conflict("The message is not held any more: it was sent or taken back.")
    _withdraw(draft, held, command.because)


@decide_on.register
def _(command: EditMessage, draft: Draft) -> None:
    held = _held_by(draft, command.message_id)
    if held is None:
        raise Conflict("The message is not held any more: it was sent or taken back.")
    send_at = command.send_at or held.send_at
    if send_at <= draft.now:
        raise Invalid("Some fields are not valid.", [FieldError("/send_at", "is not in the future")])
    if command.preview is None and send_at == held.send_at:
        return
    draft.state(MessageEdited(held.message_id, send_at, command.preview is not None))
    shown = draft.ticket.copies.held
    if command.preview is not None and held.message_id in shown:
        draft.copy(held={**shown, held.message_id: replace(shown[held.message_id], preview=command.preview)})


def _withdraw(draft: Draft, held: Held, because: tuple[Reason, ...] = (), actor: Actor | None = None) -> None:
    draft.state(MessageWithdrawn(held.message_id, because, held.side_id), actor=actor)
    shown = draft.ticket.copies.held
    draft.copy(held={name: one for name, one in shown.items() if name != held.message_id})
    taken_back(draft, held)


def _held_by(draft: Draft, message_id: str) -> Held | None:
    """A held message; only its author may do something about it.

    Raises:
        Forbidden: somebody else wrote it.
    """
    held = _held(draft, message_id)
    if held is not None and held.author != draft.actor:
        raise Forbidden("Only who wrote a message can take it back, change it or send it now.")
    return held


def _held(draft: Draft, message_id: str) -> Held | None:
    return next((one for one in draft.ticket.held if one.message_id == message_id), None)


@decide_on.register
def _(command: NoteDeliveryFailure, draft: Draft) -> None:
    draft.state(
        DeliveryFailed(
            command.mail, command.outcome, command.reason, command.person_id, command.message_id, command.side_id
        )
    )


def _move_by_message(command: AddMessage, draft: Draft, wish: Wish | None) -> None:
    """What somebody's writing does by itself: a requester's reopens, a colleague's first answer opens."""
    if command.author.kind is ActorKind.REQUESTER:
        if draft.ticket.status.category is not StatusCategory.OPEN:
            set_status(draft, Status.OPEN, Reason("requester_replied"))
        run_clocks(draft, "requester_wrote", sla.on_requester_message)
        for held in draft.ticket.held:
            if held.unless_replied:
                _withdraw(draft, held, (Reason("requester_replied"),), SWEEPER)
        wake(draft, Reason("requester_replied"), draft.now)
    elif command.author.kind is ActorKind.AGENT and command.visibility is Visibility.PUBLIC:
        run_clocks(draft, "answered", sla.on_public_agent_message)
        if draft.ticket.status is Status.NEW and wish is None:
            set_status(draft, Status.OPEN, Reason("answered"))


def settle(draft: Draft) -> None:
    """Records what fell due before this instant, in its order, so that no command can outrun the sweep.

    A breach and a release of the same instant: the answer was due at that instant and is late.
    """
    while (next_one := _next_timer(draft.ticket)) is not None and next_one[0] <= draft.now:
        at, let_happen = next_one
        settle_clocks(draft, at)
        let_happen(draft, at)
    settle_clocks(draft, draft.now)


def _next_timer(ticket: Ticket) -> tuple[datetime, Callable[[Draft, datetime], None]] | None:
    """The next instant at which something but a clock happens by itself, and what."""
    timers = (
        (ticket.held[0].send_at if ticket.held else None, _release_first),
        (waking_at(ticket), wake_by_time),
        (falling_due_at(ticket), fall_due),
    )
    found = [(at, let_happen) for at, let_happen in timers if at is not None]
    return min(found, key=lambda one: one[0], default=None)


def _release_first(draft: Draft, at: datetime) -> None:
    _release(draft, draft.ticket.held[0], at, SWEEPER)
