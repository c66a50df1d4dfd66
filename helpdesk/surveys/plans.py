"""What admins say about asking: whom, how often, and what beside the rating. Pure; a survey keeps what it asks as it then was."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from helpdesk.kernel.errors import FieldError, Invalid
from helpdesk.kernel.text import clean
from helpdesk.tickets.model import Ticket

type Given = str | int | bool
type Answers = Mapping[str, Given]

LONGEST_TEXT: Final = 2000
NPS_BEST: Final = 10
FEWEST_ANSWERS: Final = 5
"""Results of surveys to colleagues are told from so many on: among fewer, somebody is told by what they say."""
PROMOTER: Final = 9
PASSIVE: Final = 7
"""Who gives nine or ten recommends; seven and eight count for neither side (Reichheld, "The One Number You Need to Grow")."""


class QuestionKind(StrEnum):
    """What an answer is."""

    NPS = "nps"  # 0 to 10: would they recommend us
    SCALE = "scale"  # 1 to 5
    YES_NO = "yes_no"
    CHOICE = "choice"  # a choice's id
    TEXT = "text"


class Asks(StrEnum):
    """Whom a plan asks."""

    CUSTOMERS = "customers"  # about their tickets
    TEAM = "team"  # colleagues, how they are doing


@dataclass(frozen=True, slots=True)
class SurveyChoice:
    """One thing that can be chosen. Names by language."""

    id: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A question beside the rating.

    Attributes:
        texts: by language.
        required: the survey is not taken without it, where it is asked.
        rating_from, rating_to: asked where the rating is between these, both included.
    """

    id: str
    kind: QuestionKind
    texts: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[SurveyChoice, ...] = ()
    required: bool = False
    rating_from: int = 1
    rating_to: int = 5

    def asked_at(self, rating: int) -> bool:
        """Whether it is asked where somebody gave a rating."""
        return self.rating_from <= rating <= self.rating_to


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """Who is asked, how often, and what.

    Attributes:
        names: by language, for colleagues.
        groups, mailboxes, languages, categories: of tickets it is for; empty: of all. A brand is its mailbox.
        sample_percent: how many of a hundred tickets are asked about.
        pause_days: for how long nobody is asked again.
        questions: beside the rating.
        order: the first one that fits counts.
        delay_seconds: from solving to asking; None: the desk's own delay.
        asks: of a plan that asks colleagues, only groups, questions, order and what follows count.
        every_days: from one round of asking colleagues to the next.
        open_days: for how long a round can be answered.
        least_answers: results are told from so many answers without a name on; never from fewer than `FEWEST_ANSWERS`.
    """

    id: str
    names: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sample_percent: int = 100
    pause_days: int = 0
    questions: tuple[Question, ...] = ()
    order: int = 0
    active: bool = True
    delay_seconds: int | None = None
    asks: Asks = Asks.CUSTOMERS
    every_days: int = 28
    open_days: int = 7
    least_answers: int = FEWEST_ANSWERS

    @property
    def enough(self) -> int:
        """From how many answers without a name on results are told."""
        return max(self.least_answers, FEWEST_ANSWERS)

    def fits(self, ticket: Ticket) -> bool:
        """Whether it is for a ticket."""
        wanted = (
            (self.groups, ticket.group),
            (self.mailboxes, ticket.mailbox_id),
            (self.languages, ticket.language),
            (self.categories, ticket.category),
        )
        asked = self.active and self.asks is Asks.CUSTOMERS
        return asked and all(not among or one in among for among, one in wanted)


USUAL: Final = SurveyPlan("usual")
"""Where no plan fits: everybody, about every ticket, and nothing but the rating."""


def plan_of(ticket: Ticket, plans: Mapping[str, SurveyPlan]) -> SurveyPlan:
    """The plan that a ticket's survey follows."""
    ordered = sorted(plans.values(), key=lambda plan: (plan.order, plan.id))
    return next((plan for plan in ordered if plan.fits(ticket)), USUAL)


def sampled(ticket_id: str, percent: int) -> bool:
    """Whether a ticket is among those asked about: chance, but the same however often it is asked."""
    return int.from_bytes(hashlib.sha256(f"survey {ticket_id}".encode()).digest()[:4]) % 100 < percent


def checked_answers(questions: Sequence[Question], rating: int, given: Answers) -> Answers:
    """Answers as they are kept: of questions that are asked at that rating.

    Raises:
        Invalid: one does not fit its question, or is missing; `errors` says which.
    """
    kept: dict[str, Given] = {}
    faults: list[FieldError] = []
    asked = [question for question in questions if question.asked_at(rating)]
    for question in asked:
        pointer, value = f"/answers/{question.id}", given.get(question.id)
        if isinstance(value, str):
            value = clean(value).strip() or None
        if value is None:
            faults += [FieldError(pointer, "is missing")] if question.required else []
            continue
        fault = _fault(question, value)
        if fault is not None:
            faults.append(FieldError(pointer, fault))
        kept[question.id] = value
    known = {question.id for question in questions}
    faults += [FieldError(f"/answers/{one}", "is no question of this survey") for one in given if one not in known]
    if faults:
        raise Invalid("The answer is not valid.", faults)
    return kept


def nps_in(questions: Sequence[Question], answers: Answers) -> int | None:
    """What somebody said to the first question of whether they recommend us; None: they were not asked, or said nothing."""
    found = (answers.get(question.id) for question in questions if question.kind is QuestionKind.NPS)
    return next((one for one in found if isinstance(one, int) and not isinstance(one, bool)), None)


def _fault(question: Question, value: Given) -> str | None:
    whole, fits = isinstance(value, int) and not isinstance(value, bool), False
    match question.kind:
        case QuestionKind.NPS:
            fits = whole and 0 <= int(value) <= NPS_BEST
        case QuestionKind.SCALE:
            fits = whole and 1 <= int(value) <= 5
        case QuestionKind.YES_NO:
            fits = isinstance(value, bool)
        case QuestionKind.CHOICE:
            fits = value in {choice.id for choice in question.choices}
        case QuestionKind.TEXT:
            fits = isinstance(value, str) and len(value) <= LONGEST_TEXT
    return None if fits else "does not fit the question"
