"""What of a text is kept to find it by: letters and pairs of letters where words are not parted, words elsewhere.

Korean, Japanese and Chinese are kept as single letters and pairs of neighbours, across spaces too: so words of one and
two letters are found, inside longer ones as well, and neither particles nor spacing matter. Of all else words are kept;
product codes, versions and mail addresses both as a whole and in parts. Measured on labelled texts against
morphological analysers and embeddings; docs/search.md has the figures.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final

from helpdesk.search.text import DENSE, fold

LONGEST_TEXT: Final = 20_000
"""Letters of one text that are looked at: what comes behind them is a log or a listing."""
LONGEST_WORD: Final = 64
"""Anything longer is no word: a key, a line of base 64."""

_WORD: Final = f"[^\\W_{DENSE}]"
_TOKEN: Final = re.compile(
    rf"(?P<dense>[{DENSE}]+(?:[ \t]+[{DENSE}]+)*)"
    rf"|(?P<address>[a-z0-9][a-z0-9._%+-]{{0,63}}@[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*)"
    rf"|(?P<word>{_WORD}+(?:[-_.:/'\u2019]{_WORD}+)*)"
)
_SPACE: Final = re.compile(r"[ \t]+")
_PIECE: Final = re.compile(rf"{_WORD}+")
_SIDES: Final = re.compile(r"[0-9]+|[^\W0-9_]+")
_APOSTROPHE: Final = re.compile("['\u2019]")


class Kind(Enum):
    """What a term is of."""

    LETTER = "letter"  # one letter of a dense script
    PAIR = "pair"  # two neighbours
    WORD = "word"  # a word, or a whole code or address
    PART = "part"  # of a code or an address


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a text is found by.

    Attributes:
        text: as it is kept.
        kind: what it is of.
        start: where in the folded text it begins.
        end: where it ends.
        run: number of the word, or of the run of dense letters, that it belongs to, from 0.
    """

    text: str
    kind: Kind
    start: int
    end: int
    run: int


def terms(folded: str) -> Iterator[Term]:
    """The terms of a folded text, in order, repetitions included."""
    for number, match in enumerate(_TOKEN.finditer(folded[:LONGEST_TEXT])):
        if match.lastgroup == "dense":
            yield from _dense(match[0], match.start(), number)
        elif match.lastgroup == "address":
            yield from _address(match[0], match.start(), number)
        else:
            yield from _word(match[0], match.start(), number)


def count_terms(text: str) -> Counter[str]:
    """How often each term occurs in a text as it was written."""
    counted: Counter[str] = Counter()
    for match in _TOKEN.finditer(fold(text[:LONGEST_TEXT])):
        if match.lastgroup == "dense":  # the usual case without an object a letter
            letters = _SPACE.sub("", match[0])
            counted.update(letters)
            counted.update(map("".join, pairwise(letters)))
        elif match.lastgroup == "address":
            counted.update(term.text for term in _address(match[0], 0, 0))
        else:
            counted.update(term.text for term in _word(match[0], 0, 0))
    return counted


def _dense(run: str, start: int, number: int) -> Iterator[Term]:
    places = [(letter, start + at) for at, letter in enumerate(run) if letter not in " \t"]
    for index, (letter, at) in enumerate(places):
        yield Term(letter, Kind.LETTER, at, at + 1, number)
        if index + 1 < len(places):
            following, there = places[index + 1]
            yield Term(letter + following, Kind.PAIR, at, there + 1, number)


def _address(address: str, start: int, number: int) -> Iterator[Term]:
    address = address.rstrip(".-")
    end = start + len(address)
    if len(address) <= 2 * LONGEST_WORD:
        yield Term(address, Kind.WORD, start, end, number)
    local, _, domain = address.partition("@")
    yield from _parts(local, start, number)
    yield from _parts(domain, start + len(local) + 1, number)


def _parts(compound: str, start: int, number: int) -> Iterator[Term]:
    for piece in _PIECE.finditer(compound):
        if len(piece[0]) <= LONGEST_WORD:
            yield Term(stem(piece[0]), Kind.PART, start + piece.start(), start + piece.end(), number)


def _word(word: str, start: int, number: int) -> Iterator[Term]:
    """A word; of a compound also its parts, and of letters that meet digits both sides: `ab-1234`, `ab1234`, `ab 1234`."""
    pieces = _PIECE.findall(word)
    whole = "".join(pieces)
    if _APOSTROPHE.search(word) and len(pieces) == 2 and not any(letter.isdigit() for letter in whole):
        first = pieces[0] if pieces[1] in {"s", "t", "re", "ve", "ll", "d", "m"} else whole
        yield Term(stem(first), Kind.WORD, start, start + len(word), number)
        return
    if len(whole) <= LONGEST_WORD:
        yield Term(stem(whole), Kind.WORD, start, start + len(word), number)
    sides = [side for side in _SIDES.finditer(word) if len(side[0]) > 1]
    if len(sides) > 1 or (sides and len(sides[0][0]) < len(whole)):
        for side in sides:
            if len(side[0]) <= LONGEST_WORD:
                yield Term(stem(side[0]), Kind.PART, start + side.start(), start + side.end(), number)


def stem(word: str) -> str:
    """An English word without its plural's ending (Harman's S stemmer); everything else as it is.

    >>> [stem(word) for word in ("invoices", "queries", "status", "vpns", "プリンタ")]
    ['invoice', 'query', 'status', 'vpn', 'プリンタ']
    """
    if len(word) < 4 or not word.isascii() or not word.isalpha() or not word.endswith("s"):
        return word
    if word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if word.endswith(("us", "ss", "is")):
        return word
    return word[:-1]
