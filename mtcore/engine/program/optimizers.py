"""The optimizers as plain tensor arithmetic on one vector of all gradients.

One vector means few kernels a step, and a state that is two vectors in a checkpoint.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.program.arguments import LEAST_RATE
from mtcore.spec.training import Optimizer

MEAN_DECAY = 0.9
SQUARE_DECAY = 0.999
SMALLEST_ROOT = 1e-7
MOMENTUM = 0.9


def learning_rate(recipe: Tensor, step: Tensor) -> Tensor:
    """Return the rate of a step: a linear rise, then a cosine fall.

    Args:
        recipe: As `Arguments.tensors` gives it.
        step: Steps before this one since training began, float32.
    """
    peak, warmup, all_steps = recipe[0], recipe[1], recipe[2]
    rise = (step + 1.0) / tf.maximum(warmup, 1.0)
    span = tf.maximum(all_steps - warmup, 1.0)
    share = tf.clip_by_value((step - warmup) / span, 0.0, 1.0)
    fall = LEAST_RATE + (1.0 - LEAST_RATE) * 0.5 * (1.0 + tf.cos(math.pi * share))
    return peak * tf.where(step < warmup, rise, fall)


class FlatOptimizer:
    """Moves variables by one vector of gradients; its state is two vectors.

    Args:
        kind: `adamw` (decoupled weight decay of all but biases, gradients clipped by
            norm), `adam`, or `sgd` (Nesterov's momentum).
        parts: All trained variables, part by part: the trunk's, then each head's. Each
            part is clipped by its own norm, so that no head holds another back.
    """

    def __init__(self, kind: Optimizer, parts: Sequence[Sequence[Tensor]]) -> None:
        self._kind = kind
        self._variables = [variable for part in parts for variable in part]
        self._sizes = [math.prod(variable.shape) for variable in self._variables]
        self._part_sizes = [
            sum(math.prod(variable.shape) for variable in part) for part in parts
        ]
        self.state = [tf.Variable(tf.zeros(sum(self._sizes))) for _ in range(2)]

    def apply(self, gradients: Sequence[Tensor], recipe: Tensor, step: Tensor) -> None:
        """Take one step.

        Args:
            gradients: One a variable, in order.
            recipe: As `Arguments.tensors` gives it.
            step: Steps before this one since training began, int32.
        """
        flat = tf.concat([tf.reshape(part, [-1]) for part in gradients], 0)
        done = tf.cast(step, tf.float32)
        rate = learning_rate(recipe, done)
        match self._kind:
            case "adamw":
                flat = self._clipped(flat, recipe[4])
                change = rate * self._adam(flat, done + 1.0)
                self._move(change, shrink=rate * recipe[3])
            case "adam":
                self._move(rate * self._adam(flat, done + 1.0))
            case "sgd":
                velocity = MOMENTUM * self.state[0] + flat
                self.state[0].assign(velocity)
                self._move(rate * (flat + MOMENTUM * velocity))

    def _clipped(self, flat: Tensor, most: Tensor) -> Tensor:
        parts = tf.split(flat, self._part_sizes)
        return tf.concat(
            [part * (most / tf.maximum(tf.norm(part), most)) for part in parts], 0
        )

    def _adam(self, flat: Tensor, count: Tensor) -> Tensor:
        mean = MEAN_DECAY * self.state[0] + (1.0 - MEAN_DECAY) * flat
        square = SQUARE_DECAY * self.state[1]
        square += (1.0 - SQUARE_DECAY) * tf.square(flat)
        self.state[0].assign(mean)
        self.state[1].assign(square)
        unbiased = tf.sqrt(1.0 - SQUARE_DECAY**count) / (1.0 - MEAN_DECAY**count)
        return unbiased * mean / (tf.sqrt(square) + SMALLEST_ROOT)

    def _move(self, change: Tensor, shrink: Tensor | None = None) -> None:
        changes = tf.split(change, self._sizes)
        for variable, part in zip(self._variables, changes, strict=True):
            kept = variable.value
            if shrink is not None and len(variable.shape) > 1:
                kept = kept * (1.0 - shrink)
            variable.assign(kept - tf.reshape(part, variable.shape))
