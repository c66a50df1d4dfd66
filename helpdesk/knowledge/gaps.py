"""What readers look for and do not find: searches without a result or a click, tickets without an article."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from helpdesk.search.text import fold

KEPT: Final = timedelta(days=100)
LONGEST: Final = 80
_MOST: Final = 2000
_TELLS_OF_SOMEBODY: Final = re.compile(r"@|\d{5,}|(?:\d[ -]?){7,}|https?:")
"""Addresses, and numbers long enough to be somebody's: words that have one are not kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that readers searched in a month.

    Attributes:
        asked: how often.
        found: how many articles fitted, last.
        clicked: how often one of them was opened.
    """

    language: str
    words: str
    asked: int
    found: int
    clicked: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A ticket for which no article was found."""

    ticket_id: str
    language: str
    at: datetime
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing.

    Attributes:
        nothing_found: searches that found nothing, most asked first.
        nothing_opened: searches that found something that nobody opened.
        tickets: newest first.
    """

    nothing_found: tuple[Asked, ...]
    nothing_opened: tuple[Asked, ...]
    tickets: tuple[Unanswered, ...]


class GapStore(Protocol):
    """Where it is kept."""

    def note_search(self, month: str, language: str, words: str, *, found: int, expires_at: int) -> None:
        """Counts that words were searched."""
        ...

    def note_click(self, month: str, language: str, words: str) -> None:
        """Counts that somebody opened what words had found; of words that nobody searched, nothing."""
        ...

    def asked(self, month: str, *, most: int) -> list[Asked]:
        """What was searched in a month."""
        ...

    def note_unanswered(self, month: str, one: Unanswered, *, expires_at: int) -> None:
        """Notes that no article was found for a ticket."""
        ...

    def unanswered(self, month: str, *, most: int) -> list[Unanswered]:
        """Tickets of a month for which no article was found, newest first."""
        ...


def kept_words(query: str) -> str | None:
    """Words of a search as they are counted: folded, in order; None: they might tell of somebody, or say nothing.

    >>> kept_words("  Paper  JAM ")
    'paper jam'
    """
    words = " ".join(fold(query).replace("#", " ").split())
    return None if len(words) < 2 or len(words) > LONGEST or _TELLS_OF_SOMEBODY.search(words) else words


def month_of(now: datetime) -> str:
    """The month of an instant."""
    return f"{now:%Y-%m}"


class GapWatch:
    """Keeps what is missing, and tells it.

    Args:
        store: where it is kept.
    """

    def __init__(self, store: GapStore) -> None:
        self._store = store

    def searched(self, query: str, language: str, found: int, now: datetime) -> None:
        """Notes that a reader searched, and found so many."""
        words = kept_words(query)
        if words is not None:
            self._store.note_search(month_of(now), language, words, found=found, expires_at=_over(now))

    def opened(self, query: str, language: str, now: datetime) -> None:
        """Notes that a reader opened what they found."""
        words = kept_words(query)
        if words is not None:
            self._store.note_click(month_of(now), language, words)

    def unanswered(self, one: Unanswered) -> None:
        """Notes that no article was found for a ticket."""
        self._store.note_unanswered(month_of(one.at), one, expires_at=_over(one.at))

    def gaps(self, month: str, *, limit: int) -> Gaps:
        """What was missing in a month, given as `2026-11`."""
        asked = sorted(self._store.asked(month, most=_MOST), key=lambda one: (-one.asked, one.words))
        return Gaps(
            tuple(one for one in asked if not one.found)[:limit],
            tuple(one for one in asked if one.found and not one.clicked)[:limit],
            tuple(self._store.unanswered(month, most=limit)),
        )


def _over(now: datetime) -> int:
    return int((now + KEPT).timestamp())
