"""Rows drawn again and again, as counts, so that sums over them are one product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.spec import TargetEncoding

RESAMPLES = 400
# So that these draws differ from those of splits, first weights and shuffling.
_STREAM = 0xB007
_MOST_GROUPS = 2_000
_BINS = 512


@dataclass(frozen=True, slots=True)
class Draws:
    """Which rows each resample holds, and how often.

    Args:
        counts: `(1 + resamples, groups)`; the first line is every group once.
        group: Which group each row is in, `(rows,)`.
        groups: How many there are.
        weights: How much each row counts, `(rows,)`; None: all alike.
    """

    counts: NDArray[np.float32]
    group: RowArray
    groups: int
    weights: FloatArray | None = None

    def sums(self, *values: FloatArray) -> tuple[FloatArray, ...]:
        """Return the sum of each of some columns `(rows,)` over every resample.

        Returns:
            `(1 + resamples,)` a column.
        """
        counts = self.counts.astype(np.float64)
        return tuple(
            counts
            @ np.bincount(
                self.group, weights=self._weighted(column), minlength=self.groups
            )
            for column in values
        )

    def means(self, values: FloatArray) -> FloatArray:
        """Return the mean of a column over every resample, `(1 + resamples,)`."""
        total, rows = self.sums(values, np.ones(len(values)))
        return np.divide(total, rows)

    def tally(self, codes: RowArray, size: int, held: FloatArray) -> FloatArray:
        """Return how often each code occurs in every resample.

        Args:
            codes: From 0, `(rows,)`.
            size: How many codes there are.
            held: How much each row counts, `(rows,)`.

        Returns:
            `(1 + resamples, size)`.
        """
        places = self.group * size + codes
        whole = np.bincount(
            places, weights=self._weighted(held), minlength=self.groups * size
        )
        table = whole.reshape(self.groups, size).astype(np.float32)
        return (self.counts @ table).astype(np.float64)

    def by_score(
        self, actual: NDArray[np.bool_], score: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return positive and negative rows of every resample by rising score.

        Each distinct score is a bin of its own where there are 512 at most; else rows
        of similar score share one.

        Returns:
            Twice `(1 + resamples, bins)`.
        """
        distinct, codes = np.unique(score, return_inverse=True)
        if len(distinct) > _BINS:
            edges = np.quantile(score, np.linspace(0, 1, _BINS + 1)[1:-1])
            codes = np.searchsorted(np.unique(edges), score, side="right")
        codes = codes.astype(np.int64)
        bins = int(codes.max()) + 1
        positive = self.tally(codes, bins, actual.astype(np.float64))
        negative = self.tally(codes, bins, (~actual).astype(np.float64))
        return positive, negative

    def among(self, known: NDArray[np.bool_]) -> Draws:
        """Return the same resamples of some of the rows."""
        weights = None if self.weights is None else self.weights[known]
        return Draws(self.counts, self.group[known], self.groups, weights)

    def _weighted(self, values: FloatArray) -> FloatArray:
        return values if self.weights is None else values * self.weights


def draw_again(
    rows: int,
    seed: int,
    resamples: int = RESAMPLES,
    weights: FloatArray | None = None,
) -> Draws:
    """Return resamples of as many rows as there are.

    More than 2,000 rows are dealt into 2,000 groups at random first, and whole groups
    are drawn: a sum over such groups varies as one over rows does, and 100,000 rows
    cost little more than 2,000.

    Args:
        rows: How many there are, 1 or more.
        seed: The same seed gives the same draws.
        resamples: How many.
        weights: How much each row counts, `(rows,)`; None: all alike.
    """
    random = np.random.default_rng((_STREAM, seed))
    groups = min(rows, _MOST_GROUPS)
    group = np.arange(rows, dtype=np.int64)
    if groups < rows:
        group = random.permutation(rows) % groups
    drawn = random.multinomial(groups, np.full(groups, 1.0 / groups), resamples)
    counts = np.concatenate([np.ones((1, groups)), drawn]).astype(np.float32)
    return Draws(counts, group, groups, weights)


Repeated = Callable[[Draws, FloatArray, FloatArray, TargetEncoding], FloatArray]
"""Draws, targets, outputs, encoding → a metric on all rows, then on each resample."""
