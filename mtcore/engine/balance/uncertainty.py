"""Each head's loss is divided by a noise level that is learned beside the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.balance.balance import SIGNED_LOSSES, Balance, Moment
from mtcore.engine.balance.small_adam import SmallAdam
from mtcore.engine.plans.plan import HeadPlan

MOST_LOG_VARIANCE = 6.0


@final
class Uncertainty(Balance):
    """Σ T · w / Σw · (e^-s · L / L0 + s), with s learned for each head.

    Kendall, Gal and Cipolla, "Multi-Task Learning Using Uncertainty to Weigh Losses for
    Scene Geometry and Semantics", 2018; s is the logarithm of the noise's variance, in
    [-6, 6], from 0, moved by an Adam of its own without weight decay. One rule for all
    kinds: twice the paper's (e^-s · L + s) / 2 for numbers. Its rule for classes,
    e^-s · L + s / 2, differs from that by a factor at s, which dividing by L0 settles.

    A loss that learns a noise level itself (`gaussian_nll`) keeps s = 0. Costs a step
    of Adam on one number a head.
    """

    def __init__(self, heads: Sequence[HeadPlan]) -> None:
        super().__init__(heads)
        self._adam = SmallAdam(len(heads))

    @property
    def state(self) -> list[Tensor]:
        """Numbers and moments of the Adam."""
        return self._adam.state

    def weights(self, moment: Moment) -> Tensor:
        """Return T · w / Σw · e^-s ÷ L0, float32 `(heads,)`."""
        return moment.scales * tf.exp(-self._adam.values)

    def penalties(self, moment: Moment) -> Tensor:
        """Return T · w / Σw · s where there are labels, float32 `(heads,)`."""
        return tf.where(moment.labelled, moment.shares * self._adam.values, 0.0)

    def learn(self, moment: Moment, losses_after: Callable[[], Tensor]) -> None:
        """Move s down the gradient T · w / Σw · (1 - e^-s · L / L0)."""
        del losses_after
        relative = moment.relative * tf.exp(-self._adam.values)
        learned = tf.constant([h.loss not in SIGNED_LOSSES for h in self._heads])
        moved = self._adam.move(
            moment.shares * (1.0 - relative),
            moment.labelled & learned,
            moment.rate,
            moment.step,
        )
        held = tf.clip_by_value(moved, -MOST_LOG_VARIANCE, MOST_LOG_VARIANCE)
        self._adam.state[0].assign(held)
