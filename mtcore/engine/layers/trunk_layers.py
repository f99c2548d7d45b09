"""What stands between the features and the heads, as the training program runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, final

from mtcore.engine.backend import Tensor, keras, tf
from mtcore.engine.layers.dense_layers import (
    Layer,
    behind_gate,
    dense_stack,
    one_each,
    side_by_side,
    variables_of,
)
from mtcore.engine.plans.plan import NetworkPlan

Drop = Callable[[Tensor, int], Tensor]
"""Values and the place of a dropout to what is left of the values."""


class TrunkLayers(Protocol):
    """The layers of a trunk, whatever its kind."""

    @property
    def shared(self) -> Sequence[Tensor]:
        """The variables that the losses of several heads move."""

    @property
    def own(self) -> Sequence[Sequence[Tensor]]:
        """The variables that one head's loss alone moves, head by head."""

    def outputs(
        self, features: Sequence[Tensor], gates: Tensor, drop: Drop | None
    ) -> Sequence[Tensor]:
        """Return what each head reads, `(batch, plan.trunk_width)`.

        Args:
            features: Float32 `(batch, plan.input_width)`: one that all heads share,
                or one a head.
            gates: Float32 `(heads,)`, 1 where a head moves what is shared and 0 where
                not.
            drop: Dropout while training; None where nothing is dropped.
        """


@final
class SharedLayers:
    """One chain of layers that heads read the end of, and chains of some heads' own."""

    def __init__(self, plan: NetworkPlan) -> None:
        def chain(name: str) -> tuple[Layer, ...]:
            return dense_stack(
                name, plan.input_width, plan.trunk.layers, plan.activation
            )

        everyone = all(head.own_trunk for head in plan.heads)
        self._layers = () if everyone else chain("trunk")
        self._chains = {
            place: chain(f"{head.id}_trunk")
            for place, head in enumerate(plan.heads)
            if head.own_trunk
        }
        self.shared = variables_of(self._layers)
        self.own = [
            variables_of(self._chains.get(place, ()))
            for place in range(len(plan.heads))
        ]

    def outputs(
        self, features: Sequence[Tensor], gates: Tensor, drop: Drop | None
    ) -> list[Tensor]:
        """Return what heads share, each behind its gate, or their own chain's end.

        A closed gate keeps a chain of its own from moving the features, no more.
        """
        [values] = features
        shared = self._through(self._layers, values, 0, drop)
        given = []
        for place in range(len(self.own)):
            if place in self._chains:
                chain = self._chains[place]
                read = behind_gate(values, gates[place])
                given.append(self._through(chain, read, place + 1, drop))
            else:
                given.append(behind_gate(shared, gates[place]))
        return given

    @staticmethod
    def _through(
        chain: Sequence[Layer], values: Tensor, number: int, drop: Drop | None
    ) -> Tensor:
        """Return values behind a chain; no two numbers draw the same dropout."""
        for place, layer in enumerate(chain):
            values = layer(values)
            if drop is not None:
                values = drop(values, number * len(chain) + place)
        return values


@final
class SeparateLayers:
    """A chain of layers for every head; they have one shape and run together."""

    def __init__(self, plan: NetworkPlan) -> None:
        self._activation = keras.activations.get(plan.activation)
        chains = [
            dense_stack(
                f"{head.id}_trunk", plan.input_width, plan.trunk.layers, plan.activation
            )
            for head in plan.heads
        ]
        self._levels = list(zip(*chains, strict=True))
        self.shared: list[Tensor] = []
        self.own = [variables_of(chain) for chain in chains]

    def outputs(
        self, features: Sequence[Tensor], gates: Tensor, drop: Drop | None
    ) -> Sequence[Tensor]:
        """Return the end of each head's chain; nothing is shared that a gate closes."""
        del gates
        heads = len(self.own)
        if not self._levels:
            return features if len(features) == heads else [features[0]] * heads
        first, *later = self._levels
        if len(features) == 1:
            values = side_by_side(features[0], first)
            values = layer_by_layer(values, heads)
        else:
            values = one_each(tf.stack(features), first)
        values = self._activated(values, 0, drop)
        for place, layers in enumerate(later, start=1):
            values = self._activated(one_each(values, layers), place, drop)
        return list(tf.unstack(values))

    def _activated(self, values: Tensor, place: int, drop: Drop | None) -> Tensor:
        values = self._activation(values)
        return values if drop is None else drop(values, place)


def layer_by_layer(values: Tensor, layers: int) -> Tensor:
    """Return `(batch, layers · units)` as `(layers, batch, units)`."""
    # Cut and stacked, as XLA would turn three dimensions number by number.
    return tf.stack(tf.split(values, layers, axis=1))
