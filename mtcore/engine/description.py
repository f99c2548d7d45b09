"""A network in words and numbers, from its plan alone: nothing is built for it."""

from __future__ import annotations

from typing import assert_never

from mtcore.engine.encoding import Encoding
from mtcore.engine.input_encoding import (
    CategoryEncoding,
    DatetimeEncoding,
    InputEncoding,
    NumberEncoding,
    Scaling,
)
from mtcore.engine.plan import (
    HARMONICS,
    CategoryPlan,
    HeadPlan,
    NetworkPlan,
    plan_category,
    plan_network,
)
from mtcore.spec import Experiment
from mtcore.spec.description import Description, LayerDescription


def describe(experiment: Experiment, encoding: Encoding) -> Description:
    """Return every layer of an experiment's network with its trained numbers.

    Args:
        experiment: What is to be trained.
        encoding: Fitted on its training rows.
    """
    plan = plan_network(experiment, encoding)
    layers = [_input(given, f"c{place}") for place, given in enumerate(encoding.inputs)]
    layers += _trunk(plan, [layer.id for layer in layers])
    shared = layers[-1]
    for head, branch in zip(experiment.heads, plan.heads, strict=True):
        layers += _head(plan, branch, head.name, shared)
    return Description(
        layers=tuple(layers),
        parameters=sum(layer.parameters for layer in layers),
        networks=experiment.training.seeds,
    )


def _input(given: InputEncoding, layer_id: str) -> LayerDescription:
    match given:
        case NumberEncoding():
            width, detail = _quantity(given.scaling)
            parameters = 0
        case DatetimeEncoding():
            width, detail = _quantity(given.scaling)
            width += 2 * HARMONICS * len(given.cycles)
            detail = ", ".join([detail, *(f"time of {c}" for c in given.cycles)])
            parameters = 0
        case CategoryEncoding():
            category = plan_category(given.values)
            width, parameters = category.width, _embedded(category)
            way = "embedding" if category.units else "one-hot"
            detail = f"{way} of {given.values} values"
        case _:
            assert_never(given)
    return LayerDescription(
        id=layer_id,
        name=given.column,
        kind="Input",
        output_shape=(width,),
        parameters=parameters,
        detail=detail,
    )


def _quantity(scaling: Scaling) -> tuple[int, str]:
    words = ["scaled"]
    if scaling.bins:
        words.append(f"{scaling.bins} bins" if scaling.bins > 1 else "1 bin")
    if scaling.can_miss:
        words.append("missing flag")
    return 1 + scaling.bins + scaling.can_miss, ", ".join(words)


def _embedded(category: CategoryPlan) -> int:
    return (category.values + 2) * category.units


def _trunk(plan: NetworkPlan, inputs: list[str]) -> list[LayerDescription]:
    layers = [
        LayerDescription(
            id="features",
            name="Features",
            kind="Concatenate",
            output_shape=(plan.input_width,),
            parameters=0,
            inputs=tuple(inputs),
            detail="all inputs side by side",
        )
    ]
    for place, units in enumerate(plan.trunk):
        layers.append(_dense(plan, f"trunk_{place}", units, layers[-1]))
        if plan.dropout:
            layers.append(
                LayerDescription(
                    id=f"trunk_dropout_{place}",
                    name="Dropout",
                    kind="Dropout",
                    output_shape=(units,),
                    parameters=0,
                    inputs=(layers[-1].id,),
                    detail=f"{plan.dropout:.0%} of units while training",
                )
            )
    return layers


def _head(
    plan: NetworkPlan, branch: HeadPlan, name: str, shared: LayerDescription
) -> list[LayerDescription]:
    layers = [shared]
    for place, units in enumerate(branch.layers):
        hidden = _dense(plan, f"{branch.id}_{place}", units, layers[-1])
        layers.append(hidden.model_copy(update={"head": name}))
    layers.append(
        LayerDescription(
            id=branch.id,
            name=name,
            kind="Output",
            output_shape=(branch.width,),
            parameters=_dense_parameters(layers[-1], branch.width),
            inputs=(layers[-1].id,),
            head=name,
            detail=f"{branch.kind}, {branch.activation}",
        )
    )
    return layers[1:]


def _dense(
    plan: NetworkPlan, layer_id: str, units: int, below: LayerDescription
) -> LayerDescription:
    return LayerDescription(
        id=layer_id,
        name=f"Dense {units}",
        kind="Dense",
        output_shape=(units,),
        parameters=_dense_parameters(below, units),
        inputs=(below.id,),
        detail=plan.activation,
    )


def _dense_parameters(below: LayerDescription, units: int) -> int:
    return (below.output_shape[0] + 1) * units
