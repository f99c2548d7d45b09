"""Experts and the gates that mix them, as the training program runs them.

MMoE: Ma et al. (2018), Modeling Task Relationships in Multi-task Learning with
Multi-gate Mixture-of-Experts. CGC and PLE: Tang et al. (2020), Progressive Layered
Extraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from mtcore.engine.backend import Tensor, keras, tf
from mtcore.engine.layers.dense_layers import (
    Layer,
    dense,
    dense_stack,
    one_each,
    side_by_side,
    spread,
    through_gate,
    variables_of,
)
from mtcore.engine.layers.mixtures import mix_experts
from mtcore.engine.layers.trunk_layers import Drop, layer_by_layer
from mtcore.engine.plans.plan import NetworkPlan

Stack = tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of experts.

    Args:
        shared: Experts that all heads mix.
        own: Each head's private experts.
        gates: What weighs the shared and the private experts for each head.
        gate: What weighs all experts for the next level's shared ones.
    """

    shared: tuple[Stack, ...]
    own: tuple[tuple[Stack, ...], ...]
    gates: tuple[Layer, ...]
    gate: Layer | None

    @property
    def experts(self) -> list[Stack]:
        """All experts: the shared ones, then each head's."""
        return [*self.shared, *(stack for own in self.own for stack in own)]


@dataclass(frozen=True, slots=True)
class _Begun:
    """What the first layers of a level made of their inputs, before activation.

    Args:
        experts: `(experts, batch, units)`.
        weights: Of each head's experts, before softmax: `(heads, batch, experts)`.
        logits: Of all experts, `(batch, experts)`; None in the last level.
    """

    experts: Tensor
    weights: Tensor
    logits: Tensor | None


@final
class ExpertLayers:
    """Levels of experts; the first reads the features, the next what that mixed."""

    def __init__(self, plan: NetworkPlan) -> None:
        self._plan = plan
        self._activation = keras.activations.get(plan.activation)
        self._levels = [_build_level(plan, at) for at in range(plan.trunk.levels)]
        self.shared: list[Tensor] = []
        self.own: list[list[Tensor]] = [[] for _ in plan.heads]
        for level in self._levels:
            self._sort_variables(level)

    def _sort_variables(self, level: _Level) -> None:
        """Tell what several heads move from what one alone moves.

        A level that is not the last gives all its experts, private ones too, to the
        next level's shared experts, and so to every head.
        """
        passed_on = level.gate is not None
        chosen = level.experts if passed_on else level.shared
        self.shared += [v for stack in chosen for v in variables_of(stack)]
        if level.gate is not None:
            self.shared += variables_of([level.gate])
        for place, gate in enumerate(level.gates):
            for stack in level.own[place] if not passed_on else ():
                self.own[place] += variables_of(stack)
            self.own[place] += variables_of([gate])

    def outputs(
        self, features: Sequence[Tensor], gates: Tensor, drop: Drop | None
    ) -> list[Tensor]:
        """Return each head's mixture of the last level's experts.

        A closed gate keeps a head from moving the features, the experts and the gate
        that others read; its own experts and gates learn all the same.
        """
        [values] = features
        begun = self._read_features(values, gates)
        mixed, passed_on = self._finish(0, begun, gates, drop)
        for at in range(1, len(self._levels)):
            begun = self._read_mixtures(at, passed_on, mixed)
            mixed, passed_on = self._finish(at, begun, gates, drop)
        return list(tf.unstack(mixed))

    def _read_features(self, features: Tensor, gates: Tensor) -> _Begun:
        """Run all that reads the features as one product."""
        level, units = self._levels[0], self._plan.trunk.layers[0]
        experts = [stack[0] for stack in level.experts]
        between = [level.gate] if level.gate is not None else []
        layers = [*experts, *between, *level.gates]
        openness = None
        if self._plan.learns_features:
            openness = self._openness(level, gates)
        made = side_by_side(features, layers, openness)
        sizes = [len(experts) * units, len(between) * len(experts), -1]
        begun, logits, weights = tf.split(made, sizes, axis=1)
        return _Begun(
            layer_by_layer(begun, len(experts)),
            layer_by_layer(weights, len(level.gates)),
            logits if between else None,
        )

    def _openness(self, level: _Level, gates: Tensor) -> Tensor:
        """Return the gate of each unit that reads the features.

        What no single head owns may move them as far as its readers' gates let it.
        """
        trunk, heads = self._plan.trunk, len(level.gates)
        a_head = trunk.private * trunk.layers[0]
        common = trunk.shared * trunk.layers[0]
        if level.gate is None:
            own = spread(gates, [a_head] * heads)
        else:
            # A gate behind the mixture lets each head's part through.
            common += heads * a_head + level.gate.units
            own = tf.zeros(0)
        choosing = spread(gates, [trunk.shared + trunk.private] * heads)
        return tf.concat([tf.ones(common), own, choosing], 0)

    def _read_mixtures(self, at: int, passed_on: Tensor, mixed: Tensor) -> _Begun:
        """Run what reads the level before, all heads' layers as one product.

        Args:
            at: The level.
            passed_on: What its shared experts read, `(batch, units)`.
            mixed: What each head's experts and gate read, `(heads, batch, units)`.
        """
        level, trunk = self._levels[at], self._plan.trunk
        begun = side_by_side(passed_on, [stack[0] for stack in level.shared])
        experts = layer_by_layer(begun, trunk.shared)
        layers = [
            [*(stack[0] for stack in own), gate]
            for own, gate in zip(level.own, level.gates, strict=True)
        ]
        kernels = tf.stack(
            [tf.concat([one.kernel.value for one in row], 1) for row in layers]
        )
        biases = tf.stack(
            [tf.concat([one.bias.value for one in row], 0) for row in layers]
        )
        made = tf.matmul(mixed, kernels) + biases[:, tf.newaxis, :]
        units = trunk.layers[0]
        own, weights = tf.split(made, [trunk.private * units, -1], axis=2)
        own = tf.reshape(own, [len(layers), -1, trunk.private, units])
        own = tf.transpose(own, [0, 2, 1, 3])
        own = tf.reshape(own, [len(layers) * trunk.private, -1, units])
        return _Begun(tf.concat([experts, own], 0), weights, None)

    def _finish(
        self, at: int, begun: _Begun, gates: Tensor, drop: Drop | None
    ) -> tuple[Tensor, Tensor]:
        """Return each head's mixture, `(heads, batch, units)`, and what is passed on.

        Args:
            at: The level.
            begun: What its first layers and gates made of their inputs.
            gates: As `outputs` takes them.
            drop: As `outputs` takes it.
        """
        experts = begun.experts
        depth = len(self._plan.trunk.layers)
        stacks = self._levels[at].experts
        for place in range(depth):
            if place:
                experts = one_each(experts, [stack[place] for stack in stacks])
            experts = self._activation(experts)
            if drop is not None:
                experts = drop(experts, at * depth + place)
        mixed = self._mix(at, experts, tf.nn.softmax(begun.weights), gates)
        if begun.logits is None:
            return mixed, None
        passed_on = tf.einsum("bk,kbd->bd", tf.nn.softmax(begun.logits), experts)
        return mixed, passed_on

    def _mix(self, at: int, experts: Tensor, weights: Tensor, gates: Tensor) -> Tensor:
        shared, heads = self._plan.trunk.shared, len(self._plan.heads)
        gates = gates[:, tf.newaxis, tf.newaxis]
        mixed = through_gate(
            mix_experts, experts[:shared], weights[:, :, :shared], gates
        )
        if not self._plan.trunk.private:
            return mixed
        _, batch, units = experts.shape
        by_head = tf.reshape(experts[shared:], [heads, -1, batch, units])
        own = tf.transpose(by_head, [1, 0, 2, 3])
        weights = weights[:, :, shared:]
        if self._levels[at].gate is None:
            return mixed + mix_experts(own, weights)
        return mixed + through_gate(mix_experts, own, weights, gates)


def _build_level(plan: NetworkPlan, at: int) -> _Level:
    trunk = plan.trunk
    width = trunk.layers[-1] if at else plan.input_width

    def experts(prefix: str, count: int) -> tuple[Stack, ...]:
        return tuple(
            dense_stack(
                f"{prefix}expert_{at}_{place}", width, trunk.layers, plan.activation
            )
            for place in range(count)
        )

    heads = [f"{head.id}_" for head in plan.heads]
    read = trunk.shared + trunk.private
    everything = trunk.shared + len(heads) * trunk.private
    last = at == trunk.levels - 1
    return _Level(
        shared=experts("", trunk.shared),
        own=tuple(experts(prefix, trunk.private) for prefix in heads),
        gates=tuple(
            dense(f"{prefix}gate_{at}", width, read, "softmax") for prefix in heads
        ),
        gate=None if last else dense(f"gate_{at}", width, everything, "softmax"),
    )
