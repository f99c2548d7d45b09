"""Numbers with heavy tails, drawn together so that a network can learn them."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from mtcore.arrays import FloatArray
from mtcore.spec.base import Frozen


class LogScale(Frozen):
    """A number as asinh(number / size), standardised.

    Around 0 that is a straight line and far out a logarithm, on both sides of 0. A
    network that learns its mean by squared error does not give the mean of the number
    itself when it is turned back: half of what lies above is lost. Duan's smearing
    estimate (1983) puts that right: the mean, over the residuals e of training rows,
    of what z + e turns back into, which for this function is
    size · (stretch · sinh z + lift · cosh z), with the means of cosh e and of sinh e.

    Args:
        size: Where straight becomes logarithmic, in the number's unit: its median
            distance from 0.
        mean: Of asinh(number / size) in training rows.
        deviation: Of the same.
        stretch: Mean of cosh e; 1 where medians are wanted, which need no smearing.
        lift: Mean of sinh e; 0 where medians are wanted.
    """

    size: float = Field(gt=0.0)
    mean: float
    deviation: float = Field(gt=0.0)
    stretch: float = Field(default=1.0, ge=1.0)
    lift: float = 0.0

    def learned(self, numbers: FloatArray) -> FloatArray:
        """Return numbers on the scale that the network learns."""
        drawn: FloatArray = np.arcsinh(numbers / self.size)
        return (drawn - self.mean) / self.deviation

    def smeared(self, numbers: FloatArray, predicted: FloatArray) -> LogScale:
        """Return the scale with stretch and lift from the residuals of some rows.

        Args:
            numbers: What training rows hold, `(rows,)`, one at least.
            predicted: What was predicted for them with a stretch of 1 and a lift of 0.
        """
        drawn, answered = (
            np.arcsinh(part / self.size) for part in (numbers, predicted)
        )
        residuals = np.clip(drawn - answered, -FARTHEST, FARTHEST)
        return self.model_copy(
            update={
                "stretch": float(np.cosh(residuals).mean()),
                "lift": float(np.sinh(residuals).mean()),
            }
        )


# e to this is 1e13: a residual beyond it is a broken row, and not a tail.
FARTHEST = 30.0


def fit_log_scale(known: FloatArray) -> LogScale:
    """Return the scale of numbers of which at least two differ."""
    size = float(np.median(np.abs(known[known != 0.0])))
    drawn = np.arcsinh(known / size)
    return LogScale(size=size, mean=float(drawn.mean()), deviation=float(drawn.std()))
