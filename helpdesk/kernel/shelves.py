"""Shelves: small sets of things that people write once and use often, each with a version, read as a whole.

What stands on a shelf are settings of a desk, a few thousand at most (`MAX_ITEMS`); so a copy of all of it is kept in
memory and searched there, and no list needs an index.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from helpdesk.kernel.errors import HelpdeskError

MAX_ITEMS: Final = 5000
"""Things on one shelf of a desk."""


class Shelved(Protocol):
    """What can stand on a shelf."""

    @property
    def id(self) -> str:
        """ULID."""
        ...

    @property
    def version(self) -> int:
        """1 when it is new, one more with each change."""
        ...


class AlreadyThere(HelpdeskError):
    """Something of this id stands on the shelf."""

    code = "already_there"


@dataclass(frozen=True, slots=True)
class Contents[T]:
    """All of a shelf at one moment.

    Attributes:
        revision: moves with every change of the shelf.
        items: by id.
        uses: how often each was used, by id; those never used are left out.
    """

    revision: int
    items: Mapping[str, T]
    uses: Mapping[str, int]


class Shelf[T: Shelved](Protocol):
    """Where such things are kept."""

    def revision(self) -> int:
        """How often the shelf was changed."""
        ...

    def load(self) -> Contents[T]:
        """All of it."""
        ...

    def get(self, item_id: str) -> T | None:
        """One thing as it stands."""
        ...

    def create(self, item: T) -> None:
        """Puts something new on it.

        Raises:
            AlreadyThere: something of this id is there.
        """
        ...

    def replace(self, item: T, *, expected_version: int) -> None:
        """Writes something in its place.

        Raises:
            StaleVersion: it is not at `expected_version`, or not there any more.
        """
        ...

    def delete(self, item_id: str, *, expected_version: int) -> None:
        """Takes something away.

        Raises:
            StaleVersion: it is not at `expected_version`, or not there any more.
        """
        ...

    def count_use(self, item_id: str) -> None:
        """Counts one more use; of what is not there, none. Changes neither version nor revision."""
        ...


class KeptShelf[T: Shelved]:
    """A shelf's contents as a container last saw them.

    After `fresh_seconds` one small read tells whether they are still as they were; only then are they read again. Counts
    of use are at most `kept_seconds` old.

    Args:
        shelf: where the things are.
        monotonic: a stopwatch in seconds (not the desk's clock, which can be moved).
    """

    def __init__(
        self,
        shelf: Shelf[T],
        monotonic: Callable[[], float],
        *,
        fresh_seconds: float = 5.0,
        kept_seconds: float = 300.0,
    ) -> None:
        self._shelf = shelf
        self._monotonic = monotonic
        self._fresh_seconds = fresh_seconds
        self._kept_seconds = kept_seconds
        self._contents: Contents[T] | None = None
        self._loaded_at = self._looked_at = 0.0

    def __call__(self) -> Contents[T]:
        """All of it."""
        now = self._monotonic()
        if self._contents is None or now - self._loaded_at > self._kept_seconds:
            return self._load(now)
        if now - self._looked_at > self._fresh_seconds:
            if self._shelf.revision() != self._contents.revision:
                return self._load(now)
            self._looked_at = now
        return self._contents

    def forget(self) -> None:
        """Reads it anew next time: who has changed something wants to see it."""
        self._contents = None

    def _load(self, now: float) -> Contents[T]:
        self._contents = self._shelf.load()
        self._loaded_at = self._looked_at = now
        return self._contents
