"""Reading numbers out of target columns, shared by the kinds that predict numbers."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import ExperimentError
from mtcore.spec.heads.base import RawTargets
from mtcore.spec.heads.target_encoding import TargetEncoding

# Networks compute in single precision, which ends at 3.4e38, and errors are squared.
LARGEST = 1e30


def stacked(raw: RawTargets) -> FloatArray:
    """Return columns side by side, `(rows, columns)`; infinities count as missing."""
    columns = np.stack([np.asarray(values, np.float64) for values in raw], axis=1)
    return np.where(np.isfinite(columns), columns, np.nan)


def known_numbers(
    name: str, column: str, values: FloatArray, rows: RowArray
) -> FloatArray:
    """Return the numbers that a head can learn from, of `rows`, at least two different.

    Raises:
        ExperimentError: There is none, all are the same, or some are huge.
    """
    known = values[rows]
    known = known[~np.isnan(known)]
    if known.size == 0:
        msg = (
            f"Head '{name}' has no labelled row to learn from: column '{column}' holds "
            "no number in the training rows. Pick another column or another split."
        )
        raise ExperimentError(msg, where=name)
    huge = np.nanmax(np.abs(values))
    if huge > LARGEST:
        msg = (
            f"Head '{name}' can't learn from numbers as large as {huge:.3g} in column "
            f"'{column}'; {LARGEST:g} is the most. Name them as missing, or divide the "
            "column by a power of ten."
        )
        raise ExperimentError(msg, where=name)
    if known.max() == known.min():
        msg = (
            f"Head '{name}' has nothing to learn: column '{column}' is {known[0]:g} in "
            "every labelled training row. Pick another column."
        )
        raise ExperimentError(msg, where=name)
    return known


def standard_deviation(known: FloatArray) -> float:
    """Return the deviation of numbers that are not all the same, above 0."""
    # Squares of differences as small as 1e-200 would be 0.
    span = float(known.max() - known.min())
    return span * float((known / span - known.mean() / span).std())


def standardised(targets: FloatArray, encoding: TargetEncoding) -> FloatArray:
    """Return targets `(rows, columns)` less their mean, in standard deviations."""
    learned: FloatArray
    learned = (targets - np.asarray(encoding.mean)) / np.asarray(encoding.scale)
    return learned


def labelled_rows(targets: FloatArray) -> int:
    """Return how many rows of `(rows, columns)` hold a number somewhere."""
    return int((~np.isnan(targets)).any(axis=1).sum())
