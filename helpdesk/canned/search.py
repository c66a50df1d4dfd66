"""Finding a template by what comes to mind: beginnings of words, in Korean also first consonants, kana of either kind."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from helpdesk.kernel.text import clean

_CONSONANTS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE, _LAST_SYLLABLE, _SYLLABLES_A_CONSONANT = 0xAC00, 0xD7A3, 588
_KATAKANA: Final = re.compile("[\u30a1-\u30f6]+")
_TO_HIRAGANA: Final = {katakana: katakana - 0x60 for katakana in range(0x30A1, 0x30F7)}

SEARCHED: Final = 1000
"""Characters of each text that are searched: what a response is about stands at its beginning."""

_TITLE_IS, _TITLE_BEGINS, _TITLE_WORD, _TITLE_HAS, _CONSONANTS_BEGIN, _CONSONANTS_HAVE, _FOLDER, _TEXT = (
    100, 60, 50, 30, 40, 25, 15, 5,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a template is searched, folded."""

    title: str
    words: tuple[str, ...]
    consonants: str
    folder: str
    text: str


def fold(text: str) -> str:
    """A text as it is compared: width, case and kind of kana do not matter.

    >>> fold("ﾍﾝｷﾝ ABC") == fold("へんきん abc")
    True
    """
    folded = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return _KATAKANA.sub(lambda found: found[0].translate(_TO_HIRAGANA), folded)


def consonants(text: str) -> str:
    """The first consonant of each Korean syllable; all else as it is.

    >>> consonants("환불 안내")
    'ㅎㅂ ㅇㄴ'
    """
    return "".join(
        _CONSONANTS[(ord(letter) - _FIRST_SYLLABLE) // _SYLLABLES_A_CONSONANT]
        if _FIRST_SYLLABLE <= ord(letter) <= _LAST_SYLLABLE
        else letter
        for letter in text
    )


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, folded as entries are."""
    # NFKC makes conjoining letters of the consonants a Korean keyboard gives; those words are compared as they came.
    words = clean(query).split()
    return tuple(word if all(letter in _CONSONANTS for letter in word) else fold(word) for word in words)


def entry_of(title: str, folder: str, texts: Sequence[str]) -> Entry:
    """What of a template is searched."""
    folded = fold(clean(title))
    return Entry(
        folded,
        tuple(folded.split()),
        consonants(folded),
        fold(clean(folder)),
        fold("\n".join(text[:SEARCHED] for text in texts)),
    )


def score(entry: Entry, words: Sequence[str]) -> int:
    """How well an entry fits: 0 if any word of the query is nowhere in it; without words all fit alike."""
    if not words:
        return 1
    scores = [_score(entry, word) for word in words]
    if not all(scores):
        return 0
    return sum(scores) + (_TITLE_IS if entry.title == " ".join(words) else 0)


def _score(entry: Entry, word: str) -> int:
    if all(letter in _CONSONANTS for letter in word):
        if entry.consonants.startswith(word):
            return _CONSONANTS_BEGIN
        return _CONSONANTS_HAVE if word in entry.consonants.replace(" ", "") else 0
    places = (
        (_TITLE_BEGINS, entry.title.startswith(word)),
        (_TITLE_WORD, any(one.startswith(word) for one in entry.words)),
        (_TITLE_HAS, word in entry.title),
        (_FOLDER, word in entry.folder),
        (_TEXT, word in entry.text),
    )
    return next((points for points, found in places if found), 0)
