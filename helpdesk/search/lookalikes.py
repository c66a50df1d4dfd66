"""Words that may have been meant: what begins with what was typed, and what is one or two slips of the finger away."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from helpdesk.search.segment import Segment

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_SHORTEST_BEGINNING: Final = 3
_SHORTEST_MISSPELT: Final = 4
_SHORTEST_BEGUN_WRONG: Final = 6
"""Shorter words with another first letter are other words, not misspelt ones: `rent`, `sent`."""
_SHORTEST_TWICE_MISSPELT: Final = 8
_LONGEST_MISSPELT: Final = 24
_ENDINGS: Final = ("ing", "ed", "er", "ation", "ion", "ment", "able", "ly")
"""Of English words: nouns' plurals have been cut off before."""
_LOOKED_AT: Final = 400
"""Words with the same beginning that are compared."""
_MOST: Final = 6
_WEIGHT_LONGER: Final = 0.5
_WEIGHT_BASE: Final = 0.8
_WEIGHT_ONE_SLIP: Final = 0.7
_WEIGHT_TWO_SLIPS: Final = 0.5


def lookalikes(word: str, segments: Sequence[Segment]) -> list[tuple[str, float]]:
    """Words of some segments that may stand in for a word, each with what it counts beside the word itself.

    Longer ones always (`invo`: `invoice`); shorter and misspelt ones only where nobody wrote the word as it was typed.
    """
    if not word.isascii() or len(word) < _SHORTEST_BEGINNING:
        return []
    longer: dict[str, int] = {}
    for segment in segments:
        for number in segment.beginning(word, _LOOKED_AT):
            text = segment.terms[number]
            if text != word and text.isalnum():
                longer[text] = longer.get(text, 0) + segment.frequencies[number]
    found = [(text, _WEIGHT_LONGER) for text in sorted(longer, key=lambda text: (-longer[text], text))[:_MOST]]
    known = any(segment.find(word) is not None for segment in segments)
    if known or found or not _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT or not word.isalnum():
        return found
    return _misspelt(word, segments)


def _misspelt(word: str, segments: Sequence[Segment]) -> list[tuple[str, float]]:
    first = 0 if len(word) >= _SHORTEST_BEGUN_WRONG else 1
    bases = _known(_bases(word), segments)
    near = _known(_one_slip(word, first, _known_beginning(word, segments)), segments)
    if bases or near:
        others = [(text, _WEIGHT_ONE_SLIP) for text in near if text not in bases]
        return [*((text, _WEIGHT_BASE) for text in bases), *others][:_MOST]
    if len(word) < _SHORTEST_TWICE_MISSPELT:
        return []
    far = {
        segment.terms[number]
        for segment in segments
        for number in segment.beginning(word[:2], 10 * _LOOKED_AT)
        if abs(len(segment.terms[number]) - len(word)) <= 2 and slips(word, segment.terms[number], 2) <= 2
    }
    return [(text, _WEIGHT_TWO_SLIPS) for text in sorted(far)[:_MOST]]


def _bases(word: str) -> Iterator[str]:
    """What an English word may have been made from, or with: `jamming` of `jam`, `cancelation` of `cancel`, `moved` of `move`."""
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        if base == word or len(base) < _SHORTEST_BEGINNING:
            continue
        yield base
        yield f"{base}e"
        if base[-1] == base[-2]:
            yield base[:-1]


def _one_slip(word: str, first: int, last: int) -> Iterator[str]:
    """All texts that are one letter left out, doubled, wrong or swapped with its neighbour away, between two places."""
    for at in range(first, last + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def _known(texts: Iterable[str], segments: Sequence[Segment]) -> list[str]:
    return sorted({text for text in texts if any(segment.find(text) is not None for segment in segments)})


def _known_beginning(word: str, segments: Sequence[Segment]) -> int:
    """How many letters of a word some other begins with: behind those no single slip leads to a word that there is."""
    return next(
        (end - 1 for end in range(1, len(word) + 1) if not any(one.beginning(word[:end], 1) for one in segments)),
        len(word),
    )


def slips(one: str, other: str, most: int) -> int:
    """How many letters were left out, put in, mistaken or swapped between two words; `most` + 1 if it is more.

    >>> slips("recieve", "receive", 2)
    1
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row, last = row, [i], before
        for j, there in enumerate(other, 1):
            cost = min(row[j - 1] + 1, before[j] + 1, before[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
