"""Half of the test rows say how far ranges reach, the other half how often they hold.

Validation rows chose the epoch, so an answer for them is a little too good: only the
units of the joint score are taken from them. Calibrating changes no answer, so that the
metrics on all test rows stay what they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.conformal.bounds import bounds_of
from mtcore.evaluation.conformal.calibrated import (
    CellIntervals,
    Intervals,
    Measured,
)
from mtcore.evaluation.conformal.scores import conformity_scores, least_unit
from mtcore.evaluation.intervals import share_interval
from mtcore.spec import Head, TargetEncoding
from mtcore.spec.intervals import LEVELS

# So that this half differs from what splits, first weights and shuffling draw.
_STREAM = 0xCA11
_LARGE = 0.9
# Rows with all labels from which a joint reach may be taken.
_FEWEST_TOGETHER = 20
# Of more outputs than these only every second row or so is measured, and so on.
_MOST_NUMBERS = 20_000_000

Answered = tuple[FloatArray, FloatArray]
"""Targets `(rows, k)` and decoded outputs `(rows, width)` of one head."""


@final
class Calibration:
    """Takes the heads of a run one after another.

    Args:
        rows: How many test rows there are.
        cells: How many cells all heads have together.
        seed: The same seed calibrates on the same half.
    """

    def __init__(self, rows: int, cells: int, seed: int) -> None:
        order = np.random.default_rng((_STREAM, seed)).permutation(rows)
        self._calibrates = np.zeros(rows, dtype=np.bool_)
        self._calibrates[order[: (rows + 1) // 2]] = True
        self._cells = cells
        self._heads: dict[str, list[_Cell]] = {}
        # Of all cells: the largest score of a row, and whether all have a label.
        self._largest = np.full(rows, -np.inf)
        self._complete = np.ones(rows, dtype=np.bool_)

    def add(
        self, head: Head, encoding: TargetEncoding, validation: Answered, test: Answered
    ) -> None:
        """Take what a head says of validation and test rows; rows as for all heads."""
        scores = _finite(conformity_scores(head, encoding, *test))
        others = _finite(conformity_scores(head, encoding, *validation))
        self._heads[head.name] = found = []
        for place, name in enumerate(head.columns):
            ruler = _ruler(others[:, place], least_unit(head, encoding, place))
            found.append(_Cell(name, ruler, scores[self._calibrates, place]))
            known = ~np.isnan(scores[:, place])
            in_units = np.where(known, ruler.units(scores[:, place]), -np.inf)
            self._largest = np.maximum(self._largest, in_units)
            self._complete &= known
        apart = (~self._calibrates).nonzero()[0]
        apart = apart[:: -(-test[1].size // _MOST_NUMBERS)]
        targets, outputs = test[0][apart], test[1][apart]
        for level in LEVELS:
            reach = [conformal_quantile(cell.scores, level) for cell in found]
            bounds = bounds_of(head, encoding, outputs, reach)
            held, sizes = bounds.holds(targets), bounds.sizes()
            for place, cell in enumerate(found):
                known = ~np.isnan(scores[apart, place])
                told = reach[place] is not None and known.any()
                cell.reach.append(reach[place])
                cell.held.append(_measured(held[known, place]) if told else None)
                cell.size.append(float(sizes[known, place].mean()) if told else None)

    def finish(self) -> Intervals:
        """Return the ranges of all heads, each alone and all together."""
        together = self._calibrates & self._complete
        by_largest = int(together.sum()) >= _FEWEST_TOGETHER
        for level in LEVELS:
            joint = conformal_quantile(self._largest[together], level)
            apart = 1.0 - (1.0 - level) / self._cells
            for cells in self._heads.values():
                for cell in cells:
                    cell.joint.append(
                        (None if joint is None else cell.ruler.score(joint))
                        if by_largest
                        else conformal_quantile(cell.scores, apart)
                    )
        measured = [
            self._joint_measured(level) if by_largest else None for level in LEVELS
        ]
        return Intervals(
            levels=LEVELS,
            calibrated_on=int(self._calibrates.sum()),
            measured_on=int((~self._calibrates).sum()),
            joint_by="largest_score" if by_largest else "bonferroni",
            joint=tuple(measured),
            heads={
                name: tuple(cell.found() for cell in cells)
                for name, cells in self._heads.items()
            },
        )

    def _joint_measured(self, level: float) -> Measured | None:
        together = self._calibrates & self._complete
        joint = conformal_quantile(self._largest[together], level)
        apart = ~self._calibrates & self._complete
        if joint is None or not apart.any():
            return None
        return _measured(self._largest[apart] <= joint)


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Makes scores of several cells comparable: 0 is usual, 1 is large."""

    usual: float
    unit: float

    def units(self, scores: FloatArray) -> FloatArray:
        return (scores - self.usual) / self.unit

    def score(self, units: float) -> float:
        return self.usual + units * self.unit


@final
class _Cell:
    """One cell while it is calibrated; each list gets an entry a level."""

    def __init__(self, name: str, ruler: _Ruler, scores: FloatArray) -> None:
        self.name = name
        self.ruler = ruler
        self.scores = scores[~np.isnan(scores)]
        self.reach: list[float | None] = []
        self.joint: list[float | None] = []
        self.held: list[Measured | None] = []
        self.size: list[float | None] = []

    def found(self) -> CellIntervals:
        return CellIntervals(
            name=self.name,
            rows=len(self.scores),
            reach=tuple(self.reach),
            joint=tuple(self.joint),
            held=tuple(self.held),
            size=tuple(self.size),
        )


def conformal_quantile(scores: FloatArray, level: float) -> float | None:
    """Return the score that a new row exceeds with a chance of 1 - level at most.

    The ⌈(n + 1) · level⌉-th smallest of n; None where that is more than n.

    Args:
        scores: `(n,)`, of rows that nothing else was learned from.
        level: In (0, 1).

    Examples:
        >>> conformal_quantile(np.arange(1.0, 10.0), 0.8)
        8.0
        >>> conformal_quantile(np.arange(1.0, 9.0), 0.9) is None
        True
    """
    # Without the rounding of 0.1 and its like.
    rank = math.ceil((len(scores) + 1) * level - 1e-9)
    if rank > len(scores):
        return None
    return float(np.partition(scores, rank - 1)[rank - 1])


def _ruler(scores: FloatArray, least: float) -> _Ruler:
    known = scores[~np.isnan(scores)]
    if not len(known):
        return _Ruler(0.0, least)
    usual, large = np.quantile(known, (0.5, _LARGE))
    # Scores that hardly vary must not count for more than all others.
    return _Ruler(float(usual), max(float(large - usual), least))


def _finite(scores: FloatArray) -> FloatArray:
    """Return scores with NaN for those of answers that are no number."""
    return np.where(np.isfinite(scores), scores, np.nan)


def _measured(held: NDArray[np.bool_]) -> Measured:
    hits, rows = int(held.sum()), len(held)
    low, high = share_interval(hits, rows)
    return Measured(share=hits / rows, low=low, high=high, rows=rows)
