"""How sure it is that one model is better than another on the same rows."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.bootstrap import FEWEST_ROWS, REPEATED, Interval
from mtcore.evaluation.bootstrap.draws import draw_again
from mtcore.spec import Head, TargetEncoding

_ENDS = (2.5, 97.5)


def difference_interval(
    head: Head,
    metric: str,
    encoding: TargetEncoding,
    targets: FloatArray,
    outputs: tuple[FloatArray, FloatArray],
) -> Interval | None:
    """Return a 95 % interval of the change of a metric from one model to another.

    The paired percentile bootstrap (Efron and Tibshirani 1993, chapter 13): both models
    are judged by the same draws of rows, so that rows that are hard for both cancel.

    Args:
        head: Of both models; its kind decides the metrics.
        metric: One of its kind's.
        encoding: What the head learned about its targets.
        targets: `(rows, k)`, NaN where there is no label.
        outputs: Of the model that is held against, and of the other one, decoded,
            `(rows, width)`.

    Returns:
        (low, high) in the metric's unit; None where fewer than 10 rows carry a label or
        half of the resamples cannot tell.
    """
    labelled = ~np.isnan(targets).all(axis=1)
    if int(labelled.sum()) < FEWEST_ROWS:
        return None
    draws = draw_again(int(labelled.sum()), 0)
    repeat = REPEATED[head.kind][metric]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        before, after = (
            repeat(draws, targets[labelled], values[labelled], encoding)
            for values in outputs
        )
    changes = (after - before)[1:]
    finite = changes[np.isfinite(changes)]
    if 2 * len(finite) < len(changes):
        return None
    low, high = np.percentile(finite, _ENDS)
    return float(low), float(high)
