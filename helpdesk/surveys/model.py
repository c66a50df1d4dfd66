"""How it went, asked once: a survey belongs to one ticket, has one answer, which may be changed for a while, or none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.kernel.errors import Conflict
from helpdesk.surveys.plans import Given, Question

BEST_RATING: Final = 5
LONGEST_COMMENT: Final = 4000
CHANGEABLE: Final = timedelta(hours=1)
"""For how long an answer may be changed, from the first one on."""


class AlreadyAnswered(Conflict):
    """A survey takes one answer, and has had it for too long to change it."""

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
        answers: to the survey's own questions, by their ids.
        first_at: when it was answered first; None: it was never changed.
    """

    rating: int
    at: datetime
    comment: str | None = None
    answers: Mapping[str, Given] = field(default_factory=dict, hash=False)
    first_at: datetime | None = None

    def says(self, other: "Answer") -> bool:
        """Whether both say the same, whenever it was."""
        return (self.rating, self.comment, self.answers) == (other.rating, other.comment, other.answers)

    @property
    def changeable_until(self) -> datetime:
        """Until when it may be changed."""
        return (self.first_at or self.at) + CHANGEABLE


@dataclass(frozen=True, slots=True)
class Rated:
    """What reports need of an answer: no words and nobody's name.

    Attributes:
        at: when it was answered first.
        nps: 0 to 10, where that was asked.
        group, agent: whose ticket it was when it was answered.
        mailbox: its brand.
        plan: id of the plan that asked.
        ticket_id: what it was about.
        person: id of who answered.
        day: in the desk's time zone on which it was answered first, as text.
    """

    survey_id: str
    at: datetime
    rating: int
    language: str
    nps: int | None = None
    group: str | None = None
    agent: str | None = None
    mailbox: str | None = None
    plan: str | None = None
    ticket_id: str | None = None
    person: str | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey.

    Attributes:
        id: follows from the ticket, so that there is one for each.
        number: the ticket's.
        language: of ours, in which it is asked.
        expires_at: until when it takes an answer.
        questions: beside the rating, as they stood when it was sent.
        plan_id: the plan that it follows.
    """

    id: str
    ticket_id: str
    requester_id: str
    number: int
    language: str
    created_at: datetime
    expires_at: datetime
    answer: Answer | None = None
    questions: tuple[Question, ...] = ()
    plan_id: str | None = None

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
        changeable_until: until when that may be changed.
    """

    state: SurveyState
    number: int
    language: str
    expires_at: datetime
    rating: int | None = None
    comment: str | None = None
    questions: tuple[Question, ...] = ()
    answers: Mapping[str, Given] = field(default_factory=dict, hash=False)
    changeable_until: datetime | None = None
