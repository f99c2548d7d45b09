"""The trunk and the heads as Keras layers, from dense numbers and codes to logits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtcore.engine.backend import Model, Tensor, keras, tf
from mtcore.engine.labels import SingleArray
from mtcore.engine.plan import CategoryPlan, HeadPlan, NetworkPlan

Weights = Mapping[str, SingleArray]
"""Values of trained variables by `layer/kind`, such as `trunk_0/kernel`."""

Drop = Callable[[Tensor, int], Tensor]
"""Values `(batch, units)` and the place of a dropout to what is left of the values."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network in the parts that the training program calls.

    Args:
        plan: Its shape.
        features: From dense numbers and codes to what the first layer reads.
        trunk: The shared Dense layers, first to last.
        heads: From what the trunk gives to raw outputs: logits, or standardised
            targets.
        parts: All trained variables: the trunk's with the features', then each head's.
    """

    plan: NetworkPlan
    features: Model
    trunk: tuple[Tensor, ...]
    heads: tuple[Model, ...]
    parts: tuple[tuple[Tensor, ...], ...]

    @property
    def variables(self) -> tuple[Tensor, ...]:
        """All trained variables, in a fixed order."""
        return tuple(variable for part in self.parts for variable in part)

    def outputs(
        self, inputs: Sequence[Tensor], gates: Tensor, drop: Drop | None = None
    ) -> list[Tensor]:
        """Return each head's raw outputs, `(batch, head.width)`, head by head.

        Args:
            inputs: What `features` takes.
            gates: Float32 `(heads,)`, 1 where a head moves the trunk and 0 where not.
            drop: Dropout while training; None where nothing is dropped.
        """
        shared = self.features(inputs)
        for place, layer in enumerate(self.trunk):
            shared = layer(shared)
            if drop is not None and self.plan.dropout:
                shared = drop(shared, place)
        still = tf.stop_gradient(shared)
        # The value is `shared`; a closed gate lets no gradient into the trunk.
        return [
            head(still + gates[place] * (shared - still))
            for place, head in enumerate(self.heads)
        ]


def build_network(plan: NetworkPlan) -> Network:
    """Return the network of a plan with variables of its own."""
    inputs: list[Tensor] = []
    dense = codes = None
    if plan.dense_width:
        dense = keras.Input((plan.dense_width,), name="dense")
        inputs.append(dense)
    if plan.categories:
        codes = keras.Input((len(plan.categories),), name="codes", dtype="int32")
        inputs.append(codes)
    features = keras.Model(inputs, connect_features(plan, dense, codes))
    shared = features.outputs[0]
    trunk = trunk_layers(plan)
    for layer in trunk:
        shared = layer(shared)
    heads = tuple(
        keras.Model(shared, connect_head(plan, head, shared)) for head in plan.heads
    )
    below = [v for part in (features, *trunk) for v in part.trainable_variables]
    parts = [tuple(below), *(tuple(head.trainable_variables) for head in heads)]
    return Network(plan, features, trunk, heads, tuple(parts))


def variable_name(variable: Tensor) -> str:
    """Return `layer/kind` of a variable, the same in every model of a plan."""
    return "/".join(variable.path.split("/")[-2:])


def connect_features(
    plan: NetworkPlan, dense: Tensor | None, codes: Tensor | None
) -> Tensor:
    """Return what the first layer reads, float32 `(batch, plan.input_width)`.

    Args:
        plan: The network's shape.
        dense: Float32 `(batch, plan.dense_width)`, None where that is 0.
        codes: Int32 `(batch, categories)`, None where there are none.
    """
    parts: list[Tensor] = []
    if dense is not None:
        parts.append(dense[:, : plan.features])
        if plan.binned:
            parts.append(_piecewise_linear(dense[:, plan.features :], plan.binned))
    if codes is not None:
        parts += [
            _category(category, codes[:, place], place)
            for place, category in enumerate(plan.categories)
        ]
    joined = keras.layers.Concatenate(name="features")
    return joined(parts) if len(parts) > 1 else parts[0]


def trunk_layers(plan: NetworkPlan) -> tuple[Tensor, ...]:
    """Return the shared Dense layers, first to last."""
    return tuple(
        keras.layers.Dense(units, activation=plan.activation, name=f"trunk_{place}")
        for place, units in enumerate(plan.trunk)
    )


def connect_trunk(plan: NetworkPlan, features: Tensor) -> Tensor:
    """Return what all heads read, `(batch, units)`, with Keras's own dropout."""
    shared = features
    for place, layer in enumerate(trunk_layers(plan)):
        shared = layer(shared)
        if plan.dropout:
            drop = keras.layers.Dropout(plan.dropout, name=f"trunk_dropout_{place}")
            shared = drop(shared)
    return shared


def connect_head(plan: NetworkPlan, head: HeadPlan, shared: Tensor) -> Tensor:
    """Return a head's raw outputs, `(batch, head.width)`: logits or standardised."""
    for place, units in enumerate(head.layers):
        layer = keras.layers.Dense(
            units, activation=plan.activation, name=f"{head.id}_{place}"
        )
        shared = layer(shared)
    return keras.layers.Dense(head.width, name=f"{head.id}_raw")(shared)


def _piecewise_linear(positions: Tensor, bins: Sequence[int]) -> Tensor:
    """Return clip(p - k, 0, 1) for every bin k of every quantity.

    Args:
        positions: Float32 `(batch, quantities)`.
        bins: Bins of each quantity, above 0.
    """
    most = max(bins)
    starts = np.arange(most, dtype=np.float32)
    shares = keras.ops.clip(keras.ops.expand_dims(positions, -1) - starts, 0.0, 1.0)
    flat = keras.ops.reshape(shares, (-1, most * len(bins)))
    used = [row * most + k for row, count in enumerate(bins) for k in range(count)]
    if len(used) == most * len(bins):
        return flat
    return keras.ops.take(flat, np.asarray(used, dtype=np.int32), axis=1)


def _category(category: CategoryPlan, codes: Tensor, place: int) -> Tensor:
    if category.units:
        layer = keras.layers.Embedding(
            category.values + 2, category.units, name=f"embedding_{place}"
        )
        return layer(codes)
    # An unknown value is -1 here, which is all zeros.
    return keras.ops.one_hot(codes - 1, category.width, dtype="float32")
