"""Trunk gradients that point against each other are projected off each other."""

from __future__ import annotations

from typing import final

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.balance.balance import Balance, Moment
from mtcore.engine.layers.dropout import random_words

# Keeps the order of heads apart from the words that dropout draws.
_PLACE = 0x9C6


@final
class PCGrad(Balance):
    """PCGrad: Yu and others, "Gradient Surgery for Multi-Task Learning", 2020.

    On the trunk each head's gradient of T · w / Σw · L / L0 meets the others' in an
    order of its own, drawn for each step from the seed; where the dot product is
    negative, it is projected onto the other's normal plane. The sum of what is left
    moves the trunk; each head's own variables keep their gradient.

    A projected gradient is a sum of the given ones, so all of it is done on their dot
    products: what comes out is one factor a head. Costs a backward pass of the trunk a
    head, and room for the trunk's numbers a head.
    """

    per_head = True

    def weights(self, moment: Moment) -> Tensor:
        """Return T · w / Σw ÷ L0, float32 `(heads,)`."""
        return moment.scales

    def trunk_weights(self, products: Tensor, moment: Moment) -> Tensor:
        """Return what each head's gradient adds up to after all projections.

        Args:
            products: Dot products of the heads' gradients, float32 `(heads, heads)`.
            moment: The step.

        Returns:
            Float32 `(heads,)`.
        """
        heads = len(self._heads)
        words = random_words(heads * heads, moment.seed, moment.step, _PLACE)
        order = tf.argsort(tf.reshape(tf.cast(words, tf.float32), [heads, heads]))
        squares = tf.linalg.diag_part(products)
        places = tf.range(heads)

        def project(turn: Tensor, mixed: Tensor) -> tuple[Tensor, Tensor]:
            """Let every head meet the next of its order; row i makes up gradient i."""
            met = tf.gather(order, turn, axis=1)
            dots = tf.reduce_sum(mixed * tf.gather(products, met), 1)
            square = tf.gather(squares, met)
            against = (dots < 0.0) & (met != places) & (square > 0.0)
            taken = tf.where(against, dots / tf.where(against, square, 1.0), 0.0)
            return turn + 1, mixed - taken[:, tf.newaxis] * tf.one_hot(met, heads)

        _, mixed = tf.while_loop(
            lambda turn, _: turn < heads, project, (0, tf.eye(heads))
        )
        return tf.reduce_sum(mixed, 0)
