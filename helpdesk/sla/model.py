"""What a promise of time is made of: business calendars, policies, and the clocks that a ticket carries.

All of it goes through `kernel.codec` (None and empty are left out, so what may be empty defaults to empty). Instants are aware
UTC, cut to the millisecond.

What a ticket carries is made and read by the million when a month is lived again, so it is made of msgspec's structs: frozen as
dataclasses are, and the same to the codec, but a copy or a reading of one costs a tenth. They refer to no containers but tuples of
one another, so no cycle can come of them (`gc=False`). `msgspec.structs.replace` copies them with changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from helpdesk.kernel.errors import Invalid

MINUTES_A_DAY = 1440
LONGEST_TARGET_SECONDS = 10 * 366 * 86_400
MOST_CLOSED_DAYS = 1_000
MOST_CLOSED_HOURS = 1_000
"""Own ones of a calendar, and as many that it follows: all settings are read by one query."""
MOST_FILE_BYTES = 2_000_000
"""Of a calendar in iCalendar's form."""
USUAL_PAUSES = ("on_hold", "pending")
"""Statuses in which clocks stand, unless a policy says otherwise: the desk waits for somebody else."""


class CalendarInvalid(Invalid):
    """A business calendar that cannot be used: an unknown zone or country, or hours that make no sense."""

    code: ClassVar[str] = "calendar_invalid"
    title: ClassVar[str] = "The business calendar is not valid"


class PolicyInvalid(Invalid):
    """An SLA policy whose numbers make no sense."""

    code: ClassVar[str] = "sla_policy_invalid"
    title: ClassVar[str] = "The SLA policy is not valid"


class WrongCalendarError(ValueError):
    """An applied SLA was handed with another calendar, or another revision of it, than the one it was computed with."""


@dataclass(frozen=True, slots=True)
class Window:
    """Opening hours of one day, in minutes of local wall time.

    Attributes:
        start: minute of the day at which the window opens, 0..1439.
        end: minute at which it closes, 0..1440. Not after `start` means on the following day: 22:00 to 06:00 is
            `Window(1320, 360)`, and equal means 24 hours. The window belongs whole to the day on which it starts: if that
            day is a holiday it is closed, if the next day is one it is not.

    Raises:
        CalendarInvalid: a minute out of range.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < MINUTES_A_DAY and 0 <= self.end <= MINUTES_A_DAY):
            raise CalendarInvalid(
                f"A window runs from minute 0..1439 to minute 0..1440, not {self.start} to {self.end}"
            )

    @property
    def closing_minute(self) -> int:
        """The closing minute counted from the opening day's midnight, 1..2879."""
        return self.end if self.end > self.start else self.end + MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Closing:
    """Hours in which a calendar is closed whatever its windows say.

    Attributes:
        since: the first instant.
        until: the first after it that is not closed.

    Raises:
        CalendarInvalid: it ends before it begins.
    """

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise CalendarInvalid("Closed hours end after they begin")


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When somebody works: weekly windows in one time zone, less holidays.

    Attributes:
        id: stable name in settings.
        name: what people call it.
        zone: IANA time zone.
        weekly: the windows of each of seven weekdays, Monday first. Time in two overlapping windows counts once.
        revision: grows with each edit; an applied SLA names the revision that its instants were computed with.
        holiday_country: ISO 3166-1 alpha-2 code of the country whose public holidays are closed.
        holiday_subdivision: ISO 3166-2 part of that country.
        extra_holidays: own closed days.
        working_days_despite_holiday: days on which the weekly windows hold although they are holidays.
        always: open round the clock; windows and holidays are then not looked at.
        resolved_years: first and last year for which `resolved_holidays` has all public holidays, so that a revision means the
            same for ever, whatever a government or a newer library says later, and nobody needs to load that library.
        resolved_holidays: public holidays of those years; see `calendars.resolve_holidays`.
        removed: it was taken away with this revision. It stays for clocks that count in it, and can be made anew.
        closed_hours: own closed hours.
        feed_url: of a calendar elsewhere, in iCalendar's form, whose events are closed days and hours here too.
        feed_leave_out: words; events of that calendar that have one of them in title or description do not count.
        feed_days: closed days that were last read from it.
        feed_hours: closed hours that were last read from it: from and to, in seconds since 1970.

    Raises:
        CalendarInvalid: not seven days, or a subdivision without a country.
    """

    id: str
    name: str
    zone: str = "UTC"
    weekly: tuple[tuple[Window, ...], ...] = ((),) * 7
    revision: int = 1
    holiday_country: str | None = None
    holiday_subdivision: str | None = None
    extra_holidays: tuple[date, ...] = ()
    working_days_despite_holiday: tuple[date, ...] = ()
    always: bool = False
    resolved_years: tuple[int, int] | None = None
    resolved_holidays: tuple[date, ...] = ()
    removed: bool = False
    closed_hours: tuple[Closing, ...] = ()
    feed_url: str | None = None
    feed_leave_out: tuple[str, ...] = ()
    feed_days: tuple[date, ...] = ()
    feed_hours: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise CalendarInvalid(f"A week has seven days, not {len(self.weekly)}")
        if self.holiday_subdivision and not self.holiday_country:
            raise CalendarInvalid("The holidays of a subdivision need its country")


ROUND_THE_CLOCK = BusinessCalendar(id="always", name="Round the clock", always=True)


class Metric(StrEnum):
    """What a clock measures."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    PERIODIC_UPDATE = "periodic_update"  # from one public answer to the next, until it is solved
    HANDOFF = "handoff"  # how long one group may have it, from being put there to handing it on or solving


@dataclass(frozen=True, slots=True)
class Target:
    """A clock's length.

    Attributes:
        metric: what is promised.
        seconds: 1 to ten years of them. The promise is kept by what happens in less time than that.
        business: they are seconds of the policy's business calendar; False: of ordinary time.
        group: of a hand-off, the group it is meant for; None: any group without one of its own.

    Raises:
        PolicyInvalid: a length out of range, or a group where it means nothing.
    """

    metric: Metric
    seconds: int
    business: bool = True
    group: str | None = None

    def __post_init__(self) -> None:
        if self.group is not None and self.metric is not Metric.HANDOFF:
            raise PolicyInvalid("Only a hand-off's target can be for one group")
        if not 0 < self.seconds <= LONGEST_TARGET_SECONDS:
            raise PolicyInvalid(f"A target is 1 to {LONGEST_TARGET_SECONDS} seconds long, not {self.seconds}")


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What a policy's conditions are held against; None or empty is what a ticket does not have.

    Attributes:
        plan: support plan of the organization.
        fields: values of its fields, as text.
    """

    priority: str
    channel: str
    category: str | None = None
    group_id: str | None = None
    organization_id: str | None = None
    type: str | None = None
    plan: str | None = None
    tags: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Which tickets a policy is for. Empty means any; all that are not empty must hold.

    Attributes:
        tags: it has at least one of them.
        fields: of each named field, it holds at least one of the values.
    """

    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def hold_for(self, facts: PolicyFacts) -> bool:
        """Whether a ticket with these facts is meant."""
        pairs = (
            (self.categories, facts.category),
            (self.channels, facts.channel),
            (self.priorities, facts.priority),
            (self.groups, facts.group_id),
            (self.organizations, facts.organization_id),
            (self.types, facts.type),
            (self.plans, facts.plan),
        )
        return (
            all(not wanted or value in wanted for wanted, value in pairs)
            and (not self.tags or not set(self.tags).isdisjoint(facts.tags))
            and all(not set(wanted).isdisjoint(facts.fields.get(name, ())) for name, wanted in self.fields.items())
        )


class Timing(StrEnum):
    """How an escalation's instant is told."""

    PERCENT = "percent"  # of the target; 100 is the breach, 150 half a target after it
    BEFORE = "before"  # seconds of the clock before the breach
    AFTER = "after"  # seconds of the clock after it; 0 is the breach


RAISE: str = "raise"
"""As an escalation's priority: the next higher one."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """One level of what is done about a clock that nobody stops.

    Attributes:
        id: stable within its policy; done once for each run of a clock.
        timing: how `amount` is meant.
        amount: percent (1 to 1000) or seconds (0 to ten years), counted as the clock counts.
        metrics: on which clocks; empty: on all.
        notify: who is written to: `assignee`, `group`, `supervisors`, `admins`, or an agent's id.
        assignee: agent that it is given to.
        group: group that it is put into; the assignee is taken off unless one is named.
        priority: that it gets, or `raise`: the next higher.
        tags: added to it.
        webhooks: ids of destinations that are called.

    Raises:
        PolicyInvalid: an amount out of range, or nothing to do.
    """

    id: str
    timing: Timing
    amount: int
    metrics: tuple[Metric, ...] = ()
    notify: tuple[str, ...] = ()
    assignee: str | None = None
    group: str | None = None
    priority: str | None = None
    tags: tuple[str, ...] = ()
    webhooks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        low, high = (1, 1000) if self.timing is Timing.PERCENT else (0, LONGEST_TARGET_SECONDS)
        if not low <= self.amount <= high:
            raise PolicyInvalid(f"Escalation {self.id} has {low} to {high} as its amount, not {self.amount}")
        if not (self.notify or self.assignee or self.group or self.priority or self.tags or self.webhooks):
            raise PolicyInvalid(f"Escalation {self.id} does nothing")

    def on(self, metric: Metric) -> bool:
        """Whether it is for a metric's clock."""
        return not self.metrics or metric in self.metrics

    def offset_ms(self, target_seconds: int) -> int:
        """Where it lies from the instant at which a target runs out: negative before it, in milliseconds of the clock."""
        if self.timing is Timing.PERCENT:
            return target_seconds * (self.amount - 100) * 10
        return self.amount * (1000 if self.timing is Timing.AFTER else -1000)


MOST_ESCALATIONS = 12
"""Levels times clocks of one policy: what one ticket can owe at once has to fit one transaction of 100 items."""


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """A promise of time to some tickets.

    Attributes:
        id: stable name in settings.
        version: grows with each edit.
        name: what people call it.
        calendar_id: the business calendar that its targets are counted in.
        targets: priority → targets, at most one a metric (and group); a priority that is missing has none.
        warn_percent: share of a target after which a warning is due; 0 or 100: no warning.
        pause_on: statuses in which its clocks stand, usually `USUAL_PAUSES`.
        conditions: which tickets it is for.
        group_calendars: group → calendar in which tickets of that group are counted instead.
        organization_calendars: the same for organizations; it goes before the group's.
        escalations: what is done, level by level.

    Raises:
        PolicyInvalid: a percentage out of range, two targets for one metric, two escalations of one id, or too many.
    """

    id: str
    version: int
    name: str
    calendar_id: str
    targets: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    warn_percent: int = 75
    pause_on: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)
    group_calendars: Mapping[str, str] = field(default_factory=dict)
    organization_calendars: Mapping[str, str] = field(default_factory=dict)
    escalations: tuple[Escalation, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.warn_percent <= 100:
            raise PolicyInvalid(f"A warning is due after 0 to 100 percent of a target, not {self.warn_percent}")
        for priority, targets in self.targets.items():
            if len({(target.metric, target.group) for target in targets}) != len(targets):
                raise PolicyInvalid(f"Priority {priority} has two targets for one metric")
        if len({level.id for level in self.escalations}) != len(self.escalations):
            raise PolicyInvalid("Two escalations have one id")
        promised = {target.metric for targets in self.targets.values() for target in targets}
        if sum(level.on(metric) for level in self.escalations for metric in promised) > MOST_ESCALATIONS:
            raise PolicyInvalid(f"A policy escalates at most {MOST_ESCALATIONS} times, its clocks taken together")

    def target(self, priority: str, metric: Metric, group: str | None = None) -> Target | None:
        """What is promised to tickets of a priority, if anything is; a hand-off's own group goes first."""
        if metric is Metric.HANDOFF and group is None:
            return None
        general: Target | None = None
        for target in self.targets.get(priority, ()):
            if target.metric is metric:
                if target.group == group:
                    return target
                if target.group is None:
                    general = target
        return general

    def calendar_for(self, facts: PolicyFacts) -> str:
        """The calendar that a ticket is counted in: its organization's, its group's, or the policy's."""
        of_organization = self.organization_calendars.get(facts.organization_id or "")
        return of_organization or self.group_calendars.get(facts.group_id or "") or self.calendar_id

    @property
    def calendar_ids(self) -> frozenset[str]:
        """All calendars that it counts in."""
        return frozenset({self.calendar_id, *self.group_calendars.values(), *self.organization_calendars.values()})


class Mark(Struct, frozen=True, gc=False):
    """An escalation on one run of a clock.

    Attributes:
        level: its id.
        at: when it is due if the clock keeps running; once passed it stays, as `Clock.due_at` does.
        done_at: the same instant once it is recorded.
    """

    level: str
    at: datetime | None = None
    done_at: datetime | None = None


class Clock(Struct, frozen=True, gc=False):
    """One metric's measurement on one ticket.

    A clock runs (`running_since` is set), is met (`met_at`), waits for something to count (`started_at` is None) or stands. One
    without a target only counts, so that a later change of priority finds the time used.

    Attributes:
        metric: what is measured.
        target_seconds: its target's length; 0: no target, so never due. A later change of priority changes it without
            touching the facts below.
        business: whether it counts business time.
        started_at: the instant from which it counts.
        used_ms: milliseconds counted up to `running_since` (all of them, while it does not run).
        running_since: start of the stretch now running.
        due_at: the instant at which the target runs out if the clock keeps running. Once passed it stays, whatever happens to
            the clock. None while standing before it, without a target, and if the calendar never opens for long enough. A clock
            met in time keeps the instant at which it would have been due.
        warn_at: likewise for the warning, but forgotten if met before; None if there is no warning.
        warned_at: the instant of the recorded warning.
        breached_at: the instant of the recorded breach.
        met_at: when what was promised was done.
        late_ms: milliseconds counted at `due_at` once it is missed, if the target now says something else: escalations after
            the breach are counted from there.
        marks: escalations that are to come, have come due or were done; while it stands, none to come.
    """

    metric: Metric
    target_seconds: int = 0
    business: bool = True
    started_at: datetime | None = None
    used_ms: int = 0
    running_since: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    met_at: datetime | None = None
    late_ms: int | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether there is anything to show: counting has begun, and something is promised or was and is missed."""
        return self.started_at is not None and (self.target_seconds > 0 or self.breached_at is not None)

    @property
    def used_seconds(self) -> int:
        """Whole seconds counted up to `running_since`."""
        return self.used_ms // 1000


class AppliedSla(Struct, frozen=True, gc=False):
    """The policy as it stood when it was put on a ticket, and the ticket's clocks.

    Attributes:
        policy_id: which policy.
        policy_version: which version of it.
        calendar_id: the calendar that the functions of `rules` must be given with it ...
        calendar_revision: ... in this revision.
        warn_percent: share of a target after which a warning is due.
        pause_on: statuses in which the clocks stand.
        stopped_at: since when no clock runs (paused or solved); None while they run.
        clocks: at most one a metric, in the order of `Metric`.
        escalations: the policy's levels.
        group: the group whose hand-off is counted; None if no hand-off is.
    """

    policy_id: str
    policy_version: int
    calendar_id: str
    calendar_revision: int
    warn_percent: int = 0
    pause_on: tuple[str, ...] = ()
    stopped_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    group: str | None = None

    def clock(self, metric: Metric) -> Clock | None:
        """The clock of a metric, if there is one."""
        for clock in self.clocks:
            if clock.metric is metric:
                return clock
        return None

    def with_clock(self, changed: Clock) -> "AppliedSla":
        """The same with one clock replaced, or added in its place."""
        for place, one in enumerate(self.clocks):
            if one.metric is changed.metric:
                return self.with_clocks((*self.clocks[:place], changed, *self.clocks[place + 1 :]))
        clocks = {clock.metric: clock for clock in self.clocks} | {changed.metric: changed}
        return self.with_clocks(tuple(clocks[metric] for metric in Metric if metric in clocks))

    def with_clocks(self, clocks: tuple[Clock, ...]) -> "AppliedSla":
        """The same with other clocks, in the order of `Metric`."""
        return replace(self, clocks=clocks)


class DueKind(StrEnum):
    """What comes due on a clock."""

    WARNING = "warning"
    BREACH = "breach"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Due:
    """Something that time has done and nobody has recorded yet.

    Attributes:
        kind: warning, breach or escalation.
        metric: on which clock.
        at: the computed instant, however late it is looked at.
        level: the escalation's id.
    """

    kind: DueKind
    metric: Metric
    at: datetime
    level: str = ""
