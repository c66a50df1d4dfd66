"""Policies, calendars and clocks in plain English: what a person asks when a ticket is late, and what a draft says it does."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from helpdesk.sla.model import (
    RAISE,
    AppliedSla,
    BusinessCalendar,
    Clock,
    Conditions,
    Escalation,
    Metric,
    SlaPolicy,
    Target,
    Timing,
    Window,
)

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
METRICS: Final = {
    Metric.FIRST_RESPONSE: "first response",
    Metric.NEXT_RESPONSE: "next response",
    Metric.RESOLUTION: "resolution",
    Metric.PERIODIC_UPDATE: "update",
    Metric.HANDOFF: "hand-off by a group",
}
type Naming = Callable[[str, str], str]
"""Gives what something is called, by its kind (`agent`, `group`, `webhook` ...) and id."""
_CONDITIONS: Final = {"category": "category", "group": "group", "support plan": "plan"}
"""What of the conditions has names, by what it is called here."""
_UNITS: Final = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def as_kept(kind: str, kept_id: str) -> str:
    """Names nothing: ids are shown as they are kept."""
    del kind
    return kept_id


def length_in_words(seconds: int, *, business: bool = False) -> str:
    """A length of time; business time is told in hours, as a working day is not a day.

    >>> length_in_words(5400), length_in_words(2 * 86400), length_in_words(2 * 86400, business=True)
    ('1 hour 30 minutes', '2 days', '48 hours')
    """
    parts = []
    for size, name in _UNITS[1:] if business else _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(_count(count, name))
    return " ".join(parts) or "no time"


def calendar_in_words(calendar: BusinessCalendar) -> str:
    """When a calendar is open."""
    if calendar.always:
        return "round the clock"
    week = [
        f"{_span(days)} {_and(_window(window) for window in windows)}"
        for windows, days in _alike(calendar.weekly)
        if windows
    ]
    parts = [f"{', '.join(week) or 'never'} ({calendar.zone})"]
    if calendar.holiday_country:
        where = "-".join(filter(None, (calendar.holiday_country, calendar.holiday_subdivision)))
        parts.append(f"closed on public holidays of {where}")
    if calendar.extra_holidays:
        parts.append(f"closed on {_count(len(calendar.extra_holidays), 'own day')}")
    if calendar.closed_hours:
        parts.append(f"closed {_count(len(calendar.closed_hours), 'time')} for some hours")
    if calendar.feed_url:
        parts.append(f"closed as {_host(calendar.feed_url)} says")
    if calendar.working_days_despite_holiday:
        parts.append(f"open on {_count(len(calendar.working_days_despite_holiday), 'holiday')} all the same")
    return "; ".join(parts)


def _host(url: str) -> str:
    """Whose calendar it is: no more of its address, which may be all that is needed to read it."""
    return urlsplit(url).hostname or "another calendar"


def policy_in_words(policy: SlaPolicy, named: Naming = as_kept) -> tuple[str, ...]:
    """What a policy promises to whom, a sentence a line; organizations, which are no settings, by id."""
    lines = [f"For {_conditions(policy.conditions, named)}."]
    for priority, targets in policy.targets.items():
        if targets:
            lines.append(f"Priority {priority}: {'; '.join(_target(one, named) for one in targets)}.")
    return (*lines, *_rules(policy.warn_percent, policy.pause_on, policy.escalations, named))


def applied_in_words(applied: AppliedSla, named: Naming = as_kept) -> tuple[str, ...]:
    """What was promised to one ticket, a sentence a line."""
    promised = [
        f"{METRICS[clock.metric].capitalize()} within {_length(clock)}."
        for clock in applied.clocks
        if clock.target_seconds
    ]
    return (*promised, *_rules(applied.warn_percent, applied.pause_on, applied.escalations, named))


def _rules(
    warn_percent: int, pause_on: Iterable[str], escalations: Iterable[Escalation], named: Naming
) -> tuple[str, ...]:
    pauses = [status.replace("_", " ") for status in sorted(pause_on)]
    lines = [f"Clocks stand while the ticket is {' or '.join(pauses)}." if pauses else "No status stops the clocks."]
    if 0 < warn_percent < 100:
        lines.append(f"A warning is due at {warn_percent} % of a target.")
    return (*lines, *(escalation_in_words(one, named) for one in escalations))


def escalation_in_words(level: Escalation, named: Naming = as_kept) -> str:
    """What is done about a clock, and when."""
    if level.timing is Timing.PERCENT:
        when = f"At {level.amount} % of the target"
    elif level.amount:
        when = f"{length_in_words(level.amount)} {level.timing} a breach"
    else:
        when = "At a breach"
    on = f" of {_and(METRICS[metric] for metric in level.metrics)}" if level.metrics else ""
    does = []
    if level.notify:
        does.append(f"tell {_and(named('agent', one) for one in level.notify)}")
    if level.priority:
        does.append("raise the priority" if level.priority == RAISE else f"set the priority to {level.priority}")
    if level.group:
        does.append(f"hand on to group {named('group', level.group)}")
    if level.assignee:
        does.append(f"assign to {named('agent', level.assignee)}")
    if level.tags:
        does.append(f"tag {_and(level.tags)}")
    if level.webhooks:
        called = dict.fromkeys(named("webhook", one) for one in level.webhooks)  # told once, where they have no names
        does.append(f"call {_and(called)}")
    return f"{when}{on}: {', '.join(does)}."


def _conditions(wanted: Conditions, named: Naming) -> str:
    asked = (
        ("category", wanted.categories),
        ("channel", wanted.channels),
        ("priority", wanted.priorities),
        ("group", wanted.groups),
        ("organization", wanted.organizations),
        ("type", wanted.types),
        ("support plan", wanted.plans),
        ("tag", wanted.tags),
        *((f"field {named('field', name)}", values) for name, values in sorted(wanted.fields.items())),
    )
    said = [
        f"{name} {' or '.join(named(_CONDITIONS[name], one) if name in _CONDITIONS else one for one in values)}"
        for name, values in asked
        if values
    ]
    return f"tickets with {' and '.join(said)}" if said else "all tickets"


def _target(target: Target, named: Naming) -> str:
    length = f"{length_in_words(target.seconds, business=target.business)} of {_kind(business=target.business)}"
    of = f" {named('group', target.group)}" if target.group else ""
    return f"{METRICS[target.metric]}{of} within {length}"


def _length(clock: Clock) -> str:
    return f"{length_in_words(clock.target_seconds, business=clock.business)} of {_kind(business=clock.business)}"


def _kind(*, business: bool) -> str:
    return "business time" if business else "calendar time"


def _alike(weekly: tuple[tuple[Window, ...], ...]) -> list[tuple[tuple[Window, ...], list[int]]]:
    """Days in a row with the same windows."""
    return [(windows, list(days)) for windows, days in groupby(range(7), key=weekly.__getitem__)]


def _span(days: list[int]) -> str:
    return DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]} to {DAYS[days[-1]]}"


def _window(window: Window) -> str:
    return f"{_time(window.start)}\N{EN DASH}{_time(window.end)}"


def _time(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _and(words: Iterable[str]) -> str:
    *before, last = words
    return f"{', '.join(before)} and {last}" if before else last


def _count(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
