"""What a webhook is, one delivery of it, and how its deliveries went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

KEPT: Final = timedelta(days=14)
"""How long deliveries are kept."""
PAYLOAD_VERSION: Final = 1
"""Of the standard payload: it grows only when something in it goes or comes to mean something else."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A destination that rules and escalations may call. It holds no secret: those are derived, or kept apart.

    Attributes:
        url: whole address; https, unless the desk runs on one machine.
        active: whether it is called.
        template: JSON to send in place of the standard payload, with placeholders in its strings; empty: the standard.
        headers: names of headers sent beside the usual ones; their values are kept apart.
        generation: of its secret; each is another.
        rotated_at: when the newest generation began; the one before signs along for a day.
        stopped_at: when the desk switched it off by itself, because no call got through for days.
    """

    id: str
    name: str
    url: str
    active: bool = True
    description: str = ""
    template: str = ""
    headers: tuple[str, ...] = ()
    generation: int = 1
    rotated_at: datetime | None = None
    stopped_at: datetime | None = None


class CauseKind(StrEnum):
    """What ordered a delivery."""

    RULE = "rule"
    ESCALATION = "escalation"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Cause:
    """What ordered a delivery.

    Attributes:
        of: id of the rule; of an escalation's policy.
        level: id of the escalation.
        metric: the clock it was about.
        event_id: the event that ordered it.
    """

    kind: CauseKind
    of: str = ""
    level: str = ""
    metric: str = ""
    event_id: str = ""


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"  # to be tried, or tried again
    DELIVERED = "delivered"
    FAILED = "failed"  # given up
    DROPPED = "dropped"  # there is nothing to call any more, or nothing to tell of


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call.

    Attributes:
        status: that was answered; None: nothing was.
        problem: why it did not get through: `timeout`, `connection`, `tls`, `address`, `redirect`, `status`; empty: it did.
        answer: the first of what was answered, as text.
        milliseconds: it took.
    """

    at: datetime
    status: int | None = None
    problem: str = ""
    answer: str = ""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One call that was ordered, with all attempts at it. What is sent is made when it is sent: nothing of it is kept.

    Attributes:
        id: told to the receiver, the same in each attempt.
        ticket_id: whom it is about; empty: a test.
        ordered_at: instant of the event that ordered it.
        next_at: when it is tried (again).
        tries: since it was ordered, or ordered anew.
        attempts: the last of them, oldest first.
        problem: why it was dropped: `inactive`, `no_ticket`, `gone`.
        version: grows with each change.
    """

    id: str
    webhook: str
    cause: Cause
    ordered_at: datetime
    ticket_id: str = ""
    number: int = 0
    state: DeliveryState = DeliveryState.WAITING
    next_at: datetime | None = None
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()
    problem: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Health:
    """How calls of a destination went lately.

    Attributes:
        failing_since: the first call that failed since one got through.
        failures: calls that failed since then.
    """

    last_ok_at: datetime | None = None
    last_failed_at: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """What ids mean in a payload."""

    groups: Mapping[str, str] = field(default_factory=dict)
    agents: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
