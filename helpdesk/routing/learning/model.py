"""A trained triage model: reads texts without numpy, says a label and how sure it is, explains itself, fits in a file."""

import heapq
import json
import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from helpdesk.routing.learning.calibrate import Trust
from helpdesk.routing.learning.features import FEATURES_VERSION, Blocks, blocks, by_word, weights_in
from helpdesk.routing.learning.lanes import SCALE_STEPS, Beside, Lanes

MAX_BYTES: Final = 2_000_000
"""The largest model file."""
_MAGIC: Final = b"HDTRIAGE1"
_WORD_LENGTH: Final = 40


class UnreadableModel(ValueError):
    """The bytes are no model, or one of a version that this code does not know."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a model makes of a text.

    Attributes:
        label: the likeliest.
        confidence: probability that it is right, 0..1.
        sure: confidence reaches the threshold: it may be acted upon.
    """

    label: str
    confidence: float
    sure: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Weights of features: row r belongs to the hash `hashes[r]`; only what matters is kept.

    Attributes:
        hashes: 32-bit, ascending, one a row.
        scales: one byte a row: weights of the row are `quants * 2 ** (-scale / 8)`.
        starts: where each row begins in `classes` and `quants`, and one more for the end.
        classes: the class each weight belongs to.
        quants: weights as whole numbers from -127 to 127.
    """

    hashes: "array[int]"
    scales: bytes
    starts: "array[int]"
    classes: "array[int]"
    quants: "array[int]"


@dataclass(frozen=True, slots=True)
class TriageModel:
    """A linear model over hashed features with a calibrated confidence.

    Attributes:
        labels: what it tells apart, in the order of classes.
        block_weights: what each block of features weighs.
        bias: one a class; one in all if there are two labels (positive: the second).
        trust: margins to confidence.
        threshold: confidence from which it is right often enough, or None: it is never sure.
        wanted: the precision that the threshold was fitted for.
        trained_on: number of texts.
        table: weights of features, of one class only if there are two labels.
        lanes: the same, to be summed.
    """

    labels: tuple[str, ...]
    block_weights: tuple[float, ...]
    bias: tuple[float, ...]
    trust: Trust
    threshold: float | None
    wanted: float
    trained_on: int
    table: Table
    lanes: Lanes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lanes", Lanes(self.table, len(self.bias)))

    def verdict(self, text: str) -> Verdict:
        """What the text is about. Any text will do, the empty one too."""
        return self.judge(self.margins(blocks(text)))

    def judge(self, margins: Sequence[float]) -> Verdict:
        """The verdict that margins amount to. Equal margins go to the label that comes first."""
        best = max(range(len(margins)), key=margins.__getitem__)
        confidence = self.trust.confidence(margins)
        return Verdict(self.labels[best], confidence, self.threshold is not None and confidence >= self.threshold)

    def margins(self, features: Blocks) -> list[float]:
        """One margin a label: the larger, the likelier."""
        weighing = zip(self.block_weights, features, strict=True)
        return self.margins_of([self.lanes.summed(block) if weight else 0 for weight, block in weighing])

    def margins_of(self, sums: Sequence[int]) -> list[float]:
        """Margins from the sums of rows, one a block of features."""
        margins = list(self.bias)
        for weight, total in zip(self.block_weights, sums, strict=True):
            if weight and total:
                margins = [
                    margin + weight * one for margin, one in zip(margins, self.lanes.unpacked(total), strict=True)
                ]
        return [-margins[0], margins[0]] if len(self.labels) == 2 else margins

    def reasons(self, text: str, count: int = 4) -> tuple[str, ...]:
        """The words that decided, the weightiest first: those that speak for the label against the runner-up.

        Returns:
            At most `count` words as they stand in the text (folded), none longer than 40 characters.
        """
        features = blocks(text)
        margins = self.margins(features)
        first, second = (heapq.nlargest(2, range(len(margins)), key=margins.__getitem__) * 2)[:2]
        values: dict[int, float] = {}
        for weight, block in zip(self.block_weights, features, strict=True):
            values.update((hash_, weight * value) for hash_, value in weights_in(block).items())
        found: list[tuple[float, str]] = []
        for word, hashes in by_word(text):
            pull = sum(self._pull(hash_, first, second) * values.get(hash_, 0.0) for hash_ in hashes)
            if pull > 0 and any(character.isalnum() for character in word):
                found.append((pull, word[:_WORD_LENGTH]))
        return tuple(word for _, word in heapq.nlargest(count, found, key=lambda pair: pair[0]))

    def _pull(self, hash_: int, towards: int, against: int) -> float:
        """How much a feature moves a text from one class to another."""
        weights = self.lanes.unpacked(self.lanes.summed(((1.0, (hash_,)),)))
        if len(self.labels) == 2:
            return 2.0 * (weights[0] if towards == 1 else -weights[0])
        return weights[towards] - weights[against]

    def to_bytes(self) -> bytes:
        """The model as a file: little endian, compressed, with its version before it."""
        table = self.table
        head = json.dumps(
            {
                "features": FEATURES_VERSION,
                "labels": self.labels,
                "blocks": self.block_weights,
                "bias": self.bias,
                "trust": [self.trust.sharpness, *self.trust.weights],
                "threshold": self.threshold,
                "wanted": self.wanted,
                "trained_on": self.trained_on,
                "rows": len(table.hashes),
                "entries": len(table.quants),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        steps = array("I", (b - a for a, b in zip([0, *table.hashes], table.hashes, strict=False)))
        lengths = array("H", (b - a for a, b in zip(table.starts, table.starts[1:], strict=False)))
        parts = [_little(steps), table.scales, _little(lengths), _little(table.classes), _little(table.quants)]
        return _MAGIC + zlib.compress(len(head).to_bytes(4, "little") + head + b"".join(parts), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> "TriageModel":
        """Reads `to_bytes` back.

        Raises:
            UnreadableModel: these bytes are no model that this code can use.
        """
        if not data.startswith(_MAGIC):
            raise UnreadableModel("no triage model, or one of another version")
        try:
            raw = zlib.decompress(data[len(_MAGIC) :])
            size = int.from_bytes(raw[:4], "little")
            head = json.loads(raw[4 : 4 + size])
            if head["features"] != FEATURES_VERSION:
                raise UnreadableModel("features are computed another way now")
            table = _read_table(memoryview(raw)[4 + size :], head["rows"], head["entries"])
            return cls(
                labels=tuple(head["labels"]),
                block_weights=tuple(head["blocks"]),
                bias=tuple(head["bias"]),
                trust=Trust(head["trust"][0], (*head["trust"][1:5],)),
                threshold=head["threshold"],
                wanted=head["wanted"],
                trained_on=head["trained_on"],
                table=table,
            )
        except (zlib.error, KeyError, IndexError, TypeError, EOFError, json.JSONDecodeError) as error:
            raise UnreadableModel("a damaged triage model") from error


def _read_table(raw: memoryview, rows: int, entries: int) -> Table:
    def take(code: str, count: int) -> "array[int]":
        nonlocal raw
        found = array(code)
        size = count * found.itemsize
        if len(raw) < size:
            raise UnreadableModel("a triage model that was cut off")
        found.frombytes(raw[:size])
        raw = raw[size:]
        if sys.byteorder == "big":
            found.byteswap()
        return found

    hashes = array("I", accumulate(take("I", rows)))
    scales = bytes(take("B", rows))
    starts = array("I", accumulate(take("H", rows), initial=0))
    return Table(hashes, scales, starts, take("H", entries), take("b", entries))


class Panel:
    """Several models that look at the same text: most of what a look costs is spent once for all of them.

    Args:
        models: of which each says something.
    """

    def __init__(self, models: Sequence[TriageModel]) -> None:
        self._models = models
        self._beside = [model for model in models if model.lanes.whole]
        self._rows = Beside([model.lanes for model in self._beside])

    def verdicts(self, features: Blocks) -> list[Verdict]:
        """What each model makes of a text, in their order."""
        sums = zip(*map(self._rows.summed, features), strict=True) if self._beside else ()
        together = {id(model): own for model, own in zip(self._beside, sums, strict=True)}
        return [
            model.judge(model.margins_of(together[id(model)]) if id(model) in together else model.margins(features))
            for model in self._models
        ]


def _little(values: "array[int]") -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


def scale_code(largest: float) -> int:
    """The byte of the smallest scale with which a row whose largest weight is this fits into -127..127."""
    for code in range(255, 0, -1):
        if largest <= 127 * _SCALES[code]:
            return code
    return 0


_SCALES: Final = tuple(2.0 ** (-code / SCALE_STEPS) for code in range(256))
