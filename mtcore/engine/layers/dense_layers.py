"""Dense layers: several as one product, and gradients that a gate lets through.

Each layer keeps variables of its own, named as in the served model. A step of training
puts their kernels side by side: one large product takes less time than many small ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import final

import numpy as np

from mtcore.arrays import RowArray
from mtcore.engine.backend import Tensor, keras, tf
from mtcore.engine.layers.kernel_gradients import product

Layer = Tensor
"""A built `keras.layers.Dense`."""


# Keras gives its classes no types.
@final
class FastDense(keras.layers.Dense):  # type: ignore[misc]
    """A Dense layer with the same numbers, for training."""

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        """Return `(batch, units)` from float32 `(batch, width)`."""
        del training  # Keras gives it by name.
        made = product(inputs, tf.convert_to_tensor(self.kernel))
        if self.bias is not None:
            made += self.bias
        return made if self.activation is None else self.activation(made)


def dense(
    name: str, width: int, units: int, activation: str | None, *, bias: bool = True
) -> Layer:
    """Return a Dense layer that has its variables.

    Args:
        name: Of the layer.
        width: Numbers that it reads.
        units: Numbers that it gives.
        activation: Kept for those who call the layer itself.
        bias: Whether it has one.
    """
    layer = FastDense(units, activation=activation, use_bias=bias, name=name)
    layer.build((None, width))
    return layer


def dense_stack(
    name: str, width: int, layers: Sequence[int], activation: str
) -> tuple[Layer, ...]:
    """Return Dense layers that follow one another, called `<name>_<place>`."""
    widths = (width, *layers)
    return tuple(
        dense(f"{name}_{place}", widths[place], units, activation)
        for place, units in enumerate(layers)
    )


def variables_of(layers: Sequence[Layer]) -> list[Tensor]:
    """Return all trained variables of some layers, in order."""
    return [variable for layer in layers for variable in layer.trainable_variables]


def side_by_side(
    inputs: Tensor, layers: Sequence[Layer], openness: Tensor | None = None
) -> Tensor:
    """Return what Dense layers make of the same inputs, before their activation.

    Args:
        inputs: Float32 `(batch, width)`.
        layers: All with a bias, or none.
        openness: Float32 `(all units,)`: how much of each unit's gradient goes back
            into the inputs; None where the inputs learn nothing, or from all of it.

    Returns:
        Float32 `(batch, all units)`, layer by layer.
    """
    kernel = tf.concat([layer.kernel.value for layer in layers], 1)
    if openness is None:
        made = product(inputs, kernel)
    else:
        made = through_gate(product, inputs, kernel, openness)
    if layers[0].bias is None:
        return made
    return made + tf.concat([layer.bias.value for layer in layers], 0)


def one_each(inputs: Tensor, layers: Sequence[Layer]) -> Tensor:
    """Return what Dense layers of one shape make of an input each, before activation.

    Args:
        inputs: Float32 `(layers, batch, width)`.
        layers: One an input.

    Returns:
        Float32 `(layers, batch, units)`.
    """
    kernels = tf.stack([layer.kernel.value for layer in layers])
    biases = tf.stack([layer.bias.value for layer in layers])
    return product(inputs, kernels) + biases[:, tf.newaxis, :]


def behind_gate(values: Tensor, gate: Tensor) -> Tensor:
    """Return the values; so much of their gradient goes back as the gate is open."""
    still = tf.stop_gradient(values)
    return still + gate * (values - still)


def through_gate(
    product: Callable[[Tensor, Tensor], Tensor],
    gated: Tensor,
    free: Tensor,
    gates: Tensor,
) -> Tensor:
    """Return a product of two factors, of which a gate keeps one from learning.

    The same product is written three times; a compiler makes it once.

    Args:
        product: Bilinear.
        gated: The factor whose gradient is multiplied with the gates.
        free: The factor that learns whatever the gates are.
        gates: From 0 (closed) to 1 (open), of a shape that the product's takes.
    """
    through = product(gated, tf.stop_gradient(free))
    through = gates * (through - tf.stop_gradient(through))
    return product(tf.stop_gradient(gated), free) + through


def spread(gates: Tensor, counts: Sequence[int]) -> Tensor:
    """Return each head's gate so many times, float32 `(sum of counts,)`."""
    places: RowArray = np.repeat(np.arange(len(counts)), counts)
    return tf.gather(gates, places)
