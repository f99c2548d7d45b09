"""The network in standard Keras layers, as it is served and drawn.

It gives the numbers of `Network.outputs`, by variables of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from mtcore.engine.backend import Tensor, keras
from mtcore.engine.layers.network import connect_branch
from mtcore.engine.plans.plan import NetworkPlan

Features = Callable[[str], Tensor]
"""A prefix of layers' names to the features, float32 `(batch, plan.input_width)`."""


def connect_outputs(plan: NetworkPlan, features: Features) -> list[Tensor]:
    """Return each head's raw outputs, `(batch, head.width)`, head by head.

    Args:
        plan: The network's shape.
        features: Called once, or once a head where each learns features of its own.
    """
    prefixes = [f"{head.id}_" for head in plan.heads]
    if plan.has_own_features:
        read = [features(prefix) for prefix in prefixes]
    else:
        read = [features("")] * len(prefixes)
    given = _connect_trunk(plan, read)
    raw: dict[str, Tensor] = {}
    for place in plan.reading_order():
        head = plan.heads[place]
        values = given[place]
        if head.reads:
            # Whoever trains this model on must not move a head by what others read.
            others = [keras.ops.stop_gradient(raw[other]) for other in head.reads]
            joined = keras.layers.Concatenate(name=f"{head.id}_reads")
            values = joined([values, *others])
        made = connect_branch(plan, head, values)
        if plan.trunk.skip:
            skip = keras.layers.Dense(
                head.width, use_bias=False, name=f"{head.id}_skip"
            )
            made = keras.layers.Add(name=f"{head.id}_sum")([made, skip(read[place])])
        raw[head.id] = made
    return [raw[head.id] for head in plan.heads]


def _connect_trunk(plan: NetworkPlan, features: Sequence[Tensor]) -> Sequence[Tensor]:
    """Return what each head reads, `(batch, plan.trunk_width)`.

    Args:
        plan: The network's shape.
        features: For each head; the same tensor where they are shared.
    """
    match plan.trunk.kind:
        case "shared":
            return _connect_chains(plan, features[0])
        case "separate":
            return [
                _chain(plan, own, f"{head.id}_trunk")
                for head, own in zip(plan.heads, features, strict=True)
            ]
        case "experts":
            return _connect_experts(plan, features[0])
        case _:
            assert_never(plan.trunk.kind)


def _connect_chains(plan: NetworkPlan, features: Tensor) -> list[Tensor]:
    """Return the end of the shared trunk, and of the chains of some heads' own."""
    ends: dict[str, Tensor] = {}
    for head in plan.heads:
        name = f"{head.id}_trunk" if head.own_trunk else "trunk"
        if name not in ends:
            ends[name] = _chain(plan, features, name)
    return [
        ends[f"{head.id}_trunk" if head.own_trunk else "trunk"] for head in plan.heads
    ]


def _connect_experts(plan: NetworkPlan, features: Tensor) -> list[Tensor]:
    trunk, heads = plan.trunk, [head.id for head in plan.heads]
    shared_input, inputs = features, [features] * len(heads)
    for at in range(trunk.levels):
        shared = [
            _chain(plan, shared_input, f"expert_{at}_{place}")
            for place in range(trunk.shared)
        ]
        own = [
            [
                _chain(plan, values, f"{head}_expert_{at}_{place}")
                for place in range(trunk.private)
            ]
            for head, values in zip(heads, inputs, strict=True)
        ]
        if at < trunk.levels - 1:
            everything = [*shared, *(expert for row in own for expert in row)]
            next_shared = _mixed(shared_input, everything, f"gate_{at}")
        else:
            next_shared = shared_input
        inputs = [
            _mixed(values, [*shared, *row], f"{head}_gate_{at}")
            for head, values, row in zip(heads, inputs, own, strict=True)
        ]
        shared_input = next_shared
    return inputs


def _chain(plan: NetworkPlan, values: Tensor, name: str) -> Tensor:
    """Return values behind the trunk's Dense layers and Keras's own dropout."""
    for place, units in enumerate(plan.trunk.layers):
        layer = keras.layers.Dense(
            units, activation=plan.activation, name=f"{name}_{place}"
        )
        values = layer(values)
        if plan.dropout:
            drop = keras.layers.Dropout(plan.dropout, name=f"{name}_dropout_{place}")
            values = drop(values)
    return values


def _mixed(values: Tensor, experts: Sequence[Tensor], name: str) -> Tensor:
    """Return the experts' mean, weighted by a softmax gate that looks at the values."""
    gate = keras.layers.Dense(len(experts), activation="softmax", name=name)(values)
    stacked = keras.ops.stack(experts, axis=1)
    return keras.ops.sum(keras.ops.expand_dims(gate, -1) * stacked, axis=1)
