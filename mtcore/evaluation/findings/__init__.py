"""The one figure a head is judged by, how sure it is, and how to say it."""

from __future__ import annotations

from mtcore.evaluation.findings.classes import (
    binary_finding,
    class_finding,
    label_finding,
    ordinal_finding,
)
from mtcore.evaluation.findings.finding import COMMONEST, Finding
from mtcore.evaluation.findings.numbers import (
    count_finding,
    quantile_finding,
    regression_finding,
)
from mtcore.evaluation.metrics import Scores, metrics_of
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
)

__all__ = ["Finding", "figure", "find"]


def find(head: Head, test: Scores, constant: Scores, rows: int) -> Finding | None:
    """Return what the test rows say, or None where the figure can't be computed.

    Args:
        head: Its kind decides the figure.
        test: The head's metrics on the test rows.
        constant: The same metrics of the best constant prediction.
        rows: Labelled test rows, 1 or more.
    """
    value = figure(head, test, constant)
    if value is None:
        return None
    match head:
        case RegressionHead():
            return regression_finding(head, test, constant, rows, value)
        case BinaryHead():
            return binary_finding(test, constant, rows, value)
        case MulticlassHead():
            return class_finding(constant["accuracy"], rows, value, COMMONEST)
        case MultilabelHead():
            return label_finding(test, constant, rows, value)
        case CountHead():
            return count_finding(test, constant, rows, value)
        case QuantileHead():
            return quantile_finding(head, test, rows, value)
        case OrdinalHead():
            return ordinal_finding(test, constant, rows, value)


def figure(head: Head, scores: Scores, constant: Scores) -> float | None:
    """Return the figure that a head is judged by; 1 is perfect.

    R², area under ROC, accuracy, the share of right labels, D², the share of the
    constant's pinball loss removed, or the weighted kappa.
    """
    match head:
        case RegressionHead():
            return scores["r2"]
        case BinaryHead():
            return scores["auc"]
        case MulticlassHead():
            return scores["accuracy"]
        case MultilabelHead():
            wrong = scores["hamming"]
            return None if wrong is None else 1.0 - wrong
        case CountHead():
            return scores["d2"]
        case QuantileHead():
            pinball = metrics_of(head.kind)["pinball"]
            return pinball.skill(scores["pinball"], constant["pinball"])
        case OrdinalHead():
            return scores["qwk"]
