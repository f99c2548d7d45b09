"""What a metric is, and what may be done with its values."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.spec import TargetEncoding

Direction = Literal["higher", "lower", "nominal"]
Unit = Literal["target", "ranks", "fraction", "score", "nats"]
MetricFunction = Callable[[FloatArray, FloatArray, TargetEncoding], float | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """One way to judge a head.

    Args:
        name: As experiments and files spell it.
        label: As people read it.
        direction: Whether a higher or a lower value is better; "nominal": neither, it
            should be what the head was asked for.
        unit: "target": the unit of the predicted column; "ranks": places in an order;
            "fraction": a share from 0 to 1 that reads well as a percentage; "score": a
            bare number; "nats".
        best: The value of perfect predictions; says nothing for "nominal".
        function: `(targets, outputs, encoding)` → value, over the rows that carry a
            label; None where it cannot be computed.
    """

    name: str
    label: str
    direction: Direction
    unit: Unit
    best: float
    function: MetricFunction

    def gain(self, value: float, reference: float) -> float:
        """Return how much better a value is than another, above 0 where it is.

        Of two values that should be nominal, neither is better by itself.
        """
        match self.direction:
            case "higher":
                return value - reference
            case "lower":
                return reference - value
            case "nominal":
                return 0.0

    def skill(self, value: float | None, constant: float | None) -> float | None:
        """Return the share of the way from a constant prediction to a perfect one.

        Args:
            value: This metric of a model.
            constant: This metric of the best constant prediction.

        Returns:
            1 for a perfect model, 0 for one that is no better than the constant, below
            0 where it is worse; None where either value is missing or no way is left.
        """
        if value is None or constant is None:
            return None
        way = self.gain(self.best, constant)
        return self.gain(value, constant) / way if way > 0.0 else None


def finite(value: float | np.floating) -> float | None:
    """Return a number, or None for NaN and infinity, which say nothing."""
    return float(value) if math.isfinite(value) else None


def ratio(part: float, whole: float) -> float | None:
    """Return a quotient, or None where there is nothing to divide by."""
    return float(part) / float(whole) if whole > 0 else None
