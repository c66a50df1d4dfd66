"""A segment: some texts' terms as one block of bytes that is written once, read in place, and merged with others.

Layout: eight bytes of magic and version, a header of counts, then columns. Names and terms are compressed text, one a
line; numbers are little-endian arrays; each term's postings are the gaps between the numbers of its texts, in the
narrowest of three widths, or one byte a text where a term is in more than a quarter of them.
"""

import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge as merge_sorted
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import Final, Literal

_MAGIC: Final = b"HDSEARC1"
_HEADER: Final = struct.Struct("<IIIIIIII")  # texts, owners, terms, tokens, and the lengths of four compressed columns
_DENSE_FROM: Final = 4
"""A term in more than one of so many texts has a byte a text."""
_MOST_OFTEN: Final = 255
_LEVEL: Final = 6

_DENSE: Final = 3
_WIDTHS: Final[tuple[Literal["B", "H", "I"], ...]] = ("B", "H", "I")
_REPEATED: Final = 0x10
"""Flag of a list in which some terms occur more than once: their places and counts follow."""

FORGOTTEN: Final = 2**32 - 1
"""The version of a text that shall never be found again, whatever comes later."""


class BadSegment(ValueError):
    """Bytes that are no segment, or not all of one."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it is kept.

    Attributes:
        owner: id of what is found: a ticket, an article.
        part: which text of it; empty for what describes all of it.
        version: of two texts of one owner and part the higher counts; equal ones are the same.
        counts: how often each term occurs; empty: the text is to be found no more.
    """

    owner: str
    part: str
    version: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term occurs in a segment.

    Attributes:
        texts: numbers of the texts, ascending.
        repeated: how often, by the number of the text, where it is more than once.
    """

    texts: Sequence[int]
    repeated: Mapping[int, int]


class Segment:
    """Reads a segment's bytes.

    Args:
        data: what `build` or `merge` made.

    Raises:
        BadSegment: it is none.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        view = memoryview(data)
        if len(view) < len(_MAGIC) + _HEADER.size or bytes(view[: len(_MAGIC)]) != _MAGIC:
            raise BadSegment("not a segment, or of another version")
        self._size = len(view)
        texts, owners, terms, self.tokens, *lengths = _HEADER.unpack_from(view, len(_MAGIC))
        at = len(_MAGIC) + _HEADER.size
        columns = []
        for length in lengths:
            columns.append(view[at : at + length])
            at += length
        try:
            names = [zlib.decompress(column) for column in columns]
        except zlib.error as error:
            raise BadSegment("a column is broken") from error
        self.owners = _lines(names[0], owners)
        self.parts = _lines(names[1], texts)
        self.terms = _lines(names[2], terms)
        numbers = memoryview(names[3])
        self.owner_of, numbers = _numbers(numbers, texts)
        self.versions, numbers = _numbers(numbers, texts)
        self.lengths, numbers = _numbers(numbers, texts)
        self.frequencies, numbers = _numbers(numbers, terms)
        sizes, _ = _numbers(numbers, terms)
        self._offsets = array("I", accumulate(sizes, initial=0))
        self._postings = view[at : at + self._offsets[-1]]
        if len(self._postings) != self._offsets[-1]:
            raise BadSegment("the end is missing")

    @property
    def size(self) -> int:
        """Bytes."""
        return self._size

    def __len__(self) -> int:
        return len(self.parts)

    @property
    def keys(self) -> list[str]:
        """What each text is known by: its owner and part."""
        owners = self.owners
        return [f"{owners[owner]}/{part}" for owner, part in zip(self.owner_of, self.parts, strict=True)]

    def find(self, term: str) -> int | None:
        """The number of a term; None: it does not occur."""
        at = bisect_left(self.terms, term)
        return at if at < len(self.terms) and self.terms[at] == term else None

    def beginning(self, prefix: str, most: int) -> list[int]:
        """Numbers of the first `most` terms that begin so."""
        start = bisect_left(self.terms, prefix)
        found = []
        for at in range(start, min(start + most, len(self.terms))):
            if not self.terms[at].startswith(prefix):
                break
            found.append(at)
        return found

    def is_dense(self, term: int) -> bool:
        """Whether a term's postings are a byte a text."""
        return self._postings[self._offsets[term]] == _DENSE

    def counts(self, term: int) -> memoryview:
        """How often a dense term occurs in each text, 0 where it does not."""
        start = self._offsets[term] + 1
        return self._postings[start : start + len(self)]

    def postings(self, term: int) -> Postings:
        """Where a term occurs."""
        if self.is_dense(term):
            counts = self.counts(term)
            texts = array("I", [text for text, count in enumerate(counts) if count])
            return Postings(texts, {text: counts[text] for text in texts if counts[text] > 1})
        at = self._offsets[term]
        kind = self._postings[at]
        gaps = array(_WIDTHS[kind & 0x0F])
        end = at + 1 + self.frequencies[term] * gaps.itemsize
        gaps.frombytes(self._postings[at + 1 : end])
        found = array("I", accumulate(gaps))
        if not kind & _REPEATED:
            return Postings(found, {})
        rest = self._postings[end : self._offsets[term + 1]]
        places = array("I")
        places.frombytes(rest[: len(rest) // 5 * 4])
        return Postings(
            found, {found[place]: count for place, count in zip(places, rest[len(rest) // 5 * 4 :], strict=True)}
        )


def _lines(blob: bytes, count: int) -> list[str]:
    lines = blob.decode().split("\n") if count else []
    if len(lines) != count:
        raise BadSegment("a column has another length than was said")
    return lines


def _numbers(view: memoryview, count: int) -> tuple["array[int]", memoryview]:
    numbers = array("I")
    numbers.frombytes(view[: 4 * count])
    if len(numbers) != count:
        raise BadSegment("a column has another length than was said")
    return numbers, view[4 * count :]


# --- writing ---------------------------------------------------------------------------------------------------------


def build(texts: Iterable[Text]) -> bytes:
    """A segment of some texts; of several of one owner and part the last of the highest version."""
    chosen: dict[tuple[str, str], Text] = {}
    for text in texts:
        known = chosen.get((text.owner, text.part))
        if known is None or known.version <= text.version:
            chosen[text.owner, text.part] = text
    ordered = [chosen[key] for key in sorted(chosen)]
    postings: dict[str, list[tuple[int, int]]] = {}
    for number, text in enumerate(ordered):
        for term, count in text.counts.items():
            postings.setdefault(term, []).append((number, count))
    return _write(
        [(text.owner, text.part, text.version, sum(text.counts.values())) for text in ordered],
        ((term, postings[term]) for term in sorted(postings)),
    )


def merge(segments: Sequence[Segment], *, alive: Sequence[Sequence[bool]], keep_empty: bool = True) -> bytes:
    """One segment of several.

    Args:
        segments: at least one.
        alive: for each segment, which of its texts count; the others are left out.
        keep_empty: also those texts stay that hide older ones elsewhere; False where there is no elsewhere.
    """
    rows = []
    for index, segment in enumerate(segments):
        owners = segment.owners
        for number, (counts, length) in enumerate(zip(alive[index], segment.lengths, strict=True)):
            if counts and (length or keep_empty):
                key = (owners[segment.owner_of[number]], segment.parts[number])
                rows.append((key, index, number))
    rows.sort()
    renumbered: list[list[int]] = [[-1] * len(segment) for segment in segments]
    for new, (_, index, number) in enumerate(rows):
        renumbered[index][number] = new
    described = [
        (*key, segments[index].versions[number], segments[index].lengths[number]) for key, index, number in rows
    ]
    return _write(described, _merged_postings(segments, renumbered))


def _merged_postings(
    segments: Sequence[Segment], renumbered: Sequence[Sequence[int]]
) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    streams = (_numbered(segment, index) for index, segment in enumerate(segments))
    for term, same in groupby(merge_sorted(*streams), key=itemgetter(0)):
        found: list[tuple[int, int]] = []
        for _, index, number in same:
            postings, new = segments[index].postings(number), renumbered[index]
            times = postings.repeated
            found += [(new[text], times.get(text, 1)) for text in postings.texts if new[text] >= 0]
        if found:
            found.sort()
            yield term, found


def _numbered(segment: Segment, index: int) -> Iterator[tuple[str, int, int]]:
    """A segment's terms in order, each with the segment's number and its own."""
    return ((term, index, number) for number, term in enumerate(segment.terms))


def _write(
    rows: Sequence[tuple[str, str, int, int]], postings: Iterable[tuple[str, Sequence[tuple[int, int]]]]
) -> bytes:
    owners = sorted({row[0] for row in rows})
    place = {owner: number for number, owner in enumerate(owners)}
    terms: list[str] = []
    frequencies, sizes = array("I"), array("I")
    blocks: list[bytes] = []
    for term, found in postings:
        block = _encode(found, len(rows))
        terms.append(term)
        frequencies.append(len(found))
        sizes.append(len(block))
        blocks.append(block)
    numbers = b"".join(
        (
            array("I", [place[row[0]] for row in rows]).tobytes(),
            array("I", [row[2] for row in rows]).tobytes(),
            array("I", [row[3] for row in rows]).tobytes(),
            frequencies.tobytes(),
            sizes.tobytes(),
        )
    )
    names = ("\n".join(owners), "\n".join(row[1] for row in rows), "\n".join(terms))
    columns = [zlib.compress(name.encode(), _LEVEL) for name in names] + [zlib.compress(numbers, _LEVEL)]
    tokens = sum(row[3] for row in rows)
    header = _HEADER.pack(len(rows), len(owners), len(terms), tokens, *(len(column) for column in columns))
    return b"".join((_MAGIC, header, *columns, *blocks))


def _encode(found: Sequence[tuple[int, int]], texts: int) -> bytes:
    """A term's postings, from pairs of a text's number and how often it occurs there."""
    if len(found) * _DENSE_FROM > texts > 64:
        counts = bytearray(texts)
        for text, count in found:
            counts[text] = min(count, _MOST_OFTEN)
        return bytes((_DENSE,)) + bytes(counts)
    numbers = [text for text, _ in found]
    gaps = [numbers[0], *(later - earlier for earlier, later in pairwise(numbers))]
    widest = max(gaps)
    width = 0 if widest < 256 else 1 if widest < 65_536 else 2
    repeated = [(place, min(count, _MOST_OFTEN)) for place, (_, count) in enumerate(found) if count > 1]
    block = bytes((width | (_REPEATED if repeated else 0),)) + array(_WIDTHS[width], gaps).tobytes()
    if repeated:
        block += array("I", [place for place, _ in repeated]).tobytes() + bytes(count for _, count in repeated)
    return block
