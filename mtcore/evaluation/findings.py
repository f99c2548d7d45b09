"""The one figure a head is judged by, how sure it is, and how to say it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from mtcore.evaluation.intervals import share_interval
from mtcore.evaluation.metrics import Scores
from mtcore.evaluation.wording import count_text, number_text, percent_text
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Head,
    MulticlassHead,
    MultilabelHead,
    RegressionHead,
)

_Z95 = 1.959964
MEAN = "always predicting the mean"
MEDIAN = "always predicting the median"
COMMON = "always giving the more common answer"
COMMONEST = "always giving the most common class"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the test rows say about one head.

    Args:
        value: The figure it is judged by; 1 is perfect.
        constant: The constant prediction's figure.
        low: Lower end of its 95 % interval.
        high: Upper end.
        bars: From which value on it is good, fair, weak; below all it is useless.
        facts: A sentence with the figure, the rows and the constant prediction's.
        rival: The constant prediction, in words.
        show: How the figure is written.
    """

    value: float
    constant: float
    low: float
    high: float
    bars: tuple[float, float, float]
    facts: str
    rival: str
    show: Callable[[float], str]

    def interval_text(self) -> str:
        """Return the interval, such as "86 to 98 %"."""
        low, high = self.show(max(self.low, 0.0)), self.show(self.high)
        number, _, unit = low.partition(" ")
        return f"{number if high.endswith(f' {unit}') else low} to {high}"


def find(head: Head, test: Scores, constant: Scores, rows: int) -> Finding | None:
    """Return what the test rows say, or None where the figure can't be computed.

    Args:
        head: Its kind decides the figure: R², area under ROC, accuracy, the share of
            right labels, or D².
        test: The head's metrics on the test rows.
        constant: The same metrics of the best constant prediction.
        rows: Labelled test rows, 1 or more.
    """
    value = figure(head, test)
    if value is None:
        return None
    match head:
        case RegressionHead():
            return _regression(head, test, constant, rows, value)
        case BinaryHead():
            return _binary(test, constant, rows, value)
        case MulticlassHead():
            return _right_answers(constant["accuracy"], rows, value, COMMONEST)
        case MultilabelHead():
            return _labels(test, constant, rows, value)
        case CountHead():
            return _count(test, constant, rows, value)


def figure(head: Head, scores: Scores) -> float | None:
    """Return the figure that a head is judged by; 1 is perfect."""
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


def _regression(
    head: RegressionHead, test: Scores, constant: Scores, rows: int, value: float
) -> Finding:
    rival = MEDIAN if head.loss == "mae" else MEAN
    unseen = count_text(rows, "unseen row")
    if value > 0.0:
        facts = f"Explains {percent_text(value)} of the variation on {unseen}"
    else:
        facts = f"Explains none of the variation on {unseen}"
    if len(head.columns) > 1:
        facts += f", on average over its {len(head.columns)} columns."
    else:
        ours, theirs = number_text(test["mae"], 2), number_text(constant["mae"], 2)
        facts += f"; typical error {ours}, against {theirs} for {rival}."
    error = _share_error(value, rows)
    return Finding(
        value=value,
        constant=constant["r2"] or 0.0,
        low=value - _Z95 * error,
        high=min(value + _Z95 * error, 1.0),
        bars=(0.9, 0.5, 0.1),
        facts=facts,
        rival=rival,
        show=percent_text,
    )


def _count(test: Scores, constant: Scores, rows: int, value: float) -> Finding:
    unseen = count_text(rows, "unseen row")
    share = percent_text(value) if value > 0.0 else "none"
    ours, theirs = number_text(test["mae"], 2), number_text(constant["mae"], 2)
    error = _share_error(value, rows)
    return Finding(
        value=value,
        constant=constant["d2"] or 0.0,
        low=value - _Z95 * error,
        high=min(value + _Z95 * error, 1.0),
        # Lower than for R², as counts scatter around any mean, the right one too.
        bars=(0.8, 0.4, 0.1),
        facts=f"Explains {share} of the deviance on {unseen}; typical error {ours}, "
        f"against {theirs} for {MEAN}.",
        rival=MEAN,
        show=percent_text,
    )


def _binary(test: Scores, constant: Scores, rows: int, value: float) -> Finding:
    common = constant["accuracy"] or 0.0
    facts = (
        f"Ranks a positive row above a negative one {_times(value)} on "
        f"{count_text(rows, 'unseen row')}; {percent_text(test['accuracy'])} of the "
        f"answers are right, against {percent_text(common)} for {COMMON}."
    )
    rarer = max(round(rows * min(common, 1.0 - common)), 1)
    error = _auc_error(value, rarer, max(rows - rarer, 1))
    return Finding(
        value=value,
        constant=0.5,
        low=value - _Z95 * error,
        high=min(value + _Z95 * error, 1.0),
        bars=(0.9, 0.75, 0.6),
        facts=facts,
        rival="guessing",
        show=_times,
    )


def _right_answers(base: float | None, rows: int, value: float, rival: str) -> Finding:
    common = base or 0.0
    low, high = share_interval(round(value * rows), rows)
    good, fair, weak = (common + share * (1.0 - common) for share in (0.8, 0.4, 0.1))
    facts = (
        f"Right for {percent_text(value)} of {count_text(rows, 'unseen row')}, against "
        f"{percent_text(common)} for {rival}."
    )
    return Finding(
        value=value,
        constant=common,
        low=low,
        high=high,
        bars=(good, fair, weak),
        facts=facts,
        rival=rival,
        show=percent_text,
    )


def _labels(test: Scores, constant: Scores, rows: int, value: float) -> Finding:
    wrong = constant["hamming"]
    base = None if wrong is None else 1.0 - wrong
    finding = _right_answers(base, rows, value, COMMON)
    facts = (
        f"{percent_text(value)} of the labels are right on "
        f"{count_text(rows, 'unseen row')}, against {percent_text(base)} for {COMMON}"
    )
    if test["micro_f1"] is not None:
        facts += f"; F1 over all labels {number_text(test['micro_f1'], 2)}"
    return replace(finding, facts=f"{facts}.")


def _times(share: float) -> str:
    """Return a chance as a count, such as "93 times in 100"."""
    if share >= 1.0:
        return "every time"
    if share > 0.99:
        return f"{math.floor(1_000 * share)} times in 1,000"
    return f"{round(100 * share)} times in 100"


def _share_error(value: float, rows: int) -> float:
    """Return the standard error of R² in large samples (Olkin and Finn 1995)."""
    bounded = min(max(value, 0.0), 1.0)
    return 2.0 * math.sqrt(bounded / rows) * (1.0 - bounded)


def _auc_error(area: float, positives: int, negatives: int) -> float:
    """Return the standard error of an area under ROC (Hanley and McNeil 1982)."""
    area = min(max(area, 0.0), 1.0)
    two_positives = area / (2.0 - area)
    two_negatives = 2.0 * area * area / (1.0 + area)
    variance = (
        area * (1.0 - area)
        + (positives - 1) * (two_positives - area * area)
        + (negatives - 1) * (two_negatives - area * area)
    ) / (positives * negatives)
    return math.sqrt(max(variance, 0.0))
