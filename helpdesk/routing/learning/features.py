"""What the learned triage sees of a text: hashed words, runs of letters, Korean letters below the syllable, endings.

A feature is a 32-bit hash, never the word itself: a model that leaves the desk tells nobody's words. Features come in
blocks (words, pairs of words, letters, jamo, ends), each of length one, so that no block drowns another; what each block weighs is
decided in training by cross-validation.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise, repeat
from typing import Final
from zlib import crc32

MAX_CHARACTERS: Final = 1_000
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

type Block = tuple[tuple[float, tuple[int, ...]], ...]
"""Weights in the text, and the hashes that have each: most occur once, so that few weights go for thousands of hashes."""
type Blocks = tuple[Block, ...]
"""One of each of `BLOCKS`, each of Euclidean length one (or empty)."""


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
    letters: list[int] = []
    jamo: list[int] = []
    for chunk in line.split(" "):
        letters += _letters_of(chunk)
        if _HANGUL.search(chunk):
            jamo += _jamo_of(chunk)
    sequence = [_raw(word) for word in words(line)]
    single = list(map(crc32, sequence, repeat(_WORDS)))
    alone = list(map(crc32, sequence, repeat(_PAIRS)))  # a word alone counts here too: as the usual 1-2-grams
    begun = list(map(crc32, repeat(_SPACE), (crc32(_START, _PAIRS), *alone)))
    pairs = [*alone, *map(crc32, (*sequence, _END), begun)]
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


def forget_words() -> None:
    """Forgets the runs of words that were looked at, as a new container has not seen any."""
    _letters_of.cache_clear()
    _jamo_of.cache_clear()


def _runs(seed: int, text: str, shortest: int, longest: int) -> list[int]:
    """Hashes of all runs of so many characters; a text shorter than a run is one run.

    A run's hash is that of the run without its last character, taken on by it.
    """
    raw = _raw(text)
    characters = [raw[start : start + 2] for start in range(0, len(raw), 2)]
    if len(characters) <= shortest:
        return [crc32(raw, seed)]
    found: list[int] = []
    runs: Iterable[int] = repeat(seed)
    for size in range(1, min(longest, len(characters)) + 1):
        runs = list(map(crc32, characters[size - 1 :], runs))
        if size >= shortest:
            found += runs
    return found


def _ends_of(text: str) -> list[int]:
    """How sentences end, letter by letter: in Korean and Japanese that is where a request differs from a remark."""
    found: list[int] = []
    for sentence in _SENTENCE.split(text):
        tail = sentence.strip()[-_LONGEST_END:]
        if _HANGUL.search(tail):
            tail = unicodedata.normalize("NFD", tail)
        found += [_hash(_ENDS, tail[-size:]) for size in range(1, min(_LONGEST_END, len(tail)) + 1)]
    return found


def _raw(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _hash(seed: int, text: str) -> int:
    return crc32(_raw(text), seed)


_SPACE, _START, _END = _raw(" "), _raw("^"), _raw("$")


def _unit(hashes: list[int]) -> Block:
    """Counts dampened by their logarithm and brought to length one."""
    counts = Counter(hashes)
    if not counts:
        return ()
    groups: dict[int, list[int]] = {1: (once := [])}
    for hash_, count in counts.items():
        if count == 1:
            once.append(hash_)
        else:
            groups.setdefault(count, []).append(hash_)
    weights = {count: 1.0 + math.log(count) for count in groups}
    length = math.sqrt(sum(len(group) * weights[count] ** 2 for count, group in groups.items()))
    return tuple((weights[count] / length, tuple(group)) for count, group in groups.items() if group)


def weights_in(block: Block) -> dict[int, float]:
    """What each hash of a block weighs in the text."""
    return {hash_: weight for weight, hashes in block for hash_ in hashes}
