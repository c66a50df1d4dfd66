"""What happens to a ticket's SLA clocks, as pure functions of the applied SLA, an instant and the calendar.

The caller's part: at every command, before anything else, `due_actions(applied, at)`, and record each of them (an event, then
`record_warning` or `record_breach`). That way a clock that ran out a minute before the answer came is breached, at the instant at
which it ran out. `settle` does both in one step.

All functions cut instants to the millisecond, do nothing when there is nothing to do (pausing what is paused, meeting what is
met) and raise `WrongCalendarError` when given another calendar than the applied SLA names. A target is missed at the very instant
at which its last second has passed: what happens exactly then is late, whichever is recorded first.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from helpdesk.sla.calendars import CompiledCalendar, cut_to_ms, from_ms, to_ms
from helpdesk.sla.model import (
    AppliedSla,
    Clock,
    Due,
    DueKind,
    Mark,
    Metric,
    PolicyFacts,
    SlaPolicy,
    Target,
    WrongCalendarError,
)

_RESPONSES = (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
_UNTIL_SOLVED = (Metric.RESOLUTION, Metric.HANDOFF)
_ALWAYS_COUNTED = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
"""Count even without a target, so that a later one finds the time used."""


def choose_policy(policies: Iterable[SlaPolicy], facts: PolicyFacts) -> SlaPolicy | None:
    """The first policy, in order, that is meant for a ticket with these facts."""
    return next((policy for policy in policies if policy.conditions.hold_for(facts)), None)


def is_applied(
    applied: AppliedSla, policy: SlaPolicy, cal: CompiledCalendar, priority: str, group: str | None = None
) -> bool:
    """Whether a ticket's clocks already run by this policy, in this revision of its calendar, for this priority and group."""
    names = (applied.policy_id, applied.policy_version, applied.calendar_id, applied.calendar_revision)
    if names != (policy.id, policy.version, cal.calendar.id, cal.calendar.revision):
        return False
    if applied.group != _counted_group(policy, priority, group):
        return False
    for metric in Metric:
        clock, target = applied.clock(metric), policy.target(priority, metric, group)
        running_by = (clock.target_seconds, clock.business) if clock is not None and clock.target_seconds else None
        if running_by != ((target.seconds, target.business) if target is not None else None):
            return False
    return True


def apply_policy(
    policy: SlaPolicy,
    cal: CompiledCalendar,
    priority: str,
    at: datetime,
    previous: AppliedSla | None = None,
    *,
    previous_cal: CompiledCalendar | None = None,
    group: str | None = None,
) -> AppliedSla:
    """Put a policy on a ticket: when it is opened, and anew when its priority (or group, organization ...) changes.

    Time already used counts towards the new targets, as it was counted then (seconds stay seconds, whatever calendar or kind
    of time the new target counts in). A first response already given is left as it is. What else is met or missed keeps its
    instants, and the new target is for what is still to come: the next message to respond to, or a reopening. A clock that has
    used up its new target when that is put on is breached at `at`. A warning already given is given again only if the new
    target's is still to come, and so is each escalation. A group's hand-off is met by another group's and begins with it.
    Clocks that stand go on standing; if the new policy pauses on other statuses, call `follow_status` next.

    Args:
        policy: what to apply.
        cal: the policy's calendar.
        priority: the ticket's priority from now on.
        at: now; the opening, if there is no `previous`.
        previous: what was applied until now.
        previous_cal: the calendar of `previous`, if it is another or in another revision than `cal`.
        group: the group that has the ticket.

    Raises:
        WrongCalendarError: `cal` is none of the policy's, or `previous_cal` not that of `previous`.
    """
    if cal.calendar.id not in policy.calendar_ids:
        raise WrongCalendarError(f"Policy {policy.id} counts in {policy.calendar_id}, not in {cal.calendar.id}")
    at = _cut(at)
    applied = AppliedSla(
        policy_id=policy.id,
        policy_version=policy.version,
        calendar_id=cal.calendar.id,
        calendar_revision=cal.calendar.revision,
        warn_percent=policy.warn_percent,
        pause_on=tuple(sorted(policy.pause_on)),
        stopped_at=previous.stopped_at if previous else None,
        escalations=policy.escalations,
        group=_counted_group(policy, priority, group),
    )
    before = _stand_all(previous, at, previous_cal or cal) if previous else None
    clocks = []
    for metric in Metric:
        target = policy.target(priority, metric, group)
        old = before.clock(metric) if before else None
        if metric is Metric.HANDOFF and (before is None or before.group != applied.group):
            old = Clock(metric, started_at=at) if target else None
        elif old is None and (target or metric in _ALWAYS_COUNTED):
            old = Clock(metric, started_at=at) if metric in _ALWAYS_COUNTED else Clock(metric)
        if old is not None:
            clock = _retarget(old, target, applied, at)
            begin = _schedule(clock, applied, cal, at) if applied.stopped_at else _run(clock, applied, cal, at)
            clocks.append(begin)
    return applied.with_clocks(tuple(clocks))


def pause(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """Stop all clocks: the desk waits for somebody else."""
    _check(applied, cal)
    if applied.stopped_at:
        return applied
    at = _cut(at)
    return replace(_stand_all(applied, at, cal), stopped_at=at)


def resume(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """Let all clocks that are not met run on from where they stopped."""
    _check(applied, cal)
    if not applied.stopped_at:
        return applied
    return _run_all(replace(applied, stopped_at=None), _cut(at), cal)


def on_public_agent_message(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """An agent has answered: first and next response are met, if they were waited for, and the next update begins to count."""
    _check(applied, cal)
    for metric in _RESPONSES:
        applied = _meet(applied, metric, _cut(at), cal)
    resolution = applied.clock(Metric.RESOLUTION)
    return applied if resolution and resolution.met_at else _await_update(applied, _cut(at), cal)


def on_requester_message(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """The requester has written: next response begins to count, unless an earlier message still waits for its response.

    If the clocks stand, it stands too, until they resume.
    """
    _check(applied, cal)
    first = applied.clock(Metric.FIRST_RESPONSE)
    waiting = applied.clock(Metric.NEXT_RESPONSE) or Clock(Metric.NEXT_RESPONSE)
    if (first and not first.met_at) or (waiting.started_at and not waiting.met_at):
        return applied
    at = _cut(at)
    fresh = Clock(Metric.NEXT_RESPONSE, waiting.target_seconds, waiting.business, started_at=at)
    applied = applied.with_clock(fresh)
    return applied if applied.stopped_at else applied.with_clock(_run(fresh, applied, cal, at))


def on_solved(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """The ticket is solved: resolution, hand-off and update are met, and responses still waited for stand with it."""
    for metric in (*_UNTIL_SOLVED, Metric.PERIODIC_UPDATE):
        applied = _meet(applied, metric, _cut(at), cal)
    return pause(applied, at, cal)


def on_reopened(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """The ticket is solved no more: resolution and hand-off count on from where they stood, the solved stretch left out.

    The next update is waited for anew.
    """
    _check(applied, cal)
    for metric in _UNTIL_SOLVED:
        clock = applied.clock(metric)
        if clock and clock.met_at:
            applied = applied.with_clock(replace(clock, met_at=None, due_at=_passed(clock.due_at, clock.met_at)))
    applied = replace(applied, stopped_at=None)
    update = applied.clock(Metric.PERIODIC_UPDATE)
    if update and update.met_at:
        applied = _await_update(applied, _cut(at), cal)
    return _run_all(applied, _cut(at), cal)


def follow_status(applied: AppliedSla, status: str, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """What a ticket's new status means to its clocks: solved or closed meets, `pause_on` pauses, all others let them run."""
    _check(applied, cal)
    if status in ("solved", "closed"):
        return on_solved(applied, at, cal)
    resolution = applied.clock(Metric.RESOLUTION)
    if status not in applied.pause_on:
        return on_reopened(applied, at, cal)
    if resolution and resolution.met_at:
        applied = on_reopened(applied, at, cal)
    return pause(applied, at, cal)


def due_actions(applied: AppliedSla, now: datetime) -> tuple[Due, ...]:
    """What time has done by `now` (that instant included) and is not recorded yet, in order of the instants."""
    dues = [due for clock in applied.clocks for due in _outstanding(clock) if due.at <= now]
    return tuple(sorted(dues, key=lambda due: due.at))


def next_instant(applied: AppliedSla) -> datetime | None:
    """The earliest instant at which `due_actions` has something, if nothing happens before; the past if it has already."""
    first: datetime | None = None
    for clock in applied.clocks:  # spelt out, as it is asked far more often than there is something
        warn_at, due_at = clock.warn_at, clock.due_at
        if warn_at is not None and clock.warned_at is None and (first is None or warn_at < first):
            first = warn_at
        if due_at is not None and (first is None or due_at < first) and _open(clock):
            first = due_at
        for mark in clock.marks:
            if mark.at is not None and mark.done_at is None and (first is None or mark.at < first):
                first = mark.at
    return first


def record_warning(applied: AppliedSla, metric: Metric, at: datetime) -> AppliedSla:
    """Note that the warning of a clock was given, due at `at`. The first one noted stands."""
    clock = applied.clock(metric)
    if clock is None or clock.warned_at or not _of_this_run(clock, at):
        return applied
    return applied.with_clock(replace(clock, warned_at=_cut(at)))


def record_breach(applied: AppliedSla, metric: Metric, at: datetime) -> AppliedSla:
    """Note that a clock ran out at `at`. The first breach noted stands."""
    clock = applied.clock(metric)
    if clock is None or clock.breached_at or not _of_this_run(clock, at):
        return applied
    return applied.with_clock(replace(clock, breached_at=_cut(at)))


def record_escalation(applied: AppliedSla, metric: Metric, level: str, at: datetime) -> AppliedSla:
    """Note that an escalation of a clock was done, due at `at`. The first one noted stands."""
    clock = applied.clock(metric)
    if clock is None or not _of_this_run(clock, at):
        return applied
    marks = {mark.level: mark for mark in clock.marks}
    if level in marks and marks[level].done_at:
        return applied
    marks[level] = Mark(level, _cut(at), _cut(at))
    return applied.with_clock(replace(clock, marks=tuple(marks.values())))


def settle(applied: AppliedSla, now: datetime) -> tuple[AppliedSla, tuple[Due, ...]]:
    """Record all that is due by `now`; also returns what that was."""
    dues = due_actions(applied, now)
    for due in dues:
        applied = record(applied, due)
    return applied, dues


def record(applied: AppliedSla, due: Due) -> AppliedSla:
    """Note something that time has done."""
    if due.kind is DueKind.ESCALATION:
        return record_escalation(applied, due.metric, due.level, due.at)
    return (record_breach if due.kind is DueKind.BREACH else record_warning)(applied, due.metric, due.at)


def used_ms(clock: Clock, at: datetime, cal: CompiledCalendar) -> int:
    """Milliseconds that a clock has counted by `at`, the stretch now running included."""
    if clock.running_since is None:
        return clock.used_ms
    since, until = to_ms(clock.running_since), to_ms(at)
    return clock.used_ms + (cal.open_ms_between(since, until) if clock.business else max(0, until - since))


def _check(applied: AppliedSla, cal: CompiledCalendar) -> None:
    wanted, given = (applied.calendar_id, applied.calendar_revision), (cal.calendar.id, cal.calendar.revision)
    if wanted != given:
        raise WrongCalendarError(f"The clocks count in {wanted}, not in {given} (calendar, revision)")


def _cut(at: datetime) -> datetime:
    return cut_to_ms(at)


def _of_this_run(clock: Clock, at: datetime) -> bool:
    """Whether a fact can be of this clock: next response starts anew for each message, and a late repeat may be of an old one."""
    return clock.started_at is not None and at >= clock.started_at


def _open(clock: Clock) -> bool:
    """Whether a clock's target is still to be missed, or was and nobody has said so."""
    if clock.due_at is None or clock.breached_at is not None:
        return False
    return clock.met_at is None or clock.met_at >= clock.due_at


def _outstanding(clock: Clock) -> Sequence[Due]:
    """What has come or will come due on a clock and is not recorded."""
    dues = []
    if clock.warn_at and not clock.warned_at:
        dues.append(Due(DueKind.WARNING, clock.metric, clock.warn_at))
    if clock.due_at and _open(clock):
        dues.append(Due(DueKind.BREACH, clock.metric, clock.due_at))
    dues += [Due(DueKind.ESCALATION, clock.metric, m.at, m.level) for m in clock.marks if m.at and not m.done_at]
    return dues


def _each(applied: AppliedSla, change: Callable[[Clock], Clock]) -> AppliedSla:
    changed, same = [], True
    for clock in applied.clocks:
        after = change(clock)
        same = same and after is clock
        changed.append(after)
    return applied if same else applied.with_clocks(tuple(changed))


def _stand_all(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    _check(applied, cal)
    return _each(applied, lambda clock: _stand(clock, at, cal))


def _run_all(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    return _each(applied, lambda clock: _run(clock, applied, cal, at))


def _stand(clock: Clock, at: datetime, cal: CompiledCalendar) -> Clock:
    """The clock stopped: what was to come is open again, what has passed stays."""
    if clock.running_since is None:
        return clock
    return replace(
        clock,
        used_ms=used_ms(clock, at, cal),
        running_since=None,
        due_at=_passed(clock.due_at, at),
        warn_at=_passed(clock.warn_at, at),
        marks=tuple(mark for mark in clock.marks if _passed(mark.at, at)),
    )


def _run(clock: Clock, applied: AppliedSla, cal: CompiledCalendar, at: datetime) -> Clock:
    """The clock running from `at`, unless it is met, runs already or has nothing to count yet."""
    if clock.met_at or clock.running_since or clock.started_at is None:
        return clock
    return _schedule(replace(clock, running_since=at), applied, cal, at)


def _meet(applied: AppliedSla, metric: Metric, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    _check(applied, cal)
    clock = applied.clock(metric)
    if clock is None or clock.met_at or clock.started_at is None:
        return applied
    return applied.with_clock(replace(_stand(clock, at, cal), due_at=clock.due_at, met_at=at))


def _await_update(applied: AppliedSla, at: datetime, cal: CompiledCalendar) -> AppliedSla:
    """The next update begins to count, if one is promised."""
    waiting = applied.clock(Metric.PERIODIC_UPDATE)
    if waiting is None:
        return applied
    fresh = Clock(Metric.PERIODIC_UPDATE, waiting.target_seconds, waiting.business, started_at=at)
    return applied.with_clock(fresh if applied.stopped_at else _run(fresh, applied, cal, at))


def _counted_group(policy: SlaPolicy, priority: str, group: str | None) -> str | None:
    return group if policy.target(priority, Metric.HANDOFF, group) else None


def _retarget(clock: Clock, target: Target | None, applied: AppliedSla, at: datetime) -> Clock:
    """A standing clock with another target, its facts kept."""
    if clock.metric is Metric.FIRST_RESPONSE and clock.met_at:
        return clock
    seconds, business = (target.seconds, target.business) if target else (0, clock.business)
    changed = clock
    if (seconds, business) != (clock.target_seconds, clock.business):
        changed = replace(clock, target_seconds=seconds, business=business)
    if clock.breached_at or _passed(clock.due_at, clock.met_at or at):
        late_ms = clock.late_ms if clock.late_ms is not None else clock.target_seconds * 1000
        return replace(changed, late_ms=None if late_ms == seconds * 1000 else late_ms)
    if clock.metric in (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE) and clock.met_at:
        return changed
    told = clock.warn_at or clock.warned_at
    if told and seconds and changed.used_ms < _warn_ms(changed, applied.warn_percent):
        changed = replace(changed, warn_at=None, warned_at=None)
    if not clock.marks:
        return changed
    return replace(changed, marks=tuple(mark for mark in clock.marks if not _comes_again(mark, changed, applied)))


def _comes_again(mark: Mark, clock: Clock, applied: AppliedSla) -> bool:
    """Whether an escalation's instant is still to come by a clock's new target."""
    level = next((one for one in applied.escalations if one.id == mark.level and one.on(clock.metric)), None)
    if level is None or not clock.target_seconds:
        return False
    return clock.used_ms < clock.target_seconds * 1000 + level.offset_ms(clock.target_seconds)


def _schedule(clock: Clock, applied: AppliedSla, cal: CompiledCalendar, at: datetime) -> Clock:
    """A clock with its instants computed from what it has used up to `at`, whether it runs from then on or stands."""
    if clock.met_at or clock.started_at is None or not clock.target_seconds:
        return clock
    if not (clock.breached_at or _passed(clock.due_at, at)):
        clock = _schedule_target(clock, applied, cal, at)
    return _schedule_levels(clock, applied, cal, at) if applied.escalations else clock


def _schedule_target(clock: Clock, applied: AppliedSla, cal: CompiledCalendar, at: datetime) -> Clock:
    """The warning and the breach."""
    due_at = _instant(clock, clock.target_seconds * 1000, cal, at)
    warn_at = _passed(clock.warn_at, at)
    if not warn_at and 0 < applied.warn_percent < 100:
        warn_at = _instant(clock, _warn_ms(clock, applied.warn_percent), cal, at)
    if warn_at and warn_at == due_at:
        warn_at = None
    late_ms = clock.used_ms if clock.used_ms > clock.target_seconds * 1000 else None
    return replace(clock, due_at=due_at, warn_at=warn_at, late_ms=late_ms)


def _schedule_levels(clock: Clock, applied: AppliedSla, cal: CompiledCalendar, at: datetime) -> Clock:
    """The escalations: those before the breach come before it or not at all, those after it are counted from it."""
    missed = clock.breached_at or _passed(clock.due_at, at)
    due_ms = clock.late_ms if clock.late_ms is not None else clock.target_seconds * 1000
    marks = {mark.level: mark for mark in clock.marks if mark.done_at or _passed(mark.at, at)}
    for level in applied.escalations:
        offset = level.offset_ms(clock.target_seconds)
        if level.id in marks or not level.on(clock.metric) or (offset < 0 and missed) or due_ms + offset <= 0:
            continue
        instant = _instant(clock, due_ms + offset, cal, at)
        if instant and not (offset < 0 and clock.due_at and instant >= clock.due_at):
            marks[level.id] = Mark(level.id, instant)
    return replace(clock, marks=tuple(marks.values()))


def _warn_ms(clock: Clock, warn_percent: int) -> int:
    return clock.target_seconds * 10 * warn_percent


def _instant(clock: Clock, threshold_ms: int, cal: CompiledCalendar, at: datetime) -> datetime | None:
    """When a clock that has counted `used_ms` by `at` will have counted so many milliseconds: `at`, if it has already."""
    left = threshold_ms - clock.used_ms
    if left <= 0:
        return at
    if clock.running_since is None:
        return None
    instant = cal.instant_after(to_ms(at), left) if clock.business else to_ms(at) + left
    return None if instant is None else from_ms(instant)


def _passed(instant: datetime | None, at: datetime) -> datetime | None:
    return instant if instant is not None and instant <= at else None
