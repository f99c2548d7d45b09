"""How the values of a column are spread, and which of them are the most frequent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mtcore.arrays import FloatArray
from mtcore.data.values.cells import is_moment, is_text, seconds_in, text_of_number
from mtcore.data.values.moments import text_of_seconds

LEVELS = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
LONGEST = 500  # letters of a shown value
MOST_SHOWN = 20  # values
_BINS = 20

Top = tuple[tuple[str, int], ...]
Bins = tuple[tuple[float, float, int], ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """What is known of all numbers of a column; None where there are none."""

    minimum: float | None
    maximum: float | None
    mean: float | None
    deviation: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the numbers of a column lie; None and empty where there are none."""

    ends: Ends
    quantiles: tuple[float, ...]
    histogram: Bins


NO_SPREAD = Spread(Ends(None, None, None, None), (), ())


def spread_of(
    cells: pa.ChunkedArray, ends: Ends | None = None, scale: float = 1.0
) -> Spread:
    """Return where the numbers or moments of a column lie; texts lie nowhere.

    Args:
        cells: Some of the column's cells, or all.
        ends: What is known of all of them; None where these are all.
        scale: How many cells each of them stands for.
    """
    numbers = measured(cells)
    if numbers is None or not len(numbers):
        return NO_SPREAD if ends is None else Spread(ends, (), ())
    # Sums and differences of the greatest numbers there are may have no end.
    with np.errstate(over="ignore", invalid="ignore"):
        known = ends or Ends(
            float(numbers.min()),
            float(numbers.max()),
            finite(float(numbers.mean())),
            finite(float(numbers.std())),
        )
        quantiles = tuple(float(q) for q in np.quantile(numbers, LEVELS))
        edges = _edges(known)
    if not edges:
        return Spread(known, quantiles, ())
    width = edges[1] - edges[0]
    places = np.clip((numbers - edges[0]) // width, 0, _BINS - 1).astype(np.int64)
    counts = np.rint(scale * np.bincount(places, minlength=_BINS)).astype(np.int64)
    bins = zip(pairwise(edges), counts, strict=True)
    histogram = tuple((low, high, int(count)) for (low, high), count in bins)
    return Spread(known, quantiles, histogram)


def top_of(cells: pa.ChunkedArray, scale: float = 1.0) -> Top:
    """Return the most frequent values of a column with their counts, as texts.

    Args:
        cells: Some of the column's cells, or all.
        scale: How many cells each of them stands for.
    """
    counted = pc.value_counts(cells.drop_null())
    columns = {"value": counted.field(0), "times": counted.field(1)}
    return top_of_counts(pa.table(columns), scale)


def top_of_counts(counted: pa.Table, scale: float = 1.0) -> Top:
    """Return the most frequent values with their counts, as texts.

    Args:
        counted: The columns `value` and `times`, each value once.
        scale: How many cells each of them stands for.
    """
    if not len(counted):
        return ()
    order = [("times", "descending"), ("value", "ascending")]
    shown = min(MOST_SHOWN, len(counted))
    most = counted.take(pc.select_k_unstable(counted, k=shown, sort_keys=order))
    times = most.column("times").to_pylist()
    texts = texts_of(most.column("value"))
    return tuple((text, round(scale * n)) for text, n in zip(texts, times, strict=True))


def texts_of(values: pa.ChunkedArray) -> list[str]:
    """Return values as people read them, none of them missing."""
    if is_text(values):
        return [str(value)[:LONGEST] for value in values.to_pylist()]
    if is_moment(values):
        return [text_of_seconds(float(second)) for second in seconds_in(values)]
    return [text_of_number(float(number)) for number in values.to_pylist()]


def measured(cells: pa.ChunkedArray) -> FloatArray | None:
    """Return the numbers, or seconds since 1970, that are there; None for texts."""
    there = cells.drop_null()
    if is_text(there):
        return None
    if is_moment(there):
        return seconds_in(there)
    numbers: FloatArray = pc.cast(there, pa.float64(), safe=False).to_numpy()
    return numbers


def _edges(ends: Ends) -> list[float]:
    """Return the edges of bins of equal width; none where nothing is spread."""
    low, high = ends.minimum, ends.maximum
    if low is None or high is None:
        return []
    width = (high - low) / _BINS
    if not math.isfinite(width) or width <= 0 or low + width == low:
        return []
    return [low + width * index for index in range(_BINS)] + [high]


def finite(number: float) -> float | None:
    """Return a number, None where it has no end."""
    return number if math.isfinite(number) else None
