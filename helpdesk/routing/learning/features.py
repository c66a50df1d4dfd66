"""What the learned triage sees of a text: hashed words, runs of letters, Korean letters below the syllable, endings.

A feature is a 32-bit hash, never the word itself: a model that leaves the desk tells nobody's words. Features come in
blocks (words, pairs of words, letters, jamo, ends), each of length one, so that no block drowns another; what each block weighs is
decided in training by cross-validation.
"""

import math
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

MAX_CHARACTERS: Final = 1_500
"""A text's beginning that is looked at: subject and first screen say what a ticket is about, and time stays bounded."""

BLOCKS: Final = ("words", "pairs", "letters", "jamo", "ends")
FEATURES_VERSION: Final = 1
"""Raised with every change of what is hashed: a model of another version is not used."""

_SPACES: Final = re.compile(r"\s+")
_LONG_NUMBER: Final = re.compile(r"\d{5,}")
# Words by script: Japanese has no spaces, so its kanji, hiragana and katakana runs stand in for words. Marks and signs
# are words too: question marks and "ㅠㅠ" say something.
_WORD: Final = re.compile(
    r"[\u4e00-\u9fff\u3400-\u4dbf\u3005]+|[\u3040-\u309f]+|[\u30a0-\u30ff\uff66-\uff9f]+|"
    r"[^\W\u3040-\u30ff\u4e00-\u9fff\u3400-\u4dbf\u3005\uff66-\uff9f]+|[^\w\s]+"
)
_SENTENCE: Final = re.compile(r"(?<=[.!?。！？…\n])\s*")  # noqa: RUF001 - full-width marks are meant
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\u3400-\u4dbf\u0e00-\u0e7f]")

_WORDS, _PAIRS, _LETTERS, _JAMO, _ENDS = (seed << 24 for seed in (1, 2, 3, 4, 5))
_LATIN_RUNS: Final = (2, 5)
_DENSE_RUNS: Final = (1, 4)  # a Korean, Chinese or Japanese character carries what two or three letters do elsewhere
_JAMO_RUNS: Final = (2, 5)
_LONGEST_END: Final = 8

type Blocks = tuple[dict[int, float], ...]
"""One mapping of hash to weight in the text for each of `BLOCKS`, each of Euclidean length one (or empty)."""


def normal(text: str) -> str:
    """The text as it is looked at: composed, folded, numbers of five digits or more made alike, the beginning only."""
    text = unicodedata.normalize("NFC", text[: 2 * MAX_CHARACTERS]).casefold()[:MAX_CHARACTERS]
    return _LONG_NUMBER.sub("00000", text)


def words(text: str) -> list[str]:
    """The words of a normalised text, in order: by script where there are no spaces, marks as words of their own."""
    return _WORD.findall(text)


def blocks(text: str) -> Blocks:
    """The hashed features of a text.

    Args:
        text: as people wrote it, of any length, the empty one included.
    """
    text = normal(text)
    line = _SPACES.sub(" ", text).strip()
    letters: Counter[int] = Counter()
    jamo: Counter[int] = Counter()
    for chunk in line.split(" "):
        letters.update(_letters_of(chunk))
        if _HANGUL.search(chunk):
            jamo.update(_jamo_of(chunk))
    sequence = words(line)
    single = Counter(_hash(_WORDS, word) for word in sequence)
    pairs = Counter(_hash(_PAIRS, word) for word in sequence)  # a word alone counts here too: as the usual 1-2-grams
    pairs.update(_hash(_PAIRS, f"{before} {after}") for before, after in pairwise(("^", *sequence, "$")))
    return (_unit(single), _unit(pairs), _unit(letters), _unit(jamo), _unit(_ends_of(text)))


def by_word(text: str) -> list[tuple[str, list[int]]]:
    """The features that each distinct word of a text contributes: what tells which words decided.

    Returns:
        Words as a reader would recognise them, in order of appearance, with hashes. Pairs of words count for both.
    """
    line = _SPACES.sub(" ", normal(text)).strip()
    found: dict[str, list[int]] = {}
    for chunk in line.split(" "):
        parts = words(chunk)
        for part in parts:
            hashes = found.setdefault(part, [])
            if not hashes:
                hashes.extend((_hash(_WORDS, part), _hash(_PAIRS, part)))
                hashes.extend(_letters_of(part))
                if _HANGUL.search(part):
                    hashes.extend(_jamo_of(part))
    sequence = words(line)
    for before, after in pairwise(sequence):
        pair = _hash(_PAIRS, f"{before} {after}")
        found[before].append(pair)
        found[after].append(pair)
    return list(found.items())


@lru_cache(maxsize=8192)
def _letters_of(chunk: str) -> tuple[int, ...]:
    dense = _HANGUL.search(chunk) or _UNSPACED.search(chunk)
    return tuple(_runs(_LETTERS, f" {chunk} ", *(_DENSE_RUNS if dense else _LATIN_RUNS)))


@lru_cache(maxsize=8192)
def _jamo_of(chunk: str) -> tuple[int, ...]:
    return tuple(_runs(_JAMO, unicodedata.normalize("NFD", f" {chunk} "), *_JAMO_RUNS))


def _runs(seed: int, text: str, shortest: int, longest: int) -> list[int]:
    """Hashes of all runs of so many characters; a text shorter than a run is one run."""
    raw = text.encode("utf-16-le", "surrogatepass")
    end = len(raw)
    found: list[int] = []
    for size in range(2 * shortest, 2 * longest + 1, 2):
        if size >= end:
            found.append(crc32(raw, seed))
            break
        found += [crc32(raw[start : start + size], seed) for start in range(0, end - size + 1, 2)]
    return found


def _ends_of(text: str) -> Counter[int]:
    """How sentences end, letter by letter: in Korean and Japanese that is where a request differs from a remark."""
    counts: Counter[int] = Counter()
    for sentence in _SENTENCE.split(text):
        tail = sentence.strip()[-_LONGEST_END:]
        if _HANGUL.search(tail):
            tail = unicodedata.normalize("NFD", tail)
        for size in range(1, min(_LONGEST_END, len(tail)) + 1):
            counts[_hash(_ENDS, tail[-size:])] += 1
    return counts


def _hash(seed: int, text: str) -> int:
    return crc32(text.encode("utf-16-le", "surrogatepass"), seed)


def _unit(counts: Counter[int]) -> dict[int, float]:
    """Counts dampened by their logarithm and brought to length one."""
    weights = {key: 1.0 + math.log(count) if count > 1 else 1.0 for key, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {key: weight / length for key, weight in weights.items()} if length else {}
