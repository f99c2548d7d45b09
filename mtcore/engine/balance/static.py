"""The heads' weights stay as given."""

from __future__ import annotations

from typing import final

from mtcore.engine.backend import Tensor
from mtcore.engine.balance.balance import Balance, Moment


@final
class Static(Balance):
    """Σ T · w / Σw · L / L0: linear scalarisation of comparable losses.

    Well chosen, fixed weights match what changes them while training (Kurin and others,
    "In Defense of the Unitary Scalarization for Deep Multi-Task Learning", 2022; Xin
    and others, "Do Current Multi-Task Optimization Methods in Deep Learning Even
    Help?", 2022).
    """

    def weights(self, moment: Moment) -> Tensor:
        """Return T · w / Σw ÷ L0, float32 `(heads,)`."""
        return moment.scales
