"""A network in words and numbers, from its plan alone: nothing is built for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import (
    CategoryEncoding,
    DatetimeEncoding,
    ImageEncoding,
    InputEncoding,
    NumberEncoding,
    Scaling,
    TextEncoding,
)
from mtcore.engine.plans.plan import CategoryPlan, HeadPlan, NetworkPlan
from mtcore.engine.plans.planning import (
    HARMONICS,
    plan_category,
    plan_image,
    plan_network,
    plan_text,
)
from mtcore.engine.plans.trunk_description import (
    dense_layer,
    dense_parameters,
    describe_trunk,
)
from mtcore.spec import Experiment
from mtcore.spec.description import Description, LayerDescription

TEXT_WORDS = {
    "pool": "mean and most of",
    "conv": "convolution over",
    "lstm": "LSTM over",
    "gru": "GRU over",
}

IMAGE_WORDS = {"conv": "one convolution over", "small": "five convolutions over"}


def describe(experiment: Experiment, encoding: Encoding) -> Description:
    """Return every layer of an experiment's network with its trained numbers.

    Args:
        experiment: What is to be trained.
        encoding: Fitted on its training rows.
    """
    plan = plan_network(experiment, encoding)
    layers = [
        _input(given, f"c{place}", plan) for place, given in enumerate(encoding.inputs)
    ]
    features = _features(plan, [layer.id for layer in layers])
    names = [head.name for head in experiment.heads]
    trunk, ends = describe_trunk(plan, names, features)
    layers += [features, *trunk]
    made: dict[str, LayerDescription] = {}
    for place in plan.reading_order():
        branch = plan.heads[place]
        read = [ends[place], *(made[other] for other in branch.reads)]
        skipped = [features] if plan.trunk.skip else []
        layers += _head(plan, branch, names[place], read, skipped)
        made[branch.id] = layers[-1]
    return Description(
        layers=tuple(layers),
        parameters=sum(layer.parameters for layer in layers),
        networks=experiment.training.seeds,
        trees=experiment.training.blend == "trees",
    )


def _input(given: InputEncoding, layer_id: str, plan: NetworkPlan) -> LayerDescription:
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
        case TextEncoding():
            text = plan_text(given)
            width, parameters = text.width, text.parameters
            known = f"{text.length} words, {len(given.vocabulary):,} known"
            detail = f"{TEXT_WORDS[text.encoder]} {known}"
        case ImageEncoding():
            image = plan_image(given.reading)
            width, parameters = image.units, image.parameters
            detail = f"{IMAGE_WORDS[image.encoder]} {image.height} by {image.width}"
        case _:
            assert_never(given)
    if parameters and plan.has_own_features:
        parameters *= len(plan.heads)
        detail += ", one a head"
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


def _features(plan: NetworkPlan, inputs: list[str]) -> LayerDescription:
    return LayerDescription(
        id="features",
        name="Features",
        kind="Concatenate",
        output_shape=(plan.input_width,),
        parameters=0,
        inputs=tuple(inputs),
        detail="all inputs side by side",
    )


def _head(
    plan: NetworkPlan,
    branch: HeadPlan,
    name: str,
    read: Sequence[LayerDescription],
    skipped: Sequence[LayerDescription],
) -> list[LayerDescription]:
    """Return a head's layers, its output last.

    Args:
        plan: The network's shape.
        branch: The head's.
        name: What people call it.
        read: What the trunk gives it, then the outputs of the heads it reads.
        skipped: What a linear skip leads past, if there is one.
    """
    layers = []
    for place, units in enumerate(branch.layers):
        hidden = dense_layer(plan, f"{branch.id}_{place}", units, read)
        layers.append(hidden.model_copy(update={"head": name}))
        read = layers[-1:]
    below = [*read]
    for features in skipped:
        skip = LayerDescription(
            id=f"{branch.id}_skip",
            name="Linear skip",
            kind="Skip",
            output_shape=(branch.width,),
            parameters=features.output_shape[0] * branch.width,
            inputs=(features.id,),
            head=name,
            detail="added to the raw output",
        )
        layers.append(skip)
        below.append(skip)
    layers.append(
        LayerDescription(
            id=branch.id,
            name=name,
            kind="Output",
            output_shape=(branch.width,),
            parameters=dense_parameters(read, branch.width),
            inputs=tuple(layer.id for layer in below),
            head=name,
            detail=f"{branch.kind}, {branch.activation}",
        )
    )
    return layers
