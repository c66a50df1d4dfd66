"""What surveys brought, added up: satisfaction and recommendation by group, agent, week, brand or language. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from helpdesk.surveys.model import BEST_RATING, Rated
from helpdesk.surveys.plans import PASSIVE, PROMOTER

SATISFIED: Final = 4
"""The least rating that counts as satisfied: 4 and 5 of 5, as CSAT is usually given."""


class By(StrEnum):
    """What figures are told apart by."""

    ALL = "all"
    GROUP = "group"
    AGENT = "agent"
    WEEK = "week"
    MAILBOX = "mailbox"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of some answers.

    Attributes:
        key: what they have in common: an id, a week; empty for none.
        ratings: how many answers of each rating, 1 first.
        promoters, passives, detractors: of those who said whether they recommend us.
    """

    key: str
    ratings: tuple[int, ...]
    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    @property
    def answers(self) -> int:
        """How many there are."""
        return sum(self.ratings)

    @property
    def mean(self) -> float:
        """The mean rating."""
        return sum(rating * many for rating, many in enumerate(self.ratings, 1)) / self.answers

    @property
    def satisfied(self) -> float:
        """CSAT: percent of answers with 4 or 5."""
        return 100 * sum(self.ratings[SATISFIED - 1 :]) / self.answers

    @property
    def nps(self) -> float | None:
        """Percent of promoters less percent of detractors, -100 to 100; None: nobody was asked."""
        asked = self.promoters + self.passives + self.detractors
        return 100 * (self.promoters - self.detractors) / asked if asked else None


def week_of(at: datetime) -> str:
    """An instant's week in UTC, as `2026-W47`."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02d}"


def weeks_between(since: date, until: date) -> Iterator[str]:
    """The weeks that days from one to another lie in, both included."""
    monday = since - timedelta(days=since.weekday())
    while monday <= until:
        year, week, _ = monday.isocalendar()
        yield f"{year}-W{week:02d}"
        monday += timedelta(days=7)


_KEYS: Final[dict[By, Callable[[Rated], str | None]]] = {
    By.ALL: lambda _: "",
    By.GROUP: lambda one: one.group,
    By.AGENT: lambda one: one.agent,
    By.WEEK: lambda one: week_of(one.at),
    By.MAILBOX: lambda one: one.mailbox,
    By.LANGUAGE: lambda one: one.language,
}


def figures(answers: Iterable[Rated], by: By) -> list[Figures]:
    """Answers added up, by key."""
    found: dict[str, list[Rated]] = {}
    for one in answers:
        found.setdefault(_KEYS[by](one) or "", []).append(one)
    return [_sum(key, some) for key, some in sorted(found.items())]


def _sum(key: str, answers: list[Rated]) -> Figures:
    scores = [one.nps for one in answers if one.nps is not None]
    return Figures(
        key,
        tuple(sum(one.rating == rating for one in answers) for rating in range(1, BEST_RATING + 1)),
        promoters=sum(score >= PROMOTER for score in scores),
        passives=sum(PASSIVE <= score < PROMOTER for score in scores),
        detractors=sum(score < PASSIVE for score in scores),
    )
