"""How sure a prediction is: confidence that means what it says, and the threshold from which it is right often enough."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WANTED_PRECISION: Final = 0.95
_ERRORS_ALLOWED_FOR: Final = 1.645
"""Standard errors of the Wilson bound (95 % certain, one-sided): a threshold from few texts must look better than wanted."""
_BINS: Final = 15
_EDGE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Trust:
    """How margins become the probability that the best class is right (a logistic of four measures of the margins).

    Attributes:
        sharpness: what margins are multiplied by before the softmax.
        weights: of 1, the softmax's log-odds, the best margin, and its distance to the second.
    """

    sharpness: float
    weights: tuple[float, float, float, float]

    def confidence(self, margins: Sequence[float]) -> float:
        """The probability, in 0..1, that the class of the largest margin is the right one."""
        return sigmoid(
            sum(weight * x for weight, x in zip(self.weights, measures(margins, self.sharpness), strict=True))
        )


def measures(margins: Sequence[float], sharpness: float) -> tuple[float, float, float, float]:
    """What confidence is computed from: 1, the softmax's log-odds, the best margin, its distance to the second."""
    ordered = sorted(margins, reverse=True)
    best, second = ordered[0], ordered[1] if len(ordered) > 1 else -1.0
    rest = sum(math.exp(sharpness * (margin - best)) for margin in ordered[1:])
    share = min(max(1.0 / (1.0 + rest), _EDGE), 1.0 - _EDGE)
    return 1.0, math.log(share / (1.0 - share)), best, best - second


def sigmoid(x: float) -> float:
    """The logistic function; saturates instead of overflowing."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, x))))


def wilson_lower(share: float, count: float, errors: float = _ERRORS_ALLOWED_FOR) -> float:
    """The lower end of Wilson's interval for a share seen in `count` trials.

    Args:
        share: seen, 0..1.
        count: of trials, more than 0.
        errors: width in standard errors.
    """
    square = errors * errors
    centre = share + square / (2 * count)
    spread = errors * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return (centre - spread) / (1 + square / count)


def threshold(
    confidences: Sequence[float], right: Sequence[bool], weights: Sequence[float], wanted: float = WANTED_PRECISION
) -> float | None:
    """The least confidence from which predictions are right as often as wanted.

    Args:
        confidences: of predictions made for texts that were not trained on.
        right: whether each was.
        weights: how many texts each stands for.
        wanted: share of right ones among those at or above the threshold, as Wilson's lower bound.

    Returns:
        The threshold, or None if there is none: too few texts, or too many mistakes everywhere.
    """
    found: float | None = None
    hits = mass = 0.0
    order = sorted(range(len(confidences)), key=lambda i: -confidences[i])
    for count, i in enumerate(order, start=1):
        hits += weights[i] * right[i]
        mass += weights[i]
        last_of_its_kind = count == len(order) or confidences[order[count]] < confidences[i]
        if last_of_its_kind and wilson_lower(hits / mass, count) >= wanted:
            found = confidences[i]
    return found


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """The expected calibration error over 15 bins of equal width; None for no predictions."""
    if not confidences:
        return None
    sums = [[0.0, 0.0] for _ in range(_BINS)]
    for confidence, hit in zip(confidences, right, strict=True):
        bin_ = sums[min(int(confidence * _BINS), _BINS - 1)]
        bin_[0] += confidence
        bin_[1] += hit
    return sum(abs(said - was) for said, was in sums) / len(confidences)
