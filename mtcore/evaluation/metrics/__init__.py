"""How heads are judged: one table of metrics a kind of head."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics import (
    binary,
    count,
    multiclass,
    multilabel,
    ordinal,
    quantile,
    regression,
)
from mtcore.evaluation.metrics.metric import (
    Direction,
    Metric,
    Unit,
    Weights,
    among,
)
from mtcore.spec import Head, RegressionHead, TargetEncoding

Scores = dict[str, float | None]
"""Metric values by name; None where a metric cannot be computed."""

METRICS: dict[str, dict[str, Metric]] = {
    kind: {metric.name: metric for metric in metrics}
    for kind, metrics in {
        "regression": regression.METRICS,
        "binary": binary.METRICS,
        "multiclass": multiclass.METRICS,
        "multilabel": multilabel.METRICS,
        "count": count.METRICS,
        "quantile": quantile.METRICS,
        "ordinal": ordinal.METRICS,
    }.items()
}

__all__ = [
    "METRICS",
    "Direction",
    "Metric",
    "Scores",
    "Unit",
    "Weights",
    "metrics_of",
    "score",
    "score_columns",
]


def metrics_of(kind: str) -> dict[str, Metric]:
    """Return the metrics of a kind of head by name, in the order they are shown."""
    return METRICS[kind]


def score(
    head: Head,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    weights: Weights = None,
) -> Scores:
    """Return every metric of a head over the rows that carry a label.

    Args:
        head: Its kind decides the metrics.
        encoding: What the head learned about its targets.
        targets: `(rows, k)`, NaN where there is no label.
        outputs: `(rows, width)`, decoded: units of the target or probabilities.
        weights: How much each row counts, `(rows,)`, 0 or more; None: all alike.

    Returns:
        Value by metric; None where it cannot be computed: no row is labelled, the
        metric needs both classes, the targets do not vary, or an output is no number.
    """
    metrics = METRICS[head.kind]
    labelled = np.asarray(~np.isnan(targets).all(axis=1))
    targets, outputs = targets[labelled], outputs[labelled]
    held = among(weights, labelled)
    nobody = held is not None and not held.any()
    if not labelled.any() or nobody or not np.isfinite(outputs).all():
        return dict.fromkeys(metrics)
    # Huge numbers overflow when squared; the metric then is None.
    with np.errstate(over="ignore", invalid="ignore"):
        return {
            name: metric.function(targets, outputs, encoding, held)
            for name, metric in metrics.items()
        }


def score_columns(
    head: RegressionHead,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: FloatArray,
    weights: Weights = None,
) -> dict[str, Scores]:
    """Return every metric of each column of a regression head, by the column's name."""
    found = {}
    for index, column in enumerate(head.columns):
        alone = encoding.model_copy(
            update={
                "mean": encoding.mean[index : index + 1],
                "scale": encoding.scale[index : index + 1],
            }
        )
        part = slice(index, index + 1)
        found[column] = score(head, alone, targets[:, part], outputs[:, part], weights)
    return found
