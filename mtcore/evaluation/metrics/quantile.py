"""Metrics of heads that predict quantiles."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.metrics.metric import Metric, Weights, among, finite, mean_of
from mtcore.spec import TargetEncoding


def pinball_losses(
    actual: FloatArray,
    quantiles: FloatArray,
    levels: tuple[float, ...],
    weights: Weights = None,
) -> tuple[float, ...]:
    """Return the mean pinball loss of each level, in the target's unit.

    Args:
        actual: `(rows,)`.
        quantiles: `(rows, levels)`.
        levels: Of the quantiles.
        weights: How much each row counts.
    """
    from sklearn.metrics import mean_pinball_loss

    return tuple(
        float(
            mean_pinball_loss(
                actual, quantiles[:, place], sample_weight=weights, alpha=level
            )
        )
        for place, level in enumerate(levels)
    )


def nominal_coverage(levels: tuple[float, ...]) -> float:
    """Return the share of rows that the outermost levels should hold between them.

    Of a single level: the share that should not lie above it.

    Examples:
        >>> round(nominal_coverage((0.1, 0.5, 0.9)), 9), nominal_coverage((0.95,))
        (0.8, 0.95)
    """
    return levels[-1] - levels[0] if len(levels) > 1 else levels[0]


def _known(
    targets: FloatArray, outputs: FloatArray, weights: Weights
) -> tuple[FloatArray, FloatArray, Weights]:
    known = ~np.isnan(targets[:, 0])
    return targets[known, 0], outputs[known], among(weights, known)


def _pinball(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the mean over the levels."""
    actual, quantiles, held = _known(targets, outputs, weights)
    losses = pinball_losses(actual, quantiles, encoding.levels, held)
    return finite(np.mean(losses))


def _coverage(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return the share of rows between the outermost levels, or not above the only."""
    del encoding
    actual, quantiles, held = _known(targets, outputs, weights)
    within = actual <= quantiles[:, -1]
    if quantiles.shape[1] > 1:
        within &= actual >= quantiles[:, 0]
    return mean_of(within, held)


def _width(
    targets: FloatArray,
    outputs: FloatArray,
    encoding: TargetEncoding,
    weights: Weights = None,
) -> float | None:
    """Return how far the outermost levels are apart; None where there is only one."""
    del encoding
    _, quantiles, held = _known(targets, outputs, weights)
    if quantiles.shape[1] < 2:
        return None
    return mean_of(quantiles[:, -1] - quantiles[:, 0], held)


METRICS = (
    Metric("pinball", "Mean pinball loss", "lower", "target", 0.0, _pinball),
    Metric(
        "coverage", "Coverage of the outermost levels", "nominal", "fraction", 1.0,
        _coverage,
    ),
    Metric("width", "Mean width of the range", "lower", "target", 0.0, _width),
)  # fmt: skip
