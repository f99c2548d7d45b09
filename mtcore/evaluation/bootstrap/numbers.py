"""Metrics of numbers, counts and quantiles over all resamples at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.bootstrap.draws import Draws, Repeated
from mtcore.evaluation.row_losses import poisson_deviances
from mtcore.spec import TargetEncoding


def _over_columns(
    of_column: Callable[[tuple[FloatArray, ...]], FloatArray],
) -> Repeated:
    """Return the mean over columns of a function of a column's sums."""

    def repeated(
        draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        found = []
        for place in range(targets.shape[1]):
            known = ~np.isnan(targets[:, place])
            if known.any():
                # From the mean, so that squares keep their digits.
                shift = encoding.mean[place]
                actual = np.where(known, targets[:, place] - shift, 0.0)
                off = np.where(known, outputs[:, place] - shift - actual, 0.0)
                found.append(of_column(_sums_of(draws, known, actual, off)))
        return np.asarray(np.mean(found, axis=0), dtype=np.float64)

    return repeated


def _sums_of(
    draws: Draws, known: NDArray[np.bool_], actual: FloatArray, off: FloatArray
) -> tuple[FloatArray, ...]:
    """Return rows, |error|, error², value, value², `(1 + resamples,)` each."""
    squares = np.square(off), np.square(actual)
    return draws.sums(
        known.astype(np.float64), np.abs(off), squares[0], actual, squares[1]
    )


def _explained(sums: tuple[FloatArray, ...]) -> FloatArray:
    rows, _, errors, total, squares = sums
    spread = squares - np.square(total) / rows
    return 1.0 - errors / np.where(spread > 0.0, spread, np.nan)


def _count_error(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    return draws.means(np.abs(targets[:, 0] - outputs[:, 0]))


def _deviance(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    return draws.means(poisson_deviances(targets[:, 0], outputs[:, 0]))


def _explained_deviance(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    actual = targets[:, 0]
    own = actual * np.log(np.maximum(actual, 1.0))
    deviance, logs, total, rows = draws.sums(
        poisson_deviances(actual, outputs[:, 0]), own, actual, np.ones(len(actual))
    )
    # Of the mean of each resample itself.
    constant = 2.0 * (logs - total * np.log(np.maximum(total, 1.0) / rows))
    return 1.0 - deviance / np.where(constant > 0.0, constant, np.nan)


def _pinball(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    over = targets[:, :1] - outputs
    levels = np.asarray(encoding.levels)
    return draws.means(np.maximum(levels * over, (levels - 1.0) * over).mean(axis=1))


def _coverage(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    held = targets[:, 0] <= outputs[:, -1]
    if outputs.shape[1] > 1:
        held &= targets[:, 0] >= outputs[:, 0]
    return draws.means(held.astype(np.float64))


def _width(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del targets, encoding
    return draws.means(outputs[:, -1] - outputs[:, 0])


REGRESSION: Mapping[str, Repeated] = {
    "mae": _over_columns(lambda sums: sums[1] / sums[0]),
    "rmse": _over_columns(lambda sums: np.sqrt(sums[2] / sums[0])),
    "r2": _over_columns(_explained),
    "rrmse": _over_columns(lambda sums: np.sqrt(sums[2] / sums[4])),
}
COUNT: Mapping[str, Repeated] = {
    "mae": _count_error,
    "poisson_deviance": _deviance,
    "d2": _explained_deviance,
}
QUANTILE: Mapping[str, Repeated] = {
    "pinball": _pinball,
    "coverage": _coverage,
    "width": _width,
}
