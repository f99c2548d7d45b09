"""A report whose metrics weigh the rows."""

from __future__ import annotations

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics import Weights, score, score_columns
from mtcore.evaluation.reports import CountReport, HeadReport, RegressionReport
from mtcore.spec import Head, RegressionHead, TargetEncoding


def weigh_metrics(
    report: HeadReport,
    head: Head,
    encoding: TargetEncoding,
    answers: tuple[FloatArray, FloatArray],
    weights: Weights,
) -> HeadReport:
    """Return a report with its metrics over rows that count more or less.

    What it counts and draws, such as histograms and curves, is of rows whatever they
    weigh.

    Args:
        report: Over the same rows, all of which count alike.
        head: Its kind decides the metrics.
        encoding: What the head learned about its targets.
        answers: Targets `(rows, k)`, NaN where there is no label, and decoded outputs
            `(rows, width)`.
        weights: How much each row counts, `(rows,)`; None: all alike.
    """
    if weights is None:
        return report
    metrics = score(head, encoding, *answers, weights)
    changed: dict[str, object] = {"metrics": metrics}
    if isinstance(head, RegressionHead) and isinstance(report, RegressionReport):
        by_column = score_columns(head, encoding, *answers, weights)
        changed["columns"] = tuple(
            column.model_copy(update={"metrics": by_column[column.column]})
            for column in report.columns
        )
    elif isinstance(report, CountReport):
        [column] = report.columns
        changed["columns"] = (column.model_copy(update={"metrics": metrics}),)
    return report.model_copy(update=changed)
