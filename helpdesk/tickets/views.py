"""A ticket as lists show it: one small document, made when the ticket changes, served as it lies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.sla.model import AppliedSla, Clock, Metric
from helpdesk.tickets.commands import FieldValue
from helpdesk.tickets.model import (
    Channel,
    Content,
    LastMessage,
    Level,
    Priority,
    Snooze,
    Status,
    StatusCategory,
    Ticket,
    TicketType,
)
from helpdesk.tickets.todo import Task

SHORT: Final = 80
"""Characters of a field's value that lists show and look through."""
ROOM: Final = 1000
"""Characters of all of them together, names included."""


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
    """What a list shows of a ticket.

    Attributes:
        fields: those that are short; see `listed`.
    """

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
    custom_status: str | None = None
    impact: Level | None = None
    urgency: Level | None = None
    product: str | None = None
    fields: Mapping[str, FieldValue] = field(default_factory=dict, hash=False)
    policy_id: str | None = None
    clocks: tuple[ClockRow, ...] = ()
    due_at: datetime | None = None
    snooze: Snooze | None = None
    solved_at: datetime | None = None
    cleared: tuple[Content, ...] = ()
    legal_hold: bool | None = None

    @property
    def running_out(self) -> tuple[datetime, ...]:
        """When its clocks run out, or did, that nobody has met and that do not stand."""
        return tuple(clock.due_at for clock in self.clocks if clock.due_at is not None and clock.met_at is None)


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
        custom_status=ticket.custom_status,
        impact=ticket.impact,
        urgency=ticket.urgency,
        product=ticket.product,
        fields=listed(ticket.copies.fields),
        policy_id=ticket.sla.policy_id if ticket.sla is not None else None,
        clocks=tuple(clock_row(clock) for clock in _shown(ticket.sla)),
        due_at=ticket.due_at,
        snooze=ticket.snooze,
        solved_at=ticket.solved_at,
        cleared=ticket.cleared,
        legal_hold=ticket.legal_hold or None,  # left out where it is not: rows are paid by size
    )


def listed(fields: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """The fields that lists show and look through: short ones, as far as there is room. Indexes are paid by size."""
    found: dict[str, FieldValue] = {}
    room = ROOM
    for name, value in fields.items():
        length = sum(map(len, value)) if isinstance(value, list) else len(str(value))
        if length <= SHORT and length + len(name) <= room:
            found[name] = value
            room -= length + len(name)
    return found


def _shown(applied: AppliedSla | None) -> Iterable[Clock]:
    return () if applied is None else (clock for clock in applied.clocks if clock.shown)


def clock_row(clock: Clock) -> ClockRow:
    """A clock as lists show it."""
    stands = clock.running_since is None and clock.met_at is None and clock.due_at is None
    return ClockRow(
        metric=clock.metric,
        due_at=clock.due_at,
        remaining_seconds=max(0, clock.target_seconds - clock.used_seconds) if stands else None,
        met_at=clock.met_at,
        breached_at=clock.breached_at,
    )


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What an agent's list of tasks shows of one, on whatever ticket it is."""

    task: Task
    title: str
    ticket_id: str
    number: int
    subject: str


def task_rows(ticket: Ticket) -> dict[str, TaskRow]:
    """The rows of a ticket's tasks that stand in somebody's list, by id: what is open on a closed ticket does not."""
    return {
        task.id: TaskRow(
            replace(task, reminded_at=None),
            ticket.copies.tasks.get(task.id, ""),
            ticket.id,
            ticket.number,
            ticket.copies.subject,
        )
        for task in ticket.tasks
        if task.assignee is not None and (not task.open or ticket.status is not Status.CLOSED)
    }


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """Which tickets are wanted; what is None does not matter.

    Attributes:
        group: id, or "none".
        assignee: id, or "none".
        statuses: any of these, or
        further: any of these that admins made, each with the status it stands over.
        words: each must occur in subject, requester or the last message's preview, letters compared without case.
        number: exactly this ticket.
        requester_id: of this requester.
        aliases: ids of people who were merged into them: their tickets are theirs.
        taking_part: with `requester_id`: also those that they take part in. Rows do not tell that, lists do.
        organization_id: of this organization.
        snoozed: True: only such that are put aside; False: only such that are not.
        product: id, or "none".
        field: a field's name and what it holds, as text: a choice's id, `true`, `42`.
        breaching: with a clock that runs out after the first instant and not after the second, if nobody stops it.
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
    further: tuple[tuple[str, Status], ...] = ()
    type: TicketType | None = None
    product: str | None = None
    field: tuple[str, str] | None = None
    aliases: tuple[str, ...] = ()
    organization_id: str | None = None
    breaching: tuple[datetime, datetime] | None = None
    taking_part: bool = False

    @property
    def done(self) -> bool | None:
        """True: only done tickets can match; False: only such that are not; None: both."""
        statuses = self.statuses | {base for _, base in self.further}
        kinds = {status.category is StatusCategory.DONE for status in statuses}
        return kinds.pop() if len(kinds) == 1 else None

    def matches(self, row: TicketRow) -> bool:
        """Whether a ticket is one of those wanted."""
        return (
            _is(self.group, row.group)
            and _is(self.assignee, row.assignee)
            and self._stands(row)
            and (self.type is None or row.type is self.type)
            and _is(self.product, row.product)
            and (self.field is None or _holds(row.fields.get(self.field[0]), self.field[1]))
            and (self.category is None or row.category == self.category)
            and (self.priority is None or row.priority is self.priority)
            and (self.number is None or row.number == self.number)
            and (self.requester_id is None or row.requester_id in {self.requester_id, *self.aliases})
            and (self.organization_id is None or row.organization_id == self.organization_id)
            and (self.snoozed is None or (row.snooze is not None) is self.snoozed)
            and (self.breaching is None or any(self.breaching[0] < at <= self.breaching[1] for at in row.running_out))
            and self._says(row)
        )

    def ends_before(self, row: TicketRow) -> bool:
        """Whether neither a row nor any that is less urgent can match: what is asked for are clocks that run out sooner."""
        return self.breaching is not None and min(row.running_out, default=self.breaching[1]) > self.breaching[1]

    def _stands(self, row: TicketRow) -> bool:
        if not self.statuses and not self.further:
            return True
        return row.status in self.statuses or any(status_id == row.custom_status for status_id, _ in self.further)

    def _says(self, row: TicketRow) -> bool:
        if not self.words:
            return True
        last = row.last_message.preview if row.last_message else ""
        parts = (row.subject, row.requester_name or "", row.requester_address or "", last, *row.tags)
        hay = "\n".join(parts).casefold()
        return all(word in hay for word in self.words)


def _is(wanted: str | None, actual: str | None) -> bool:
    return wanted is None or (actual is None if wanted == "none" else actual == wanted)


def _holds(value: FieldValue, wanted: str) -> bool:
    """Whether a field holds what was asked for, as text; of several choices, whether one of them is it."""
    if isinstance(value, bool):
        return wanted == str(value).lower()
    if isinstance(value, list):
        return wanted in value
    return value is not None and str(value).casefold() == wanted.casefold()
