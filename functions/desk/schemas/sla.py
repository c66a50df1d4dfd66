"""A ticket's SLA as it is explained."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from functions.desk.schemas.tickets import ClockOut, Instant
from helpdesk.sla.ledger import Going, NoteKind
from helpdesk.sla.model import Metric, Timing
from helpdesk.tickets.model import ActorKind

Words = Annotated[list[str], Meta(description="Plain English, a sentence a line.")]


class SlaActorOut(Struct, frozen=True):
    """Who did something."""

    kind: ActorKind
    id: str
    name: str | None


class SlaLevelOut(Struct, frozen=True, omit_defaults=True):
    """A level of what is done about a clock that nobody stops, as it was put on the ticket."""

    id: str
    timing: Timing
    amount: Annotated[int, Meta(description="Percent of the target, or seconds.")]
    metrics: list[Metric] = field(default_factory=list)
    notify: Annotated[list[str], Meta(description="`assignee`, `group`, `supervisors`, `admins`, or agents' ids.")] = (
        field(default_factory=list)
    )
    assignee: str | None = None
    group: str | None = None
    priority: Literal["raise", "low", "normal", "high", "urgent"] | None = None
    tags: list[str] = field(default_factory=list)
    webhooks: Annotated[
        list[str | None],
        Meta(description="Destinations that are called; null: you may not read which (see `GET /v1/webhooks`)."),
    ] = field(default_factory=list)


class SlaPolicyNamedOut(Struct, frozen=True):
    """The policy as it stood when it was put on the ticket."""

    id: str
    version: int
    name: Annotated[str | None, Meta(description="What it is called today; null if it is gone.")]
    current: Annotated[bool, Meta(description="Whether it stands like this today.")]
    words: Words
    escalations: Annotated[list[SlaLevelOut], Meta(description="As they were put on the ticket.")]


class SlaCalendarNamedOut(Struct, frozen=True):
    """The business calendar that its clocks count in."""

    id: str
    revision: int
    name: str
    zone: str
    words: str


class SlaEscalationOut(Struct, frozen=True):
    """An escalation of a clock."""

    level: str
    at: Annotated[Instant | None, Meta(description="When it is due if the clock keeps running.")]
    done_at: Instant | None
    words: str


class SlaClockOut(ClockOut, frozen=True):
    """An SLA clock with all its figures."""

    target_seconds: int
    business: Annotated[bool, Meta(description="Whether it counts business time.")]
    started_at: Instant | None
    used_seconds: Annotated[int, Meta(description="Counted until now.")]
    left_seconds: Annotated[int | None, Meta(description="Until the target runs out; negative when it has.")]
    warn_at: Instant | None
    warned_at: Instant | None
    escalations: list[SlaEscalationOut]


class SlaStretchOut(Struct, frozen=True):
    """A stretch of time in which a clock ran or stood. The counted seconds of a run add up to the clock's."""

    metric: Metric
    run: Annotated[int, Meta(description="1 for the clock's first run; each message, update and group begins another.")]
    going: Going
    since: Instant
    until: Annotated[Instant | None, Meta(description="null: it lasts.")]
    elapsed_seconds: int
    counted_seconds: Annotated[int, Meta(description="What of it counted; nights and holidays do not.")]
    total_seconds: Annotated[int, Meta(description="What the run had counted by its end.")]
    business: bool
    target_seconds: int
    policy: str
    calendar: str
    calendar_revision: int
    cause: Annotated[str, Meta(description="`opened`, `answered`, a status, or what was changed.")]
    actor: SlaActorOut
    event_seq: Annotated[int, Meta(description="The event in the ticket's history that says so.")]


class SlaNoteOut(Struct, frozen=True):
    """A warning, a breach, an escalation, or a promise kept."""

    metric: Metric
    run: int
    kind: NoteKind
    at: Annotated[Instant, Meta(description="The computed instant.")]
    recorded_at: Instant
    level: str
    event_seq: int


class TicketSlaOut(Struct, frozen=True):
    """Why a ticket's clocks stand as they do."""

    ticket_id: str
    now: Instant
    policy: SlaPolicyNamedOut | None
    calendar: SlaCalendarNamedOut | None
    stopped_at: Annotated[Instant | None, Meta(description="Since when no clock runs.")]
    clocks: list[SlaClockOut]
    ledger: list[SlaStretchOut]
    notes: list[SlaNoteOut]
