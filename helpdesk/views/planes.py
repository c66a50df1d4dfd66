"""Columns as planes of bits: a Python int holds one bit of every ticket's value, so one operation asks all tickets.

A value of w bits lies in w planes; the ticket in slot s has bit s of each. "Is", "before" and "the first fifty" are then a
few operations a plane (bit-sliced indexes, O'Neil and Quass 1997), at a hundred thousand tickets some microseconds each,
and a plane is written to a file and read from it as it lies. Slots are only ever added: what is said of one stays true, and
that it does not count any more is said in one place, by whoever asks (`candidates`).
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from helpdesk.conditions.fields import Cell

_DIGITS: Final = [bytes(0x30 + (value >> bit & 1) for value in range(256)) for bit in range(8)]
"""Tables that make each byte the digit of one of its bits."""
_PLACES: Final = [tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256)]
INSTANT_BITS: Final = 48
"""Of an order by instants or numbers: until the year 10,000."""
WORD_BITS: Final = 6
"""Of an order by words that are known beforehand."""


def planes_of(values: Sequence[int]) -> list[int]:
    """Whole numbers from 0 on as planes: of each bit one int, in which bit s is the s-th value's."""
    if not values:
        return []
    raw = array("Q", values)
    if sys.byteorder == "big":
        raw.byteswap()
    turned = raw.tobytes()[::-1]  # the last value first, its highest byte first
    width = max(values).bit_length()
    return [int(turned[7 - bit // 8 :: 8].translate(_DIGITS[bit % 8]), 2) for bit in range(width)]


def bits_of(slots: Iterable[int], size: int) -> int:
    """An int with these bits set; `size` is more than the highest."""
    found = bytearray(size // 8 + 1)
    for slot in slots:
        found[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(found, "little")


def slots_of(bits: int) -> list[int]:
    """The places of the bits that are set, in order."""
    found: list[int] = []
    if not bits:
        return found
    base = 0
    for byte in bits.to_bytes((bits.bit_length() + 7) // 8, "little"):
        if byte:
            found += [base + bit for bit in _PLACES[byte]]
        base += 8
    return found


class Planes:
    """Whole numbers of tickets, from 0 on."""

    def __init__(self, planes: list[int] | None = None) -> None:
        self.planes = planes if planes is not None else []

    def extend(self, base: int, values: Sequence[int]) -> None:
        """Adds the values of the slots from `base` on."""
        for bit, plane in enumerate(planes_of(values)):
            if bit == len(self.planes):
                self.planes.append(0)
            if plane:
                self.planes[bit] |= plane << base

    def equal(self, candidates: int, value: int) -> int:
        """Which candidates have a value."""
        if value >> len(self.planes):
            return 0
        for bit, plane in enumerate(self.planes):
            ones = candidates & plane
            candidates = ones if value >> bit & 1 else candidates ^ ones
        return candidates

    def at_most(self, candidates: int, most: int) -> int:
        """Which candidates have a value up to this one."""
        if most < 0:
            return 0
        if most >> len(self.planes):
            return candidates
        less = 0
        for bit in range(len(self.planes) - 1, -1, -1):
            ones = candidates & self.planes[bit]
            if most >> bit & 1:
                less |= candidates ^ ones
                candidates = ones
            else:
                candidates ^= ones
        return less | candidates

    def at_least(self, candidates: int, least: int) -> int:
        """Which candidates have a value from this one on."""
        return candidates ^ self.at_most(candidates, least - 1)

    def padded(self, width: int) -> list[int]:
        """The planes from the highest down, as many as are wanted."""
        found = self.planes[:width]
        return [0] * (width - len(found)) + found[::-1]


class Words:
    """A column of words: each has a number, nothing has 0.

    Args:
        known: words that are numbered first, in their natural order.
    """

    def __init__(self, known: Sequence[str] = (), planes: list[int] | None = None) -> None:
        self.words: list[str] = ["", *known]
        self._numbers = {word: number for number, word in enumerate(self.words)}
        self.codes = Planes(planes)

    def extend(self, base: int, cells: Sequence[Cell]) -> None:
        """Adds the words of the slots from `base` on."""
        numbers = []
        for cell in cells:
            word = str(cell or "")
            number = self._numbers.get(word)
            if number is None:
                number = self._numbers[word] = len(self.words)
                self.words.append(word)
            numbers.append(number)
        self.codes.extend(base, numbers)

    def among(self, candidates: int, words: Iterable[str]) -> int:
        """Which candidates have one of these words."""
        found = 0
        for word in words:
            number = self._numbers.get(word)
            if number is not None:
                found |= self.codes.equal(candidates, number)
        return found

    def order(self, *, descending: bool) -> "list[Level]":
        """What sorts by it: what has a word comes first."""
        something = 0
        for plane in self.codes.planes:
            something |= plane
        return [(something, True), *((plane, descending) for plane in self.codes.padded(WORD_BITS))]


class Numbers:
    """A column of whole numbers, such as instants, or nothing."""

    def __init__(self, there: int = 0, planes: list[int] | None = None) -> None:
        self.there = there
        self.values = Planes(planes)

    def extend(self, base: int, cells: Sequence[Cell]) -> None:
        """Adds the numbers of the slots from `base` on."""
        known = [isinstance(cell, int) for cell in cells]
        for plane in planes_of(known):
            self.there |= plane << base
        self.values.extend(base, [max(cell, 0) if isinstance(cell, int) else 0 for cell in cells])

    def span(self, candidates: int, low: int | None, high: int | None) -> int:
        """Which candidates have a number in this span."""
        found = candidates & self.there
        if low is not None:
            found = self.values.at_least(found, low)
        return self.values.at_most(found, high) if high is not None else found

    def order(self, *, descending: bool) -> "list[Level]":
        """What sorts by it: what has a number comes first."""
        return [(self.there, True), *((plane, descending) for plane in self.values.padded(INSTANT_BITS))]


class Labels:
    """A column of several words a ticket: of each word the slots that have it."""

    def __init__(self, postings: Mapping[str, "array[int]"] | None = None) -> None:
        self.postings: dict[str, array[int]] = dict(postings or {})
        self._bits: dict[str, tuple[int, int]] = {}
        self._any = (0, 0)
        self._labelled: array[int] = array("I", sorted({slot for one in self.postings.values() for slot in one}))

    def extend(self, base: int, cells: Sequence[Cell]) -> None:
        """Adds the words of the slots from `base` on."""
        for place, cell in enumerate(cells):
            if not cell or not isinstance(cell, tuple):
                continue
            self._labelled.append(base + place)
            for word in dict.fromkeys(cell):
                slots = self.postings.get(word)
                if slots is None:
                    slots = self.postings[word] = array("I")
                slots.append(base + place)

    def among(self, candidates: int, words: Iterable[str]) -> int:
        """Which candidates have one of these words; the empty one stands for none at all."""
        found = 0
        for word in words:
            if word == "":
                found |= candidates ^ (candidates & self._something())
            elif word in self.postings:
                found |= candidates & self._with(word)
        return found

    def where(self, candidates: int, holds: Callable[[str], bool]) -> int:
        """Which candidates have a word of which something holds."""
        found = 0
        few: list[int] = []
        for word, slots in self.postings.items():
            if holds(word):
                if len(slots) > _FEW:
                    found |= self._with(word)
                else:
                    few += slots
        if few:
            found |= bits_of(few, max(few) + 1)
        return candidates & found

    def _with(self, word: str) -> int:
        slots = self.postings[word]
        bits, known = self._bits.get(word, (0, 0))
        if known < len(slots):
            bits |= bits_of(slots[known:], slots[-1] + 1)
            if len(slots) > _FEW:
                self._bits[word] = (bits, len(slots))
        return bits

    def _something(self) -> int:
        bits, known = self._any
        if known < len(self._labelled):
            bits |= bits_of(self._labelled[known:], self._labelled[-1] + 1)
            self._any = (bits, len(self._labelled))
        return bits


_FEW: Final = 64
"""Slots that are not worth a plane in memory."""

type Level = tuple[int, bool]
"""One step of an order: a plane, and whether its ones come first."""


def first(candidates: int, levels: Sequence[Level], most: int) -> int:
    """The first candidates in an order, so many of them at most: a few operations a plane, however many there are."""
    chosen = 0
    for plane, ones_first in levels:
        if not most or candidates.bit_count() <= most:
            break
        ones = candidates & plane
        early = ones if ones_first else candidates ^ ones
        count = early.bit_count()
        if count > most:
            candidates = early
        else:
            chosen |= early
            candidates ^= early
            most -= count
    return chosen | candidates if candidates.bit_count() <= most else chosen


def behind(candidates: int, levels: Sequence[Level], key: int) -> int:
    """Which candidates come after a place in an order, given as `keys_of` tells it."""
    later = 0
    for place, (plane, ones_first) in enumerate(levels):
        ones = candidates & plane
        early = ones if ones_first else candidates ^ ones
        if key >> (len(levels) - 1 - place) & 1:
            candidates ^= early
        else:
            later |= candidates ^ early
            candidates = early
    return later


def keys_of(slots: Sequence[int], levels: Sequence[Level]) -> list[int]:
    """The places of some slots in an order, as numbers that compare as they do."""
    keys = [0] * len(slots)
    if not slots:
        return keys
    room = max(slots) // 8 + 1
    for plane, ones_first in levels:
        if plane:
            held = (plane & ((1 << 8 * room) - 1)).to_bytes(room, "little")
            keys = [
                key << 1 | ((held[slot >> 3] >> (slot & 7) & 1) ^ ones_first)
                for key, slot in zip(keys, slots, strict=True)
            ]
        else:
            keys = [key << 1 | ones_first for key in keys]
    return keys


def squeezed(plane: int, kept: Sequence[tuple[int, int]], size: int) -> int:
    """A plane of the slots in these spans alone, moved together.

    Args:
        plane: of `size` slots.
        kept: spans (first slot, one behind the last), in order.
        size: how many slots there are.
    """
    digits = format(plane, f"0{size}b")  # the highest slot comes first
    text = "".join(digits[size - end : size - begin] for begin, end in reversed(kept))
    return int(text, 2) if text else 0


def spans_of(bits: int, size: int) -> list[tuple[int, int]]:
    """The runs of bits that are set, of so many."""
    digits = format(bits, f"0{size}b")[::-1] if size else ""
    found, at = [], digits.find("1")
    while at >= 0:
        end = digits.find("0", at)
        end = size if end < 0 else end
        found.append((at, end))
        at = digits.find("1", end)
    return found
