"""What test rows say about heads that predict classes."""

from __future__ import annotations

import math
from dataclasses import replace

from mtcore.evaluation.findings.finding import COMMON, Z95, Finding
from mtcore.evaluation.intervals import share_interval
from mtcore.evaluation.metrics import Scores
from mtcore.evaluation.wording import count_text, number_text, percent_text


def binary_finding(test: Scores, constant: Scores, rows: int, value: float) -> Finding:
    """Return what the area under ROC and the share of right answers say."""
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
        low=value - Z95 * error,
        high=min(value + Z95 * error, 1.0),
        bars=(0.9, 0.75, 0.6),
        facts=facts,
        rival="guessing",
        show=_times,
    )


def class_finding(base: float | None, rows: int, value: float, rival: str) -> Finding:
    """Return what a share of right answers says beside that of a rival."""
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


def label_finding(test: Scores, constant: Scores, rows: int, value: float) -> Finding:
    """Return what the share of right labels says."""
    wrong = constant["hamming"]
    base = None if wrong is None else 1.0 - wrong
    finding = class_finding(base, rows, value, COMMON)
    facts = (
        f"{percent_text(value)} of the labels are right on "
        f"{count_text(rows, 'unseen row')}, against {percent_text(base)} for {COMMON}"
    )
    if test["micro_f1"] is not None:
        facts += f"; F1 over all labels {number_text(test['micro_f1'], 2)}"
    return replace(finding, facts=f"{facts}.")


def ordinal_finding(test: Scores, constant: Scores, rows: int, value: float) -> Finding:
    """Return what the agreement of ranks says, with its distance in ranks."""
    rival = "always giving the middle rank"
    ours, theirs = number_text(test["mae"], 2), number_text(constant["mae"], 2)
    # That of a correlation, which the weighted kappa nearly is.
    error = (1.0 - min(value, 1.0) ** 2) / math.sqrt(rows)
    return Finding(
        value=value,
        constant=0.0,
        low=value - Z95 * error,
        high=min(value + Z95 * error, 1.0),
        bars=(0.8, 0.5, 0.2),
        facts=f"Agrees with {count_text(rows, 'unseen row')} by a weighted kappa of "
        f"{number_text(value, 2)}; off by {ours} ranks on average, against {theirs} "
        f"for {rival}; {percent_text(test['accuracy'])} are exactly right.",
        rival=rival,
        show=_two_digits,
    )


def _times(share: float) -> str:
    """Return a chance as a count, such as "93 times in 100"."""
    if share >= 1.0:
        return "every time"
    if share > 0.99:
        return f"{math.floor(1_000 * share)} times in 1,000"
    return f"{round(100 * share)} times in 100"


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


def _two_digits(value: float) -> str:
    return number_text(value, 2)
