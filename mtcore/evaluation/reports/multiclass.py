"""The report of a head that predicts one of several classes."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics import score
from mtcore.evaluation.metrics.metric import ratio
from mtcore.evaluation.reports.parts import (
    WORST,
    Mistake,
    ReliabilityBin,
    ReportBase,
    reliability,
    whole,
)
from mtcore.spec import MulticlassHead, TargetEncoding
from mtcore.spec.base import Frozen

MAX_CONFUSION = 30
MAX_CLASSES = 1_000
OTHER = "all other classes"
_EXAMPLES = 3


class Confusion(Frozen):
    """How often each class was taken for each.

    Args:
        classes: In the order of rows and columns; where there are more than 30, the
            29 most frequent and "all other classes".
        counts: counts[actual][predicted], rows.
        together: How many classes stand in the last one; 0 where each stands alone.
    """

    classes: tuple[str, ...] = ()
    counts: tuple[tuple[int, ...], ...] = ()
    together: int = 0


class ClassScores(Frozen):
    """How well one class is recognised.

    Args:
        name: The class.
        support: Labelled rows of it.
        predicted: Rows that were given it.
        precision: Share of `predicted` that are right; None where none was given it.
        recall: Share of `support` that was found; None where there is none.
        f1: Their harmonic mean; None where the class neither occurs nor was given.
    """

    name: str
    support: int
    predicted: int
    precision: float | None
    recall: float | None
    f1: float | None


class Confused(Frozen):
    """A class that is taken for another.

    Args:
        actual: The class.
        predicted: What it is taken for.
        rows: How many rows.
        share: Of the labelled rows of the class.
        examples: The numbers in the table of up to three of them, the most confident
            mistakes first.
    """

    actual: str
    predicted: str
    rows: int
    share: float
    examples: tuple[int, ...]


class MulticlassReport(ReportBase):
    """How well several classes are told apart.

    Args:
        confusion: Actual against predicted.
        per_class: One entry a class, the most frequent 1,000 in the head's order.
        calibration: Whether the likeliest class's probability comes true.
        worst: The most confident mistakes, worst first.
        confused: The ten most frequent confusions, most frequent first.
    """

    kind: Literal["multiclass"] = "multiclass"
    confusion: Confusion = Confusion()
    per_class: tuple[ClassScores, ...] = ()
    calibration: tuple[ReliabilityBin, ...] = ()
    worst: tuple[Mistake, ...] = ()
    confused: tuple[Confused, ...] = ()


def multiclass_report(
    head: MulticlassHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> MulticlassReport:
    """Return what charts and tables of a multiclass head need."""
    known = ~np.isnan(targets[:, 0])
    answered = known & np.isfinite(outputs).all(axis=1)
    actual = targets[answered, 0].astype(np.int64)
    chances = outputs[answered]
    report = MulticlassReport(
        head=head.name,
        rows=len(targets),
        labelled=int(known.sum()),
        unanswered=int(known.sum() - answered.sum()),
        metrics=score(head, encoding, targets, outputs),
    )
    if not len(actual):
        return report
    predicted = chances.argmax(axis=1).astype(np.int64)
    right = predicted == actual
    return report.model_copy(
        update={
            "confusion": confusion_of(actual, predicted, encoding.classes),
            "per_class": scores_of_classes(actual, predicted, encoding.classes),
            "calibration": tuple(reliability(chances.max(axis=1), right)),
            "worst": _worst(actual, chances, rows[answered], encoding.classes),
            "confused": _confused(actual, chances, rows[answered], encoding.classes),
        }
    )


def confusion_of(
    actual: RowArray, predicted: RowArray, classes: tuple[str, ...]
) -> Confusion:
    """Return how often each class, given by its position, was taken for each."""
    names, together = classes, 0
    if len(classes) > MAX_CONFUSION:
        support = np.bincount(actual, minlength=len(classes))
        kept = np.sort(np.argsort(-support, kind="stable")[: MAX_CONFUSION - 1])
        place = np.full(len(classes), MAX_CONFUSION - 1)
        place[kept] = np.arange(MAX_CONFUSION - 1)
        actual, predicted = place[actual], place[predicted]
        names = (*(classes[code] for code in kept), OTHER)
        together = len(classes) - len(kept)
    size = len(names)
    counts = np.bincount(actual * size + predicted, minlength=size * size)
    return Confusion(
        classes=names,
        counts=tuple(whole(line) for line in counts.reshape(size, size)),
        together=together,
    )


def scores_of_classes(
    actual: RowArray, predicted: RowArray, classes: tuple[str, ...]
) -> tuple[ClassScores, ...]:
    """Return how well each class, given by its position, is recognised."""
    size = len(classes)
    support = np.bincount(actual, minlength=size)
    given = np.bincount(predicted, minlength=size)
    hits = np.bincount(actual[actual == predicted], minlength=size)
    shown = np.sort(np.argsort(-support, kind="stable")[:MAX_CLASSES])
    return tuple(
        ClassScores(
            name=classes[code],
            support=int(support[code]),
            predicted=int(given[code]),
            precision=ratio(hits[code], given[code]),
            recall=ratio(hits[code], support[code]),
            f1=ratio(2 * hits[code], support[code] + given[code]),
        )
        for code in shown
    )


def _confused(
    actual: RowArray, chances: FloatArray, rows: RowArray, classes: tuple[str, ...]
) -> tuple[Confused, ...]:
    predicted = chances.argmax(axis=1)
    wrong = np.flatnonzero(predicted != actual)
    pairs = actual[wrong] * len(classes) + predicted[wrong]
    distinct, counts = np.unique(pairs, return_counts=True)
    support = np.bincount(actual, minlength=len(classes))
    found = []
    for place in np.argsort(-counts, kind="stable")[:WORST]:
        code, other = divmod(int(distinct[place]), len(classes))
        members = wrong[pairs == distinct[place]]
        sure = np.argsort(chances[members, code], kind="stable")[:_EXAMPLES]
        found.append(
            Confused(
                actual=classes[code],
                predicted=classes[other],
                rows=int(counts[place]),
                share=float(counts[place] / support[code]),
                examples=whole(rows[members[sure]]),
            )
        )
    return tuple(found)


def _worst(
    actual: RowArray, chances: FloatArray, rows: RowArray, classes: tuple[str, ...]
) -> tuple[Mistake, ...]:
    predicted = chances.argmax(axis=1)
    given = chances[np.arange(len(actual)), actual]
    wrong = np.flatnonzero(predicted != actual)
    places = wrong[np.argsort(given[wrong], kind="stable")][:WORST]
    return tuple(
        Mistake(
            row=int(rows[place]),
            actual=classes[actual[place]],
            predicted=classes[predicted[place]],
            chance=float(given[place]),
        )
        for place in places
    )
