"""One-against-all linear margins by dual coordinate descent, every class in the same pass; needs numpy and no more."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STOP: Final = 0.05  # of the first pass's violation: further passes move margins by less than calibration can see


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: row i has `values[starts[i]:starts[i + 1]]` in the columns `columns[starts[i]:starts[i + 1]]`.

    Attributes:
        starts: `(n + 1,)` int64.
        columns: `(entries,)` int32, distinct within a row.
        values: `(entries,)` float32.
        width: number of columns.
    """

    starts: "NDArray[np.int64]"
    columns: "NDArray[np.int32]"
    values: "NDArray[np.float32]"
    width: int

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.starts) - 1


def fit_margins(
    rows: Rows, signs: "NDArray[np.float32]", costs: "NDArray[np.float32]", *, passes: int, seed: int
) -> "NDArray[np.float32]":
    """Fits squared-hinge linear classifiers, one a column of `signs`, that share rows.

    The method is dual coordinate descent (Hsieh and others, ICML 2008), which has no learning rate to choose; here a
    step looks at one row and moves the multipliers of all classes at once.

    Args:
        rows: the texts; a constant column for the bias is among them.
        signs: `(n, classes)`, +1 where the row is of the class, else -1.
        costs: `(n, classes)`, what a violated margin costs; greater than 0.
        passes: at most so many.
        seed: of the order in which rows are visited.

    Returns:
        Weights, `(width, classes)`.
    """
    import numpy as np  # noqa: PLC0415 - only training needs it

    count, classes = signs.shape
    weights = np.zeros((rows.width, classes), np.float32)
    multipliers = np.zeros((count, classes), np.float32)
    slack = (0.5 / costs).astype(np.float32)
    norms = np.add.reduceat(rows.values**2, rows.starts[:-1]).astype(np.float32)
    curvature = norms[:, None] + slack
    order = np.random.default_rng(seed)
    first = 0.0
    for turn in range(passes):
        worst = 0.0
        for row in order.permutation(count):
            start, end = rows.starts[row], rows.starts[row + 1]
            columns, values = rows.columns[start:end], rows.values[start:end]
            near = weights[columns]
            held, sign = multipliers[row], signs[row]
            gradient = sign * (values @ near) - 1.0 + slack[row] * held
            moved = np.maximum(held - gradient / curvature[row], 0.0)
            change = moved - held
            size = float(np.abs(change).max())
            if size > 1e-6:
                multipliers[row] = moved
                change *= sign
                near += values[:, None] * change
                weights[columns] = near
                worst = max(worst, size)
        if turn == 0:
            first = worst
        elif worst < _STOP * first:
            break
    return weights


def fit_sharpness(margins: "NDArray[np.float32]", classes: "NDArray[np.int64]") -> float:
    """The factor that makes the softmax of margins fit the classes best (the temperature's inverse), 0.3 to 60."""
    import numpy as np  # noqa: PLC0415

    best, found = np.inf, 1.0
    for factor in np.exp(np.linspace(-1.2, 4.1, 54)):
        scaled = factor * margins.astype(np.float64)
        top = scaled.max(axis=1)
        loss = float(
            np.mean(top + np.log(np.exp(scaled - top[:, None]).sum(axis=1)) - scaled[np.arange(len(classes)), classes])
        )
        if loss < best:
            best, found = loss, float(factor)
    return found


def fit_trust(
    inputs: "NDArray[np.float64]", right: "NDArray[np.bool_]", weights: "NDArray[np.float64]"
) -> tuple[float, float, float, float]:
    """A weighted logistic regression of being right, by Newton's method with a little ridge.

    Args:
        inputs: `(n, 4)`, see `calibrate.measures`.
        right: `(n,)`.
        weights: `(n,)`, how many texts each stands for.
    """
    import numpy as np  # noqa: PLC0415

    found = np.zeros(inputs.shape[1])
    ridge = 1e-4 * float(weights.sum()) + 1.0  # one text's worth at least: few texts must not make certain
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-np.clip(inputs @ found, -30.0, 30.0)))
        slope = inputs.T @ (weights * (chance - right)) + ridge * found
        bend = (inputs * (weights * chance * (1.0 - chance))[:, None]).T @ inputs + ridge * np.eye(len(found))
        step = np.linalg.solve(bend, slope)
        found -= step
        if float(np.abs(step).max()) < 1e-7:
            break
    one, two, three, four = (round(float(x), 6) for x in found)
    return one, two, three, four
