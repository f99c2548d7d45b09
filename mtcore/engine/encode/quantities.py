"""Robust scaling and bin edges of a quantity, from its training rows."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.encode.input_encoding import Scaling

# A value held by more than this share of the rows gets an edge of its own, as plain
# quantiles would put nearly all edges on it.
HEAVY_SHARE = 0.3


def fit_scaling(values: FloatArray, train_values: FloatArray, bins: int) -> Scaling:
    """Return how a quantity is scaled and binned.

    Args:
        values: Float64 `(rows,)` of the whole table, NaN where missing. Decides only
            how much room the network has, never an edge or a scale.
        train_values: Float64 `(training rows,)`, NaN where missing.
        bins: The most bins, 0 or more.
    """
    known = train_values[np.isfinite(train_values)]
    present = values[np.isfinite(values)]
    room = min(bins, max(np.unique(present).size - 1, 0))
    can_miss = bool(present.size < values.size)
    if known.size == 0:
        return Scaling(centre=0.0, scale=1.0, bins=room, can_miss=can_miss)
    lower, centre, upper = np.quantile(known, (0.25, 0.5, 0.75))
    with np.errstate(over="ignore", invalid="ignore"):
        spreads = (upper - lower, known.std(), abs(centre), 1.0)
    return Scaling(
        centre=float(centre),
        scale=_first_positive(*spreads),
        edges=bin_edges(known, room),
        bins=room,
        can_miss=can_miss,
    )


def bin_edges(known: FloatArray, bins: int) -> tuple[float, ...]:
    """Return ascending edges of at most `bins` bins, or none at all.

    Edges are unique quantiles. Where one value holds more than 30 % of the rows they
    are the quantiles of the other rows and that value, as on a zero-inflated column
    nearly all quantiles would be the same.

    Examples:
        >>> bin_edges(np.arange(5.0), 2)
        (0.0, 2.0, 4.0)
        >>> bin_edges(np.array([0.0] * 8 + [1.0, 2.0, 3.0]), 3)
        (0.0, 1.0, 2.0, 3.0)
    """
    distinct, counts = np.unique(known, return_counts=True)
    if bins == 0 or distinct.size < 2:
        return ()
    if distinct.size <= bins + 1:
        return tuple(distinct.tolist())
    heavy = distinct[counts.argmax()]
    if counts.max() > HEAVY_SHARE * known.size:
        others = known[known != heavy]
        edges = np.append(np.quantile(others, np.linspace(0.0, 1.0, bins)), heavy)
    else:
        edges = np.quantile(known, np.linspace(0.0, 1.0, bins + 1))
    unique = np.unique(edges)
    return tuple(unique.tolist()) if unique.size > 1 else ()


def _first_positive(*candidates: float) -> float:
    """Return the first that is above 0 and whose inverse is finite."""
    return next(float(c) for c in candidates if c > 1e-300 and np.isfinite(c))
