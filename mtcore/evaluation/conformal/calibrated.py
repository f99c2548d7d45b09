"""What calibration found: how far the ranges of a run reach, and how often they hold.

A *cell* is one thing that a head says of a row: a column of a regression head, a label
of a multilabel one, and the one answer of every other head.
"""

from __future__ import annotations

from typing import Literal

from mtcore.spec.base import Frozen
from mtcore.spec.intervals import Wanted

JointBy = Literal["largest_score", "bonferroni"]


class Measured(Frozen):
    """How often something held.

    Args:
        share: Of the rows.
        low: Lower end of the 95 % interval of `share`.
        high: Upper end.
        rows: How many.
    """

    share: float
    low: float
    high: float
    rows: int


class CellIntervals(Frozen):
    """The ranges or sets of one cell; each tuple has an entry a level.

    Args:
        name: Its column, label, or the head's column.
        rows: Calibration rows with a label.
        reach: The score that is not to be exceeded; None where the rows are too few.
        joint: The same where all cells of all heads are to hold together.
        held: How often the label was within `reach`, on rows apart from those.
        size: Mean width in the target's unit, or mean number of classes, there.
    """

    name: str
    rows: int
    reach: tuple[float | None, ...]
    joint: tuple[float | None, ...]
    held: tuple[Measured | None, ...]
    size: tuple[float | None, ...]


class Intervals(Frozen):
    """The ranges and sets of all heads of a run.

    Args:
        levels: The shares of rows that are promised.
        calibrated_on: Test rows that set the reach.
        measured_on: The other test rows, which tell how often it holds.
        joint_by: How the joint reach was found. `largest_score`: by the largest of a
            row's scores, each in units of its own cell's on validation rows.
            `bonferroni`: each cell at a higher level, where too few rows carry all
            labels.
        joint: How often all labels that a row carries held together.
        heads: The cells of each head, by its name.
    """

    levels: tuple[float, ...]
    calibrated_on: int
    measured_on: int
    joint_by: JointBy
    joint: tuple[Measured | None, ...]
    heads: dict[str, tuple[CellIntervals, ...]]

    def reach_of(self, head: str, wanted: Wanted) -> tuple[float | None, ...]:
        """Return how far each cell of a head reaches at a level, one of `levels`."""
        place = self.levels.index(wanted.level)
        return tuple(
            (cell.joint if wanted.joint else cell.reach)[place]
            for cell in self.heads[head]
        )
