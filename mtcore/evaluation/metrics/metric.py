"""What a metric is, and what may be done with its values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.spec import TargetEncoding

Direction = Literal["higher", "lower", "nominal"]
Unit = Literal["target", "ranks", "fraction", "score", "nats"]
Weights = FloatArray | None
"""How much each row counts, float64 `(rows,)`, 0 or more; None: all count alike."""


class MetricFunction(Protocol):
    """Judges decoded outputs."""

    def __call__(
        self,
        targets: FloatArray,
        outputs: FloatArray,
        encoding: TargetEncoding,
        weights: Weights = None,
    ) -> float | None:
        """Return the value over rows; None where it cannot be computed.

        Args:
            targets: `(rows, k)`, NaN where there is no label; one row at least has one.
            outputs: `(rows, width)`, decoded.
            encoding: What the head learned about its targets.
            weights: Not all 0.
        """


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
        function: Its value over the rows that carry a label.
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


def mean_of(values: NDArray[np.generic], weights: Weights) -> float | None:
    """Return a weighted mean; None where it says nothing or no row counts."""
    if weights is not None and not weights.any():
        return None
    return finite(np.average(np.asarray(values, dtype=np.float64), weights=weights))


def total(chosen: NDArray[np.bool_], weights: Weights) -> float:
    """Return how much the chosen rows count together."""
    return float(chosen.sum() if weights is None else weights[chosen].sum())


def among(weights: Weights, chosen: NDArray[np.bool_]) -> Weights:
    """Return the weights of the chosen rows."""
    return None if weights is None else weights[chosen]


def vary(actual: NDArray[np.generic], weights: Weights) -> bool:
    """Return whether rows that count differ from each other."""
    counted = actual if weights is None else actual[weights > 0.0]
    return bool(counted.size and counted.max() > counted.min())
