"""Whether a text is likely to answer a ticket: enough of what the ticket says is in it, or its title is in the ticket.

Of the first, words count that no text of the index has, too, and what every fifth text says counts nothing: a ticket
about something else shares its small words with any article, and would otherwise be measured by those alone. Long
tickets tell of much besides, so the second is enough: who says most of a title means it. The figures are in
docs/search.md.
"""

from typing import Final

from helpdesk.search.index import Index, rarity
from helpdesk.search.tokens import count_terms
from helpdesk.search.wanted import WantedTerm

LEAST_COVERED: Final = 0.3
"""Of the weight of all that a ticket says."""
LEAST_OF_TITLE: Final = 0.45
"""Of the weight of a title's words."""
COMMON: Final = 0.2
"""What such a share of the texts has tells nothing."""
_COMMON_AT_LEAST: Final = 3
_LONGEST: Final = 4000
_TERMS: Final = 24


class Likeness:
    """What a ticket says, to be held against the texts of an index.

    Args:
        index: of the texts that may answer it.
        text: the ticket's words.

    Attributes:
        terms: what to ask the index for.
    """

    def __init__(self, index: Index, text: str) -> None:
        self._index = index
        self._common = rarity(max(_COMMON_AT_LEAST, int(COMMON * index.size)), index.size)
        counts = count_terms(text[:_LONGEST])
        self.terms = tuple(
            WantedTerm(term, self._worth(term) / index.worth(term), telling=_tells(term))
            for term in index.rarest(counts, _TERMS, least=1)
            if self._worth(term) > 0
        )
        self._said = {term for term in counts if _tells(term)}
        known = sum(self._worth(term) for term in self._said if index.frequency(term))
        looked_for = sum(self._worth(term.text) for term in self.terms if term.telling)
        # What is looked for stands for all known words of a long ticket, and weighs as much less beside the unknown.
        self._least = LEAST_COVERED * looked_for * sum(map(self._worth, self._said)) / known if known else 0.0

    def fits(self, score: float, title: str) -> bool:
        """Whether a text with that score and title is likely to answer the ticket."""
        if score >= self._least > 0:
            return True
        worth = {term: self._worth(term) for term in count_terms(title) if _tells(term)}
        return sum(worth[term] for term in worth.keys() & self._said) >= LEAST_OF_TITLE * sum(worth.values()) > 0

    def _worth(self, term: str) -> float:
        return max(0.0, self._index.worth(term) - self._common)


def _tells(term: str) -> bool:
    """Whether a term is more than a single letter."""
    return len(term) > 1
