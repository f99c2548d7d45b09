"""A trunk in words and numbers, from its plan alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import assert_never

from mtcore.engine.plans.plan import NetworkPlan
from mtcore.spec.description import LayerDescription

Layers = list[LayerDescription]


def describe_trunk(
    plan: NetworkPlan, names: Sequence[str], features: LayerDescription
) -> tuple[Layers, Layers]:
    """Return a trunk's layers, and for each head the layer that it reads.

    Args:
        plan: The network's shape.
        names: The heads' names.
        features: What the first layers read.
    """
    match plan.trunk.kind:
        case "shared":
            return _shared(plan, names, features)
        case "separate":
            chains = [
                _chain(plan, features, f"{head.id}_trunk", name)
                for head, name in zip(plan.heads, names, strict=True)
            ]
            ends = [[features, *chain][-1] for chain in chains]
            return [layer for chain in chains for layer in chain], ends
        case "experts":
            return _experts(plan, names, features)
        case _:
            assert_never(plan.trunk.kind)


def dense_layer(
    plan: NetworkPlan, layer_id: str, units: int, read: Sequence[LayerDescription]
) -> LayerDescription:
    """Return a Dense layer that reads some layers side by side."""
    return LayerDescription(
        id=layer_id,
        name=f"Dense {units}",
        kind="Dense",
        output_shape=(units,),
        parameters=dense_parameters(read, units),
        inputs=tuple(layer.id for layer in read),
        detail=plan.activation,
    )


def dense_parameters(read: Sequence[LayerDescription], units: int) -> int:
    """Return the kernel and the biases of a Dense layer behind some layers."""
    return (sum(layer.output_shape[0] for layer in read) + 1) * units


def _chain(
    plan: NetworkPlan, below: LayerDescription, name: str, head: str | None
) -> Layers:
    layers = [below]
    for place, units in enumerate(plan.trunk.layers):
        dense = dense_layer(plan, f"{name}_{place}", units, layers[-1:])
        layers.append(dense.model_copy(update={"head": head}))
        if plan.dropout:
            layers.append(
                LayerDescription(
                    id=f"{name}_dropout_{place}",
                    name="Dropout",
                    kind="Dropout",
                    output_shape=(units,),
                    parameters=0,
                    inputs=(layers[-1].id,),
                    head=head,
                    detail=f"{plan.dropout:.0%} of units while training",
                )
            )
    return layers[1:]


def _shared(
    plan: NetworkPlan, names: Sequence[str], features: LayerDescription
) -> tuple[Layers, Layers]:
    every: Layers = []
    if not all(head.own_trunk for head in plan.heads):
        every = _chain(plan, features, "trunk", None)
    end = [features, *every][-1]
    ends = []
    for head, name in zip(plan.heads, names, strict=True):
        own: Layers = []
        if head.own_trunk:
            own = _chain(plan, features, f"{head.id}_trunk", name)
        every = [*every, *own]
        ends.append([features, *own][-1] if head.own_trunk else end)
    return every, ends


def _experts(
    plan: NetworkPlan, names: Sequence[str], features: LayerDescription
) -> tuple[Layers, Layers]:
    trunk, heads = plan.trunk, [head.id for head in plan.heads]
    layers: Layers = []
    source, ends = features, [features] * len(heads)
    for at in range(trunk.levels):
        shared = _expert_group(plan, f"experts_{at}", trunk.shared, source)
        own: list[Layers] = [[] for _ in heads]
        for place, head in enumerate(heads if trunk.private else ()):
            group = _expert_group(
                plan, f"{head}_experts_{at}", trunk.private, ends[place]
            )
            own[place] = [group.model_copy(update={"head": names[place]})]
        layers += [shared, *(group for row in own for group in row)]
        gates = [
            _gate(f"{head}_gate_{at}", ends[place], [shared, *own[place]], names[place])
            for place, head in enumerate(heads)
        ]
        if at < trunk.levels - 1:
            read = [shared, *(group for row in own for group in row)]
            source = _gate(f"gate_{at}", source, read, None)
            layers.append(source)
        layers += gates
        ends = gates
    return layers, ends


def _expert_group(
    plan: NetworkPlan, group_id: str, count: int, below: LayerDescription
) -> LayerDescription:
    widths = (below.output_shape[-1], *plan.trunk.layers)
    each = sum((before + 1) * units for before, units in pairwise(widths))
    units = ", ".join(str(units) for units in plan.trunk.layers)
    owner = "own" if group_id.startswith("h") else "shared"
    drop = f", dropout {plan.dropout:.0%}" if plan.dropout else ""
    return LayerDescription(
        id=group_id,
        name=f"{count} {owner} {'expert' if count == 1 else 'experts'}",
        kind="Experts",
        output_shape=(count, widths[-1]),
        parameters=count * each,
        inputs=(below.id,),
        detail=f"each Dense {units}, {plan.activation}{drop}",
    )


def _gate(
    layer_id: str,
    looked_at: LayerDescription,
    experts: Sequence[LayerDescription],
    head: str | None,
) -> LayerDescription:
    """Return a gate: a softmax layer, and the mixture that it makes."""
    mixed = sum(group.output_shape[0] for group in experts)
    return LayerDescription(
        id=layer_id,
        name="Gate",
        kind="Gate",
        output_shape=(experts[0].output_shape[-1],),
        parameters=(looked_at.output_shape[-1] + 1) * mixed,
        inputs=(looked_at.id, *(group.id for group in experts)),
        head=head,
        detail=f"weighs {mixed} {'expert' if mixed == 1 else 'experts'}",
    )
