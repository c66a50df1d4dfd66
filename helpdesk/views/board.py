"""The board: what lists ask of tickets, in columns of bits; a page and a count of any conditions in milliseconds.

It has two parts: tickets that are open, and those that are done, which most views need not look at. A ticket that changes is
written to a new slot, and its old one does not count any more; what was squeezed out of that is written as a checkpoint.
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec

from helpdesk.conditions.fields import COLUMNS, Column, Shape
from helpdesk.conditions.model import All, Among, Between, Either, No, Plan, Saying, Span
from helpdesk.conditions.rules import holds, needs_texts
from helpdesk.tickets.views import TicketRow
from helpdesk.views.model import Order
from helpdesk.views.planes import (
    Labels,
    Level,
    Numbers,
    Words,
    behind,
    bits_of,
    first,
    keys_of,
    slots_of,
    spans_of,
    squeezed,
)

ID_LENGTH: Final = 26
FORM: Final = "1:" + ",".join(f"{name}/{column.shape}/{'.'.join(column.words)}" for name, column in COLUMNS.items())
"""What checkpoints are written as: one of another form is not read."""


class BrokenCheckpoint(Exception):
    """What was read is no checkpoint, or one of another form."""


class Stored(msgspec.Struct, array_like=True):
    """A part as it is written.

    Attributes:
        form: see `FORM`.
        watermark: the instant up to which changes are in it.
        size: how many tickets.
        ids: theirs, one behind the other.
        versions: theirs, four bytes each.
        words: of each column the words that are not known beforehand, and the planes.
        numbers: of each column the plane of those that have one, and the planes.
        labels: of each column the words and the slots of each, four bytes each.
    """

    form: str
    watermark: str
    size: int
    ids: bytes
    versions: bytes
    words: dict[str, tuple[list[str], list[bytes]]]
    numbers: dict[str, tuple[bytes, list[bytes]]]
    labels: dict[str, dict[str, bytes]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands in a list: under which heading, its place in the order, and which it is."""

    word: str
    key: int
    ticket_id: str


class Part:
    """Tickets in slots.

    Args:
        stored: what to begin with.
        texts: reads the texts that belong to it; asked only if some conditions look at texts.
    """

    def __init__(self, stored: Stored | None = None, texts: Callable[[], Mapping[str, list[str]]] = dict) -> None:
        self.size = stored.size if stored is not None else 0
        self.watermark = stored.watermark if stored is not None else ""
        self.alive = (1 << self.size) - 1
        self._words: dict[str, Words] = {}
        self._numbers: dict[str, Numbers] = {}
        self._labels: dict[str, Labels] = {}
        for name, column in COLUMNS.items():
            self._begin(name, column, stored)
        self._ids = stored.ids.decode() if stored is not None else ""
        self._versions = _array(stored.versions) if stored is not None else array("I")
        self._sorted: array[int] | None = None
        self._late: dict[str, int] = {}
        self._late_ids: list[str] = []
        self._kept = self.size
        self._read_texts = texts
        self._texts: Mapping[str, list[str]] | None = None if self.size else {}
        self._late_texts: dict[str, list[str]] = {name: [] for name in _TEXTS}

    def _begin(self, name: str, column: Column, stored: Stored | None) -> None:
        if column.shape is Shape.WORD:
            further, planes = stored.words[name] if stored is not None else ([], [])
            self._words[name] = Words([*column.words, *further], [int.from_bytes(one, "little") for one in planes])
        elif column.shape is Shape.NUMBER:
            there, planes = stored.numbers[name] if stored is not None else (b"", [])
            ints = [int.from_bytes(one, "little") for one in planes]
            self._numbers[name] = Numbers(int.from_bytes(there, "little"), ints)
        elif column.shape is Shape.LABELS:
            held = stored.labels[name] if stored is not None else {}
            self._labels[name] = Labels({word: _array(slots) for word, slots in held.items()})

    # --- which tickets ---

    def slot_of(self, ticket_id: str) -> int | None:
        """Where a ticket is."""
        slot = self._late.get(ticket_id)
        if slot is None:
            slot = self._early(ticket_id)
        return slot if slot is not None and self.alive >> slot & 1 else None

    def _early(self, ticket_id: str) -> int | None:
        if self._sorted is None:
            self._sorted = array("I", sorted(range(self._kept), key=self._id_at))
        place = bisect_left(self._sorted, ticket_id, key=self._id_at)
        if place < self._kept and self._id_at(self._sorted[place]) == ticket_id:
            return self._sorted[place]
        return None

    def _id_at(self, slot: int) -> str:
        return self._ids[slot * ID_LENGTH : (slot + 1) * ID_LENGTH]

    def id_at(self, slot: int) -> str:
        """The ticket in a slot."""
        return self._id_at(slot) if slot < self._kept else self._late_ids[slot - self._kept]

    def version_of(self, ticket_id: str) -> int:
        """The version in which a ticket is known; -1: it is not here."""
        slot = self.slot_of(ticket_id)
        return -1 if slot is None else self._versions[slot]

    def __len__(self) -> int:
        return self.alive.bit_count()

    # --- changing ---

    def remove(self, ticket_ids: Iterable[str]) -> None:
        """Tickets do not count any more."""
        gone = [slot for ticket_id in ticket_ids if (slot := self.slot_of(ticket_id)) is not None]
        if gone:
            self.alive ^= bits_of(gone, self.size)

    def put(self, rows: Sequence[TicketRow]) -> None:
        """Tickets as they now stand, each once; known ones are replaced."""
        if not rows:
            return
        self.remove(row.id for row in rows)
        base = self.size
        for name, column in COLUMNS.items():
            cells = [column.read(row) for row in rows]
            if column.shape is Shape.TEXT:
                self._late_texts[name] += [str(cell) for cell in cells]
            else:
                self._column(name).extend(base, cells)
        for place, row in enumerate(rows):
            self._late[row.id] = base + place
            self._late_ids.append(row.id)
            self._versions.append(row.version)
        self.size += len(rows)
        self.alive |= ((1 << len(rows)) - 1) << base

    def _column(self, name: str) -> Words | Numbers | Labels:
        return self._words.get(name) or self._numbers.get(name) or self._labels[name]

    # --- asking ---

    def select(self, asked: Plan, candidates: int | None = None) -> int:
        """The slots of the tickets that conditions mean, of some candidates or of all."""
        found = self.alive if candidates is None else candidates
        if not found:
            return 0
        match asked:
            case All():
                for one in sorted(asked.of, key=needs_texts):
                    found = self.select(one, found)
                return found
            case Either():
                rest = found
                for one in sorted(asked.of, key=needs_texts):
                    rest ^= self.select(one, rest)
                return found ^ rest
            case No():
                return found ^ self.select(asked.of, found)
            case _:
                return self._test(asked, found)

    def _test(self, asked: Among | Saying | Span | Between, candidates: int) -> int:
        name = asked.column
        if name in self._labels:
            if isinstance(asked, Among):
                return self._labels[name].among(candidates, asked.words)
            return self._labels[name].where(candidates, lambda word: holds(asked, word))
        if isinstance(asked, Span):
            return self._numbers[name].span(candidates, asked.low, asked.high)
        if isinstance(asked, Among):
            return self._words[name].among(candidates, asked.words)
        return self._say(name, asked, candidates)

    def _say(self, name: str, asked: Saying | Between, candidates: int) -> int:
        """Looks through texts, one by one: the only test that costs what it looks at."""
        if self._texts is None:
            self._texts = self._read_texts()
        early, late, kept = self._texts.get(name, ()), self._late_texts[name], self._kept
        slots = slots_of(candidates)
        behind_kept = bisect_left(slots, kept)
        found: list[int] = []
        for needle in asked.needles if isinstance(asked, Saying) else ():
            found += [slot for slot in slots[:behind_kept] if needle in early[slot]]
            found += [slot for slot in slots[behind_kept:] if needle in late[slot - kept]]
        return bits_of(found, self.size)

    def words(self, name: str) -> list[str]:
        """All words of a column, whether a ticket has them still or not."""
        return self._words[name].words

    def with_word(self, name: str, word: str, candidates: int) -> int:
        """Which candidates have a word in a column."""
        return self._words[name].among(candidates, (word,))

    # --- pages ---

    def levels(self, orders: Sequence[Order]) -> list[Level]:
        """The steps of an order; of those that are equal the older comes first."""
        found: list[Level] = []
        for order in orders:
            column = self._words.get(order.field) or self._numbers[order.field]
            found += column.order(descending=order.descending)
        return found + self._numbers["number"].order(descending=False)

    def page(
        self, candidates: int, orders: Sequence[Order], most: int, word: str = "", *, after: int | None = None
    ) -> list[Place]:
        """The first of some candidates, or the first behind a key."""
        levels = self.levels(orders)
        if after is not None:
            candidates = behind(candidates, levels, after)
        slots = slots_of(first(candidates, levels, most))
        placed = sorted(zip(keys_of(slots, levels), slots, strict=True))
        return [Place(word, key, self.id_at(slot)) for key, slot in placed]

    # --- keeping ---

    def store(self) -> tuple[bytes, bytes]:
        """It as a file, and its texts as another; slots that do not count are left out."""
        spans, size = spans_of(self.alive, self.size), len(self)
        whole = size == self.size
        squeeze = partial(_bytes, kept=None if whole else spans, size=self.size)
        slots = slots_of(self.alive)
        now_at = dict(zip(slots, range(size), strict=True))
        if self._texts is None:
            self._texts = self._read_texts()
        stored = Stored(
            form=FORM,
            watermark=self.watermark,
            size=size,
            ids="".join(map(self.id_at, slots)).encode(),
            versions=array("I", [self._versions[slot] for slot in slots]).tobytes(),
            words={
                name: (one.words[1 + len(COLUMNS[name].words) :], [squeeze(plane) for plane in one.codes.planes])
                for name, one in self._words.items()
            },
            numbers={
                name: (squeeze(one.there), [squeeze(plane) for plane in one.values.planes])
                for name, one in self._numbers.items()
            },
            labels={name: dict(_moved(one.postings, now_at)) for name, one in self._labels.items()},
        )
        texts = {name: [self._text_at(name, slot) for slot in slots] for name in _TEXTS}
        return (
            zlib.compress(msgspec.msgpack.encode(stored), 1),
            zlib.compress(msgspec.msgpack.encode(texts), 1),
        )

    def _text_at(self, name: str, slot: int) -> str:
        if slot >= self._kept:
            return self._late_texts[name][slot - self._kept]
        return self._texts[name][slot] if self._texts is not None else ""


_TEXTS: Final = tuple(name for name, column in COLUMNS.items() if column.shape is Shape.TEXT)


def _array(data: bytes) -> "array[int]":
    found = array("I")
    found.frombytes(data)
    return found


def _bytes(plane: int, *, kept: list[tuple[int, int]] | None, size: int) -> bytes:
    if kept is not None:
        plane = squeezed(plane, kept, size)
    return plane.to_bytes((plane.bit_length() + 7) // 8, "little")


def _moved(postings: Mapping[str, "array[int]"], now_at: Mapping[int, int]) -> Iterable[tuple[str, bytes]]:
    for word, slots in postings.items():
        moved = array("I", [now_at[slot] for slot in slots if slot in now_at])
        if moved:
            yield word, moved.tobytes()


def read_part(data: bytes) -> Stored:
    """What `Part.store` wrote.

    Raises:
        BrokenCheckpoint: it cannot be read, or is of another form.
    """
    try:
        stored = msgspec.msgpack.decode(zlib.decompress(data), type=Stored)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenCheckpoint("The checkpoint cannot be read.") from error
    if stored.form != FORM or len(stored.ids) != stored.size * ID_LENGTH or len(stored.versions) != 4 * stored.size:
        raise BrokenCheckpoint("The checkpoint is of another form.")
    return stored


def read_texts(data: bytes) -> dict[str, list[str]]:
    """The texts that were written with a part.

    Raises:
        BrokenCheckpoint: they cannot be read.
    """
    try:
        return msgspec.msgpack.decode(zlib.decompress(data), type=dict[str, list[str]])
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenCheckpoint("The texts cannot be read.") from error
