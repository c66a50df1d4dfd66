"""How an index is kept: segments that are written once, what came since, and the list of what counts."""

from dataclasses import dataclass
from typing import Final, Protocol

from helpdesk.kernel.errors import HelpdeskError

TICKETS: Final = "tickets"
"""The index of tickets."""
ARTICLES: Final = "articles"
"""The index of articles."""
QUESTIONS: Final = "questions"
"""The index of questions of the community."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment that lies in the bucket.

    Attributes:
        name: ULID of when it was written.
        texts: how many it has.
        size: bytes.
    """

    name: str
    texts: int
    size: int


@dataclass(frozen=True, slots=True)
class Fresh:
    """A small segment that was written a moment ago and lies in the table itself."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class State:
    """What an index consists of.

    Attributes:
        revision: moves whenever `kept` changes; 0 where nothing was kept yet.
        kept: segments in the bucket.
        fresh: what came since, oldest first.
    """

    revision: int = 0
    kept: tuple[Kept, ...] = ()
    fresh: tuple[Fresh, ...] = ()


class SegmentGone(HelpdeskError):
    """A segment was merged into another one and is no more: what an index consists of has to be read anew."""

    code = "segment_gone"


class Segments(Protocol):
    """Where an index is kept. Whatever it is asked twice, it does once; nothing depends on two calls together."""

    def state(self, since: str = "") -> State:
        """What the index consists of, read consistently; of what is fresh only names from `since` on."""
        ...

    def read(self, name: str) -> bytes | memoryview:
        """The bytes of a segment in the bucket.

        Raises:
            SegmentGone: it is not there any more.
        """
        ...

    def append(self, fresh: Fresh) -> None:
        """Adds what is new: one write, from then on it is found."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Writes a segment to the bucket. It does not count before `replace`, and is swept away if that never comes."""
        ...

    def replace(self, before: State, kept: tuple[Kept, ...]) -> bool:
        """Makes other segments count; False: somebody else did so since `before` was read, and nothing was changed.

        Those that count no more are swept away later, when nobody reads them any longer.
        """
        ...

    def drop(self, fresh: tuple[str, ...]) -> None:
        """Takes away what is fresh no more."""
        ...

    def sweep(self, *, before: str, names: frozenset[str] | None = None) -> int:
        """Deletes segments that do not count, and were marked so earlier than a ULID; gives their number.

        Args:
            before: a ULID.
            names: only these; None: all. One that is being written by somebody else does not count *yet*.
        """
        ...
