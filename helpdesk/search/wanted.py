"""What a search asks the index for: terms with weights, of which some must be met and others only count."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from helpdesk.search.fillers import is_filler
from helpdesk.search.text import fold
from helpdesk.search.tokens import Kind, terms

_WEIGHT_OF_PART: Final = 0.5
"""Of half of a product code against the whole of it."""


@dataclass(frozen=True, slots=True)
class WantedTerm:
    """One term to look for.

    Attributes:
        text: the term.
        weight: how much it counts beside its rarity.
        telling: whether a text that has only this is worth showing. A single letter out of a longer word is not.
        word: whether words that look like it may stand in for it: not for `for` and `can`, that `forgot` and `cancel` begin with.
    """

    text: str
    weight: float
    telling: bool
    word: bool = False


def wanted(texts: Iterable[str]) -> tuple[WantedTerm, ...]:
    """What to look for, of what somebody typed; each term once."""
    found: dict[str, WantedTerm] = {}
    for text in texts:
        all_terms = list(terms(fold(text)))
        letters = Counter(term.run for term in all_terms if term.kind is Kind.LETTER)
        alone_asked = len({term.run for term in all_terms}) == 1  # somebody has begun to type
        for term in all_terms:
            alone = term.kind is Kind.LETTER and letters[term.run] == 1
            one = WantedTerm(
                term.text,
                _WEIGHT_OF_PART if term.kind is Kind.PART else 1.0,
                telling=term.kind is not Kind.LETTER or alone,
                word=term.kind is Kind.WORD and (alone_asked or not is_filler(term.text)),
            )
            known = found.get(term.text)
            if known is None or (one.telling, one.weight) > (known.telling, known.weight):
                found[term.text] = one
    return tuple(found.values())


def phrase(text: str) -> frozenset[str]:
    """The terms that a text must all have in order to have a phrase; having them does not mean to have it.

    Without single letters where there are pairs, and without parts where there are wholes: those follow.
    """
    return frozenset(term.text for term in wanted((text,)) if term.telling and term.weight == 1.0)
