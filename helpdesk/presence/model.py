"""Who is at a ticket."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PresenceState(StrEnum):
    """What somebody does at a ticket."""

    VIEWING = "viewing"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody at a ticket.

    Attributes:
        seen_at: their last sign of life.
        until: they count as gone from then on, unless another sign comes.
    """

    agent_id: str
    state: PresenceState
    seen_at: datetime
    until: datetime
