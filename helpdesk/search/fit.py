"""How much of a question a text meets: what decides whether it is suggested, or nothing is.

A ranking says who stands first, not whether that is any good: somebody stands first for the serial number of a fridge,
too. So a question is taken as its words, each weighing what its rarity says, and words that nobody wrote as the rarest.
A word is met as a whole or in part: by what looks like it, by pairs of its letters, by parts of a code. Other than in a
ranking, how something is said (`helpdesk.search.fillers`) weighs nothing, and what stands in for a misspelt word takes its
place instead of being asked for beside it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from helpdesk.search.fillers import is_filler
from helpdesk.search.index import LOOKALIKES_OF, Index
from helpdesk.search.text import HAN, HANGUL, fold
from helpdesk.search.tokens import Kind, Term, terms

LEAST_SUGGESTED: Final = 0.35
"""What a text must meet of a question to be suggested. docs/search.md says what other figures would do."""
LEAST_FOUND: Final = 0.2
"""And to be shown to who looks for it: somebody who searches looks at more, and through it."""
_OF_TITLE: Final = 0.2
"""What it counts besides if a title says nothing but what was asked."""
_HIRAGANA: Final = 0.2
"""Of Japanese, what is written in hiragana is mostly grammar."""
_ONE_LETTER: Final = 0.7
"""A single Chinese character, mostly the beginning of a verb, tells less than a word of two."""
_OF_CODE: Final = 0.3
"""Parts of a code or an address against the whole of it."""
_OF_COMPOUND: Final = 0.9
"""Parts of a word with a hyphen."""
_OF_MISSPELT: Final = 0.25
"""The letters of a Korean word that nobody wrote any pair of, against the word: 결재 for 결제."""
_LATER: Final = 0.7
"""Of Korean words, each pair of letters tells less than the one before it: particles and endings stand behind."""
_RUN: Final = re.compile(
    rf"(?P<hangul>[{HANGUL}]+)|(?P<han>[{HAN}]+)|(?P<hiragana>[\u3041-\u3096\u309d-\u309f]+)|(?P<other>\S)"
)
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]+")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a question.

    Attributes:
        whole: the term that it is as a whole; None where words are not kept as such.
        pieces: its parts as terms, each with its share of the word.
        counts: what it counts beside its rarity; of a word that is kept as a whole, what its parts count beside it.
        letters: of a Korean word, as the pieces; they stand in where nobody wrote any pair of them.
    """

    whole: str | None
    pieces: tuple[tuple[str, float], ...]
    counts: float = 1.0
    letters: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word of a question, as it is held against texts.

    Attributes:
        weight: what it counts among the others.
        wholes: terms that are the word or stand in for it, each with what it then is met.
        pieces: terms that are parts of it, each with its share.
    """

    weight: float
    wholes: Mapping[str, float]
    pieces: tuple[tuple[str, float], ...]

    def met(self, there: Mapping[str, float]) -> float:
        """How much of the word some terms meet, from 0 to 1."""
        whole = max((share * there.get(term, 0.0) for term, share in self.wholes.items()), default=0.0)
        return min(1.0, max(whole, sum(share * there.get(term, 0.0) for term, share in self.pieces)))


class Fit:
    """A question, held against texts of an index.

    Args:
        index: of the texts.
        question: as it was typed.
        owners: of the texts that may be asked for.
        least: what they must meet of it.
    """

    def __init__(self, index: Index, question: str, owners: Collection[str], least: float) -> None:
        self._least = least
        self._index = index
        self._worths: dict[str, float] = {}
        words = _words(question)
        looked_up = [word.whole for word in words if word.whole is not None][:LOOKALIKES_OF]
        asked = [self._weighed(word, looked_up=word.whole in looked_up, typing=word is words[-1]) for word in words]
        self._said = {term: 1.0 for one in asked for term, _ in one.pieces}
        for one in asked:
            for term, share in one.wholes.items():
                self._said[term] = max(share, self._said.get(term, 0.0))
        there = index.weights_of(self._said, owners)
        shares = ((owner, _met(asked, weights)) for owner, weights in there.items())
        self._shares = {owner: share for owner, share in shares if share and share + _OF_TITLE >= least}

    @property
    def candidates(self) -> Collection[str]:
        """The owners that may meet enough, if their titles do: of others nothing has to be read."""
        return self._shares.keys()

    def of(self, owner: str, title: str = "") -> float:
        """How much of the question a text meets, from 0 to 1, and something besides where its title is what was asked.

        0 where it is less than the least.

        Args:
            owner: the text's.
            title: it has.
        """
        share = self._shares.get(owner)
        if share is None:
            return 0.0
        fits = share + _OF_TITLE * _met([self._weighed(word) for word in _words(title)], self._said)
        return fits if fits >= self._least else 0.0

    def _worth(self, term: str) -> float:
        known = self._worths.get(term)
        if known is None:
            known = self._worths[term] = self._index.worth(term)
        return known

    def _weighed(self, word: _Word, *, looked_up: bool = False, typing: bool = False) -> _Asked:
        if word.whole is None:
            return self._weighed_by_letters(word)
        weight, wholes = self._worth(word.whole), {word.whole: 1.0}
        alike = self._index.lookalikes(word.whole) if looked_up else ()
        for text, share in alike:
            begun = typing and text.startswith(word.whole)  # who has typed most of a last word means it
            wholes[text] = max(share, len(word.whole) / len(text)) if begun else share
        if alike and not self._index.frequency(word.whole):  # what was meant tells as much as it does spelt well
            weight = max(self._worth(text) for text, _ in alike)
        return _Asked(weight, wholes, self._shared(word.pieces, word.counts))

    def _weighed_by_letters(self, word: _Word) -> _Asked:
        weight = word.counts * max(share * self._worth(term) for term, share in word.pieces)
        if word.letters and not any(self._index.frequency(pair) for pair, _ in word.pieces):
            return _Asked(weight, {}, self._shared(word.letters, _OF_MISSPELT))
        return _Asked(weight, {}, self._shared(word.pieces, 1.0))

    def _shared(self, pieces: Iterable[tuple[str, float]], whole: float) -> tuple[tuple[str, float], ...]:
        """Pieces with what each is of a whole, by what they weigh."""
        weights = [(term, share * self._worth(term)) for term, share in pieces]
        together = sum(weight for _, weight in weights)
        return tuple((term, whole * weight / together) for term, weight in weights if weight)


def _met(asked: Collection[_Asked], there: Mapping[str, float]) -> float:
    total = sum(one.weight for one in asked)
    return sum(one.weight * one.met(there) for one in asked) / total if total else 0.0


@lru_cache(maxsize=4000)
def _words(text: str) -> tuple[_Word, ...]:
    """The words of a text that tell something."""
    folded = fold(text)
    runs: dict[int, list[Term]] = {}
    for term in terms(folded):
        runs.setdefault(term.run, []).append(term)
    found: list[_Word] = []
    for run in runs.values():
        first = run[0]
        if first.kind in {Kind.LETTER, Kind.PAIR}:
            found += _dense(folded[first.start : run[-1].end])
        elif not is_filler(first.text):
            parts = [term.text for term in run if term.kind is Kind.PART]
            code = any(letter.isdigit() or letter == "@" for letter in first.text)
            whole = first.text if first.kind is Kind.WORD else "".join(parts)
            found.append(_Word(whole, tuple((part, 1.0) for part in parts), _OF_CODE if code else _OF_COMPOUND))
    return tuple(found)


def _dense(run: str) -> Iterator[_Word]:
    """The words of a run of dense letters: between spaces, and where one script follows another."""
    for word in run.split():
        yield from _of_scripts(word)


def _of_scripts(word: str) -> Iterator[_Word]:
    at = 0
    while at < len(word):
        match = _KATAKANA.match(word, at) or _RUN.match(word, at)
        if match is None:
            return
        said, script, at = match[0], match.lastgroup, match.end()
        if is_filler(said):
            continue
        pairs = tuple("".join(pair) for pair in pairwise(said))
        if script == "hiragana":
            if pairs:
                yield _Word(None, tuple((pair, 1.0) for pair in pairs), _HIRAGANA)
        elif script == "hangul":
            letters = tuple((letter, _LATER**place) for place, letter in enumerate(said))
            yield _Word(
                None, tuple((pair, _LATER**place) for place, pair in enumerate(pairs)) or letters, letters=letters
            )
        elif pairs:
            yield _Word(None, tuple((pair, 1.0) for pair in pairs))
        else:
            following = said + word[at : at + 1]
            pieces = ((said, 1.0),) if following == said else ((said, 0.5), (following, 0.5))
            yield _Word(None, pieces, _ONE_LETTER)
