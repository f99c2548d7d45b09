"""Adam on one number a head, for what a balance learns."""

from __future__ import annotations

from typing import final

from mtcore.engine.backend import Tensor, tf

MEAN_DECAY = 0.9
SQUARE_DECAY = 0.999
SMALLEST_ROOT = 1e-8


@final
class SmallAdam:
    """Adam (Kingma and Ba, 2015) without weight decay, from zeros.

    Args:
        heads: How many numbers.
    """

    def __init__(self, heads: int) -> None:
        self.state = [tf.Variable(tf.zeros(heads)) for _ in range(3)]

    @property
    def values(self) -> Tensor:
        """The numbers as they are, float32 `(heads,)`."""
        return self.state[0].read_value()

    def move(
        self, gradient: Tensor, moving: Tensor, rate: Tensor, step: Tensor
    ) -> Tensor:
        """Take one step down and return the numbers.

        Args:
            gradient: Float32 `(heads,)`.
            moving: Bool `(heads,)`; the others keep numbers and moments.
            rate: Learning rate, `()`.
            step: Steps before this one since training began, int32.
        """
        count = tf.cast(step, tf.float32) + 1.0
        value, mean, square = (vector.read_value() for vector in self.state)
        mean_now = MEAN_DECAY * mean + (1.0 - MEAN_DECAY) * gradient
        square_now = SQUARE_DECAY * square + (1.0 - SQUARE_DECAY) * gradient**2
        first = mean_now / (1.0 - MEAN_DECAY**count)
        second = tf.sqrt(square_now / (1.0 - SQUARE_DECAY**count))
        moved = value - rate * first / (second + SMALLEST_ROOT)
        news = (moved, mean_now, square_now)
        for vector, old, new in zip(
            self.state, (value, mean, square), news, strict=True
        ):
            vector.assign(tf.where(moving, new, old))
        return self.values
