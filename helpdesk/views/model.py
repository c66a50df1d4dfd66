"""What a view is, and what keeps the board current."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from helpdesk.canned.model import Template
from helpdesk.tickets.views import TicketRow

OPEN: Final = "open"
DONE: Final = "done"
"""The board's two parts."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by; what has no value there comes last."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Template):
    """A list of tickets by conditions.

    Attributes:
        names: the title in further languages.
        conditions: as JSON; see `helpdesk.conditions`.
        sort: what it is sorted by, the first first; then the older ticket comes first.
        group_by: a property whose values are the list's headings.
        columns: what pages show of each ticket; empty: their usual ones.
        order: where it stands among others, the lowest first.
        built_in: it is every desk's own.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    conditions: str = "{}"
    sort: tuple[Order, ...] = ()
    group_by: str | None = None
    columns: tuple[str, ...] = ()
    order: int = 0
    built_in: bool = False

    def name(self, language: str) -> str:
        """Its title in a language, or as it was written."""
        return self.names.get(language) or self.names.get(language.partition("-")[0]) or self.title


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry of the feed: a ticket, its version, and when it became that."""

    at: str
    ticket_id: str
    version: int


class Feed(Protocol):
    """Which tickets changed when. A ticket has one entry, of its newest version; it may be seconds late."""

    def since(self, at: str) -> Iterator[Changed]:
        """All changes from an instant on, oldest first; empty: from the beginning. A query for each five thousand or so."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A checkpoint without its texts.

    Attributes:
        stamp: names this writing.
    """

    stamp: str
    columns: bytes


class Checkpoints(Protocol):
    """Where the board is written down."""

    def read(self, name: str) -> Written | None:
        """What was written last under a name."""
        ...

    def read_texts(self, name: str, stamp: str) -> bytes | None:
        """The texts of one writing; None: there is another by now."""
        ...

    def write(self, name: str, columns: bytes, texts: bytes) -> None:
        """Writes it, whole or not at all."""
        ...


@dataclass(frozen=True, slots=True)
class Heading:
    """A group of a list.

    Attributes:
        value: of the property that the list is grouped by; empty: none.
        count: how many tickets are under it.
        first: the first of them, where that was asked for and it is still there.
    """

    value: str
    count: int
    first: TicketRow | None = None
