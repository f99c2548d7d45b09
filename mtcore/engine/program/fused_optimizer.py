"""The optimizers as TensorFlow's own fused kernels, one call a variable.

Outside XLA nothing joins many small operations into one, and plain arithmetic would
pass over a large embedding a dozen times a step. The numbers are those of
`FlatOptimizer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.program.optimizers import (
    MEAN_DECAY,
    MOMENTUM,
    SMALLEST_ROOT,
    SQUARE_DECAY,
    learning_rate,
)
from mtcore.spec.training import Optimizer


@final
class FusedOptimizer:
    """Moves variables one by one; its state is two tensors for each.

    Args:
        kind: `adamw`, `adam` or `sgd`, as `FlatOptimizer` says.
        parts: All trained variables, part by part, each clipped by its own norm.
    """

    def __init__(self, kind: Optimizer, parts: Sequence[Sequence[Tensor]]) -> None:
        self._kind = kind
        self._variables = [variable.value for part in parts for variable in part]
        self._counts = [len(part) for part in parts]
        self._pairs = [
            (tf.Variable(tf.zeros_like(v)), tf.Variable(tf.zeros_like(v)))
            for v in self._variables
        ]
        self.state = [vector for pair in self._pairs for vector in pair]

    def apply(self, gradients: Sequence[Tensor], recipe: Tensor, step: Tensor) -> None:
        """Take one step; see `FlatOptimizer.apply`."""
        done = tf.cast(step, tf.float32)
        rate = learning_rate(recipe, done)
        match self._kind:
            case "adamw":
                self._shrink(rate * recipe[3])
                self._adam(self._clipped(gradients, recipe[4]), rate, done + 1.0)
            case "adam":
                self._adam(gradients, rate, done + 1.0)
            case "sgd":
                self._momentum(gradients, rate)

    def _clipped(self, gradients: Sequence[Tensor], most: Tensor) -> list[Tensor]:
        clipped: list[Tensor] = []
        for count in self._counts:
            part = gradients[len(clipped) : len(clipped) + count]
            squares = [tf.reduce_sum(tf.square(gradient)) for gradient in part]
            norm = tf.sqrt(tf.add_n(squares)) if squares else most
            scale = most / tf.maximum(norm, most)
            clipped += [scale * gradient for gradient in part]
        return clipped

    def _shrink(self, share: Tensor) -> None:
        for variable in self._variables:
            if len(variable.shape) > 1:
                variable.assign(variable * (1.0 - share))

    def _adam(self, gradients: Sequence[Tensor], rate: Tensor, count: Tensor) -> None:
        for variable, pair, gradient in self._moved(gradients):
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=pair[0].handle,
                v=pair[1].handle,
                beta1_power=MEAN_DECAY**count,
                beta2_power=SQUARE_DECAY**count,
                lr=rate,
                beta1=MEAN_DECAY,
                beta2=SQUARE_DECAY,
                epsilon=SMALLEST_ROOT,
                grad=gradient,
            )

    def _momentum(self, gradients: Sequence[Tensor], rate: Tensor) -> None:
        for variable, pair, gradient in self._moved(gradients):
            tf.raw_ops.ResourceApplyMomentum(
                var=variable.handle,
                accum=pair[0].handle,
                lr=rate,
                grad=gradient,
                momentum=MOMENTUM,
                use_nesterov=True,
            )

    def _moved(
        self, gradients: Sequence[Tensor]
    ) -> list[tuple[Tensor, tuple[Tensor, Tensor], Tensor]]:
        return list(zip(self._variables, self._pairs, gradients, strict=True))
