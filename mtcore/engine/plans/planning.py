"""From an experiment and its encoding to the network's shape."""

from __future__ import annotations

import math
from typing import assert_never

from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import (
    CategoryEncoding,
    DatetimeEncoding,
    ImageEncoding,
    NumberEncoding,
    TextEncoding,
)
from mtcore.engine.plans.encoder_plans import ImagePlan, TextPlan
from mtcore.engine.plans.plan import CategoryPlan, HeadPlan, NetworkPlan, TrunkPlan
from mtcore.spec import Experiment, ExpertTrunk, ImageInput

# Up to so many values are one-hot, more get a learned embedding.
ONE_HOT_VALUES = 16
MAX_EMBEDDING = 32
# Sine and cosine of a cycle and of its first overtone.
HARMONICS = 2


def plan_network(experiment: Experiment, encoding: Encoding) -> NetworkPlan:
    """Return the shape of the network of an experiment on an encoded table."""
    features = 0
    bins: list[int] = []
    categories: list[CategoryPlan] = []
    texts: list[TextPlan] = []
    images: list[ImagePlan] = []
    for given in encoding.inputs:
        match given:
            case NumberEncoding():
                features += 1 + given.scaling.can_miss
                bins.append(given.scaling.bins)
            case DatetimeEncoding():
                features += 1 + given.scaling.can_miss
                features += 2 * HARMONICS * len(given.cycles)
                bins.append(given.scaling.bins)
            case CategoryEncoding():
                categories.append(plan_category(given.values))
            case TextEncoding():
                texts.append(plan_text(given))
            case ImageEncoding():
                images.append(plan_image(given.reading))
            case _:
                assert_never(given)
    return NetworkPlan(
        features=features,
        bins=tuple(bins),
        categories=tuple(categories),
        trunk=_plan_trunk(experiment),
        activation=experiment.trunk.activation,
        dropout=experiment.trunk.dropout,
        heads=_plan_heads(experiment, encoding),
        texts=tuple(texts),
        images=tuple(images),
    )


def plan_category(values: int) -> CategoryPlan:
    """Return how a column with room for so many values is given to the network."""
    if values <= ONE_HOT_VALUES:
        return CategoryPlan(values=values, units=0)
    units = min(math.ceil(math.sqrt(values)), MAX_EMBEDDING)
    return CategoryPlan(values=values, units=units)


def plan_text(given: TextEncoding) -> TextPlan:
    """Return how a column of texts is given to the network."""
    reading = given.reading
    return TextPlan(
        encoder=reading.encoder,
        vocabulary=reading.vocabulary,
        length=given.length,
        embedding=reading.embedding,
        units=reading.units,
        word_dropout=reading.word_dropout,
    )


def plan_image(reading: ImageInput) -> ImagePlan:
    """Return how a column of pictures is given to the network."""
    height, width = reading.size
    return ImagePlan(
        height=height,
        width=width,
        encoder=reading.encoder,
        units=reading.units,
        augment=reading.augment,
    )


def _plan_trunk(experiment: Experiment) -> TrunkPlan:
    trunk = experiment.trunk
    if isinstance(trunk, ExpertTrunk):
        return TrunkPlan(
            kind=trunk.kind,
            layers=trunk.layers,
            shared=trunk.shared,
            private=trunk.private,
            levels=trunk.levels,
            skip=trunk.skip,
        )
    return TrunkPlan(kind=trunk.kind, layers=trunk.layers, skip=trunk.skip)


def _plan_heads(experiment: Experiment, encoding: Encoding) -> tuple[HeadPlan, ...]:
    ids = experiment.head_ids()
    plans = []
    for head in experiment.heads:
        plans.append(
            HeadPlan(
                id=ids[head.name],
                kind=head.kind,
                layers=head.layers,
                width=head.units(encoding.heads[head.name]),
                activation=head.activation,
                loss=head.loss,
                targets=len(head.columns),
                reads=tuple(ids[name] for name in head.reads),
                own_trunk=head.own_trunk,
                settings=head.loss_settings(),
            )
        )
    return tuple(plans)
