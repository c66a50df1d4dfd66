"""How it went, asked once: a survey belongs to one ticket, is answered once, and may be left alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from helpdesk.kernel.errors import Conflict

BEST_RATING: Final = 5
LONGEST_COMMENT: Final = 4000


class AlreadyAnswered(Conflict):
    """A survey takes one answer, and has it."""

    code = "already_answered"
    title = "This survey was already answered"


class SurveyState(StrEnum):
    """How a survey stands."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the requester said.

    Attributes:
        rating: 1 (worst) to 5.
        comment: their words; they stay here and go into no event.
    """

    rating: int
    at: datetime
    comment: str | None = None

    def says(self, other: "Answer") -> bool:
        """Whether both say the same, whenever it was."""
        return (self.rating, self.comment) == (other.rating, other.comment)


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey.

    Attributes:
        id: follows from the ticket, so that there is one for each.
        number: the ticket's.
        language: of ours, in which it is asked.
        expires_at: until when it takes an answer.
    """

    id: str
    ticket_id: str
    requester_id: str
    number: int
    language: str
    created_at: datetime
    expires_at: datetime
    answer: Answer | None = None

    def state(self, now: datetime) -> SurveyState:
        """How it stands at an instant."""
        if self.answer is not None:
            return SurveyState.ANSWERED
        return SurveyState.EXPIRED if now >= self.expires_at else SurveyState.OPEN


@dataclass(frozen=True, slots=True)
class SurveyView:
    """What whoever holds the link may see.

    Attributes:
        number: the ticket's.
        rating: what was answered; None before.
    """

    state: SurveyState
    number: int
    language: str
    expires_at: datetime
    rating: int | None = None
    comment: str | None = None
