"""The charts of a report: the ones that Results shows first, one head after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import plotly.graph_objects as go

from mtcore.charts.binary import precision_recall, roc, score_histogram
from mtcore.charts.calibration import calibration
from mtcore.charts.classes import confusion, per_class
from mtcore.charts.counts import count_tenths, rootogram
from mtcore.charts.quantiles import fan, level_coverage
from mtcore.charts.ranks import off_by
from mtcore.charts.regression import actual_against_predicted, residuals
from mtcore.evaluation.reports import HeadReport

MOST_COLUMNS = 3


def head_charts(report: HeadReport, position: int) -> Sequence[go.Figure]:
    """Return the charts of a head on one part of the rows; none without a label.

    Args:
        report: Of the head.
        position: Of the head in the experiment, which decides its colour.
    """
    if not report.labelled:
        return []
    match report.kind:
        case "regression":
            return [
                chart(report, position, column)
                for column in range(min(len(report.columns), MOST_COLUMNS))
                for chart in (actual_against_predicted, residuals)
            ]
        case "binary":
            return [
                roc(report, position),
                precision_recall(report, position),
                score_histogram(report, position),
                calibration(report, position),
            ]
        case "multiclass":
            return [
                confusion(report, position),
                per_class(report, position),
                calibration(report, position),
            ]
        case "multilabel":
            return [per_class(report, position)]
        case "count":
            return [
                actual_against_predicted(report, position),
                rootogram(report, position),
                count_tenths(report, position),
            ]
        case "quantile":
            return [
                fan(report, position),
                level_coverage(report.head, report.levels, position),
            ]
        case "ordinal":
            return [
                confusion(report, position),
                off_by(report, position),
                calibration(report, position),
            ]
        case _:
            assert_never(report.kind)
