"""Text as it is compared: width, case, accents and the way a letter is spelt in Unicode do not matter."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
KANA: Final = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
HAN: Final = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
DENSE: Final = HANGUL + KANA + HAN
"""Scripts whose words stand inside of words, or are not parted by spaces: one letter may be a word."""

_ACCENTED: Final = re.compile("[\u00c0-\u024f\u0370-\u0481\u1e00-\u1fff]")
_JOINS_WHAT_PRECEDES: Final = re.compile("[\u1160-\u11ff\u3099\u309a\uff9e\uff9f\uffa0-\uffdc]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and where each letter of it came from.

    Attributes:
        text: folded.
        starts: for each letter of it, where in the original the letter's source begins.
        ends: and where it ends.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold(text: str) -> str:
    """A text as it is compared.

    >>> fold("AB-12 Café ﾌﾟﾘﾝﾀ")
    'ab-12 cafe プリンタ'
    """
    if text.isascii():
        return text.lower()
    return _ACCENTED.sub(_without_accent, unicodedata.normalize("NFKC", text).casefold())


def _without_accent(letter: re.Match[str]) -> str:
    return unicodedata.normalize("NFD", letter[0])[0]


def fold_with_places(text: str) -> Folded:
    """A text as it is compared, with the way back to the original: what highlights are found with."""
    if all(_folds_alone(letter) for letter in set(text)):
        return Folded(fold(text), range(len(text)), range(1, len(text) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and (unicodedata.combining(text[end]) or _JOINS_WHAT_PRECEDES.match(text[end])):
            end += 1
        folded = fold(text[at:end])
        letters.append(folded)
        starts += [at] * len(folded)
        ends += [end] * len(folded)
        at = end
    return Folded("".join(letters), tuple(starts), tuple(ends))


@lru_cache(maxsize=20_000)
def _folds_alone(letter: str) -> bool:
    """Whether a letter becomes one letter, whatever stands before it."""
    joins = unicodedata.combining(letter) or _JOINS_WHAT_PRECEDES.match(letter)
    return not joins and len(fold(letter)) == 1
