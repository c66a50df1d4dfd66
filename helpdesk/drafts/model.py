"""What an agent is writing and has not sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DraftKind(StrEnum):
    """What it is going to be: each has its own text."""

    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is not sent yet.

    Attributes:
        version: 1 when it is new, one more with each change.
        based_on: id of the newest public message its author had seen when they wrote.
        keep_until: it is forgotten then.
    """

    ticket_id: str
    kind: DraftKind
    version: int
    body: str
    updated_at: datetime
    keep_until: datetime
    based_on: str | None = None
