"""What an agent is writing and has not sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DraftKind(StrEnum):
    """What it is going to be: each has its own text."""

    REPLY = "reply"
    NOTE = "note"
    SIDE = "side"


@dataclass(frozen=True, slots=True)
class Writing:
    """What an agent has written so far; see `Draft`."""

    kind: DraftKind
    body: str
    based_on: str | None = None
    side_id: str | None = None
    to: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is not sent yet.

    Attributes:
        version: 1 when it is new, one more with each change.
        based_on: id of the newest public message its author had seen when they wrote.
        keep_until: it is forgotten then.
        side_id: of the side conversation it is for; None for replies, notes, and one that is not begun yet.
        to: whom a side conversation that is not begun yet shall ask, as typed.
        subject: of that one.
    """

    ticket_id: str
    kind: DraftKind
    version: int
    body: str
    updated_at: datetime
    keep_until: datetime
    based_on: str | None = None
    side_id: str | None = None
    to: str = ""
    subject: str = ""

    @property
    def place(self) -> str:
        """Its place among an agent's drafts on a ticket: one for each kind, and for each side conversation.

        That of kind `side` itself has the one that is not begun yet.
        """
        return place_of(self.kind, self.side_id)


def place_of(kind: DraftKind, side_id: str | None) -> str:
    """The place of a draft; see `Draft.place`."""
    return kind.value if side_id is None else f"{kind}#{side_id}"
