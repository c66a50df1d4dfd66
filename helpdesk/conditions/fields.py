"""What conditions can ask of a ticket, and the columns they are tested on: another field costs one entry here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from helpdesk.sla.model import Metric
from helpdesk.tickets.commands import FieldValue
from helpdesk.tickets.model import (
    ActorKind,
    Channel,
    Content,
    Level,
    Priority,
    Status,
    StatusCategory,
    TicketType,
    Visibility,
)
from helpdesk.tickets.views import ClockRow, TicketRow

CUSTOM: Final = "fields/"
"""Before the id of a field that admins defined."""
FIELD_VALUES: Final = "fields"
"""The column of all such fields: labels like `order=hb-20881`."""
ANY_CLOCK: Final = "sla"
NONE: Final = "none"
"""Stands for nothing among values."""
ME: Final = "me"
MY_GROUPS: Final = "my_groups"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)


class Kind(StrEnum):
    """What a field holds, and so how it can be compared."""

    CHOICE = "choice"  # one of a few words
    ID = "id"  # of something, or nothing
    LABELS = "labels"
    TEXT = "text"
    PAST = "past"  # an instant that has been
    FUTURE = "future"  # an instant that is waited for
    FLAG = "flag"
    CLOCK = "clock"
    VALUE = "value"  # a field that admins defined


class Shape(StrEnum):
    """How a column is kept."""

    WORD = "word"
    LABELS = "labels"
    TEXT = "text"
    NUMBER = "number"  # instants among them


type Cell = str | tuple[str, ...] | int | None
"""What a column has of a ticket: a word (empty: nothing), labels, a text in folded letters, or a number."""


@dataclass(frozen=True, slots=True)
class Column:
    """What tests look at.

    Attributes:
        shape: of its cells.
        read: its cell of a ticket.
        words: all that it can hold, in their natural order; empty: not known beforehand.
    """

    shape: Shape
    read: Callable[[TicketRow], Cell]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """What a leaf can name.

    Attributes:
        choices: the words it can be compared with; empty: any.
        optional: it may hold nothing.
        stands_for: words that mean whoever asks.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    optional: bool = False
    stands_for: tuple[str, ...] = ()


def milliseconds(instant: datetime | None) -> int | None:
    """An instant as whole milliseconds since 1970."""
    return None if instant is None else (instant - _EPOCH) // _MS


def folded(*parts: str | None) -> str:
    """Texts in which letters are compared without case, apart from one another."""
    return "\n".join(part.casefold() for part in parts if part)


def label_of(value: FieldValue) -> tuple[str, ...]:
    """What a field holds as words: of several choices each, of nothing none.

    >>> label_of(42.0), label_of(True), label_of(["Red", "blue"])
    (('42',), ('true',), ('red', 'blue'))
    """
    if value is None or value == "":
        return ()
    if isinstance(value, list):
        return tuple(one.casefold() for one in value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return (str(value).casefold(),)


def measure(word: str) -> float | None:
    """A number, or the number of a day such as `2026-11-23`; None: it is neither."""
    try:
        return float(word)
    except ValueError:
        pass
    try:
        return float(date.fromisoformat(word).toordinal())
    except ValueError:
        return None


def labels_of(fields: Mapping[str, FieldValue]) -> tuple[str, ...]:
    """What all fields hold, as words behind their names."""
    return tuple(f"{name}={word}" for name, value in fields.items() for word in label_of(value))


def _waiting_on(row: TicketRow) -> str:
    if row.status.category is StatusCategory.DONE:
        return "nobody"
    if row.status is Status.ON_HOLD:
        return "third_party"
    last = row.last_message
    answered = last is not None and last.author_kind is ActorKind.AGENT and last.visibility is Visibility.PUBLIC
    return "requester" if row.status is Status.PENDING or answered else "us"


class Stand(StrEnum):
    """How a clock stands, as far as that needs no present."""

    COUNTING = "counting"  # not met, with an instant at which it is due or was
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


def _clock(row: TicketRow, metric: Metric) -> ClockRow | None:
    return next((clock for clock in row.clocks if clock.metric is metric), None)


def _stand(row: TicketRow, metric: Metric) -> str:
    clock = _clock(row, metric)
    if clock is None:
        return ""
    if clock.breached_at is not None:
        return Stand.BREACHED
    if clock.met_at is not None:
        return Stand.MET
    return Stand.PAUSED if clock.due_at is None else Stand.COUNTING


def _due(row: TicketRow, metric: Metric) -> int | None:
    clock = _clock(row, metric)
    return milliseconds(clock.due_at) if clock is not None and _stand(row, metric) is Stand.COUNTING else None


def _next_due(row: TicketRow) -> int | None:
    due = [clock.due_at for clock in row.clocks if clock.due_at is not None and clock.met_at is None]
    return milliseconds(min(due, default=None))


def _word(value: str | None) -> str:
    return value or ""


def stand_column(metric: str) -> str:
    """The column of how a clock stands."""
    return f"{ANY_CLOCK}.{metric}/stand"


def due_column(metric: str) -> str:
    """The column of when a clock that is not met is due."""
    return f"{ANY_CLOCK}.{metric}/due"


def _words(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(one.value for one in kind)


_URGENT_FIRST: Final = tuple(one.value for one in sorted(Priority, key=lambda one: one.rank))
_AUTHORS: Final = _words(ActorKind)
_READERS: Final = _words(Visibility)
_WAITING: Final = ("us", "requester", "third_party", "nobody")
_FLAG: Final = ("false", "true")
CLOCK_STATES: Final = ("running", "paused", "met", "breached")

COLUMNS: Final[dict[str, Column]] = {
    "status": Column(Shape.WORD, lambda row: row.status, _words(Status)),
    "status_category": Column(Shape.WORD, lambda row: row.status.category, _words(StatusCategory)),
    "custom_status": Column(Shape.WORD, lambda row: _word(row.custom_status)),
    "priority": Column(Shape.WORD, lambda row: row.priority, _URGENT_FIRST),
    "impact": Column(Shape.WORD, lambda row: _word(row.impact), ("high", "medium", "low")),
    "urgency": Column(Shape.WORD, lambda row: _word(row.urgency), ("high", "medium", "low")),
    "type": Column(Shape.WORD, lambda row: row.type, _words(TicketType)),
    "channel": Column(Shape.WORD, lambda row: row.channel, _words(Channel)),
    "category": Column(Shape.WORD, lambda row: _word(row.category)),
    "product": Column(Shape.WORD, lambda row: _word(row.product)),
    "group": Column(Shape.WORD, lambda row: _word(row.group)),
    "assignee": Column(Shape.WORD, lambda row: _word(row.assignee)),
    "requester": Column(Shape.WORD, lambda row: row.requester_id),
    "organization": Column(Shape.WORD, lambda row: _word(row.organization_id)),
    "sla_policy": Column(Shape.WORD, lambda row: _word(row.policy_id)),
    "snoozed": Column(Shape.WORD, lambda row: str(row.snooze is not None).lower(), _FLAG),
    "last_message_by": Column(
        Shape.WORD, lambda row: _word(row.last_message.author_kind if row.last_message else None), _AUTHORS
    ),
    "last_message_visibility": Column(
        Shape.WORD, lambda row: _word(row.last_message.visibility if row.last_message else None), _READERS
    ),
    "waiting_on": Column(Shape.WORD, _waiting_on, _WAITING),
    "legal_hold": Column(Shape.WORD, lambda row: str(bool(row.legal_hold)).lower(), _FLAG),
    "cleared": Column(Shape.LABELS, lambda row: tuple(row.cleared)),
    "tags": Column(Shape.LABELS, lambda row: tuple(tag.casefold() for tag in row.tags)),
    FIELD_VALUES: Column(Shape.LABELS, lambda row: labels_of(row.fields)),
    "subject": Column(Shape.TEXT, lambda row: folded(row.subject)),
    "requester_text": Column(Shape.TEXT, lambda row: folded(row.requester_name, row.requester_address)),
    "preview": Column(Shape.TEXT, lambda row: folded(row.last_message.preview if row.last_message else None)),
    "number": Column(Shape.NUMBER, lambda row: row.number),
    "created_at": Column(Shape.NUMBER, lambda row: milliseconds(row.created_at)),
    "updated_at": Column(Shape.NUMBER, lambda row: milliseconds(row.updated_at)),
    "solved_at": Column(Shape.NUMBER, lambda row: milliseconds(row.solved_at)),
    "last_message_at": Column(
        Shape.NUMBER, lambda row: milliseconds(row.last_message.at if row.last_message else None)
    ),
    "due_at": Column(Shape.NUMBER, lambda row: milliseconds(row.due_at)),
    "snoozed_until": Column(Shape.NUMBER, lambda row: milliseconds(row.snooze.until if row.snooze else None)),
    "sla_due_at": Column(Shape.NUMBER, _next_due),
    **{stand_column(metric): Column(Shape.WORD, partial(_stand, metric=metric), _words(Stand)) for metric in Metric},
    **{due_column(metric): Column(Shape.NUMBER, partial(_due, metric=metric)) for metric in Metric},
}

FIELDS: Final[dict[str, Field]] = {
    "status": Field(Kind.CHOICE, _words(Status)),
    "status_category": Field(Kind.CHOICE, _words(StatusCategory)),
    "custom_status": Field(Kind.ID, optional=True),
    "priority": Field(Kind.CHOICE, _URGENT_FIRST),
    "impact": Field(Kind.CHOICE, _words(Level), optional=True),
    "urgency": Field(Kind.CHOICE, _words(Level), optional=True),
    "type": Field(Kind.CHOICE, _words(TicketType)),
    "channel": Field(Kind.CHOICE, _words(Channel)),
    "category": Field(Kind.ID, optional=True),
    "product": Field(Kind.ID, optional=True),
    "group": Field(Kind.ID, optional=True, stands_for=(MY_GROUPS,)),
    "assignee": Field(Kind.ID, optional=True, stands_for=(ME,)),
    "requester": Field(Kind.ID),
    "organization": Field(Kind.ID, optional=True),
    "sla_policy": Field(Kind.ID, optional=True),
    "snoozed": Field(Kind.FLAG),
    "last_message_by": Field(Kind.CHOICE, _AUTHORS, optional=True),
    "last_message_visibility": Field(Kind.CHOICE, _READERS, optional=True),
    "waiting_on": Field(Kind.CHOICE, _WAITING),
    "tags": Field(Kind.LABELS, optional=True),
    "legal_hold": Field(Kind.FLAG),
    "cleared": Field(Kind.LABELS, _words(Content), optional=True),
    "subject": Field(Kind.TEXT),
    "requester_text": Field(Kind.TEXT),
    "preview": Field(Kind.TEXT),
    "created_at": Field(Kind.PAST),
    "updated_at": Field(Kind.PAST),
    "solved_at": Field(Kind.PAST, optional=True),
    "last_message_at": Field(Kind.PAST, optional=True),
    "due_at": Field(Kind.FUTURE, optional=True),
    "snoozed_until": Field(Kind.FUTURE, optional=True),
    ANY_CLOCK: Field(Kind.CLOCK, CLOCK_STATES, optional=True),
    **{f"{ANY_CLOCK}.{metric}": Field(Kind.CLOCK, CLOCK_STATES, optional=True) for metric in Metric},
}


def field_of(name: str) -> Field | None:
    """The field of a name; of `fields/<id>` one that admins defined."""
    if name.startswith(CUSTOM) and len(name) > len(CUSTOM):
        return Field(Kind.VALUE, optional=True)
    return FIELDS.get(name)


def metrics_of(name: str) -> Iterable[str]:
    """The clocks that a field of the SLA means: one, or all of them."""
    return [name.removeprefix(f"{ANY_CLOCK}.")] if name != ANY_CLOCK else [metric.value for metric in Metric]
