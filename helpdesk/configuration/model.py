"""What the file of settings is made of: parts, each a kind of settings with its own shape and checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, Protocol

from helpdesk.desk.model import Desk
from helpdesk.kernel.codec import Document
from helpdesk.kernel.errors import FieldError
from helpdesk.kernel.versions import Version

FORMAT: Final = "helpdesk-settings"
FORMAT_VERSION: Final = 1
MAX_BYTES: Final = 4 * 1024 * 1024
"""Of a file; a function's answer may have 6 MB."""
THE_DESK: Final = "desk"
"""The id of the one entry of a part that has only one."""


class Shelf(StrEnum):
    """Where the entries of a part are kept, as the store knows it."""

    SETTINGS = "settings"
    CALENDARS = "calendars"  # settings whose every revision stays in use
    POLICIES = "policies"  # settings in an order
    ITEMS = "items"  # canned responses and the like
    TEMPLATES = "templates"  # of mails


class Identity(StrEnum):
    """What ids of a part are like."""

    SETTING = "setting"
    ULID = "ulid"
    NAME = "name"  # whatever another system calls it: user names of agents
    DERIVED = "derived"  # follows from what the entry says


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it is kept.

    Attributes:
        version: for writing it on the condition that nobody else did.
    """

    document: Document
    version: int


type Holdings = Mapping[str, Mapping[str, Kept]]
"""All entries of all parts, by the part's kind and their id, in order."""


@dataclass(frozen=True, slots=True)
class Write:
    """One entry to be written, or taken away.

    Attributes:
        document: as it is kept; None: it is taken away.
        seen: the version that was decided upon; 0: it is new.
    """

    kind: str
    shelf: Shelf
    id: str
    document: Document | None
    seen: int


@dataclass(frozen=True, slots=True)
class Tools:
    """What checking texts needs from elsewhere: parsers that are slow to load."""

    sanitize: Callable[[str], str]
    to_text: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class World:
    """The desk as it would be with the file: what an entry is held against.

    Attributes:
        values: all entries of all parts by kind and id, decoded.
        now: the desk's time.
    """

    desk: Desk
    values: Mapping[str, Mapping[str, object]]
    tools: Tools
    now: datetime


def _no_faults[T](value: T, before: T | None, world: World) -> list[FieldError]:
    del value, before, world
    return []


@dataclass(frozen=True, slots=True)
class Part[T]:
    """One kind of settings in the file.

    Attributes:
        name: in the file.
        kind: as it is kept under.
        says: what it is, for a comment.
        make: dataclass of an entry.
        held: the name of all of them in a `Desk`; empty: they are no part of it.
        shelf: where it is kept.
        identity: what its ids are like. In the file the id stands before the entry.
        single: there is one entry, which stands without an id.
        left_out: what the file does not hold: how often something was changed, by whom, when.
        secrets: what must never leave the desk; the file says that it is missing, and importing keeps what is there.
        check: what is wrong with one, given the one that was there before and the desk as it would be.
        tidied: one as it is kept.
        id_of: gives a derived id.
    """

    name: str
    kind: str
    says: str
    make: type[T]
    held: str = ""
    shelf: Shelf = Shelf.SETTINGS
    identity: Identity = Identity.SETTING
    single: bool = False
    left_out: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()
    check: Callable[[T, T | None, World], list[FieldError]] = _no_faults
    tidied: Callable[[T, World], T] = field(default=lambda value, world: value)  # noqa: ARG005 - as it is
    id_of: Callable[[T], str] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What importing a file does to one entry."""

    part: str
    id: str
    change: Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What importing a file does.

    Attributes:
        changes: what is added, changed and removed, in the file's order.
        unchanged: how many entries stay as they are.
    """

    changes: tuple[Change, ...]
    unchanged: int


class Books(Protocol):
    """Where all settings are kept."""

    def holdings(self) -> Holdings:
        """All of them, as they are now."""
        ...

    def write(self, writes: tuple[Write, ...], author: Author) -> None:
        """Writes some, each only if it is as it was seen.

        Raises:
            StaleVersion: somebody else was faster; some that stand before it may have been written.
        """
        ...

    def versions(self, kind: str, setting_id: str, *, limit: int, before: int | None) -> tuple[Version, ...]:
        """Versions of an entry, newest first."""
        ...

    def version(self, kind: str, setting_id: str, version: int) -> Version | None:
        """One version of an entry."""
        ...
