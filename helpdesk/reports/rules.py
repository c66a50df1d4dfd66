"""How a ticket's past becomes figures, and figures a report."""

from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo

from helpdesk.reports.model import Bucket, By, Counted, Line, Sums
from helpdesk.sla.compliance import Kept, decided_at, kept
from helpdesk.sla.replay import Run, recorded
from helpdesk.tickets.core import DeskRules
from helpdesk.tickets.facts import Event

NOTHING = Counted(0)


def counted(events: Sequence[Event], rules: DeskRules, zone: tzinfo = UTC) -> Counted:
    """What a ticket adds to the buckets, from its whole history in order; days are those of a time zone."""
    found: dict[Bucket, Sums] = {}
    for run in recorded(events, rules, events[-1].at).runs:
        decided = decided_at(run)
        if decided is not None:
            day = decided.astimezone(zone).date().isoformat()
            bucket = Bucket(day, run.metric, run.priority, run.policy_id, run.group or "")
            found[bucket] = found.get(bucket, Sums()) + _sums(run)
    return Counted(events[-1].seq, _lines(found))


def _sums(run: Run) -> Sums:
    missed = kept(run) is Kept.BREACHED
    if run.met_at is None:
        return Sums(breached=1)
    lived = int((run.met_at - run.started_at).total_seconds())
    late = max(0, run.used_ms - run.target_seconds * 1000) // 1000 if missed else 0
    return Sums(int(not missed), int(missed), late, max(0, lived - run.running_ms // 1000))


def difference(before: Counted, after: Counted) -> tuple[Line, ...]:
    """What to add to the buckets so that they hold `after` in place of `before`."""
    found: dict[Bucket, Sums] = {}
    for line in after.lines:
        found[line.bucket] = found.get(line.bucket, Sums()) + line.sums
    for line in before.lines:
        found[line.bucket] = found.get(line.bucket, Sums()) + -line.sums
    return _lines(found)


def _lines(found: dict[Bucket, Sums]) -> tuple[Line, ...]:
    return tuple(Line(bucket, found[bucket]) for bucket in sorted(found) if found[bucket] != Sums())


def summed(lines: Iterable[Line], by: By) -> dict[tuple[str, str], Sums]:
    """Lines added up by metric and what `by` says (nothing more, where that is the metric)."""
    found: dict[tuple[str, str], Sums] = {}
    for line in lines:
        of = "" if by is By.METRIC else str(getattr(line.bucket, by.value))
        key = (line.bucket.metric.value, of)
        found[key] = found.get(key, Sums()) + line.sums
    return found
