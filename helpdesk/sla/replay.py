"""A ticket's past lived once more under other promises: from its events alone, without touching them.

Pure. `recorded` reads what the desk did, `relive` computes what it would have done under given policies and calendars, and
`verify` holds what was recorded to what the policies of that time say. The clocks' own rules do the counting in all three.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from helpdesk.sla import rules as sla
from helpdesk.sla.calendars import CompiledCalendar, to_ms
from helpdesk.sla.model import RAISE, AppliedSla, Clock, Due, DueKind, Escalation, Metric, PolicyFacts, SlaPolicy
from helpdesk.sla.seen import MOVES, Seen
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import (
    Event,
    MessageAdded,
    MessageReleased,
    MessageWithdrawn,
    SlaApplied,
    SlaBreached,
    SlaChanged,
    SlaEscalated,
    SlaWarned,
    TicketRestored,
    TicketStatusChanged,
)
from helpdesk.tickets.model import ActorKind, Priority, Reason, Visibility

type ClockChange = Callable[[AppliedSla, datetime, CompiledCalendar], AppliedSla]
type Promise = tuple[SlaPolicy, CompiledCalendar]

_ESCALATED = "sla_escalated"
_TOLD_SLA = (SlaApplied, SlaChanged)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a clock, from its beginning to where it ended or stands.

    Attributes:
        group: the group that had the ticket at the run's end.
        priority: the ticket's priority then.
        met_at: when what was promised was done; None: not yet.
        used_ms: counted by then.
        running_ms: ordinary time for which it ran; the rest of its life it stood.
    """

    metric: Metric
    policy_id: str
    group: str | None
    priority: str
    target_seconds: int
    started_at: datetime
    warned_at: datetime | None
    breached_at: datetime | None
    met_at: datetime | None
    used_ms: int
    running_ms: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a ticket's clocks.

    Attributes:
        runs: each run that promised something or missed it.
        fired: warnings, breaches and escalations in order.
    """

    ticket_id: str
    number: int
    runs: tuple[Run, ...]
    fired: tuple[Due, ...]


class _Runs:
    """Collects the runs of a ticket's clocks while its SLA changes."""

    def __init__(self) -> None:
        self.done: list[Run] = []
        self._running: dict[Metric, int] = {}

    def change(self, before: AppliedSla | None, after: AppliedSla, group: str | None, priority: str) -> None:
        """Takes note of an SLA that takes another's place."""
        if before is None:
            return
        for place, old in enumerate(before.clocks):
            # Clocks keep their order, and mostly their places.
            new = after.clocks[place] if place < len(after.clocks) else None
            if new is old:
                continue
            if new is None or new.metric is not old.metric:
                new = after.clock(old.metric)
            if old.running_since is not None and (new is None or new.running_since != old.running_since):
                ended = _stopped(new, after, old)
                gone = max(0, to_ms(ended) - to_ms(old.running_since))
                self._running[old.metric] = self._running.get(old.metric, 0) + gone
            if old.started_at is not None and (new is None or new.started_at != old.started_at):
                met_at = old.met_at or (new.started_at if new is not None else None)
                self._end(old, before, group, priority, met_at, old.used_ms)

    def finish(
        self, last: AppliedSla | None, cal: CompiledCalendar | None, until: datetime, whose: PolicyFacts
    ) -> None:
        """Takes note of what still stands or runs."""
        if last is None or cal is None:
            return
        for clock in last.clocks:
            if clock.started_at is not None:
                if clock.running_since is not None:
                    gone = max(0, to_ms(until) - to_ms(clock.running_since))
                    self._running[clock.metric] = self._running.get(clock.metric, 0) + gone
                used = sla.used_ms(clock, until, cal)
                self._end(clock, last, whose.group_id, whose.priority, clock.met_at, used)

    def _end(
        self, clock: Clock, of: AppliedSla, group: str | None, priority: str, met_at: datetime | None, used_ms: int
    ) -> None:
        running = self._running.pop(clock.metric, 0)
        if clock.started_at is None or not clock.shown:
            return
        self.done.append(
            Run(
                metric=clock.metric,
                policy_id=of.policy_id,
                group=of.group if clock.metric is Metric.HANDOFF else group,
                priority=priority,
                target_seconds=clock.target_seconds,
                started_at=clock.started_at,
                warned_at=clock.warned_at,
                breached_at=clock.breached_at,
                met_at=met_at,
                used_ms=used_ms,
                running_ms=running,
            )
        )


def _stopped(new: Clock | None, after: AppliedSla, old: Clock) -> datetime:
    """When a clock that ran stopped or began to run anew."""
    candidates = (
        new.running_since if new is not None else None,
        new.started_at if new is not None and new.started_at != old.started_at else None,
        new.met_at if new is not None else None,
        after.stopped_at,
        old.running_since,
    )
    return next(at for at in candidates if at is not None)


def recorded(events: Sequence[Event], rules: DeskRules, until: datetime) -> Outcome:
    """What the desk did: the runs and firings that its events tell of.

    Args:
        events: the ticket's whole history, in order.
        rules: for their calendars, all revisions.
        until: until when what still runs is counted.
    """
    runs, fired = _Runs(), []
    facts = Seen()
    applied: AppliedSla | None = None
    for event in events:
        if event.at > until:
            break
        if type(event.fact) in MOVES:
            facts.follow(event)
        before = applied
        match event.fact:
            case SlaApplied(sla=after) | SlaChanged(sla=after):
                applied = after
            case TicketRestored() as fact:
                facts.give_back(fact)
                applied = fact.standing.sla or applied
            case _:
                due = due_of(event)
                if due is not None and applied is not None:
                    fired.append(due)
                    applied = sla.record(applied, due)
        if applied is not None and applied is not before:
            runs.change(before, applied, facts.group, facts.priority.value)
    runs.finish(applied, rules.calendar_of(applied) if applied else None, until, facts.policy_facts({}))
    return Outcome(facts.ticket_id, facts.number, tuple(runs.done), tuple(fired))


def due_of(event: Event) -> Due | None:
    """What a recorded firing says, if the event is one."""
    match event.fact:
        case SlaWarned(metric=metric, warned_at=at):
            return Due(DueKind.WARNING, metric, at)
        case SlaBreached(metric=metric, breached_at=at):
            return Due(DueKind.BREACH, metric, at)
        case SlaEscalated(metric=metric, level=level, escalated_at=at):
            return Due(DueKind.ESCALATION, metric, at, level)
        case _:
            return None


def relive(
    events: Sequence[Event],
    rules: DeskRules,
    until: datetime,
    *,
    fields: Mapping[str, tuple[str, ...]] | None = None,
) -> Outcome:
    """What the desk would have done under some policies and calendars, had people done the same.

    What escalations changed at the time is left out, and what the policies' own escalations change is done instead.

    Args:
        events: the ticket's whole history, in order.
        rules: policies, calendars and support plans to live under.
        until: until when.
        fields: the ticket's fields as they are now. History tells which ones were filled in when, but no values: conditions look
            at these; see `fields.told_by_now`.
    """
    return _Life(_ByRules(rules), fields or {}).live(events, until)


@dataclass(frozen=True, slots=True)
class Difference:
    """A firing that was recorded and is not reproduced, or the other way round."""

    ticket_id: str
    number: int
    due: Due
    recorded: bool


class UnknownPromiseError(LookupError):
    """History names a version of a policy or a calendar that is not known any more."""


def verify(
    events: Sequence[Event], promise_of: Callable[[AppliedSla], Promise], until: datetime
) -> tuple[Difference, ...]:
    """Lives a ticket's past again under the very promises that were put on it, and compares what fired.

    Args:
        events: the ticket's whole history, in order.
        promise_of: gives the policy, in its version, and the calendar, in its revision, that an applied SLA names.
        until: until when; a moment ago, so that what falls due right now may still be recorded.

    Raises:
        UnknownPromiseError: by `promise_of`.
    """
    told = [due for event in events if (due := due_of(event)) is not None and due.at <= until]
    life = _Life(_AsApplied(promise_of), {}).live(events, until)
    computed = list(life.fired)
    found = []
    for due in told:
        if due in computed:
            computed.remove(due)
        else:
            found.append(Difference(life.ticket_id, life.number, due, recorded=True))
    return (*found, *(Difference(life.ticket_id, life.number, due, recorded=False) for due in computed))


class _ByRules:
    """Promises are chosen by the ticket's facts."""

    own_escalations = True

    def __init__(self, rules: DeskRules) -> None:
        self.rules = rules
        self._newest: dict[str, CompiledCalendar] = {}

    def calendar_of(self, applied: AppliedSla) -> CompiledCalendar:
        return self.rules.calendar_of(applied)

    def promise(self, facts: Seen, recorded_sla: AppliedSla | None) -> Promise | None:
        del recorded_sla
        seen = facts.policy_facts(self.rules.plans)
        chosen = next((one for one in self.rules.policies if one.id == facts.chosen), None) if facts.chosen else None
        policy = chosen or sla.choose_policy(self.rules.policies, seen)
        if policy is None:
            return None
        calendar_id = policy.calendar_for(seen)
        if calendar_id not in self._newest:
            self._newest[calendar_id] = self.rules.newest_calendar(calendar_id)
        return policy, self._newest[calendar_id]


class _AsApplied:
    """Promises are those that history says were put on the ticket."""

    own_escalations = False

    def __init__(self, promise_of: Callable[[AppliedSla], Promise]) -> None:
        self._promise_of = promise_of

    def calendar_of(self, applied: AppliedSla) -> CompiledCalendar:
        return self._promise_of(applied)[1]

    def promise(self, facts: Seen, recorded_sla: AppliedSla | None) -> Promise | None:
        del facts
        return None if recorded_sla is None else self._promise_of(recorded_sla)


class _Life:
    """A ticket's clocks driven through its events once more."""

    def __init__(self, promises: _ByRules | _AsApplied, fields: Mapping[str, tuple[str, ...]]) -> None:
        self._promises = promises
        self._facts = Seen(fields=fields)
        self._applied: AppliedSla | None = None
        self._cal: CompiledCalendar | None = None
        self._runs = _Runs()
        self._fired: list[Due] = []
        self._held: dict[str, bool] = {}
        self._moved_at: datetime | None = None
        self._as_of: datetime | None = None
        self._past: list[tuple[AppliedSla | None, AppliedSla | None]] = []

    def live(self, events: Iterable[Event], until: datetime) -> Outcome:
        """Goes through the events, and lets time pass until an instant after them."""
        for event in events:
            if event.at > until:
                break
            self._step(event)
        self._put_on(None)
        self._settle(until)
        facts = self._facts
        self._runs.finish(self._applied, self._cal, until, facts.policy_facts({}))
        return Outcome(facts.ticket_id, facts.number, tuple(self._runs.done), tuple(self._fired))

    def _step(self, event: Event) -> None:
        fact, own = event.fact, self._promises.own_escalations
        if self._moved_at is None and type(fact) not in _TELLING:
            return
        escalated = _because_of_escalation(event)
        if escalated and own:
            return
        at = self._as_of if escalated and self._as_of is not None else event.at
        if isinstance(fact, _TOLD_SLA):
            self._hear(fact, at)
        elif isinstance(fact, SlaEscalated) and not own:
            self._as_of = fact.escalated_at
        elif isinstance(fact, TicketRestored):
            self._restore(fact, at)
        elif not self._facts_move(event, at):
            self._happen(event, at)

    def _happen(self, event: Event, at: datetime) -> None:
        """What a message or a change of status does to the clocks."""
        match event.fact:
            case MessageAdded(message_id=message_id, send_at=datetime()):
                self._held[message_id] = False
            case MessageAdded(automatic=False, author=author, visibility=visibility):
                self._say(author.kind, visibility, at)
            case MessageWithdrawn(message_id=message_id):
                self._held.pop(message_id, None)
            case MessageReleased(message_id=message_id, released_at=released_at, side_id=side_id):
                self._release(message_id, released_at, answers=side_id is None)
                return
            case TicketStatusChanged(new=status, because=because):
                # What a released answer sets is set as of its release, whenever that was noticed.
                as_of = self._as_of if because.code in {"answered", "with_message"} else None
                self._catch_up(as_of or at)
                self._facts.status = status.value
                self._do(_following(status.value), as_of or at)
            case _:
                return
        self._as_of = None

    def _facts_move(self, event: Event, at: datetime) -> bool:
        """Whether an event moves what policies look at. They look at it once all that a command moves has moved."""
        if isinstance(event.fact, TicketStatusChanged):
            return False
        if self._moved_at is not None and self._moved_at != at:
            self._put_on(None)
        if type(event.fact) not in MOVES:
            return False
        self._settle(at)
        if not self._facts.follow(event):
            return False
        self._moved_at = at
        return True

    def _hear(self, fact: SlaApplied | SlaChanged, at: datetime) -> None:
        """History says what was put on: for those who go by it, and to know what was given back later."""
        if isinstance(fact, SlaApplied):
            if self._moved_at is None and not self._promises.own_escalations:
                self._moved_at = at
            self._put_on(fact.sla)
        elif fact.cause == "merged":  # another ticket's waiting message is this one's now
            self._do(sla.on_requester_message, at)
        self._past.append((fact.sla, self._applied))

    def _say(self, author: ActorKind, visibility: Visibility, at: datetime) -> None:
        if visibility is Visibility.SIDE:
            return
        if author is ActorKind.REQUESTER:
            self._held = dict.fromkeys(self._held, True)
            self._do(sla.on_requester_message, at)
        elif author is ActorKind.AGENT and visibility is Visibility.PUBLIC:
            self._do(sla.on_public_agent_message, at)

    def _release(self, message_id: str, at: datetime, *, answers: bool) -> None:
        """A held message goes out; one of a side conversation answers nobody."""
        overtaken = self._held.pop(message_id, False)
        if answers:
            self._do(sla.on_public_agent_message, at)
            if overtaken:
                self._do(sla.on_requester_message, at)
        self._as_of = at

    def _restore(self, fact: TicketRestored, at: datetime) -> None:
        """Clocks as they stood when history's stood as they were given back."""
        self._settle(at)
        self._facts.give_back(fact)
        standing = fact.standing
        wanted = _bare(standing.sla)
        given_back = next((mine for told, mine in reversed(self._past) if _bare(told) == wanted), None)
        if given_back is not None:
            self._become(given_back)
        else:
            self._moved_at = at
            self._put_on(standing.sla)

    def _catch_up(self, at: datetime) -> None:
        self._put_on(None)
        self._settle(at)

    def _do(self, change: ClockChange, at: datetime) -> None:
        self._catch_up(at)
        if self._applied is not None and self._cal is not None:
            self._become(change(self._applied, at, self._cal))

    def _become(self, after: AppliedSla) -> None:
        if after is not self._applied:
            self._runs.change(self._applied, after, self._facts.group, self._facts.priority.value)
            self._applied = after

    def _put_on(self, recorded_sla: AppliedSla | None) -> None:
        """Puts the promise on that holds for what has moved."""
        at, self._moved_at = self._moved_at, None
        if at is None:
            return
        promise = self._promises.promise(self._facts, recorded_sla)
        if promise is None:
            return
        (policy, cal), facts, before = promise, self._facts, self._applied
        if before is not None and sla.is_applied(before, policy, cal, facts.priority.value, facts.group):
            return
        applied = sla.apply_policy(
            policy, cal, facts.priority.value, at, before, previous_cal=self._cal, group=facts.group
        )
        self._become(sla.follow_status(applied, facts.status, at, cal))
        self._cal = cal

    def _settle(self, until: datetime) -> None:
        """Lets fire what fell due, with what escalations change."""
        while self._applied is not None:
            first = sla.next_instant(self._applied)
            if first is None or first > until:
                return
            due = sla.due_actions(self._applied, until)[0]
            self._fired.append(due)
            level = next((one for one in self._applied.escalations if one.id == due.level), None)
            self._applied = sla.record(self._applied, due)
            if due.kind is DueKind.ESCALATION and level is not None and self._promises.own_escalations:
                self._escalate(level, due.at)

    def _escalate(self, level: Escalation, at: datetime) -> None:
        facts = self._facts
        before = (facts.priority, facts.group, facts.tags)
        if level.priority == RAISE:
            raised = (one for one in Priority if one.rank == facts.priority.rank - 1)
            facts.priority = next(raised, facts.priority)
        elif level.priority is not None:
            facts.priority = Priority(level.priority)
        facts.group = level.group or facts.group
        facts.tags |= set(level.tags)
        if (facts.priority, facts.group, facts.tags) != before:
            self._moved_at = at
            self._put_on(None)


def _following(status: str) -> ClockChange:
    return lambda applied, at, cal: sla.follow_status(applied, status, at, cal)


_TELLING: Final[frozenset[type]] = MOVES | {
    *_TOLD_SLA,
    SlaEscalated,
    TicketRestored,
    TicketStatusChanged,
    MessageAdded,
    MessageReleased,
    MessageWithdrawn,
}
"""What a life is told by; all else that happens to a ticket moves no clock."""


def _because_of_escalation(event: Event) -> bool:
    because = getattr(event.fact, "because", ())
    if not because or not isinstance(because, tuple):
        return False
    return any(isinstance(reason, Reason) and reason.code == _ESCALATED for reason in because)


def _bare(applied: AppliedSla | None) -> AppliedSla | None:
    """An applied SLA without what is recorded on it: that may have come between."""
    if applied is None:
        return None
    clocks = tuple(replace(clock, warned_at=None, breached_at=None, marks=()) for clock in applied.clocks)
    return replace(applied, clocks=clocks)
