"""Each head's loss counts by its logarithm, whatever its size."""

from __future__ import annotations

from typing import final

from mtcore.engine.backend import Tensor
from mtcore.engine.balance.balance import Balance, Moment, log_losses


@final
class LogSum(Balance):
    """Σ T · w / Σw · log L: a loss that halves counts the same whatever its size.

    The gradient of log L is that of L divided by L, so each head's weight is its share
    over its loss; this is the product of the losses (Chennupati and others,
    "MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for
    Multi-Task Learning", 2019). Costs nothing beside static.
    """

    def weights(self, moment: Moment) -> Tensor:
        """Return T · w / Σw ÷ L, float32 `(heads,)`."""
        return moment.scales * log_losses(self._heads, moment.relative)[1]
