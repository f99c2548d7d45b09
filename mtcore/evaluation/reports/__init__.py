"""One head's report on one part of the rows: all that tables and charts need."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.reports.binary import (
    BinaryReport,
    ScoreHistogram,
    Thresholds,
    binary_report,
)
from mtcore.evaluation.reports.count import (
    CountBin,
    CountReport,
    CountTenth,
    count_report,
)
from mtcore.evaluation.reports.levels import LevelScores
from mtcore.evaluation.reports.multiclass import (
    ClassScores,
    Confused,
    Confusion,
    MulticlassReport,
    multiclass_report,
)
from mtcore.evaluation.reports.multilabel import (
    LabelScores,
    MultilabelReport,
    multilabel_report,
)
from mtcore.evaluation.reports.ordinal import (
    OrdinalReport,
    RankMistake,
    ordinal_report,
)
from mtcore.evaluation.reports.parts import (
    Curve,
    Histogram,
    Mistake,
    ReliabilityBin,
)
from mtcore.evaluation.reports.quantile import (
    QuantileReport,
    RangeMistake,
    quantile_report,
)
from mtcore.evaluation.reports.regression import (
    ErrorTenth,
    NumberMistake,
    RegressionColumn,
    RegressionReport,
    regression_report,
)
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)

HeadReport = Annotated[
    RegressionReport
    | BinaryReport
    | MulticlassReport
    | MultilabelReport
    | CountReport
    | QuantileReport
    | OrdinalReport,
    Field(discriminator="kind"),
]
"""A report of any kind; `TypeAdapter(HeadReport)` reads it from JSON."""

__all__ = [
    "BinaryReport",
    "ClassScores",
    "Confused",
    "Confusion",
    "CountBin",
    "CountReport",
    "CountTenth",
    "Curve",
    "ErrorTenth",
    "HeadReport",
    "Histogram",
    "LabelScores",
    "LevelScores",
    "Mistake",
    "MulticlassReport",
    "MultilabelReport",
    "NumberMistake",
    "OrdinalReport",
    "QuantileReport",
    "RangeMistake",
    "RankMistake",
    "RegressionColumn",
    "RegressionReport",
    "ReliabilityBin",
    "ScoreHistogram",
    "Thresholds",
    "build_report",
]


def build_report(
    head: Head,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    rows: RowArray,
) -> HeadReport:
    """Return the report of a head over the rows given.

    Args:
        head: Its kind decides the report.
        encoding: What the head learned about its targets.
        targets: `(rows, k)`, NaN where there is no label.
        outputs: `(rows, width)`, decoded: units of the target or probabilities.
        rows: Each row's number in its table, `(rows,)`, so that the report can name
            the rows it is about; such as `split.test`.

    Returns:
        A frozen, JSON-able report of at most about a hundred kilobytes, or 15 a label.
    """
    match head:
        case RegressionHead():
            return regression_report(head, encoding, targets, outputs, rows)
        case BinaryHead():
            return binary_report(head, encoding, targets, outputs, rows)
        case MulticlassHead():
            return multiclass_report(head, encoding, targets, outputs, rows)
        case MultilabelHead():
            return multilabel_report(head, encoding, targets, outputs, rows)
        case CountHead():
            return count_report(head, encoding, targets, outputs, rows)
        case QuantileHead():
            return quantile_report(head, encoding, targets, outputs, rows)
        case OrdinalHead():
            return ordinal_report(head, encoding, targets, outputs, rows)
