"""How promises were kept over a period, and how a draft would have kept them: counted from replays, ticket by ticket."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from zoneinfo import ZoneInfo

from helpdesk.kernel.memory import uncollected
from helpdesk.sla.fields import Values, ValuesOf, ever_filled, looked_at, told_by_now
from helpdesk.sla.model import Metric
from helpdesk.sla.replay import Outcome, Run, recorded, relive
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import Event, TicketOpened


class Kept(StrEnum):
    """What became of a promise."""

    MET = "met"
    BREACHED = "breached"
    OPEN = "open"
    NONE = "none"  # nothing was promised


class Dimension(StrEnum):
    """By what promises are counted."""

    ALL = "all"
    GROUP = "group"
    PRIORITY = "priority"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant (included) to another (left out); days are those of a time zone."""

    since: datetime
    until: datetime
    zone: str = "UTC"


@dataclass(slots=True)
class Tally:
    """How some promises were kept.

    Attributes:
        met: kept in time.
        breached: missed, whether done since or not.
        open: not decided when the period ended.
        late_seconds: by how much the missed ones were over, in the clock's own time, together.
        paused_seconds: how long clocks stood in their lives, together.
    """

    met: int = 0
    breached: int = 0
    open: int = 0
    late_seconds: int = 0
    paused_seconds: int = 0

    def add(self, run: Run, until: datetime) -> None:
        """Counts a run."""
        match kept(run):
            case Kept.MET:
                self.met += 1
            case Kept.BREACHED:
                self.breached += 1
                self.late_seconds += max(0, run.used_ms - run.target_seconds * 1000) // 1000
            case _:
                self.open += 1
        lived = ((run.met_at or until) - run.started_at).total_seconds()
        self.paused_seconds += max(0, int(lived) - run.running_ms // 1000)

    def join(self, other: "Tally") -> None:
        """Counts what another counted."""
        self.met += other.met
        self.breached += other.breached
        self.open += other.open
        self.late_seconds += other.late_seconds
        self.paused_seconds += other.paused_seconds

    @property
    def compliance(self) -> float | None:
        """Share that was met of what was decided, 0 to 1; None if nothing was."""
        decided = self.met + self.breached
        return self.met / decided if decided else None


type Key = tuple[Metric, Dimension, str]


@dataclass(slots=True)
class Tallies:
    """Tallies by metric, group, priority and day."""

    by_key: dict[Key, Tally] = field(default_factory=dict)

    def add(self, outcome: Outcome, period: Period) -> None:
        """Counts a ticket's promises that were decided in the period, or were open at its end."""
        zone = ZoneInfo(period.zone)
        for run in outcome.runs:
            decided = decided_at(run)
            if run.started_at >= period.until or (decided is not None and decided < period.since):
                continue
            day = decided.astimezone(zone).date().isoformat() if decided is not None else "open"
            places = (
                (Dimension.ALL, ""),
                (Dimension.GROUP, run.group or "none"),
                (Dimension.PRIORITY, run.priority),
                (Dimension.DAY, day),
            )
            one = Tally()
            one.add(run, period.until)
            for dimension, value in places:
                held = self.by_key.get((run.metric, dimension, value))
                if held is None:
                    held = self.by_key[run.metric, dimension, value] = Tally()
                held.join(one)


def kept(run: Run | None) -> Kept:
    """What became of a run's promise."""
    if run is None:
        return Kept.NONE
    if run.breached_at is not None:
        return Kept.BREACHED
    return Kept.MET if run.met_at is not None else Kept.OPEN


def decided_at(run: Run) -> datetime | None:
    """When it was known whether a promise was kept: at the breach, or when it was met."""
    return run.breached_at or run.met_at


@dataclass(frozen=True, slots=True)
class Change:
    """A promise that another setting keeps otherwise.

    Attributes:
        place: 1 for the metric's first run on the ticket, and so on.
        old: the run as it was; None: nothing was promised.
        new: the run as it would have been.
    """

    ticket_id: str
    number: int
    metric: Metric
    place: int
    old: Run | None
    new: Run | None


@dataclass(slots=True)
class Comparison:
    """Old against new over a period.

    Attributes:
        by_now: tickets (id and number) that the draft judges by what their fields hold now, which may have been something else.
    """

    tickets: int = 0
    old: Tallies = field(default_factory=Tallies)
    new: Tallies = field(default_factory=Tallies)
    changes: list[Change] = field(default_factory=list)
    by_now: list[tuple[str, int]] = field(default_factory=list)


def compare(
    histories: Iterable[Sequence[Event]],
    live: DeskRules,
    draft: DeskRules,
    period: Period,
    values_of: ValuesOf | None = None,
) -> Comparison:
    """Lives a period's tickets under a draft, beside what was recorded of them.

    Args:
        histories: each ticket's whole history, in order.
        live: for the calendars, in all their revisions, that history counted in.
        draft: what is tried out.
        period: which promises are counted.
        values_of: gives what a ticket's fields hold now, asked only where the draft's conditions look at some that it has; None:
            nobody knows, and they hold nothing.
    """
    found, names = Comparison(), looked_at(draft.policies)
    with uncollected():
        for events in histories:
            if not events or events[0].at >= period.until:
                continue
            found.tickets += 1
            values: Values | None = None
            if names and ever_filled(events, names):
                values = values_of(events[0].ticket_id) if values_of is not None else None
                if values is None or told_by_now(events, names):
                    found.by_now.append((events[0].ticket_id, _number(events)))
            old, new = recorded(events, live, period.until), relive(events, draft, period.until, fields=values)
            found.old.add(old, period)
            found.new.add(new, period)
            found.changes += changes(old, new, period)
    return found


def _number(events: Sequence[Event]) -> int:
    return next((event.fact.number for event in events if isinstance(event.fact, TicketOpened)), 0)


def changes(old: Outcome, new: Outcome, period: Period) -> list[Change]:
    """The promises of a ticket that are kept otherwise, of those that either side decides in the period."""
    found = []
    there = {run.metric for run in (*old.runs, *new.runs)}
    for metric in Metric:
        if metric not in there:
            continue
        pairs = zip_longest(
            (run for run in old.runs if run.metric is metric), (run for run in new.runs if run.metric is metric)
        )
        for place, (was, would_be) in enumerate(pairs, start=1):
            if kept(was) is not kept(would_be) and (_in(was, period) or _in(would_be, period)):
                found.append(Change(old.ticket_id, old.number, metric, place, was, would_be))
    return found


def _in(run: Run | None, period: Period) -> bool:
    decided = decided_at(run) if run is not None else None
    return decided is not None and period.since <= decided <= period.until
