"""The ticket's rules: a command decided against a ticket as it stands yields facts; facts folded give the ticket.

Pure: no clock is read, nothing is stored. `decide` never does what `evolve` could not do again from the events alone,
apart from the snapshot's copies (`Copies`), which folding leaves out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Final

from helpdesk.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from helpdesk.sla import rules as sla
from helpdesk.sla.calendars import CompiledCalendar
from helpdesk.sla.model import AppliedSla, Due, DueKind, Metric, PolicyFacts, SlaPolicy
from helpdesk.tickets.chain import event_hash, seal
from helpdesk.tickets.commands import (
    AddMessage,
    AddParticipant,
    ChangeTicket,
    Command,
    FieldValue,
    LinkTicket,
    NoteDeliveryFailure,
    OpenTicket,
    RecordRating,
    RecordSurvey,
    ReleaseMessage,
    RemoveParticipant,
    RouteTicket,
    Tick,
    Unset,
    WithdrawMessage,
)
from helpdesk.tickets.model import (
    SWEEPER,
    Actor,
    ActorKind,
    Copies,
    DeliveryFailed,
    Event,
    Fact,
    Held,
    LastMessage,
    MessageAdded,
    MessageReleased,
    MessageWithdrawn,
    Participant,
    ParticipantAdded,
    ParticipantRemoved,
    RatingRecorded,
    Reason,
    SlaApplied,
    SlaBreached,
    SlaChanged,
    SlaWarned,
    Status,
    StatusCategory,
    SurveyDue,
    SurveySent,
    Ticket,
    TicketAssigned,
    TicketCategoryChanged,
    TicketFieldsChanged,
    TicketLinked,
    TicketOpened,
    TicketPriorityChanged,
    TicketStatusChanged,
    TicketTagsChanged,
    Visibility,
)

type ClockChange = Callable[[AppliedSla, datetime, CompiledCalendar], AppliedSla]

MAX_TAGS: Final = 50
MAX_TAG_LENGTH: Final = 60
MAX_FIELDS: Final = 100
MAX_PARTICIPANTS: Final = 20
"""Beside the requester. Each gets every answer by mail, and takes three of the 100 items of the opening transaction."""
MAX_REMOVED: Final = 100
"""How many removed people a ticket remembers; the oldest are forgotten first."""


@dataclass(frozen=True, slots=True)
class DeskRules:
    """The settings that decisions depend on, as they stand.

    Attributes:
        policies: SLA policies, in order; the first whose conditions hold is applied.
        calendars: compiled business calendars, every revision there ever was, by (id, revision): clocks keep counting
            in the one they were started with.
        survey_delay: from solving to asking; None: no surveys.
        close_delay: from solving to closing; None: solved tickets stay solved.
    """

    policies: tuple[SlaPolicy, ...] = ()
    calendars: Mapping[tuple[str, int], CompiledCalendar] = field(default_factory=dict)
    survey_delay: timedelta | None = None
    close_delay: timedelta | None = None

    def calendar_of(self, applied: AppliedSla) -> CompiledCalendar:
        """The calendar that an applied SLA counts in."""
        return self.calendars[applied.calendar_id, applied.calendar_revision]

    def newest_calendar(self, calendar_id: str) -> CompiledCalendar:
        """The calendar of an id as it is now."""
        return self.calendars[max(key for key in self.calendars if key[0] == calendar_id)]


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes of a command: events to add (perhaps none) and the ticket after them."""

    ticket: Ticket
    events: tuple[Event, ...]


# --- evolve ----------------------------------------------------------------------------------------------------------


def evolve(ticket: Ticket | None, event: Event) -> Ticket:
    """The ticket after an event.

    Raises:
        ValueError: the event does not follow the ticket's last one.
    """
    fact = event.fact
    if isinstance(fact, TicketOpened):
        if ticket is not None or event.seq != 1:
            raise ValueError("a ticket is opened once, first of all")
        return _opened(event, fact)
    if ticket is None or event.seq != ticket.version + 1 or event.prev != ticket.chain:
        raise ValueError(f"event {event.seq} does not follow the ticket's last one")
    return _apply(fact, replace(ticket, version=event.seq, chain=event_hash(event), updated_at=event.at))


def fold(events: Iterable[Event]) -> Ticket:
    """The ticket that a whole history makes, without copies.

    Raises:
        ValueError: there are no events, or they do not follow one another.
    """
    ticket: Ticket | None = None
    for event in events:
        ticket = evolve(ticket, event)
    if ticket is None:
        raise ValueError("no events")
    return ticket


def _opened(event: Event, fact: TicketOpened) -> Ticket:
    return Ticket(
        id=event.ticket_id,
        version=1,
        chain=event_hash(event),
        number=fact.number,
        status=Status.NEW,
        type=fact.type,
        priority=fact.priority,
        channel=fact.channel,
        language=fact.language,
        requester_id=fact.requester_id,
        created_at=event.at,
        updated_at=event.at,
        category=fact.category,
        organization_id=fact.organization_id,
        mailbox_id=fact.mailbox_id,
        automatic=fact.automatic,
    )


@singledispatch
def _apply(fact: Fact, ticket: Ticket) -> Ticket:
    """What a fact changes; facts that only tell something change nothing."""
    del fact
    return ticket


@_apply.register
def _(fact: MessageAdded, ticket: Ticket) -> Ticket:
    if fact.send_at is not None:
        held = Held(fact.message_id, fact.author, fact.send_at, fact.status)
        return replace(ticket, held=tuple(sorted((*ticket.held, held), key=lambda one: one.send_at)))
    if fact.author.kind is ActorKind.REQUESTER and not fact.automatic:
        return replace(ticket, held=tuple(replace(one, overtaken=True) for one in ticket.held))
    return ticket


@_apply.register(MessageReleased)
@_apply.register(MessageWithdrawn)
def _(fact: MessageReleased | MessageWithdrawn, ticket: Ticket) -> Ticket:
    return replace(ticket, held=tuple(one for one in ticket.held if one.message_id != fact.message_id))


@_apply.register
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
        solved_at=at_solving,
        closed_at=at_closing,
        survey_at=fact.survey_at,
        close_at=fact.close_at,
    )


@_apply.register
def _(fact: TicketPriorityChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, priority=fact.new)


@_apply.register
def _(fact: TicketCategoryChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, category=fact.new)


@_apply.register
def _(fact: TicketAssigned, ticket: Ticket) -> Ticket:
    return replace(ticket, group=fact.new_group, assignee=fact.new_assignee)


@_apply.register
def _(fact: TicketTagsChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, tags=tuple(sorted((set(ticket.tags) - set(fact.removed)) | set(fact.added))))


@_apply.register
def _(fact: TicketFieldsChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, field_names=fact.filled)


@_apply.register
def _(fact: TicketLinked, ticket: Ticket) -> Ticket:
    return replace(ticket, links=(*ticket.links, fact.link))


@_apply.register(SlaApplied)
@_apply.register(SlaChanged)
def _(fact: SlaApplied | SlaChanged, ticket: Ticket) -> Ticket:
    return replace(ticket, sla=fact.sla)


@_apply.register
def _(fact: SlaWarned, ticket: Ticket) -> Ticket:
    return replace(ticket, sla=sla.record_warning(_sla_of(ticket), fact.metric, fact.warned_at))


@_apply.register
def _(fact: SlaBreached, ticket: Ticket) -> Ticket:
    return replace(ticket, sla=sla.record_breach(_sla_of(ticket), fact.metric, fact.breached_at))


@_apply.register
def _(fact: SurveyDue, ticket: Ticket) -> Ticket:
    del fact
    return replace(ticket, survey_at=None)


@_apply.register
def _(fact: SurveySent, ticket: Ticket) -> Ticket:
    return replace(ticket, survey_id=fact.survey_id)


@_apply.register
def _(fact: RatingRecorded, ticket: Ticket) -> Ticket:
    return replace(ticket, rating=fact.rating)


@_apply.register
def _(fact: ParticipantAdded, ticket: Ticket) -> Ticket:
    return replace(
        ticket,
        participants=(*ticket.participants, fact.person_id),
        removed=tuple(one for one in ticket.removed if one != fact.person_id),
    )


@_apply.register
def _(fact: ParticipantRemoved, ticket: Ticket) -> Ticket:
    kept = tuple(one for one in ticket.participants if one != fact.person_id)
    return replace(ticket, participants=kept, removed=(*ticket.removed, fact.person_id)[-MAX_REMOVED:])


def _sla_of(ticket: Ticket) -> AppliedSla:
    if ticket.sla is None:
        raise ValueError("a clock's fact on a ticket without an SLA")
    return ticket.sla


# --- decide ----------------------------------------------------------------------------------------------------------


class _Draft:
    """A ticket in the making: each fact is folded in as it is stated, so that the next one is decided on what holds."""

    def __init__(self, ticket: Ticket, rules: DeskRules, *, actor: Actor, now: datetime) -> None:
        self.ticket = ticket
        self.rules = rules
        self.actor = actor
        self.now = now
        self.events: list[Event] = []

    def state(self, fact: Fact, *, actor: Actor | None = None) -> None:
        ticket = self.ticket
        event = seal(ticket.id, ticket.version + 1, ticket.chain, fact=fact, actor=actor or self.actor, at=self.now)
        self.ticket = evolve(ticket, event)
        self.events.append(event)

    def done(self) -> Decision:
        return Decision(self.ticket, tuple(self.events))


def decide(ticket: Ticket | None, command: Command, rules: DeskRules, *, actor: Actor, now: datetime) -> Decision:
    """What comes of a command.

    Args:
        ticket: as it stands; None for a command that opens one.
        command: the wish.
        rules: the settings decisions depend on.
        actor: who wishes it.
        now: the instant of deciding, aware UTC.

    Returns:
        The events and the ticket after them. No events: the wish was already so, or yields to what is.

    Raises:
        Conflict: it cannot be done as the ticket stands.
        Invalid: it can never be done.
    """
    if isinstance(command, OpenTicket):
        if ticket is not None:
            raise Conflict("The ticket is already there.")
        return _open(command, rules, actor=actor, now=now)
    if ticket is None:
        raise Conflict("There is no such ticket.")
    draft = _Draft(ticket, rules, actor=actor, now=max(now, ticket.updated_at))
    _settle(draft)
    _decide(command, draft)
    return draft.done()


def next_due(ticket: Ticket) -> datetime | None:
    """The next instant at which time alone does something: a warning, a breach, a release, the survey, closing."""
    instants = (
        sla.next_instant(ticket.sla) if ticket.sla is not None else None,
        ticket.held[0].send_at if ticket.held else None,
        ticket.survey_at,
        ticket.close_at,
    )
    return min((at for at in instants if at is not None), default=None)


def expected_reply_by(ticket: Ticket) -> datetime | None:
    """When the next answer is due by the SLA, while one is waited for."""
    if ticket.sla is None or ticket.done:
        return None
    clocks = (ticket.sla.clock(metric) for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE))
    return min((c.due_at for c in clocks if c is not None and c.met_at is None and c.due_at is not None), default=None)


def load_changes(before: Ticket | None, after: Ticket) -> dict[str, int]:
    """By how much the numbers of agents' open tickets change: paused ones count, done ones do not."""
    changes: dict[str, int] = {}
    for ticket, delta in ((before, -1), (after, 1)):
        if ticket is not None and ticket.assignee is not None and not ticket.done:
            changes[ticket.assignee] = changes.get(ticket.assignee, 0) + delta
    return {agent: delta for agent, delta in changes.items() if delta}


def _open(command: OpenTicket, rules: DeskRules, *, actor: Actor, now: datetime) -> Decision:
    first = seal(
        command.ticket_id,
        1,
        "",
        fact=TicketOpened(
            number=command.number,
            requester_id=command.requester_id,
            channel=command.channel,
            type=command.type,
            priority=command.priority,
            language=command.language,
            category=command.category,
            organization_id=command.organization_id,
            mailbox_id=command.mailbox_id,
            automatic=command.automatic,
            message_id=command.message_id,
        ),
        actor=actor,
        at=now,
    )
    draft = _Draft(evolve(None, first), rules, actor=actor, now=now)
    draft.events.append(first)
    last = LastMessage(now, actor.kind, Visibility.PUBLIC, command.preview)
    draft.ticket = replace(
        draft.ticket,
        copies=Copies(
            subject=command.subject,
            requester_name=command.requester_name,
            requester_address=command.requester_address,
            last_message=last,
        ),
    )
    for link in command.links:
        draft.state(TicketLinked(link))
    _join(draft, command.participants)
    if command.fields:
        _change_fields(draft, command.fields)
    _apply_policy(draft)
    return draft.done()


@singledispatch
def _decide(command: Command, draft: _Draft) -> None:
    raise TypeError(f"no rule for {type(command).__name__} on {draft.ticket.id}")


@_decide.register
def _(command: AddMessage, draft: _Draft) -> None:
    if draft.ticket.status is Status.CLOSED and command.visibility is Visibility.PUBLIC:
        raise Conflict("The ticket is closed. A new one can be opened that follows it.")
    last = LastMessage(draft.now, command.author.kind, command.visibility, command.preview)
    if _is_held(command, draft.now):
        _hold(command, draft, last)
        _join(draft, command.participants)
        return
    draft.state(
        MessageAdded(command.message_id, command.author, command.visibility, command.channel, command.automatic)
    )
    draft.ticket = replace(draft.ticket, copies=replace(draft.ticket.copies, last_message=last))
    _join(draft, command.participants)
    if not command.automatic:
        _move_by_message(command, draft)
    if command.status is not None:
        _set_status(draft, command.status, Reason("with_message"))


def _is_held(command: AddMessage, now: datetime) -> bool:
    """Only what an agent sends to the requester can be held: nothing else leaves the desk."""
    by_agent = command.author.kind is ActorKind.AGENT and not command.automatic
    public = command.visibility is Visibility.PUBLIC
    return by_agent and public and command.send_at is not None and command.send_at > now


def _hold(command: AddMessage, draft: _Draft, last: LastMessage) -> None:
    """Keeps an answer back: it moves nothing until it is released, so taking it back has nothing to undo."""
    if command.status is Status.NEW and draft.ticket.status is not Status.NEW:
        raise Invalid("A ticket is new once.", [FieldError("/status", "cannot be set back to new")])
    draft.state(
        MessageAdded(
            command.message_id,
            command.author,
            command.visibility,
            command.channel,
            send_at=command.send_at,
            status=command.status,
        )
    )
    copies = draft.ticket.copies
    draft.ticket = replace(draft.ticket, copies=replace(copies, held={**copies.held, command.message_id: last}))


def _release(draft: _Draft, held: Held, at: datetime, actor: Actor) -> None:
    """Lets a held answer go, with all that an answer does, as of an instant that may lie a little back.

    What comes of it is its author's doing, whoever's command it was that found it due.
    """
    draft.state(MessageReleased(held.message_id, at), actor=actor)
    doing, draft.actor = draft.actor, held.author
    copies = draft.ticket.copies
    last = copies.held.get(held.message_id)
    draft.ticket = replace(
        draft.ticket,
        copies=replace(
            copies,
            last_message=replace(last, at=at) if last is not None else copies.last_message,
            held={name: shown for name, shown in copies.held.items() if name != held.message_id},
        ),
    )
    _run_clocks(draft, "answered", sla.on_public_agent_message, at)
    if held.overtaken:
        _run_clocks(draft, "requester_wrote", sla.on_requester_message, at)
    wanted = None if held.overtaken else held.status
    if draft.ticket.status is Status.NEW and wanted is None:
        _set_status(draft, Status.OPEN, Reason("answered"), at)
    elif wanted not in (None, Status.NEW) and draft.ticket.status is not Status.CLOSED:
        _set_status(draft, wanted, Reason("with_message"), at)
    draft.actor = doing


@_decide.register
def _(command: ReleaseMessage, draft: _Draft) -> None:
    """Settling may have let it go already; then there is nothing left to do."""
    held = _held_by(draft, command.message_id)
    if held is not None:
        _release(draft, held, draft.now, draft.actor)


@_decide.register
def _(command: WithdrawMessage, draft: _Draft) -> None:
    held = _held_by(draft, command.message_id)
    if held is None:
        raise Conflict("The message is not held any more: it was sent or taken back.")
    draft.state(MessageWithdrawn(held.message_id))
    copies = draft.ticket.copies
    left = {name: shown for name, shown in copies.held.items() if name != held.message_id}
    draft.ticket = replace(draft.ticket, copies=replace(copies, held=left))


def _held_by(draft: _Draft, message_id: str) -> Held | None:
    """A held message; only its author may do something about it.

    Raises:
        Forbidden: somebody else wrote it.
    """
    held = next((one for one in draft.ticket.held if one.message_id == message_id), None)
    if held is not None and held.author != draft.actor:
        raise Forbidden("Only who wrote a message can take it back or send it now.")
    return held


@_decide.register
def _(command: NoteDeliveryFailure, draft: _Draft) -> None:
    draft.state(DeliveryFailed(command.mail, command.outcome, command.reason, command.person_id, command.message_id))


def _move_by_message(command: AddMessage, draft: _Draft) -> None:
    """What somebody's writing does by itself: a requester's reopens, a colleague's first answer opens."""
    if command.author.kind is ActorKind.REQUESTER:
        if draft.ticket.status.category is not StatusCategory.OPEN:
            _set_status(draft, Status.OPEN, Reason("requester_replied"))
        _run_clocks(draft, "requester_wrote", sla.on_requester_message)
    elif command.author.kind is ActorKind.AGENT and command.visibility is Visibility.PUBLIC:
        _run_clocks(draft, "answered", sla.on_public_agent_message)
        if draft.ticket.status is Status.NEW and command.status is None:
            _set_status(draft, Status.OPEN, Reason("answered"))


@_decide.register
def _(command: ChangeTicket, draft: _Draft) -> None:
    _refuse_if_closed(draft)
    facts_before = sla_facts(draft.ticket)
    if not isinstance(command.category, Unset) and command.category != draft.ticket.category:
        draft.state(TicketCategoryChanged(draft.ticket.category, command.category))
    if not isinstance(command.priority, Unset) and command.priority is not draft.ticket.priority:
        draft.state(TicketPriorityChanged(draft.ticket.priority, command.priority))
    _assign(
        draft,
        group=draft.ticket.group if isinstance(command.group, Unset) else command.group,
        assignee=draft.ticket.assignee if isinstance(command.assignee, Unset) else command.assignee,
        because=(Reason("by_hand"),),
    )
    if not isinstance(command.tags, Unset):
        _change_tags(draft, command.tags)
    if not isinstance(command.fields, Unset):
        _change_fields(draft, command.fields)
    if sla_facts(draft.ticket) != facts_before:
        _apply_policy(draft)
    if not isinstance(command.status, Unset):
        _set_status(draft, command.status, Reason("by_hand"))


@_decide.register
def _(command: RouteTicket, draft: _Draft) -> None:
    ticket = draft.ticket
    if ticket.done or ticket.assignee is not None:
        return
    group = ticket.group or command.group
    assignee = command.assignee if group == command.group else None
    _assign(draft, group=group, assignee=assignee, because=command.because)
    if draft.ticket.group != ticket.group:
        _apply_policy(draft)


@_decide.register
def _(command: LinkTicket, draft: _Draft) -> None:
    if command.link.ticket_id == draft.ticket.id:
        raise Invalid("A ticket cannot be linked to itself.")
    if command.link not in draft.ticket.links:
        draft.state(TicketLinked(command.link))


@_decide.register
def _(command: AddParticipant, draft: _Draft) -> None:
    _refuse_if_closed(draft)
    person_id = command.participant.id
    if person_id == draft.ticket.requester_id or person_id in draft.ticket.participants:
        return
    if len(draft.ticket.participants) >= MAX_PARTICIPANTS:
        raise Conflict(f"At most {MAX_PARTICIPANTS} people can take part beside the requester.")
    _let_in(draft, command.participant)


@_decide.register
def _(command: RemoveParticipant, draft: _Draft) -> None:
    _refuse_if_closed(draft)
    if command.person_id in draft.ticket.participants:
        draft.state(ParticipantRemoved(command.person_id))
        kept = tuple(one for one in draft.ticket.copies.participants if one.id != command.person_id)
        draft.ticket = replace(draft.ticket, copies=replace(draft.ticket.copies, participants=kept))


@_decide.register
def _(command: Tick, draft: _Draft) -> None:
    del command  # clocks and held messages were settled before anything else
    ticket = draft.ticket
    if ticket.survey_at is not None and ticket.survey_at <= draft.now:
        draft.state(SurveyDue(ticket.survey_at))
    if ticket.close_at is not None and ticket.close_at <= draft.now and draft.ticket.status is Status.SOLVED:
        _set_status(draft, Status.CLOSED, Reason("solved_long_enough"))


@_decide.register
def _(command: RecordSurvey, draft: _Draft) -> None:
    if draft.ticket.survey_id is None:
        draft.state(SurveySent(command.survey_id))


@_decide.register
def _(command: RecordRating, draft: _Draft) -> None:
    if draft.ticket.survey_id != command.survey_id:
        raise Conflict("This survey does not belong to the ticket.")
    if draft.ticket.rating is not None:
        raise Conflict("The survey was already answered.")
    draft.state(RatingRecorded(command.survey_id, command.rating))


# --- parts of decisions ----------------------------------------------------------------------------------------------


def _set_status(draft: _Draft, status: Status, because: Reason, at: datetime | None = None) -> None:
    """Moves the status; the clocks follow as of `at`, or else of the draft's instant."""
    old = draft.ticket.status
    if status is old:
        return
    if old is Status.CLOSED:
        raise Conflict("The ticket is closed; closed is final.")
    if status is Status.NEW:
        raise Invalid("A ticket is new once.", [FieldError("/status", "cannot be set back to new")])
    survey_at, close_at = _plans(draft, status)
    draft.state(TicketStatusChanged(old=old, new=status, because=because, survey_at=survey_at, close_at=close_at))
    applied = draft.ticket.sla
    if applied is not None:
        followed = sla.follow_status(applied, status.value, at or draft.now, _calendar(draft, applied))
        _clocks_now(draft, status.value, followed)


def _refuse_if_closed(draft: _Draft) -> None:
    if draft.ticket.status is Status.CLOSED:
        raise Conflict("The ticket is closed; closed is final.")


def _join(draft: _Draft, participants: Iterable[Participant]) -> None:
    """Lets people take part whom a mail names, as far as they are new, not removed, and there is room."""
    for participant in participants:
        ticket = draft.ticket
        known = {ticket.requester_id, *ticket.participants, *ticket.removed}
        if participant.id not in known and len(ticket.participants) < MAX_PARTICIPANTS:
            _let_in(draft, participant)


def _let_in(draft: _Draft, participant: Participant) -> None:
    draft.state(ParticipantAdded(participant.id))
    copies = draft.ticket.copies
    draft.ticket = replace(draft.ticket, copies=replace(copies, participants=(*copies.participants, participant)))


def _plans(draft: _Draft, status: Status) -> tuple[datetime | None, datetime | None]:
    """When the survey and closing are due after a change to `status`: once planned they stay until it is reopened."""
    ticket, rules = draft.ticket, draft.rules
    if status.category is not StatusCategory.DONE:
        return None, None
    survey_at, close_at = ticket.survey_at, ticket.close_at
    if not ticket.done:
        asked = ticket.survey_id is not None or ticket.automatic
        survey_at = draft.now + rules.survey_delay if rules.survey_delay is not None and not asked else None
        close_at = draft.now + rules.close_delay if rules.close_delay is not None else None
    return survey_at, None if status is Status.CLOSED else close_at


def _assign(draft: _Draft, *, group: str | None, assignee: str | None, because: tuple[Reason, ...]) -> None:
    ticket = draft.ticket
    if (group, assignee) == (ticket.group, ticket.assignee):
        return
    draft.state(TicketAssigned(ticket.group, group, ticket.assignee, assignee, because))


def _change_tags(draft: _Draft, tags: tuple[str, ...]) -> None:
    if len(tags) > MAX_TAGS or any(not tag or len(tag) > MAX_TAG_LENGTH for tag in tags):
        message = f"at most {MAX_TAGS} tags of 1 to {MAX_TAG_LENGTH} characters"
        raise Invalid("The tags are not valid.", [FieldError("/tags", message)])
    wanted, present = set(tags), set(draft.ticket.tags)
    if wanted != present:
        draft.state(TicketTagsChanged(tuple(sorted(wanted - present)), tuple(sorted(present - wanted))))


def _change_fields(draft: _Draft, fields: Mapping[str, FieldValue]) -> None:
    """Merges fields into what is there; None takes one away. Values go to the copies, names into history."""
    before = draft.ticket.copies.fields
    after = {name: value for name, value in {**before, **fields}.items() if value not in (None, [])}
    if len(after) > MAX_FIELDS:
        raise Invalid("Too many fields.", [FieldError("/fields", f"at most {MAX_FIELDS}")])
    changed = tuple(sorted(name for name in fields if before.get(name) != after.get(name)))
    if changed:
        draft.state(TicketFieldsChanged(changed, tuple(sorted(after))))
        draft.ticket = replace(draft.ticket, copies=replace(draft.ticket.copies, fields=after))


def sla_facts(ticket: Ticket) -> PolicyFacts:
    """What a policy's conditions are held against."""
    return PolicyFacts(
        priority=ticket.priority.value,
        channel=ticket.channel.value,
        category=ticket.category,
        group_id=ticket.group,
        organization_id=ticket.organization_id,
    )


def _settle(draft: _Draft) -> None:
    """Records what fell due before this instant, in its order, so that no command can outrun the sweep.

    A breach and a release of the same instant: the answer was due at that instant and is late.
    """
    while draft.ticket.held and draft.ticket.held[0].send_at <= draft.now:
        held = draft.ticket.held[0]
        _settle_clocks(draft, held.send_at)
        _release(draft, held, held.send_at, SWEEPER)
    _settle_clocks(draft, draft.now)


def _settle_clocks(draft: _Draft, until: datetime) -> None:
    """Records warnings and breaches up to an instant."""
    applied = draft.ticket.sla
    for due in sla.due_actions(applied, until) if applied is not None else ():
        draft.state(_clock_fact(due), actor=SWEEPER)


def _clock_fact(due: Due) -> Fact:
    return SlaWarned(due.metric, due.at) if due.kind is DueKind.WARNING else SlaBreached(due.metric, due.at)


def _calendar(draft: _Draft, applied: AppliedSla) -> CompiledCalendar:
    return draft.rules.calendar_of(applied)


def _run_clocks(draft: _Draft, cause: str, change: ClockChange, at: datetime | None = None) -> None:
    """Lets something happen to the clocks, as of `at` or else of the draft's instant."""
    applied = draft.ticket.sla
    if applied is not None:
        _clocks_now(draft, cause, change(applied, at or draft.now, _calendar(draft, applied)))


def _clocks_now(draft: _Draft, cause: str, after: AppliedSla) -> None:
    """States how the clocks stand, if that is news."""
    if after != draft.ticket.sla:
        draft.state(SlaChanged(cause, after))


def _apply_policy(draft: _Draft) -> None:
    """Puts the policy on the ticket that its facts choose, with the time already used counted."""
    ticket, rules = draft.ticket, draft.rules
    policy = sla.choose_policy(rules.policies, sla_facts(ticket))
    if policy is None:
        return
    before, calendar = ticket.sla, rules.newest_calendar(policy.calendar_id)
    if before is not None and sla.is_applied(before, policy, calendar, ticket.priority.value):
        return
    applied = sla.apply_policy(
        policy,
        calendar,
        ticket.priority.value,
        draft.now,
        before,
        previous_cal=rules.calendar_of(before) if before is not None else None,
    )
    # The new policy may pause in other statuses than the old one did.
    applied = sla.follow_status(applied, ticket.status.value, draft.now, _calendar(draft, applied))
    if applied != before:
        draft.state(SlaApplied(applied))
