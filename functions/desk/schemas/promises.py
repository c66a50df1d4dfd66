"""Policies, business calendars and trials of them, as supervisors and admins see them."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from functions.desk.schemas.tickets import Instant, NumberedOut
from helpdesk.reports.model import By
from helpdesk.sla.compliance import Dimension, Kept
from helpdesk.sla.model import (
    LONGEST_TARGET_SECONDS,
    MOST_CLOSED_DAYS,
    MOST_CLOSED_HOURS,
    MOST_FILE_BYTES,
    USUAL_PAUSES,
    Metric,
    Timing,
)
from helpdesk.tickets.model import Priority, Status

PromiseId = Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9][a-z0-9_-]*$")]
PromiseName = Annotated[str, Meta(min_length=1, max_length=100)]
Some = Annotated[list[Annotated[str, Meta(min_length=1, max_length=100)]], Meta(max_length=200)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-12-25"])]
Minute = Annotated[int, Meta(ge=0, le=1440)]


class TargetIO(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How long a clock may count."""

    metric: Metric
    seconds: Annotated[int, Meta(ge=1, le=LONGEST_TARGET_SECONDS)]
    business: bool = True
    group: Annotated[str | None, Meta(description="Of a hand-off: the group it is for.")] = None


class SlaConditionsIO(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which tickets; what is empty is any."""

    categories: Some = field(default_factory=list)
    channels: Some = field(default_factory=list)
    priorities: Some = field(default_factory=list)
    groups: Some = field(default_factory=list)
    organizations: Some = field(default_factory=list)
    types: Some = field(default_factory=list)
    plans: Some = field(default_factory=list)
    tags: Some = field(default_factory=list)
    fields: dict[str, Some] = field(default_factory=dict)


class EscalationIO(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A level of what is done about a clock that nobody stops."""

    id: PromiseId
    timing: Timing
    amount: Annotated[int, Meta(ge=0, description="Percent of the target, or seconds.")]
    metrics: list[Metric] = field(default_factory=list)
    notify: Annotated[Some, Meta(description="`assignee`, `group`, `supervisors`, `admins`, or agents' ids.")] = field(
        default_factory=list
    )
    assignee: str | None = None
    group: str | None = None
    priority: Literal["raise", "low", "normal", "high", "urgent"] | None = None
    tags: Some = field(default_factory=list)
    webhooks: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=64)]],
        Meta(max_length=5, description="Destinations that are called; see `GET /v1/webhooks`."),
    ] = field(default_factory=list)


class PolicyIn(Struct, frozen=True, forbid_unknown_fields=True):
    """What a policy shall promise."""

    name: PromiseName
    calendar_id: str
    targets: dict[Priority, Annotated[list[TargetIO], Meta(max_length=50)]]
    warn_percent: Annotated[int, Meta(ge=0, le=100)] = 75
    pause_on: list[Status] = field(default_factory=lambda: [Status(name) for name in USUAL_PAUSES])
    conditions: SlaConditionsIO = field(default_factory=SlaConditionsIO)
    group_calendars: dict[str, str] = field(default_factory=dict)
    organization_calendars: dict[str, str] = field(default_factory=dict)
    escalations: Annotated[list[EscalationIO], Meta(max_length=12)] = field(default_factory=list)
    place: Annotated[int, Meta(ge=1, description="Among the policies, from 1; null: where it is, or last.")] | None = (
        None
    )


class PolicyOut(Struct, frozen=True):
    """A policy in its place."""

    id: str
    version: int
    place: int
    name: str
    calendar_id: str
    targets: dict[str, list[TargetIO]]
    warn_percent: int
    pause_on: list[str]
    conditions: SlaConditionsIO
    group_calendars: dict[str, str]
    organization_calendars: dict[str, str]
    escalations: list[EscalationIO]
    words: list[str]


class PoliciesOut(Struct, frozen=True):
    """All policies, in order."""

    items: list[PolicyOut]


class WindowIO(Struct, frozen=True, forbid_unknown_fields=True):
    """Minutes of the day; an end not after the start lies on the next day."""

    start: Minute
    end: Minute


class ClosingIO(Struct, frozen=True, forbid_unknown_fields=True):
    """Hours in which a calendar is closed whatever its windows say."""

    since: Instant
    until: Instant


LeaveOut = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=100)]],
    Meta(
        max_length=20,
        description="Events with one of these in title or description are left out.",
        examples=[["Observance"]],
    ),
]


class CalendarIn(Struct, frozen=True, forbid_unknown_fields=True):
    """When somebody works."""

    name: PromiseName
    zone: Annotated[str, Meta(examples=["Asia/Seoul"])]
    weekly: Annotated[list[Annotated[list[WindowIO], Meta(max_length=10)]], Meta(min_length=7, max_length=7)]
    holiday_country: Annotated[str | None, Meta(examples=["KR"])] = None
    holiday_subdivision: str | None = None
    extra_holidays: Annotated[list[Day], Meta(max_length=MOST_CLOSED_DAYS)] = field(default_factory=list)
    working_days_despite_holiday: Annotated[list[Day], Meta(max_length=500)] = field(default_factory=list)
    always: bool = False
    closed_hours: Annotated[list[ClosingIO], Meta(max_length=MOST_CLOSED_HOURS)] = field(default_factory=list)
    feed_url: (
        Annotated[
            str,
            Meta(
                max_length=2000,
                description="A calendar in iCalendar's form that this one follows: what its events close is closed here. "
                "Read every six hours; `webcal:` is read as `https:`.",
            ),
        ]
        | None
    ) = None
    feed_leave_out: LeaveOut = field(default_factory=list)


class FeedOut(Struct, frozen=True):
    """How reading the calendar that one follows went. What was read last holds on while it cannot be read."""

    tried_at: Instant | None
    read_at: Annotated[Instant | None, Meta(description="When what is kept was last seen to be what is there.")]
    next_at: Annotated[Instant | None, Meta(description="When it is read again; null: with the next look.")]
    problem: Annotated[
        str,
        Meta(
            description="Why it could not be read: `address` (it leads nowhere, or inside), `scheme`, `redirect`, `timeout`, "
            "`tls`, `connection`, `too_large`, `status`, `unreadable`, `busy`; empty: it could."
        ),
    ]
    detail: Annotated[str, Meta(description="The HTTP status, or the line that is wrong.")]
    events: int
    left_out: int
    days: Annotated[int, Meta(description="Closed days that were read.")]
    hours: Annotated[int, Meta(description="Stretches of closed hours that were read.")]


class CalendarOut(Struct, frozen=True):
    """A calendar in its newest revision."""

    id: str
    revision: int
    name: str
    zone: str
    weekly: list[list[WindowIO]]
    holiday_country: str | None
    holiday_subdivision: str | None
    extra_holidays: list[str]
    working_days_despite_holiday: list[str]
    always: bool
    public_holidays: Annotated[list[str], Meta(description="Those that were looked up and kept with this revision.")]
    words: str
    closed_hours: list[ClosingIO]
    feed_url: str | None
    feed_leave_out: list[str]
    feed: FeedOut | None


class CalendarsOut(Struct, frozen=True):
    """All calendars."""

    items: list[CalendarOut]


class ICalendarIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A file in iCalendar's form, as Google, Outlook and Apple export them."""

    file: Annotated[str, Meta(min_length=1, max_length=MOST_FILE_BYTES, description="The text of the `.ics` file.")]
    leave_out: LeaveOut = field(default_factory=list)
    zone: Annotated[
        str | None, Meta(description="Whose times those without a zone are, if the calendar is not there yet.")
    ] = None


class ICalendarQuery(Struct, frozen=True):
    """Whether it is only looked at."""

    dry_run: Annotated[bool, Meta(description="Nothing is written.")] = False


class FoundEventOut(Struct, frozen=True):
    """An event that closes something."""

    title: str
    first: Day
    times: int
    whole_days: bool


class ICalendarOut(Struct, frozen=True):
    """What a file closes, from the year before this one to five years ahead."""

    days: list[Day]
    hours: list[ClosingIO]
    events: Annotated[list[FoundEventOut], Meta(description="The first 500, by day.")]
    left_out: int
    new_days: Annotated[int, Meta(description="Days that the calendar did not have closed by its own.")]
    new_hours: int
    applied: bool
    calendar: Annotated[CalendarOut | None, Meta(description="As it is now; null: it was only looked at.")] = None


class DraftPolicyIn(PolicyIn, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A policy of a draft."""

    id: PromiseId


class PreviewIn(Struct, frozen=True, forbid_unknown_fields=True):
    """A draft and a past period. All policies of the draft stand in place of the live ones, in order."""

    since: Instant
    until: Instant
    policies: Annotated[list[DraftPolicyIn], Meta(min_length=1, max_length=50)]
    calendars: Annotated[
        dict[PromiseId, CalendarIn], Meta(max_length=20, description="New ones, or others in place of live ones.")
    ] = field(default_factory=dict)
    zone: Annotated[str, Meta(description="Whose days are counted.")] = "UTC"
    most: Annotated[int, Meta(ge=1, le=300, description="Tickets of one answer, most recently changed first.")] = 200
    cursor: Annotated[str, Meta(max_length=2000, description="The answer's before: goes on behind it.")] | None = None


class TallyOut(Struct, frozen=True):
    """How promises were kept."""

    met: int
    breached: int
    open: int
    compliance: float | None
    late_seconds: int
    paused_seconds: int


class TallyRowOut(Struct, frozen=True):
    """Old beside new."""

    metric: Metric
    by: Dimension
    of: str
    old: TallyOut
    new: TallyOut


class KeptOut(Struct, frozen=True):
    """One promise."""

    kept: Kept
    policy: str | None = None
    priority: str | None = None
    target_seconds: int | None = None
    used_seconds: int | None = None
    breached_at: Instant | None = None
    met_at: Instant | None = None


class PromiseChangeOut(Struct, frozen=True):
    """A promise that is kept otherwise."""

    ticket: str
    number: int
    metric: Metric
    run: int
    old: KeptOut
    new: KeptOut


class PreviewOut(Struct, frozen=True):
    """What the draft would have made of the period, as far as these tickets go: sums of parts add up."""

    tickets: int
    complete: Annotated[bool, Meta(description="false: there are more tickets; ask again with `next_cursor`.")]
    rows: list[TallyRowOut]
    changes: list[PromiseChangeOut]
    next_cursor: str | None = None
    by_present_fields: Annotated[
        list[NumberedOut],
        Meta(
            description="Tickets that conditions on fields judge by what the fields hold now: they were changed since, and history "
            "keeps no values."
        ),
    ] = field(default_factory=list)


class PromiseReportQuery(Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """Which report of promises."""

    since: Annotated[Day, Meta(description="First day; 30 days to `to` if it is left out.")] | None = None
    until: Annotated[Day, Meta(description="Last day, included; today if it is left out.")] | None = None
    by: By = By.METRIC


class PromiseSumsOut(Struct, frozen=True):
    """How promises that were decided in the period were kept."""

    metric: Metric
    of: Annotated[str, Meta(description="The group, priority, day or policy; empty: all, or no group.")]
    met: int
    breached: int
    compliance: Annotated[float | None, Meta(description="Share that was met, 0 to 1.")]
    late_seconds: Annotated[int, Meta(description="By how much those missed and done since were over, together.")]
    paused_seconds: Annotated[int, Meta(description="How long the clocks of what is done stood, together.")]


class PromiseReportOut(Struct, frozen=True):
    """A report of promises."""

    since: Annotated[Day, Meta(description="First day.")]
    until: Annotated[Day, Meta(description="Last day, included.")]
    by: By
    items: list[PromiseSumsOut]
    zone: Annotated[str, Meta(description="The desk's time zone, whose days these are.")] = "UTC"
