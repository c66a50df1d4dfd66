"""Conditions over a ticket: as people write them (a tree with leaves by field), and as they are tested.

What is written may say "me", "my groups" and "within 2 hours". Planned for somebody and an instant it becomes tests of
four kinds over columns (`fields.COLUMNS`), which say the same of one row and of a hundred thousand.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

type Value = str | bool | int | float


class Op(StrEnum):
    """How a leaf compares."""

    IS = "is"  # it is one of these; of several labels, one of them is
    IS_NOT = "is_not"  # it is none of these
    CONTAINS = "contains"  # one of these texts occurs in it, letters compared without case
    EMPTY = "empty"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"  # in the last, or for what lies ahead in the next, so much time
    OLDER_THAN = "older_than"
    BREACHES_WITHIN = "breaches_within"  # a clock that runs is due in so much time
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class All[N]:
    """Every one of these holds; of none, that is so."""

    of: tuple[N, ...] = ()


@dataclass(frozen=True, slots=True)
class Either[N]:
    """One of these holds at least; of none, that is never so."""

    of: tuple[N, ...] = ()


@dataclass(frozen=True, slots=True)
class No[N]:
    """This does not hold."""

    of: N


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison of a field, as it is written."""

    field: str
    op: Op
    values: tuple[Value, ...]


type Tree = All["Tree"] | Either["Tree"] | No["Tree"] | Leaf
"""Conditions as they are written and kept."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom and when conditions are asked.

    Attributes:
        me: id of the agent; empty: nobody.
        groups: ids of the agent's groups.
        now: the desk's time.
    """

    me: str
    groups: frozenset[str]
    now: datetime


@dataclass(frozen=True, slots=True)
class Among:
    """The column holds one of these words; the empty word stands for nothing at all."""

    column: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Saying:
    """One of these texts occurs in the column; of labels, behind a prefix of one of them."""

    column: str
    needles: tuple[str, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The instant lies in this span, both ends included, in milliseconds since 1970; None: no end."""

    column: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """Behind a prefix of one of the labels stands a number, or a day, in this span; both ends are included."""

    column: str
    prefix: str
    low: float | None = None
    high: float | None = None


type Test = Among | Saying | Span | Between
type Plan = All["Plan"] | Either["Plan"] | No["Plan"] | Among | Saying | Span | Between
"""Conditions as they are tested."""

EVERYTHING: All[Tree] = All()
