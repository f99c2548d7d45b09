"""The report of a head that predicts one of two classes."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics import score
from mtcore.evaluation.reports.parts import (
    WORST,
    Curve,
    Mistake,
    ReliabilityBin,
    ReportBase,
    floats,
    reliability,
    thinned,
    whole,
)
from mtcore.spec import BinaryHead, TargetEncoding
from mtcore.spec.base import Frozen

Truth = NDArray[np.bool_]


class Thresholds(Frozen):
    """What 101 thresholds from 0 to 1 do; a row is positive from the threshold on.

    Args:
        threshold: 0, 0.01, … 1.
        true_negative: Negative rows called negative.
        false_positive: Negative rows called positive.
        false_negative: Positive rows called negative.
        true_positive: Positive rows called positive.
    """

    threshold: tuple[float, ...] = ()
    true_negative: tuple[int, ...] = ()
    false_positive: tuple[int, ...] = ()
    false_negative: tuple[int, ...] = ()
    true_positive: tuple[int, ...] = ()


class ScoreHistogram(Frozen):
    """Rows by the probability they were given, apart for what they really are."""

    edges: tuple[float, ...] = ()
    negative: tuple[int, ...] = ()
    positive: tuple[int, ...] = ()


class BinaryReport(ReportBase):
    """How well two classes are told apart.

    Args:
        classes: (negative, positive).
        positives: Labelled rows of the positive class.
        roc: False positive rate → true positive rate; empty where a class is absent.
        precision_recall: Recall → precision; empty where no row is positive.
        thresholds: Counts at every threshold.
        histogram: Probabilities given, in 20 bins.
        calibration: Whether probabilities come true.
        worst: The most confident mistakes, worst first.
    """

    kind: Literal["binary"] = "binary"
    classes: tuple[str, str]
    positives: int
    roc: Curve = Curve()
    precision_recall: Curve = Curve()
    thresholds: Thresholds = Thresholds()
    histogram: ScoreHistogram = ScoreHistogram()
    calibration: tuple[ReliabilityBin, ...] = ()
    worst: tuple[Mistake, ...] = ()


def binary_report(
    head: BinaryHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> BinaryReport:
    """Return what charts and tables of a binary head need."""
    known = ~np.isnan(targets[:, 0])
    answered = known & np.isfinite(outputs[:, 0])
    actual = targets[answered, 0] > 0.5
    chance = outputs[answered, 0]
    negative, positive = encoding.classes
    report = BinaryReport(
        head=head.name,
        rows=len(targets),
        labelled=int(known.sum()),
        unanswered=int(known.sum() - answered.sum()),
        metrics=score(head, encoding, targets, outputs),
        classes=(negative, positive),
        positives=int((targets[known, 0] > 0.5).sum()),
    )
    if not len(actual):
        return report
    return report.model_copy(
        update={
            "roc": _roc(actual, chance),
            "precision_recall": _precision_recall(actual, chance),
            "thresholds": _thresholds(actual, chance),
            "histogram": _histogram(actual, chance),
            "calibration": tuple(reliability(chance, actual)),
            "worst": _worst(actual, chance, rows[answered], (negative, positive)),
        }
    )


def _roc(actual: Truth, chance: FloatArray) -> Curve:
    from sklearn.metrics import roc_curve

    if actual.all() or not actual.any():
        return Curve()
    wrong, right, thresholds = roc_curve(actual, chance)
    kept = thinned(len(wrong))
    return Curve(
        x=floats(wrong[kept]),
        y=floats(right[kept]),
        thresholds=_reachable(thresholds[kept]),
    )


def _precision_recall(actual: Truth, chance: FloatArray) -> Curve:
    from sklearn.metrics import precision_recall_curve

    if not actual.any():
        return Curve()
    precision, recall, thresholds = precision_recall_curve(actual, chance)
    # The last point stands for no row called positive: no threshold does that.
    thresholds = np.append(thresholds, np.inf)
    kept = thinned(len(recall))[::-1]
    return Curve(
        x=floats(recall[kept]),
        y=floats(precision[kept]),
        thresholds=_reachable(thresholds[kept]),
    )


def _reachable(thresholds: FloatArray) -> tuple[float | None, ...]:
    return tuple(float(t) if np.isfinite(t) else None for t in thresholds)


def _thresholds(actual: Truth, chance: FloatArray) -> Thresholds:
    threshold = np.arange(101) / 100.0
    positive = np.sort(chance[actual])
    negative = np.sort(chance[~actual])
    missed = np.searchsorted(positive, threshold, side="left")
    spared = np.searchsorted(negative, threshold, side="left")
    return Thresholds(
        threshold=floats(threshold),
        true_negative=whole(spared),
        false_positive=whole(len(negative) - spared),
        false_negative=whole(missed),
        true_positive=whole(len(positive) - missed),
    )


def _histogram(actual: Truth, chance: FloatArray) -> ScoreHistogram:
    clipped = np.clip(chance, 0.0, 1.0)
    positive, edges = np.histogram(clipped[actual], bins=20, range=(0.0, 1.0))
    negative, _ = np.histogram(clipped[~actual], bins=20, range=(0.0, 1.0))
    return ScoreHistogram(
        edges=floats(edges), negative=whole(negative), positive=whole(positive)
    )


def _worst(
    actual: Truth, chance: FloatArray, rows: RowArray, classes: tuple[str, str]
) -> tuple[Mistake, ...]:
    given = np.where(actual, chance, 1.0 - chance)
    wrong = actual != (chance >= 0.5)
    order = np.argsort(given, kind="stable")
    places = [int(place) for place in order if wrong[place]][:WORST]
    return tuple(
        Mistake(
            row=int(rows[place]),
            actual=classes[int(actual[place])],
            predicted=classes[int(not actual[place])],
            chance=float(given[place]),
        )
        for place in places
    )
