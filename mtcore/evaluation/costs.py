"""Which threshold costs least, when false alarms and misses have a price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtcore.evaluation.reports.binary import Thresholds


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The threshold of the least cost.

    Args:
        threshold: A row is called positive from it on.
        cost: Of all rows there.
        at: What another threshold that was asked about costs.
    """

    threshold: float
    cost: float
    at: float


def cheapest(
    thresholds: Thresholds, false_alarm: float, miss: float, asked: float
) -> Cheapest:
    """Return the threshold of the least cost; of several the one nearest to a half.

    Args:
        thresholds: Counts at every threshold.
        false_alarm: What a negative row called positive costs, 0 or more.
        miss: What a positive row called negative costs, 0 or more.
        asked: One of the thresholds.
    """
    alarms = np.asarray(thresholds.false_positive, dtype=np.float64)
    missed = np.asarray(thresholds.false_negative, dtype=np.float64)
    costs = false_alarm * alarms + miss * missed
    levels = np.asarray(thresholds.threshold)
    place = int(np.lexsort((np.abs(levels - 0.5), costs))[0])
    nearest = int(np.argmin(np.abs(levels - asked)))
    return Cheapest(float(levels[place]), float(costs[place]), float(costs[nearest]))
