"""Training a triage model from labelled texts: features, margins, a profile, confidence and threshold by cross-validation."""

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress, repeat
from typing import TYPE_CHECKING, Final

from helpdesk.routing.learning.calibrate import WANTED_PRECISION, Trust, measures, threshold
from helpdesk.routing.learning.features import Blocks, blocks
from helpdesk.routing.learning.model import MAX_BYTES, Table, TriageModel, scale_code
from helpdesk.routing.learning.solver import Rows, fit_margins, fit_sharpness, fit_trust

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIN_TEXTS: Final = 60
"""With fewer texts there is a model, but it is never sure: nothing could be said about how often it is right."""
_COST: Final = 0.5
_HIGHER_COST: Final = 1.0  # where classes are many and their texts few and short
_WORTH_IT: Final = 0.002  # quality that a higher cost must add in cross-validation
_RARITY: Final = 0.5  # a class's cost grows with the root of its rarity
_LEAST_UNKNOWN: Final = 0.03  # share that is reckoned with at least, once there are unknowns at all
_PASSES: Final = 6
_PROFILE_TEXTS: Final = 2_400
_FOLDS: Final = 5
_SEED: Final = 7
_PROFILES: Final = ((0.0, 1.0, 1.0, 1.0, 0.5), (0.7, 0.7, 1.0, 1.0, 0.0))
"""What blocks weigh: with sentences' endings (short utterances), or with words instead (mails that end in a signature)."""
_FULL_ROWS: Final = 16  # classes up to which rows are kept whole: they are read faster
_ROOM: Final = MAX_BYTES - 100_000


class NothingToLearn(ValueError):
    """There is no labelled text."""


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled text.

    Attributes:
        text: as people wrote it.
        label: its class; None: no class fits (it is learned what such texts look like, and when to abstain).
        weight: how much it counts against others; a label that a person corrected counts more.
    """

    text: str
    label: str | None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which hash is which column, and what its values are multiplied by to learn: rare features count more."""

    index: dict[int, int]
    factors: "NDArray[np.float32]"
    block_weights: tuple[float, ...]

    def rows(self, features: Sequence[Blocks]) -> Rows:
        import numpy as np  # noqa: PLC0415 - only training needs it

        starts, columns, values = [0], array("i"), array("f")
        for text in features:
            columns.append(0)  # the bias
            values.append(1.0)
            for weight, block in zip(self.block_weights, text, strict=True):
                if weight:
                    for value, hashes in block:
                        known = [self.index[hash_] for hash_ in hashes if hash_ in self.index]
                        columns.extend(known)
                        values.extend(repeat(weight * value, len(known)))
            starts.append(len(columns))
        return Rows(
            np.array(starts, np.int64),
            np.frombuffer(columns, np.int32),
            np.frombuffer(values, np.float32),
            len(self.factors),
        )


@dataclass(frozen=True, slots=True)
class _Fitted:
    columns: _Columns
    weights: "NDArray[np.float32]"  # of plain values, factors are in them: (columns, classes); of two classes one

    def margins(self, features: Sequence[Blocks], classes: int) -> "NDArray[np.float32]":
        import numpy as np  # noqa: PLC0415

        rows = self.columns.rows(features)
        found = np.empty((len(rows), self.weights.shape[1]), np.float32)
        for i in range(len(rows)):
            start, end = rows.starts[i], rows.starts[i + 1]
            found[i] = rows.values[start:end] @ self.weights[rows.columns[start:end]]
        return np.hstack([-found, found]) if classes == 2 else found


@dataclass(frozen=True, slots=True)
class _Data:
    """Examples as numbers; `classes` is -1 where no class fits."""

    features: list[Blocks]
    classes: "NDArray[np.int64]"
    weights: "NDArray[np.float32]"
    count: int

    def part(self, chosen: "NDArray[np.bool_]") -> "_Data":
        return _Data(list(compress(self.features, chosen)), self.classes[chosen], self.weights[chosen], self.count)


def train(examples: Sequence[Example], wanted: float = WANTED_PRECISION) -> TriageModel:
    """Trains a model.

    Margins for calibration come from cross-validation, so that no text judges itself; the model is the mean of the
    cross-validation's models, whose margins are as large as those that were calibrated (a model trained once more on
    everything is surer of itself than it was measured to be). The outcome depends on nothing but the arguments.

    Args:
        examples: labelled texts, in any order; classes of one text are fine.
        wanted: share of right verdicts among those that are `sure`.

    Raises:
        NothingToLearn: no example has a label.
    """
    import numpy as np  # noqa: PLC0415

    labels = tuple(sorted({example.label for example in examples if example.label is not None}))
    if not labels:
        raise NothingToLearn("no text has a label")
    classes = {label: i for i, label in enumerate(labels)}
    data = _Data(
        [blocks(example.text) for example in examples],
        np.array([-1 if example.label is None else classes[example.label] for example in examples]),
        np.array([example.weight for example in examples], np.float32),
        len(labels),
    )
    profile, cost = _choose_profile(data, wanted)
    margins, parts = _cross_validate(data, profile, _FOLDS, cost)
    trust, least = _calibrate(margins, data.classes, wanted)
    enough = len(examples) >= MIN_TEXTS and len(labels) > 1
    return _pack(_mean(parts), labels, profile, trust, least if enough else None, wanted, len(examples))


def _choose_profile(data: _Data, wanted: float) -> tuple[tuple[float, ...], float]:
    """The profile, and what a violated margin costs, that do best in a cross-validation over at most 2,400 texts."""
    import numpy as np  # noqa: PLC0415

    if len(data.features) < MIN_TEXTS or data.count < 2:
        return _PROFILES[0], _COST
    if len(data.features) > _PROFILE_TEXTS:
        chosen = np.zeros(len(data.features), bool)
        chosen[np.random.default_rng(_SEED).permutation(len(data.features))[:_PROFILE_TEXTS]] = True
        data = data.part(chosen)
    found = [_quality(_cross_validate(data, profile, 2)[0], data, wanted) for profile in _PROFILES]
    best = max(range(len(found)), key=found.__getitem__)
    higher = _quality(_cross_validate(data, _PROFILES[best], 2, _HIGHER_COST)[0], data, wanted)
    return _PROFILES[best], _HIGHER_COST if higher > found[best] + _WORTH_IT else _COST


def _quality(margins: "NDArray[np.float32]", data: _Data, wanted: float) -> float:
    """Macro-F1 plus the coverage at the wanted precision, both of texts that were not trained on."""
    import numpy as np  # noqa: PLC0415

    best = margins.argmax(1)
    right = best == data.classes
    ordered = np.sort(margins, axis=1)
    hits = np.cumsum(right[np.argsort(ordered[:, -2] - ordered[:, -1], kind="stable")])
    good = np.nonzero(hits >= wanted * np.arange(1, len(hits) + 1))[0]
    scores = []
    for c in range(data.count):
        both = np.sum(best[data.classes >= 0] == c) + np.sum(data.classes == c)
        if both:
            scores.append(2 * np.sum(right & (best == c)) / both)
    return float(np.mean(scores)) + (float(good[-1] + 1) / len(hits) if len(good) else 0.0)


def _cross_validate(
    data: _Data, profile: tuple[float, ...], folds: int, cost: float = _COST
) -> "tuple[NDArray[np.float32], list[_Fitted]]":
    """Margins, `(texts, classes)`, each from a model that did not see the text; and the models, one a fold."""
    import numpy as np  # noqa: PLC0415

    fold = np.zeros(len(data.features), int)
    order = np.random.default_rng(_SEED)
    for c in range(-1, data.count):
        members = order.permutation(np.nonzero(data.classes == c)[0])
        fold[members] = (np.arange(len(members)) + order.integers(folds)) % folds
    margins = np.full((len(data.features), data.count), -1.0, np.float32)
    models: list[_Fitted] = []
    for turn in range(folds):
        aside = fold == turn
        if aside.any() and not aside.all():
            models.append(_fit(data.part(~aside), profile, cost))
            margins[aside] = models[-1].margins(list(compress(data.features, aside)), data.count)
    return margins, models or [_fit(data, profile, cost)]


def _mean(models: Sequence[_Fitted]) -> "tuple[NDArray[np.int64], NDArray[np.float32]]":
    """The mean of linear models is one linear model.

    Returns:
        Hashes, ascending, and weights, `(1 + hashes, classes)`, the bias first.
    """
    import numpy as np  # noqa: PLC0415

    hashes = np.array(sorted(set().union(*(model.columns.index for model in models))), np.int64)
    total = np.zeros((1 + len(hashes), models[0].weights.shape[1]), np.float32)
    for model in models:
        total[0] += model.weights[0]
        own = np.fromiter(model.columns.index, np.int64, len(model.columns.index))
        total[1 + np.searchsorted(hashes, own)] += model.weights[1:]
    return hashes, (total / len(models)).astype(np.float32)


def _fit(data: _Data, profile: tuple[float, ...], cost: float = _COST) -> _Fitted:
    """Margins of all texts of `data`; texts of no class count against every class."""
    import numpy as np  # noqa: PLC0415

    columns = _columns(data.features, profile)
    signs = -np.ones((len(data.features), data.count), np.float32)
    known = np.nonzero(data.classes >= 0)[0]
    mine = data.classes[known]
    signs[known, mine] = 1.0
    sizes = np.maximum(np.bincount(mine, minlength=data.count), 1)
    rarity = (max(len(known), 1) / (data.count * sizes)) ** _RARITY
    costs = np.repeat(cost * data.weights[:, None], data.count, axis=1)
    costs[known, mine] *= rarity[mine]
    if data.count == 2:  # one margin tells two classes apart
        signs, costs = signs[:, 1:], np.where(data.classes == 0, costs[:, 0], costs[:, 1])[:, None]
    plain = columns.rows(data.features)
    rows = replace(plain, values=plain.values * columns.factors[plain.columns])
    weights = fit_margins(rows, signs, costs.astype(np.float32), passes=_PASSES, seed=_SEED)
    return _Fitted(columns, weights * columns.factors[:, None])


def _columns(features: Sequence[Blocks], profile: tuple[float, ...]) -> _Columns:
    """Columns for what occurs in two texts at least (in one, if that is all there is)."""
    import numpy as np  # noqa: PLC0415

    seen: Counter[int] = Counter()
    for text in features:
        for weight, block in zip(profile, text, strict=True):
            if weight:
                seen.update(chain.from_iterable(hashes for _, hashes in block))
    least = 2 if len(features) >= MIN_TEXTS else 1
    kept = [(hash_, count) for hash_, count in seen.items() if count >= least]
    index = {hash_: column for column, (hash_, _) in enumerate(kept, start=1)}
    rarity = [(math.log((1 + len(features)) / (1 + count)) + 1) / 6 for _, count in kept]
    return _Columns(index, np.sqrt(np.array([1.0, *rarity], np.float32)), profile)


def _calibrate(
    margins: "NDArray[np.float32]", classes: "NDArray[np.int64]", wanted: float
) -> tuple[Trust, float | None]:
    """Confidence and threshold from margins of texts that were not trained on."""
    import numpy as np  # noqa: PLC0415

    known = classes >= 0
    right = margins.argmax(1) == classes
    sharpness = fit_sharpness(margins[known], classes[known])
    weights = np.ones(len(classes))
    unknown = len(classes) - int(known.sum())
    if unknown:
        weights[~known] = max(1.0, _LEAST_UNKNOWN / (1 - _LEAST_UNKNOWN) * int(known.sum()) / unknown)
    inputs = np.array([measures(row, sharpness) for row in margins.tolist()])
    trust = Trust(sharpness, fit_trust(inputs, right, weights))
    confidences = [trust.confidence(row) for row in margins.tolist()]
    return trust, threshold(confidences, right.tolist(), weights.tolist(), wanted)


def _pack(
    found: "tuple[NDArray[np.int64], NDArray[np.float32]]",
    labels: tuple[str, ...],
    profile: tuple[float, ...],
    trust: Trust,
    least: float | None,
    wanted: float,
    count: int,
) -> TriageModel:
    """Weights as bytes, the least of them left out until the model fits its room."""
    import numpy as np  # noqa: PLC0415

    hashes, weights = found[0], found[1][1:]
    largest = np.abs(weights).max(axis=1, initial=0.0)
    if weights.size:
        bound = _least_kept(np.abs(weights), largest)
        kept = largest > bound
        hashes, weights, largest = hashes[kept], weights[kept], largest[kept]
        weights = np.where(np.abs(weights) > bound, weights, 0.0)
    codes = np.array([scale_code(float(x)) for x in largest], np.int64)
    quants = np.rint(weights * 2.0 ** (codes / 8.0)[:, None]).astype(np.int64)
    full = quants.shape[1] <= _FULL_ROWS
    rows, classes = np.nonzero(np.ones_like(quants) if full else quants)
    starts = np.searchsorted(rows, np.arange(len(hashes) + 1))
    return TriageModel(
        labels=labels,
        block_weights=profile,
        bias=tuple(round(float(x), 6) for x in found[1][0]),
        trust=trust,
        threshold=least,
        wanted=wanted,
        trained_on=count,
        table=Table(
            array("I", hashes.tolist()),
            bytes(codes.tolist()),
            array("I", starts.tolist()),
            array("H", classes.tolist()),
            array("b", quants[rows, classes].tolist()),
        ),
    )


def _least_kept(sizes: "NDArray[np.float32]", largest: "NDArray[np.float32]") -> float:
    """The absolute weight up to which weights are left out, so that the rest fits.

    A row takes 7 bytes. A weight takes 3; where rows are kept whole its class costs nothing once compressed.
    """
    import numpy as np  # noqa: PLC0415

    bound = 0.0
    for share in (0.0, *np.linspace(0.05, 0.999, 60)):
        bound = float(np.quantile(sizes, share)) if share else 0.0
        rows = int(np.sum(largest > bound))
        entries = rows * sizes.shape[1] if sizes.shape[1] <= _FULL_ROWS else 3 * int(np.sum(sizes > bound))
        if 7 * rows + entries <= _ROOM:
            break
    return bound
