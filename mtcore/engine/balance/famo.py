"""Heads are weighed so that all losses fall at the same pace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.balance.balance import Balance, Moment, log_losses
from mtcore.engine.balance.small_adam import SmallAdam
from mtcore.engine.plans.plan import HeadPlan


@final
class Famo(Balance):
    """FAMO: Liu, Feng, Stone and Liu, "Fast Adaptive Multitask Optimization", 2023.

    The network moves down c · Σ z · log L, with z the softmax of one logit a head and
    c = 1 / Σ z/L. Then the losses of the same batch are taken again, and the logits
    move by an Adam of their own down the gradient of z · (log L before - log L after),
    drawn to 0 by the decay: what fell least weighs more next. The weights are
    multiplied with the number of heads, so that they add up as static ones do, and with
    T · w / Σw.

    Heads without a label in the batch, and heads of weight 0, are left out of z. Costs
    one forward pass more than static.
    """

    def __init__(self, heads: Sequence[HeadPlan]) -> None:
        super().__init__(heads)
        self._adam = SmallAdam(len(heads))

    @property
    def state(self) -> list[Tensor]:
        """Numbers and moments of the Adam."""
        return self._adam.state

    def weights(self, moment: Moment) -> Tensor:
        """Return T · w / Σw · heads · c · z/L, float32 `(heads,)`."""
        active = _active(moment)
        slopes = log_losses(self._heads, moment.relative)[1]
        paces = self._shares(active) * slopes
        whole = tf.reduce_sum(paces)
        count = tf.reduce_sum(tf.cast(active, tf.float32))
        chosen = count * paces / tf.where(whole > 0.0, whole, 1.0)
        # A head that does not move the trunk has only its own weights to move.
        return moment.scales * tf.where(moment.gates > 0.0, chosen, 1.0)

    def learn(self, moment: Moment, losses_after: Callable[[], Tensor]) -> None:
        """Move the logits by how much each loss fell in this step."""
        active = _active(moment)
        before = log_losses(self._heads, moment.relative)[0]
        after = log_losses(self._heads, losses_after() / moment.constants)[0]
        fallen = tf.where(active, before - after, 0.0)
        shares = self._shares(active)
        gradient = shares * (fallen - tf.reduce_sum(shares * fallen))
        gradient += moment.decay * self._adam.values
        self._adam.move(gradient, active, moment.rate, moment.step)

    def _shares(self, active: Tensor) -> Tensor:
        """Return the softmax of the active heads' logits, 0 for the others."""
        logits = tf.where(active, self._adam.values, -tf.float32.max)
        return tf.where(active, tf.nn.softmax(logits), 0.0)


def _active(moment: Moment) -> Tensor:
    return moment.labelled & (moment.gates > 0.0)
