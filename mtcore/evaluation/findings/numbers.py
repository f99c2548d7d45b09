"""What test rows say about heads that predict numbers."""

from __future__ import annotations

from mtcore.evaluation.findings.finding import MEAN, MEDIAN, Z95, Finding, share_error
from mtcore.evaluation.intervals import share_interval
from mtcore.evaluation.metrics import Scores
from mtcore.evaluation.metrics.quantile import nominal_coverage
from mtcore.evaluation.wording import count_text, number_text, percent_text
from mtcore.spec import QuantileHead, RegressionHead


def regression_finding(
    head: RegressionHead, test: Scores, constant: Scores, rows: int, value: float
) -> Finding:
    """Return what the explained share of the variation says."""
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
    error = share_error(value, rows)
    return Finding(
        value=value,
        constant=constant["r2"] or 0.0,
        low=value - Z95 * error,
        high=min(value + Z95 * error, 1.0),
        bars=(0.9, 0.5, 0.1),
        facts=facts,
        rival=rival,
        show=percent_text,
    )


def count_finding(test: Scores, constant: Scores, rows: int, value: float) -> Finding:
    """Return what the explained share of the deviance says."""
    unseen = count_text(rows, "unseen row")
    share = percent_text(value) if value > 0.0 else "none"
    ours, theirs = number_text(test["mae"], 2), number_text(constant["mae"], 2)
    error = share_error(value, rows)
    return Finding(
        value=value,
        constant=constant["d2"] or 0.0,
        low=value - Z95 * error,
        high=min(value + Z95 * error, 1.0),
        # Lower than for R², as counts scatter around any mean, the right one too.
        bars=(0.8, 0.4, 0.1),
        facts=f"Explains {share} of the deviance on {unseen}; typical error {ours}, "
        f"against {theirs} for {MEAN}.",
        rival=MEAN,
        show=percent_text,
    )


def quantile_finding(
    head: QuantileHead, test: Scores, rows: int, value: float
) -> Finding:
    """Return what the share of pinball loss removed says, and whether levels hold."""
    rival = "always predicting the same quantiles"
    unseen = count_text(rows, "unseen row")
    if value > 0.0:
        facts = f"Removes {percent_text(value)} of the pinball loss of {rival}"
    else:
        facts = f"Removes none of the pinball loss of {rival}"
    error = share_error(value, rows)
    return Finding(
        value=value,
        constant=0.0,
        low=value - Z95 * error,
        high=min(value + Z95 * error, 1.0),
        # What R² of 0.9, 0.5 and 0.1 are in absolute errors of normal ones.
        bars=(0.68, 0.29, 0.05),
        facts=f"{facts} on {unseen}; {_coverage_words(head, test, rows)}",
        rival=rival,
        show=percent_text,
    )


def _coverage_words(head: QuantileHead, test: Scores, rows: int) -> str:
    """Return how many rows the levels hold, and whether that can be chance."""
    share, asked = test["coverage"] or 0.0, nominal_coverage(head.levels)
    where = "between the outermost levels"
    if len(head.levels) == 1:
        where = f"not above the level {head.levels[0]:g}"
    words = f"{percent_text(share)} lie {where}, {percent_text(asked)} should."
    low, high = share_interval(round(share * rows), rows)
    if high < asked:
        words += " The range is too narrow to be relied on."
    elif low > asked:
        words += " The range is wider than it need be."
    return words
