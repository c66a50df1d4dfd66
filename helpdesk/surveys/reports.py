"""What surveys brought, added up: a bucket for each day and each thing that answers are told apart by, and reports of them. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator
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
    DAY = "day"
    MAILBOX = "mailbox"
    LANGUAGE = "language"
    PLAN = "plan"


class AnswersOf(StrEnum):
    """Lists in which answers are read one by one."""

    WEEK = "week"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, order=True)
class Bucket:
    """Which answers are counted together.

    Attributes:
        day: on which they were answered first, as text.
        by: what they are told apart by; days and weeks are read from those of all.
        key: what they have in common; empty: none.
        group: of an agent's: whose tickets they were.
    """

    day: str
    by: By
    key: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """Answers of a bucket.

    Attributes:
        ratings: how many of each rating, 1 first.
        promoters, passives, detractors: of those who said whether they recommend us.
    """

    ratings: tuple[int, ...] = (0,) * BEST_RATING
    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            tuple(one + another for one, another in zip(self.ratings, other.ratings, strict=True)),
            self.promoters + other.promoters,
            self.passives + other.passives,
            self.detractors + other.detractors,
        )

    def __neg__(self) -> "Sums":
        return Sums(tuple(-one for one in self.ratings), -self.promoters, -self.passives, -self.detractors)

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


_NOTHING: Final = Sums()
_KEYS: Final[tuple[tuple[By, Callable[[Rated], str | None]], ...]] = (
    (By.ALL, lambda _: ""),
    (By.GROUP, lambda one: one.group),
    (By.AGENT, lambda one: one.agent),
    (By.MAILBOX, lambda one: one.mailbox),
    (By.LANGUAGE, lambda one: one.language),
    (By.PLAN, lambda one: one.plan),
)


def week_of(day: date) -> str:
    """A day's week, as `2026-W47`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def weeks_back(since: date, until: date) -> Iterator[str]:
    """The weeks that days from one to another lie in, both included; the newest first."""
    monday = until - timedelta(days=until.weekday())
    while monday + timedelta(days=6) >= since:
        yield week_of(monday)
        monday -= timedelta(days=7)


def months_between(since: date, until: date) -> Iterator[str]:
    """The months that days from one to another lie in, both included, as `2026-11`."""
    month = since.replace(day=1)
    while month <= until:
        yield f"{month:%Y-%m}"
        month = (month + timedelta(days=32)).replace(day=1)


def day_of(row: Rated) -> str:
    """The day that an answer counts on."""
    return row.day or row.at.date().isoformat()


def sums_of(rating: int, nps: int | None) -> Sums:
    """One answer."""
    return Sums(
        tuple(int(one == rating) for one in range(1, BEST_RATING + 1)),
        promoters=int(nps is not None and nps >= PROMOTER),
        passives=int(nps is not None and PASSIVE <= nps < PROMOTER),
        detractors=int(nps is not None and nps < PASSIVE),
    )


def shares(row: Rated) -> dict[Bucket, Sums]:
    """What an answer adds to which buckets."""
    sums, day = sums_of(row.rating, row.nps), day_of(row)
    return {
        Bucket(day, by, key_of(row) or "", (row.group or "") if by is By.AGENT else ""): sums for by, key_of in _KEYS
    }


def difference(before: Rated | None, after: Rated) -> dict[Bucket, Sums]:
    """What to add to the buckets so that they hold an answer in place of another."""
    found = shares(after)
    for bucket, sums in (shares(before) if before is not None else {}).items():
        found[bucket] = found.get(bucket, _NOTHING) + -sums
    return {bucket: sums for bucket, sums in found.items() if sums != _NOTHING}


def read_by(by: By) -> By:
    """The buckets that a report is read from."""
    return By.ALL if by in {By.WEEK, By.DAY} else by


def added_up(
    lines: Iterable[tuple[Bucket, Sums]], by: By, *, hidden: Collection[str] = (), agent: str | None = None
) -> dict[str, Sums]:
    """Buckets as a report tells them, by key.

    Args:
        lines: buckets that `read_by` names (those of agents where one is wanted alone).
        by: what they are told apart by.
        hidden: groups that whoever asks may not know of: their answers count, and no name stands beside them.
        agent: whose answers alone are wanted.
    """
    found: dict[str, Sums] = {}
    for bucket, sums in lines:
        if agent is not None and bucket.key != agent:
            continue
        key = _key(bucket, by, hidden)
        found[key] = found.get(key, _NOTHING) + sums
    return {key: found[key] for key in sorted(found) if found[key].answers}


def _key(bucket: Bucket, by: By, hidden: Collection[str]) -> str:
    match by:
        case By.WEEK:
            return week_of(datetime.fromisoformat(bucket.day).date())
        case By.DAY:
            return bucket.day
        case By.ALL:
            return ""
        case By.GROUP | By.AGENT:
            return "" if (bucket.key if by is By.GROUP else bucket.group) in hidden else bucket.key
        case _:
            return bucket.key
