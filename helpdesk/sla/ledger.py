"""The clock ledger: from a ticket's events alone, every stretch in which a clock ran or stood, and who or what began it.

Pure. The lengths of a clock's running stretches add up to what the clock has counted, to the millisecond; a property test holds
it to that over random lives.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from helpdesk.contracts.events import EventType
from helpdesk.sla.calendars import CompiledCalendar, to_ms
from helpdesk.sla.model import AppliedSla, Clock, Metric
from helpdesk.tickets.facts import (
    Event,
    SlaApplied,
    SlaBreached,
    SlaChanged,
    SlaEscalated,
    SlaWarned,
    TicketRestored,
)
from helpdesk.tickets.model import Actor

type Calendars = Callable[[AppliedSla], CompiledCalendar]
"""Gives the calendar that an applied SLA counts in, in its revision."""


class Going(StrEnum):
    """Whether a clock goes."""

    RUNNING = "running"
    STANDING = "standing"
    MET = "met"


class NoteKind(StrEnum):
    """What happened on a clock at an instant."""

    WARNED = "warned"
    BREACHED = "breached"
    ESCALATED = "escalated"
    MET = "met"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Cause:
    """Who or what began a stretch.

    Attributes:
        code: `opened`, `answered`, `requester_wrote`, a status, what changed (`priority`, `group` ...) or `undone`.
        actor: who.
        seq: the event that says so.
    """

    code: str
    actor: Actor
    seq: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some time in which a clock did one thing.

    Attributes:
        run: 1 for the clock's first run, 2 for the next message's, update's or group's, and so on.
        since: its first instant.
        until: its last; None: it is still so.
        counted_ms: what of it counted.
        total_ms: what its run had counted by its end.
        business: whether business time counted.
        target_seconds: the target while it lasted; 0: none.
        calendar_id: which calendar, ...
        calendar_revision: ... in which revision.
        policy_id: by which policy.
    """

    metric: Metric
    run: int
    going: Going
    since: datetime
    until: datetime | None
    counted_ms: int
    total_ms: int
    business: bool
    target_seconds: int
    calendar_id: str
    calendar_revision: int
    policy_id: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened on a clock at an instant.

    Attributes:
        at: the computed instant.
        recorded_at: when it was noticed.
        level: the escalation's id.
    """

    metric: Metric
    run: int
    kind: NoteKind
    at: datetime
    recorded_at: datetime
    seq: int
    level: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All clocks' stretches in order of their beginnings, a clock at a time, and what happened on them."""

    stretches: tuple[Stretch, ...] = ()
    notes: tuple[Note, ...] = ()

    def counted_ms(self, metric: Metric) -> int:
        """What the last run of a clock counted."""
        of_clock = [stretch for stretch in self.stretches if stretch.metric is metric]
        return sum(stretch.counted_ms for stretch in of_clock if stretch.run == of_clock[-1].run)


@dataclass(frozen=True, slots=True)
class _Account:
    """One clock while its events are gone through: what is closed, and the stretch that is open."""

    closed: tuple[Stretch, ...] = ()
    open: Stretch | None = None
    started_at: datetime | None = None

    @property
    def run(self) -> int:
        last = self.open or (self.closed[-1] if self.closed else None)
        return last.run if last else 0


type _Accounts = dict[Metric, _Account]


def ledger(events: Iterable[Event], calendars: Calendars, now: datetime) -> Ledger:
    """The ledger of a ticket.

    Args:
        events: its whole history, in order.
        calendars: gives calendars.
        now: until when the stretches that still last are counted.
    """
    accounts: _Accounts = {}
    notes: list[Note] = []
    past: list[tuple[AppliedSla, _Accounts]] = []
    reader = _Reader(calendars)
    for event, code in _with_causes(events):
        after = _applied_after(event)
        if after is not None:
            cause = Cause(code, event.actor, event.seq)
            earlier = _as_it_was(past, after) if isinstance(event.fact, TicketRestored) else None
            accounts = dict(earlier) if earlier is not None else accounts
            fresh = reader.go_on(accounts, after, event, cause)
            notes += _met(accounts, fresh, after, event)
            accounts = fresh
            past.append((after, accounts))
        note = _note(event, accounts)
        if note is not None:
            notes.append(note)
    ended = [stretch for account in accounts.values() for stretch in reader.ended(account, now)]
    order = list(Metric)
    ended.sort(key=lambda stretch: (order.index(stretch.metric), stretch.run, stretch.since))
    return Ledger(tuple(ended), tuple(notes))


def _applied_after(event: Event) -> AppliedSla | None:
    match event.fact:
        case SlaApplied(sla=after) | SlaChanged(sla=after):
            return after
        case TicketRestored(standing=standing):
            return standing.sla
        case _:
            return None


_CODES = {
    EventType.TICKET_OPENED: "opened",
    EventType.TICKET_PRIORITY_CHANGED: "priority",
    EventType.TICKET_CATEGORY_CHANGED: "category",
    EventType.TICKET_ASSIGNED: "group",
    EventType.TICKET_TAGS_CHANGED: "tags",
    EventType.TICKET_FIELDS_CHANGED: "fields",
    EventType.TICKET_ORGANIZATION_CHANGED: "organization",
    EventType.TICKET_RESTORED: "undone",
}


def _with_causes(events: Iterable[Event]) -> Iterator[tuple[Event, str]]:
    """Each event with the code of what its clocks would do because of it."""
    last = "settings"
    for event in events:
        if event.type in _CODES:
            last = _CODES[event.type]
        yield event, event.fact.cause if isinstance(event.fact, SlaChanged) else last


def _as_it_was(past: list[tuple[AppliedSla, _Accounts]], restored: AppliedSla) -> _Accounts | None:
    """The accounts when the clocks last stood as they were now given back: what came since counts as if it had not been."""
    wanted = _counts(restored)
    return next((accounts for applied, accounts in reversed(past) if _counts(applied) == wanted), None)


def _counts(applied: AppliedSla) -> tuple[object, ...]:
    clocks = tuple((c.metric, c.started_at, c.used_ms, c.running_since, c.met_at) for c in applied.clocks)
    return applied.policy_id, applied.policy_version, applied.calendar_id, applied.calendar_revision, clocks


class _Reader:
    """Writes accounts on, event by event; remembers compiled calendars by name."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars
        self._known: dict[tuple[str, int], CompiledCalendar] = {}

    def go_on(self, accounts: _Accounts, after: AppliedSla, event: Event, cause: Cause) -> _Accounts:
        """The accounts after an event."""
        self._known.setdefault((after.calendar_id, after.calendar_revision), self._calendars(after))
        fresh = dict(accounts)
        for metric in Metric:
            clock, account = after.clock(metric), accounts.get(metric, _Account())
            if clock is not None and clock.started_at is not None:
                fresh[metric] = self._clock(account, clock, after, event, cause)
            elif account.open is not None:
                fresh[metric] = replace(account, closed=self._closed(account, event.at), open=None)
        return fresh

    def _clock(self, account: _Account, clock: Clock, after: AppliedSla, event: Event, cause: Cause) -> _Account:
        going, since = _going(clock, after, event)
        run = account.run
        if account.started_at != clock.started_at:
            account = replace(account, closed=self._closed(account, clock.started_at or since), open=None)
            run += 1
        previous = account.open
        began = Stretch(
            metric=clock.metric,
            run=run,
            going=going,
            since=since,
            until=None,
            counted_ms=0,
            total_ms=0,
            business=clock.business,
            target_seconds=clock.target_seconds,
            calendar_id=after.calendar_id,
            calendar_revision=after.calendar_revision,
            policy_id=after.policy_id,
            cause=cause,
        )
        if previous is not None and replace(previous, cause=cause, since=since, total_ms=0) == began:
            return account
        return _Account(self._closed(account, since), began, clock.started_at)

    def _closed(self, account: _Account, until: datetime) -> tuple[Stretch, ...]:
        """Its closed stretches with the open one closed; one without any length is left out."""
        return tuple(self._with(account, until, until))

    def ended(self, account: _Account, now: datetime) -> tuple[Stretch, ...]:
        """Its stretches as they stand now."""
        return tuple(self._with(account, now, None))

    def _with(self, account: _Account, counted_to: datetime, until: datetime | None) -> Iterator[Stretch]:
        yield from account.closed
        last = account.open
        if last is None or (until is not None and until <= last.since):
            return
        counted = self._counted(last, counted_to)
        before = sum(stretch.counted_ms for stretch in account.closed if stretch.run == last.run)
        yield replace(last, until=until, counted_ms=counted, total_ms=before + counted)

    def _counted(self, stretch: Stretch, until: datetime) -> int:
        if stretch.going is not Going.RUNNING:
            return 0
        start, end = to_ms(stretch.since), to_ms(until)
        if not stretch.business:
            return max(0, end - start)
        return self._known[stretch.calendar_id, stretch.calendar_revision].open_ms_between(start, end)


def _going(clock: Clock, after: AppliedSla, event: Event) -> tuple[Going, datetime]:
    """What a clock does after an event, and since when."""
    if clock.running_since is not None:
        return Going.RUNNING, clock.running_since
    if clock.met_at is not None:
        return Going.MET, clock.met_at
    began = [at for at in (after.stopped_at, clock.started_at) if at is not None]
    return Going.STANDING, max(began, default=event.at)


def _met(before: _Accounts, after: _Accounts, applied: AppliedSla, event: Event) -> Iterator[Note]:
    """What an event met. A run that was open and is followed by another was met by it: an answer starts the next update."""
    for metric, account in after.items():
        old, clock = before.get(metric, _Account()), applied.clock(metric)
        if old.open is not None and old.open.going is not Going.MET and account.run > old.run and clock is not None:
            yield Note(metric, old.run, NoteKind.MET, clock.started_at or event.at, event.at, event.seq)
        elif clock is not None and clock.met_at is not None and not (old.open and old.open.going is Going.MET):
            yield Note(metric, account.run, NoteKind.MET, clock.met_at, event.at, event.seq)


def _note(event: Event, accounts: _Accounts) -> Note | None:
    match event.fact:
        case SlaWarned(metric=metric, warned_at=at):
            kind, level = NoteKind.WARNED, ""
        case SlaBreached(metric=metric, breached_at=at):
            kind, level = NoteKind.BREACHED, ""
        case SlaEscalated(metric=metric, escalated_at=at, level=level):
            kind = NoteKind.ESCALATED
        case _:
            return None
    return Note(metric, accounts.get(metric, _Account()).run, kind, at, event.at, event.seq, level)
