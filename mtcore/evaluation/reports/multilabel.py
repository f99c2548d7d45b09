"""The report of a head that predicts several labels which may hold together."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.metrics import score
from mtcore.evaluation.metrics.binary import area_under_roc
from mtcore.evaluation.metrics.metric import ratio
from mtcore.evaluation.reports.binary import BinaryReport, binary_report
from mtcore.evaluation.reports.parts import Curve, ReportBase, thinned
from mtcore.spec import BinaryHead, MultilabelHead, TargetEncoding
from mtcore.spec.base import Frozen

THRESHOLD = 0.5
# More labels would make a report that is slow to open; each takes some 15 kB.
MOST_CLOSER = 30
_CURVE_POINTS = 100
NO, YES = "no", "yes"


class LabelScores(Frozen):
    """How well one label is predicted; it is given from a probability of 0.5 on.

    Args:
        name: The label.
        labelled: Rows that know whether it holds.
        support: Rows that it holds for.
        predicted: Rows that were given it.
        true_positive: Rows that it holds for and that were given it.
        accuracy: Share of `labelled` that is right.
        precision: Share of `predicted` that is right; None where none was given it.
        recall: Share of `support` that was found; None where there is none.
        f1: None where the label neither holds nor was given.
        auc: None where it holds for all rows or for none.
        closer: The label looked at as a head of its own; None of the labels beyond the
            first 30, and in reports of old runs.
    """

    name: str
    labelled: int
    support: int
    predicted: int
    true_positive: int
    accuracy: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    auc: float | None
    closer: BinaryReport | None = None


class MultilabelReport(ReportBase):
    """How well each label is predicted."""

    kind: Literal["multilabel"] = "multilabel"
    labels: tuple[LabelScores, ...]


def multilabel_report(
    head: MultilabelHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> MultilabelReport:
    """Return what charts and tables of a multilabel head need."""
    known = ~np.isnan(targets).all(axis=1)
    answered = np.isfinite(outputs).all(axis=1)
    return MultilabelReport(
        head=head.name,
        rows=len(targets),
        labelled=int(known.sum()),
        unanswered=int((known & ~answered).sum()),
        metrics=score(head, encoding, targets, outputs),
        labels=tuple(
            _label_scores(
                name,
                targets[answered, index],
                outputs[answered, index],
                _closer(encoding, index, targets, outputs, rows)
                if index < MOST_CLOSER
                else None,
            )
            for index, name in enumerate(encoding.classes)
        ),
    )


def _closer(
    encoding: TargetEncoding,
    index: int,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> BinaryReport:
    """Return the report of one label, as if a head of two classes predicted it."""
    name = encoding.classes[index]
    alone = encoding.model_copy(
        update={
            "classes": (NO, YES),
            "positives": (),
            "constant": encoding.constant[index : index + 1],
            "prior": (1.0 - encoding.prior[index], encoding.prior[index]),
        }
    )
    column = slice(index, index + 1)
    found = binary_report(
        BinaryHead(name=name, columns=(name,)),
        alone,
        targets[:, column],
        outputs[:, column],
        rows,
    )
    return found.model_copy(
        update={
            "roc": _thinner(found.roc),
            "precision_recall": _thinner(found.precision_recall),
        }
    )


def _thinner(curve: Curve) -> Curve:
    kept = thinned(len(curve.x), _CURVE_POINTS).tolist()
    return Curve(
        x=tuple(curve.x[place] for place in kept),
        y=tuple(curve.y[place] for place in kept),
        thresholds=tuple(curve.thresholds[place] for place in kept),
    )


def _label_scores(
    name: str,
    targets: FloatArray,
    outputs: FloatArray,
    closer: BinaryReport | None,
) -> LabelScores:
    known = ~np.isnan(targets)
    actual = targets[known] > 0.5
    chance = outputs[known]
    given = chance >= THRESHOLD
    hits = int((actual & given).sum())
    support, predicted = int(actual.sum()), int(given.sum())
    return LabelScores(
        name=name,
        labelled=len(actual),
        support=support,
        predicted=predicted,
        true_positive=hits,
        accuracy=ratio(int((actual == given).sum()), len(actual)),
        precision=ratio(hits, predicted),
        recall=ratio(hits, support),
        f1=ratio(2 * hits, support + predicted),
        auc=area_under_roc(actual, chance) if len(actual) else None,
        closer=closer,
    )
