"""How sure the metrics of a head are, by drawing its rows again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.bootstrap import classes, numbers
from mtcore.evaluation.bootstrap.draws import Repeated, draw_again
from mtcore.evaluation.metrics import Scores, Weights
from mtcore.evaluation.metrics.metric import among
from mtcore.spec import Head, TargetEncoding

# Of fewer rows nothing is said: their resamples look too much alike.
FEWEST_ROWS = 10
_ENDS = (2.5, 97.5)

Interval = tuple[float, float]

REPEATED: Mapping[str, Mapping[str, Repeated]] = {
    "regression": numbers.REGRESSION,
    "binary": classes.BINARY,
    "multiclass": classes.MULTICLASS,
    "multilabel": classes.MULTILABEL,
    "count": numbers.COUNT,
    "quantile": numbers.QUANTILE,
    "ordinal": classes.ORDINAL,
}
"""By kind and metric. `metrics` says what each means; a test holds both together."""


def metric_intervals(
    head: Head,
    encoding: TargetEncoding,
    answers: tuple[FloatArray, FloatArray, Weights],
    scores: Scores,
    seed: int,
) -> dict[str, Interval | None]:
    """Return 95 % intervals of a head's metrics over the rows that carry a label.

    The percentile bootstrap of Efron and Tibshirani, An Introduction to the Bootstrap
    (1993), chapter 13, with 400 resamples: what other rows of the same kind would say
    of the same model. It does not know what another training would give.

    Args:
        head: Its kind decides the metrics.
        encoding: What the head learned about its targets.
        answers: Targets `(rows, k)`, NaN where there is no label, decoded outputs
            `(rows, width)`, and how much each row counts.
        scores: The metrics over these rows, as `score` gives them.
        seed: The same seed draws the same resamples.

    Returns:
        (low, high) in the metric's own unit; None where the metric is None, where fewer
        than 10 rows carry a label, or where half of the resamples cannot tell.
    """
    targets, outputs, weights = answers
    labelled = np.asarray(~np.isnan(targets).all(axis=1))
    targets, outputs = targets[labelled], outputs[labelled]
    found: dict[str, Interval | None] = dict.fromkeys(scores)
    if len(targets) < FEWEST_ROWS:
        return found
    draws = draw_again(len(targets), seed, weights=among(weights, labelled))
    for name, value in scores.items():
        if value is None:
            continue
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            repeated = REPEATED[head.kind][name](draws, targets, outputs, encoding)
        found[name] = _ends_around(value, repeated)
    return found


def _ends_around(value: float, repeated: FloatArray) -> Interval | None:
    """Return the interval of a metric from its value on all rows and on resamples.

    The first repetition is of all rows as they are. It differs from the value only
    where probabilities were put in bins, and then moves the others by as much.
    """
    finite = repeated[1:][np.isfinite(repeated[1:])]
    if 2 * len(finite) < len(repeated) or not np.isfinite(repeated[0]):
        return None
    low, high = np.percentile(finite, _ENDS) + (value - repeated[0])
    return (float(low), float(high)) if np.isfinite([low, high]).all() else None
