"""Do as many rows lie below predicted quantiles as should?"""

from __future__ import annotations

from mtcore.arrays import FloatArray
from mtcore.evaluation.intervals import share_interval
from mtcore.evaluation.metrics.quantile import pinball_losses
from mtcore.spec.base import Frozen


class LevelScores(Frozen):
    """How well one quantile is predicted.

    Args:
        level: Share of rows that should not lie above it.
        share: Share of rows that does not.
        low: Lower end of the 95 % interval of `share`.
        high: Upper end.
        pinball: Mean pinball loss, in the target's unit.
    """

    level: float
    share: float
    low: float
    high: float
    pinball: float


def level_scores(
    actual: FloatArray, quantiles: FloatArray, levels: tuple[float, ...]
) -> tuple[LevelScores, ...]:
    """Return how well each level of predicted quantiles holds.

    Args:
        actual: `(rows,)`, one at least.
        quantiles: `(rows, levels)`.
        levels: The share of rows that should not lie above each, rising.
    """
    losses = pinball_losses(actual, quantiles, levels)
    found = []
    for place, (level, loss) in enumerate(zip(levels, losses, strict=True)):
        held = int((actual <= quantiles[:, place]).sum())
        low, high = share_interval(held, len(actual))
        share = held / len(actual)
        found.append(
            LevelScores(level=level, share=share, low=low, high=high, pinball=loss)
        )
    return tuple(found)
