"""What reports are made of: buckets, each with a handful of sums."""

from dataclasses import dataclass
from enum import StrEnum

from helpdesk.sla.model import Metric


class By(StrEnum):
    """By what promises are summed up."""

    METRIC = "metric"
    GROUP = "group"
    PRIORITY = "priority"
    DAY = "day"
    POLICY = "policy"


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """Which promises are counted together.

    Attributes:
        day: the UTC day on which they were decided, as text.
        group: that had the ticket; empty: none.
    """

    day: str
    metric: Metric
    priority: str
    policy: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """How promises were kept.

    Attributes:
        met: kept in time.
        breached: missed, whether done since or not.
        late_seconds: by how much the missed ones that are done were over, in the clock's own time, together.
        paused_seconds: how long the clocks of what is done stood, together.
    """

    met: int = 0
    breached: int = 0
    late_seconds: int = 0
    paused_seconds: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.met + other.met,
            self.breached + other.breached,
            self.late_seconds + other.late_seconds,
            self.paused_seconds + other.paused_seconds,
        )

    def __neg__(self) -> "Sums":
        return Sums(-self.met, -self.breached, -self.late_seconds, -self.paused_seconds)

    @property
    def compliance(self) -> float | None:
        """Share that was met, 0 to 1; None if nothing was decided."""
        decided = self.met + self.breached
        return self.met / decided if decided else None


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket's share of a bucket."""

    bucket: Bucket
    sums: Sums


@dataclass(frozen=True, slots=True)
class Counted:
    """What is in the buckets of one ticket.

    Attributes:
        seq: of the last event that is counted.
        lines: its shares.
    """

    seq: int
    lines: tuple[Line, ...] = ()
