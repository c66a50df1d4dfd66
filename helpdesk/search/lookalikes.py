"""Words that may have been meant: what begins with what was typed, and what is one or two slips of the finger away."""

from collections.abc import Iterator, Sequence
from typing import Final

from helpdesk.search.segment import Segment

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789"
_SHORTEST_BEGINNING: Final = 3
_SHORTEST_MISSPELT: Final = 4
_SHORTEST_TWICE_MISSPELT: Final = 8
_LONGEST_MISSPELT: Final = 24
_LOOKED_AT: Final = 400
"""Words with the same beginning that are compared."""
_MOST: Final = 6
_WEIGHT_LONGER: Final = 0.5
_WEIGHT_ONE_SLIP: Final = 0.7
_WEIGHT_TWO_SLIPS: Final = 0.5


def lookalikes(word: str, segments: Sequence[Segment]) -> list[tuple[str, float]]:
    """Words of some segments that may stand in for a word, each with what it counts beside the word itself.

    Longer ones always (`invo`: `invoice`); misspelt ones only where nobody wrote the word as it was typed.
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
    near = sorted({text for text in _one_slip(word) if any(segment.find(text) is not None for segment in segments)})
    if near:
        return [(text, _WEIGHT_ONE_SLIP) for text in near[:_MOST]]
    if len(word) < _SHORTEST_TWICE_MISSPELT:
        return []
    far = {
        segment.terms[number]
        for segment in segments
        for number in segment.beginning(word[:2], 10 * _LOOKED_AT)
        if abs(len(segment.terms[number]) - len(word)) <= 2 and slips(word, segment.terms[number], 2) <= 2
    }
    return [(text, _WEIGHT_TWO_SLIPS) for text in sorted(far)[:_MOST]]


def _one_slip(word: str) -> Iterator[str]:
    """All texts that are one letter left out, doubled, wrong or swapped with its neighbour away."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


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
