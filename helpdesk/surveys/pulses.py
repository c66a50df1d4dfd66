"""Short surveys to colleagues themselves: asked in rounds, answered without a name, told only where enough answered. Pure.

Nobody's answer can be told from others': it lies under a name by chance and keeps no instant, what is known of a colleague
is only that they answered, and results are told once the round is over and enough answered without their name. So an
answer cannot be changed either: nothing says which one it was.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from helpdesk.kernel.errors import Conflict, FieldError, Invalid
from helpdesk.kernel.text import clean
from helpdesk.people.model import Agent
from helpdesk.surveys.model import BEST_RATING
from helpdesk.surveys.plans import Answers, Asks, Given, Question, QuestionKind, SurveyPlan, checked_answers, nps_in
from helpdesk.surveys.reports import Sums, sums_of

LONGEST_COMMENT: Final = 2000
_ANCHOR: Final = date(2024, 1, 1)
"""A Monday: rounds of whole weeks begin on Mondays."""
_BETWEEN: Final = "."


class AnsweredAlready(Conflict):
    """A colleague answers a round once."""

    code = "already_answered"
    title = "You have answered this already"


@dataclass(frozen=True, slots=True)
class Round:
    """One time that colleagues are asked.

    Attributes:
        begins: the first day.
        ends: the day after the last one.
    """

    plan_id: str
    begins: date
    ends: date

    @property
    def id(self) -> str:
        """What it is called."""
        return f"{self.plan_id}{_BETWEEN}{self.begins.isoformat()}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a colleague answered.

    Attributes:
        id: by chance.
        answers: to the plan's own questions, by their ids.
        agent: who, where they wanted it to be known.
    """

    id: str
    rating: int
    comment: str = ""
    answers: Mapping[str, Given] = field(default_factory=dict, hash=False)
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept: with what was asked then."""

    said: Said
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote; the rating does not stand beside it."""

    text: str
    agent: str | None


@dataclass(frozen=True, slots=True)
class Results:
    """What a round brought.

    Attributes:
        many: how many answered.
        sums: None: too few answered, or the round is not over.
        counts: how often what was said, by question.
        texts: what was written, by question.
    """

    many: int
    sums: Sums | None = None
    counts: Mapping[str, Mapping[Given, int]] = field(default_factory=dict)
    texts: Mapping[str, Sequence[Comment]] = field(default_factory=dict)
    comments: Sequence[Comment] = ()


def round_of(plan: SurveyPlan, day: date) -> Round:
    """The round that a day is in or after: the last one that has begun."""
    begins = _ANCHOR + timedelta(days=(day - _ANCHOR).days // plan.every_days * plan.every_days)
    return Round(plan.id, begins, begins + timedelta(days=min(plan.open_days, plan.every_days)))


def open_round(plan: SurveyPlan, day: date) -> Round | None:
    """The round in which colleagues are asked on a day; None: none is open."""
    found = round_of(plan, day)
    return found if plan.active and plan.asks is Asks.TEAM and found.begins <= day < found.ends else None


def rounds_back(plan: SurveyPlan, day: date, count: int) -> Iterator[Round]:
    """The rounds that have begun, the newest first."""
    for _ in range(count):
        found = round_of(plan, day)
        yield found
        day = found.begins - timedelta(days=1)


def is_asked(plan: SurveyPlan, agent: Agent) -> bool:
    """Whether a plan is for a colleague."""
    return not plan.groups or any(group in plan.groups for group in agent.groups)


def plan_named(round_id: str) -> tuple[str, str]:
    """The plan, and the first day as text, of a round's id."""
    plan_id, _, begins = round_id.rpartition(_BETWEEN)
    return plan_id, begins


def checked_said(
    questions: Sequence[Question], said_id: str, rating: int, comment: str, answers: Answers, agent: str | None
) -> Said:
    """An answer as it is kept.

    Raises:
        Invalid: no rating from 1 to 5, a comment that is too long, or answers that do not fit the questions.
    """
    words = clean(comment).strip()
    if isinstance(rating, bool) or not 1 <= rating <= BEST_RATING:
        raise Invalid("The answer is not valid.", [FieldError("/rating", f"a whole number from 1 to {BEST_RATING}")])
    if len(words) > LONGEST_COMMENT:
        raise Invalid("The answer is not valid.", [FieldError("/comment", f"at most {LONGEST_COMMENT} characters")])
    return Said(said_id, rating, words, checked_answers(questions, rating, answers), agent)


def results_of(plan: SurveyPlan, questions: Sequence[Question], said: Sequence[Said], *, over: bool) -> Results:
    """What a round brought, as far as it may be told.

    Those who gave their name do not count among the enough: beside four names the fifth answer would be somebody's.
    """
    nameless = sum(one.agent is None for one in said)
    if not over or len(said) < plan.enough or 0 < nameless < plan.enough:
        return Results(len(said))
    ordered = sorted(said, key=lambda one: one.id)
    sums = Sums()
    for one in ordered:
        sums += sums_of(one.rating, nps_in(questions, one.answers))
    texts, counts = {}, {}
    for question in questions:
        given = [(value, one.agent) for one in ordered if (value := one.answers.get(question.id)) is not None]
        if question.kind is QuestionKind.TEXT:
            texts[question.id] = tuple(Comment(str(value), agent) for value, agent in given)
        else:
            counts[question.id] = dict(Counter(value for value, _ in given))
    comments = tuple(Comment(one.comment, one.agent) for one in ordered if one.comment)
    return Results(len(said), sums, counts, texts, comments)
