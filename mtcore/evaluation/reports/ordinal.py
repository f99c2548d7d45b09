"""The report of a head that predicts one of several classes in an order."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics import score
from mtcore.evaluation.reports.multiclass import (
    ClassScores,
    Confusion,
    confusion_of,
    scores_of_classes,
)
from mtcore.evaluation.reports.parts import (
    WORST,
    ReliabilityBin,
    ReportBase,
    reliability,
    whole,
)
from mtcore.spec import OrdinalHead, TargetEncoding
from mtcore.spec.base import Frozen
from mtcore.spec.heads.ordinal import likely_ranks


class RankMistake(Frozen):
    """A row that is off by many ranks.

    Args:
        row: Its number in the table, from 0.
        actual: The class it has.
        predicted: The class it was given.
        ranks: How many ranks these are apart.
        chance: The probability that its actual class was given.
    """

    row: int
    actual: str
    predicted: str
    ranks: int
    chance: float


class OrdinalReport(ReportBase):
    """How near predicted ranks are to actual ones.

    Args:
        confusion: Actual against predicted, in the order of the classes.
        per_class: One entry a class, in their order.
        off_by: Rows by how many ranks too high they were predicted, from as many too
            low as there are steps to as many too high.
        calibration: Whether the predicted class's probability comes true.
        worst: The rows that are off by most ranks, worst first.
    """

    kind: Literal["ordinal"] = "ordinal"
    confusion: Confusion = Confusion()
    per_class: tuple[ClassScores, ...] = ()
    off_by: tuple[int, ...] = ()
    calibration: tuple[ReliabilityBin, ...] = ()
    worst: tuple[RankMistake, ...] = ()

    def within(self, ranks: int) -> float | None:
        """Return the share of rows that are off by at most so many ranks."""
        steps = len(self.off_by) // 2
        held = sum(self.off_by[max(steps - ranks, 0) : steps + ranks + 1])
        total = sum(self.off_by)
        return held / total if total else None


def ordinal_report(
    head: OrdinalHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> OrdinalReport:
    """Return what charts and tables of an ordinal head need."""
    known = ~np.isnan(targets[:, 0])
    kept = known & np.isfinite(outputs).all(axis=1)
    report = OrdinalReport(
        head=head.name,
        rows=len(targets),
        labelled=int(known.sum()),
        unanswered=int((known & ~kept).sum()),
        metrics=score(head, encoding, targets, outputs),
    )
    if not kept.any():
        return report
    actual, chances = targets[kept, 0].astype(np.int64), outputs[kept]
    predicted = likely_ranks(chances)
    steps = len(encoding.classes) - 1
    off_by = np.bincount(predicted - actual + steps, minlength=2 * steps + 1)
    given = chances[np.arange(len(actual)), predicted]
    return report.model_copy(
        update={
            "confusion": confusion_of(actual, predicted, encoding.classes),
            "per_class": scores_of_classes(actual, predicted, encoding.classes),
            "off_by": whole(off_by),
            "calibration": tuple(reliability(given, predicted == actual)),
            "worst": _worst(actual, chances, rows[kept], encoding.classes),
        }
    )


def _worst(
    actual: RowArray, chances: FloatArray, rows: RowArray, classes: tuple[str, ...]
) -> tuple[RankMistake, ...]:
    predicted = likely_ranks(chances)
    ranks = np.abs(predicted - actual)
    given = chances[np.arange(len(actual)), actual]
    places = np.lexsort((given, -ranks))[:WORST]
    return tuple(
        RankMistake(
            row=int(rows[place]),
            actual=classes[actual[place]],
            predicted=classes[predicted[place]],
            ranks=int(ranks[place]),
            chance=float(given[place]),
        )
        for place in places
        if ranks[place] > 0
    )
