"""Tickets that say the same: when many in a short time are a sign that something is broken. Pure.

Of a ticket's first words hashes of the terms that tell most are remembered for a day, no word of anybody's. A term that
far more people write within an hour than is usual bursts (Poisson's likelihood ratio, as for bursts of keywords in Dunning
1993); tickets with the same bursting terms say the same. What is usual is known from the first day on: from the project's
own help-desk texts in three languages, and from the tickets of the day as soon as there are some. Particles, greetings
and what people write about every day never burst. docs/triage.md has the figures that the bounds were set by.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import blake2b
from heapq import nsmallest
from math import log
from typing import Final

from helpdesk.routing.learning.seed import LANGUAGES, texts
from helpdesk.search.tokens import count_terms

WINDOW: Final = timedelta(hours=1)
"""Tickets within so long are counted together."""
REMEMBERED: Final = timedelta(hours=24)
"""How far back it is known what is usual."""
ENOUGH: Final = 4
"""People who write the same within the window before it may be an incident."""
_BURSTS_FROM: Final = 10.0
"""Likelihood ratio, in nats, from which a term bursts."""
_SAYS_THE_SAME_FROM: Final = 3.5
"""Nats of bursting terms that a ticket must have: one rare word, or a few less rare ones."""
_A_DAY_TELLS_FROM: Final = 30
"""Tickets of the day from which on it is known by them what is usual."""
_TERMS: Final = 40
_LOOKED_AT: Final = 1_500
"""Letters of a ticket; what comes behind them is quoted, a log, or a signature."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of a ticket for a day.

    Attributes:
        at: when it was opened.
        terms: hashes of what tells most in it.
        cluster: id of the possible incident that it belongs to.
    """

    ticket_id: str
    requester_id: str
    at: datetime
    terms: tuple[int, ...] = ()
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A possible incident: several people wrote the same in a short time.

    Attributes:
        id: of the oldest ticket of it: so two who notice it at once notice one.
        at: when it was noticed.
        people: who had written by then.
        incident: the ticket that was made of it.
        settled_by: the agent who made it, or who said that it is none.
    """

    id: str
    at: datetime
    people: int
    incident: str | None = None
    settled_by: str | None = None


def _hashed_terms(text: str) -> dict[int, None]:
    """The terms of a text as hashes; single letters and numbers tell nothing."""
    counted = count_terms(text[:_LOOKED_AT])
    told = (term for term in counted if len(term) > 1 and not term.isdecimal())
    return dict.fromkeys(int.from_bytes(blake2b(term.encode(), digest_size=4).digest()) for term in told)


@cache
def _known() -> tuple[Mapping[int, int], int]:
    """In how many of the project's own texts each term occurs, and how many there are in a language."""
    counted: Counter[int] = Counter()
    number = 0
    for language in LANGUAGES:
        for text, _ in texts(language):
            counted.update(_hashed_terms(text).keys())
            number += 1
    return counted, number // len(LANGUAGES)


def _usual(term: int) -> float:
    """The share of tickets that have a term, as far as the project's own texts tell."""
    known, size = _known()
    return min(1.0, (known.get(term, 0) + 0.25) / (size + 1))


def fingerprint(text: str) -> tuple[int, ...]:
    """What tells most in a text, as hashes: the rarest terms."""
    return tuple(nsmallest(_TERMS, _hashed_terms(text), key=lambda term: (_usual(term), term)))


def saying_the_same(new: Seen, seen: Sequence[Seen]) -> tuple[Seen, ...]:
    """The tickets of the window before a new one that say what it says, itself among them.

    Args:
        new: the new one.
        seen: of the day before it; it may be among them.

    Returns:
        None, or those of `ENOUGH` people at least.
    """
    others = [one for one in seen if one.ticket_id != new.ticket_id]
    window = [one for one in others if abs(new.at - one.at) <= WINDOW] + [new]
    before = [one for one in others if new.at - one.at > WINDOW]
    bursting = _bursting(new, window, before)
    found = tuple(one for one in window if sum(bursting.get(term, 0.0) for term in one.terms) >= _SAYS_THE_SAME_FROM)
    return found if new in found and len({one.requester_id for one in found}) >= ENOUGH else ()


def _bursting(new: Seen, window: Sequence[Seen], before: Sequence[Seen]) -> dict[int, float]:
    """The terms of a ticket that burst, with how much each tells."""
    people: dict[int, set[str]] = {term: set() for term in new.terms}
    for one in window:
        for term in one.terms:
            if term in people:
                people[term].add(one.requester_id)
    earlier = Counter(term for one in before for term in one.terms if term in people)
    writers = len({one.requester_id for one in window})
    found: dict[int, float] = {}
    for term, who in people.items():
        share = _usual(term)
        if len(before) >= _A_DAY_TELLS_FROM:
            share = max(share, (earlier[term] + 0.5) / (len(before) + 1))
        expected = writers * share
        if len(who) >= ENOUGH and len(who) * log(len(who) / expected) - (len(who) - expected) >= _BURSTS_FROM:
            found[term] = -log(share)
    return found
