"""The one error that each head is judged by in a study: 0 is perfect."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from mtcore.evaluation.metrics import Metric, metrics_of
from mtcore.evaluation.wording import MINUS
from mtcore.runs.store.study import Point
from mtcore.spec import Head

Part = Literal["validation", "test"]

# Relative gains need errors: a gain of R² says nothing.
_BY_KIND = {
    "regression": "rmse",
    "binary": "log_loss",
    "multiclass": "log_loss",
    "multilabel": "hamming",
    "count": "poisson_deviance",
    "quantile": "pinball",
    "ordinal": "mae",
}


def judged_by(head: Head) -> Metric:
    """Return the metric that a study compares a head by.

    Log loss for classes, but accuracy where a loss turns from the chances that it asks
    for (focal, class weights); relative RMSE for several columns, whose units differ.
    """
    metrics = metrics_of(head.kind)
    if head.kind == "regression" and len(head.columns) > 1:
        return metrics["rrmse"]
    if head.kind in ("binary", "multiclass") and _distorts(head):
        return metrics["accuracy"]
    return metrics[_BY_KIND[head.kind]]


def errors_of(head: Head, points: Iterable[Point], part: Part) -> list[float | None]:
    """Return a head's error in each point, 0 or more; None where there is none.

    Of a metric that is better higher, what it lacks: 1 - accuracy.
    """
    metric = judged_by(head)
    found: list[float | None] = []
    for point in points:
        scores = point.heads[head.name]
        value = getattr(scores, part).get(metric.name)
        found.append(None if value is None else metric.gain(metric.best, value))
    return found


def error_words(metric: Metric) -> str:
    """Return what an error is called in a sentence.

    Examples:
        >>> error_words(metrics_of("regression")["rmse"])
        'root mean squared error'
        >>> error_words(metrics_of("binary")["accuracy"]).replace(MINUS, "-")
        '1 - accuracy'
    """
    label = metric.label[:1].lower() + metric.label[1:]
    return label if metric.direction == "lower" else f"1 {MINUS} {label}"


def _distorts(head: Head) -> bool:
    fields = head.model_dump(include={"loss", "class_weight"})
    return fields.get("loss") == "focal" or fields.get("class_weight") is not None
