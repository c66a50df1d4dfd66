"""Sums rows of weights as whole numbers with a lane a class: thousands of features of a text in a few steps of plain Python.

Rows that are numbers of 64 bits a class are added by `sum`, all classes at once, without a step of the interpreter for each weight.
Lanes never run into one another: weights are kept positive (128 is added), and a lane behind them counts what that came to. What
fixed point loses is a thousandth of what weights of one byte have lost before.
"""

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

from helpdesk.routing.learning.features import Block

if TYPE_CHECKING:
    from helpdesk.routing.learning.model import Table

SCALE_STEPS: Final = 8.0
"""Steps of a scale's byte in which it halves."""
_BYTES: Final = 8
_ONE: Final = 1 << 20
_LIFT: Final = 128
_LIFTED: Final = bytes(byte ^ _LIFT for byte in range(256))
_MOST_KEPT_BYTES: Final = 24_000_000


class Lanes:
    """A table whose rows can be summed quickly.

    Rows that hold a weight for every class are made ready at once; of others, which are wide and mostly empty, those that texts ask
    for, and as many as memory may hold.

    Args:
        table: the weights.
        width: number of classes that have weights.
    """

    def __init__(self, table: "Table", width: int) -> None:
        self._table = table
        self._width = width
        self._coarsest = min(table.scales, default=0)
        self._factors = [
            round(_ONE * 2.0 ** ((self._coarsest - code) / SCALE_STEPS)) if code >= self._coarsest else 0
            for code in range(256)
        ]
        self.whole = len(table.quants) == width * len(table.hashes)
        self._ready = self._all() if self.whole else {}
        self._index = {} if self.whole else {hash_: row for row, hash_ in enumerate(table.hashes)}

    @property
    def size(self) -> int:
        """Bytes of a row, or of a sum of rows."""
        return _BYTES * (self._width + 1)

    @property
    def rows(self) -> Mapping[int, int]:
        """Rows as numbers, by hash: all of them, if they are whole."""
        return self._ready

    def summed(self, block: Block) -> int:
        """The sum of a block's rows, each as heavy as it is in the text. Hashes without a row count nothing."""
        if self._index:
            self._make_ready(chain.from_iterable(hashes for _, hashes in block))
        return summed(self._ready, block)

    def unpacked(self, total: int) -> list[float]:
        """A sum of rows as one weight a class."""
        lanes = array("Q", total.to_bytes(self.size, "little"))
        if sys.byteorder == "big":
            lanes.byteswap()
        lifted = _LIFT * lanes.pop()
        unit = 2.0 ** (-self._coarsest / SCALE_STEPS) / (_ONE * _ONE)
        return [unit * (lane - lifted) for lane in lanes]

    def _all(self) -> dict[int, int]:
        """All rows as numbers."""
        table, step = self._table, self.size
        raw = bytearray(step * len(table.hashes))
        weights = table.quants.tobytes().translate(_LIFTED)
        for lane in range(self._width):
            raw[_BYTES * lane :: step] = weights[lane :: self._width]
        raw[step - _BYTES :: step] = b"\x01" * len(table.hashes)
        factors = [self._factors[code] for code in table.scales]
        rows = (int.from_bytes(raw[start : start + step], "little") for start in range(0, len(raw), step))
        return {hash_: row * factor for hash_, row, factor in zip(table.hashes, rows, factors, strict=True)}

    def _make_ready(self, hashes: Iterable[int]) -> None:
        """Makes numbers of the rows of some hashes that are none yet."""
        index, ready, table = self._index, self._ready, self._table
        if len(ready) * self.size > _MOST_KEPT_BYTES:
            ready.clear()
        nothing = array("Q", [*repeat(_LIFT, self._width), 1])
        for hash_ in [one for one in hashes if one in index and one not in ready]:
            row, number = nothing[:], index[hash_]
            for i in range(table.starts[number], table.starts[number + 1]):
                row[table.classes[i]] += table.quants[i]
            if sys.byteorder == "big":
                row.byteswap()
            ready[hash_] = int.from_bytes(row.tobytes(), "little") * self._factors[table.scales[number]]


def summed(rows: Mapping[int, int], block: Block) -> int:
    """The sum of a block's rows, each as heavy as it is in the text."""
    return sum(round(weight * _ONE) * sum(map(rows.get, hashes, repeat(0))) for weight, hashes in block)


class Beside:
    """Several tables whose rows are looked up and added as one: a text's hashes are gone through once for all of them.

    Args:
        several: the tables, each with rows that are whole.
    """

    def __init__(self, several: Sequence[Lanes]) -> None:
        self._several = several
        self._rows: dict[int, int] = {}
        shift = 0
        for lanes in several:
            for hash_, row in lanes.rows.items():
                self._rows[hash_] = self._rows.get(hash_, 0) + (row << shift)
            shift += 8 * lanes.size

    def summed(self, block: Block) -> list[int]:
        """The sums of a block's rows, one a table: see `Lanes.unpacked`."""
        total, found = summed(self._rows, block), []
        for lanes in self._several:
            found.append(total & ((1 << 8 * lanes.size) - 1))
            total >>= 8 * lanes.size
        return found
