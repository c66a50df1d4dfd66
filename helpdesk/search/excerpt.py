"""The piece of a text that shows why it was found, and the places in it to be marked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from helpdesk.kernel.text import clean_line
from helpdesk.search.lookalikes import slips
from helpdesk.search.text import fold, fold_with_places
from helpdesk.search.tokens import Kind, terms
from helpdesk.search.wanted import WantedTerm

LENGTH: Final = 160
"""Letters of an excerpt, about."""
LOOKED_AT: Final = 8000
"""Letters of a text in which a piece to show is looked for."""
_LOOKALIKES_OF: Final = 8
"""Words of a search whose lookalikes are marked."""
_BEFORE: Final = 40
"""Letters shown before the first that is marked."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text on one line.

    Attributes:
        ranges: what is to be marked: begin and end, counted in UTF-16 units as pages count letters, in order and apart.
    """

    text: str
    ranges: tuple[tuple[int, int], ...] = ()


def excerpt(text: str, wanted: Collection[WantedTerm], *, length: int = LENGTH) -> Excerpt:
    """The `length` letters of a text that have most of what is wanted."""
    line = clean_line(text[:LOOKED_AT])
    spans = _spans(line, wanted)
    start = _best_start(spans, length)
    begin = max(0, start - _BEFORE) if start + length - _BEFORE > length and len(line) > length else 0
    begin = min(begin, max(0, len(line) - length))
    begin = _word_start(line, begin)
    end = min(len(line), begin + length)
    shown = line[begin:end]
    before, after = "…" if begin else "", "…" if end < len(line) else ""
    ranges = [(a - begin, b - begin) for a, b, _ in spans if a >= begin and b <= end]
    text = before + shown + after
    return Excerpt(text, _in_units(text, [(a + len(before), b + len(before)) for a, b in _joined(ranges)]))


def mark(text: str, wanted: Collection[WantedTerm]) -> Excerpt:
    """All of a short text, with what is wanted marked."""
    return Excerpt(text, _in_units(text, _joined([(begin, end) for begin, end, _ in _spans(text, wanted)])))


def has_phrase(text: str, phrase: str) -> bool:
    """Whether a text has a phrase as it stands: width, case, accents and spacing do not matter, neighbours do.

    >>> has_phrase("프린터 드라이버를 다시", "드라이버 를")
    True
    """
    return _tight(phrase) in _tight(text)


def _tight(text: str) -> str:
    return "".join(fold(text).split())


def _spans(text: str, wanted: Collection[WantedTerm]) -> list[tuple[int, int, float]]:
    """Begin, end and weight of each place that has something of what is wanted."""
    folded = fold_with_places(text)
    weights = {term.text: term.weight for term in wanted if term.telling}
    words = tuple(term.text for term in wanted if term.word)[:_LOOKALIKES_OF]
    found = []
    for term in terms(folded.text):
        weight = weights.get(term.text) or (_nearly(term.text, words) if term.kind is Kind.WORD else 0.0)
        if weight:
            found.append((folded.starts[term.start], folded.ends[term.end - 1], weight))
    return found


@lru_cache(maxsize=20_000)
def _nearly(text: str, words: tuple[str, ...]) -> float:
    """What a word counts that only looks like one that is wanted."""
    for word in words:
        if len(word) >= 3 and text.startswith(word):
            return 0.5
        alike = len(word) >= 4 and abs(len(word) - len(text)) <= 1 and (text[0] == word[0] or text[-1] == word[-1])
        if alike and slips(word, text, 1) <= 1:
            return 0.5
    return 0.0


def _best_start(spans: Sequence[tuple[int, int, float]], length: int) -> int:
    """Where to begin so that most is in sight; the earliest of equally good places."""
    best, best_at = 0.0, 0
    first, inside = 0, 0.0
    for begin, end, weight in spans:
        inside += weight
        while end - spans[first][0] > length - _BEFORE and spans[first][0] < begin:
            inside -= spans[first][2]
            first += 1
        if inside > best + 1e-9:
            best, best_at = inside, spans[first][0]
    return best_at


def _word_start(line: str, begin: int) -> int:
    """The next beginning of a word, if one is near."""
    if begin == 0:
        return 0
    space = line.find(" ", begin, begin + 20)
    return space + 1 if space >= 0 else begin


def _joined(ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same places without overlaps: neighbours become one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(ranges):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _in_units(text: str, ranges: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Places in UTF-16 units: letters beyond the first plane count twice."""
    if text.isascii() or max(text, default="") <= "\uffff":
        return tuple(ranges)
    units = [0]
    for letter in text:
        units.append(units[-1] + (2 if letter > "\uffff" else 1))
    return tuple((units[begin], units[end]) for begin, end in ranges)
