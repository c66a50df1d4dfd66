"""A ticket as lists show it: one small document, made when the ticket changes, served as it lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.sla.model import AppliedSla, Clock, Metric
from helpdesk.tickets.model import Channel, LastMessage, Priority, Snooze, Status, StatusCategory, Ticket, TicketType


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock as lists show it.

    Attributes:
        remaining_seconds: what is left of a paused clock; None for all others, whose `due_at` tells.
    """

    metric: Metric
    due_at: datetime | None = None
    remaining_seconds: int | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None

    def state(self, now: datetime) -> ClockState:
        """How it stands at an instant: missed is missed from the due instant on, recorded or not."""
        if self.breached_at is not None:
            return ClockState.BREACHED
        if self.met_at is not None:
            return ClockState.MET
        if self.due_at is None:
            return ClockState.PAUSED
        return ClockState.BREACHED if self.due_at <= now else ClockState.RUNNING


@dataclass(frozen=True, slots=True)
class TicketRow:
    """What a list shows of a ticket."""

    id: str
    number: int
    subject: str
    status: Status
    priority: Priority
    type: TicketType
    channel: Channel
    requester_id: str
    created_at: datetime
    updated_at: datetime
    version: int = 0
    category: str | None = None
    group: str | None = None
    assignee: str | None = None
    organization_id: str | None = None
    requester_name: str | None = None
    requester_address: str | None = None
    tags: tuple[str, ...] = ()
    last_message: LastMessage | None = None
    policy_id: str | None = None
    clocks: tuple[ClockRow, ...] = ()
    due_at: datetime | None = None
    snooze: Snooze | None = None


def summarize(ticket: Ticket) -> TicketRow:
    """The row of a ticket."""
    return TicketRow(
        id=ticket.id,
        number=ticket.number,
        subject=ticket.copies.subject,
        status=ticket.status,
        priority=ticket.priority,
        type=ticket.type,
        channel=ticket.channel,
        requester_id=ticket.requester_id,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        version=ticket.version,
        category=ticket.category,
        group=ticket.group,
        assignee=ticket.assignee,
        organization_id=ticket.organization_id,
        requester_name=ticket.copies.requester_name,
        requester_address=ticket.copies.requester_address,
        tags=ticket.tags,
        last_message=ticket.copies.last_message,
        policy_id=ticket.sla.policy_id if ticket.sla is not None else None,
        clocks=tuple(_clock_row(clock) for clock in _shown(ticket.sla)),
        due_at=ticket.due_at,
        snooze=ticket.snooze,
    )


def _shown(applied: AppliedSla | None) -> Iterable[Clock]:
    return () if applied is None else (clock for clock in applied.clocks if clock.shown)


def _clock_row(clock: Clock) -> ClockRow:
    stands = clock.running_since is None and clock.met_at is None and clock.due_at is None
    return ClockRow(
        metric=clock.metric,
        due_at=clock.due_at,
        remaining_seconds=max(0, clock.target_seconds - clock.used_seconds) if stands else None,
        met_at=clock.met_at,
        breached_at=clock.breached_at,
    )


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """Which tickets are wanted; what is None does not matter.

    Attributes:
        group: id, or "none".
        assignee: id, or "none".
        statuses: any of these.
        words: each must occur in subject, requester or the last message's preview, letters compared without case.
        number: exactly this ticket.
        requester_id: of this requester.
        snoozed: True: only such that are put aside; False: only such that are not.
    """

    group: str | None = None
    assignee: str | None = None
    statuses: frozenset[Status] = frozenset()
    category: str | None = None
    priority: Priority | None = None
    words: tuple[str, ...] = ()
    number: int | None = None
    requester_id: str | None = None
    snoozed: bool | None = None

    @property
    def done(self) -> bool | None:
        """True: only done tickets can match; False: only such that are not; None: both."""
        kinds = {status.category is StatusCategory.DONE for status in self.statuses}
        return kinds.pop() if len(kinds) == 1 else None

    def matches(self, row: TicketRow) -> bool:
        """Whether a ticket is one of those wanted."""
        return (
            _is(self.group, row.group)
            and _is(self.assignee, row.assignee)
            and (not self.statuses or row.status in self.statuses)
            and (self.category is None or row.category == self.category)
            and (self.priority is None or row.priority is self.priority)
            and (self.number is None or row.number == self.number)
            and (self.requester_id is None or row.requester_id == self.requester_id)
            and (self.snoozed is None or (row.snooze is not None) is self.snoozed)
            and self._says(row)
        )

    def _says(self, row: TicketRow) -> bool:
        if not self.words:
            return True
        last = row.last_message.preview if row.last_message else ""
        parts = (row.subject, row.requester_name or "", row.requester_address or "", last, *row.tags)
        hay = "\n".join(parts).casefold()
        return all(word in hay for word in self.words)


def _is(wanted: str | None, actual: str | None) -> bool:
    return wanted is None or (actual is None if wanted == "none" else actual == wanted)
