"""A described network is the one that is built."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.engine.encode.encoding import Encoding, fit_encoding
from mtcore.engine.layers.network import build_network
from mtcore.engine.plans.description import describe
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.served.served_model import build_served_model
from mtcore.engine.training.trainer import Trained
from mtcore.spec import Experiment, HeadBase
from mtcore.spec.description import Description
from tests.engine.wired import EMBEDDED
from tests.engine.workshop import HEADS, experiment, parts, workshop

pytestmark = pytest.mark.engine

SHAPES = (
    experiment(),
    experiment("cost", trunk={"layers": []}),
    experiment("fault", trunk={"layers": [5, 4, 3], "dropout": 0.1}),
    experiment("marks", inputs=[{"column": "<b>site</b>", "kind": "category"}]),
    experiment("both", inputs=[{"column": "always 7", "kind": "number"}]),
    experiment("cost", inputs=[{"column": "load (%)", "kind": "category"}]),
    experiment(trunk={"kind": "experts", "shared": 2, "private": 0, "skip": True}),
    experiment(trunk={"kind": "experts", "layers": [5], "levels": 2, "dropout": 0.1}),
    experiment(
        trunk={"layers": [6, 5], "dropout": 0.1},
        heads=[HEADS[0], {**HEADS[1], "own_trunk": True}],
    ),
    experiment(trunk={"kind": "separate", "layers": [7, 3]}, inputs=EMBEDDED),
    experiment(
        trunk={"skip": True},
        heads=[{**HEADS[0], "reads": ["fault"]}, {**HEADS[3], "layers": [4]}],
    ),
)


@pytest.mark.parametrize("changed", SHAPES)
def test_every_layer_has_the_parameters_that_keras_counts(changed: Experiment) -> None:
    encoding = fit_encoding(changed, workshop(), parts())
    described = describe(changed, encoding)
    model = build_served_model(changed, encoding, [zeros(changed, encoding)])
    built = {layer.name: layer for layer in model.layers}
    trained = sum(int(np.prod(v.shape)) for v in model.trainable_variables)
    assert described.parameters == trained
    for layer in described.layers:
        match layer.kind:
            case "Dense" | "Skip":
                assert layer.parameters == built[layer.id].count_params()
                assert layer.output_shape == built[layer.id].output.shape[1:]
            case "Output":
                assert layer.parameters == built[f"{layer.id}_raw"].count_params()
                assert layer.output_shape == built[layer.id].output.shape[1:]
            case "Gate":
                assert layer.parameters == built[layer.id].count_params()
            case "Experts":
                name = f"{layer.id.replace('experts', 'expert')}_"
                members = [x for x in model.layers if x.name.startswith(name)]
                assert layer.parameters == sum(x.count_params() for x in members)
                assert members[-1].output.shape[1:] == layer.output_shape[1:]
            case _:
                assert layer.kind in ("Input", "Concatenate", "Dropout")


@pytest.mark.parametrize("changed", SHAPES)
def test_heads_are_named_in_the_experiments_order(changed: Experiment) -> None:
    described = describe(changed, fit_encoding(changed, workshop(), parts()))
    assert described.head_names == tuple(head.name for head in changed.heads)
    seen: set[str] = set()
    for layer in described.layers:
        assert set(layer.inputs) <= seen
        seen.add(layer.id)


def test_layers_come_after_those_they_read_and_heads_are_siblings(
    trained: Trained,
) -> None:
    described = describe(experiment(), trained.encoding)
    seen: set[str] = set()
    for layer in described.layers:
        assert set(layer.inputs) <= seen
        seen.add(layer.id)
    assert len(seen) == len(described.layers)
    last_shared = [layer.id for layer in described.layers if layer.head is None][-1]
    for head in HEADS:
        first = next(x for x in described.layers if x.head == head["name"])
        assert first.inputs == (last_shared,)


def test_a_description_survives_json(trained: Trained) -> None:
    described = describe(experiment(), trained.encoding)
    assert Description.model_validate_json(described.model_dump_json()) == described
    assert described.parameters == trained.parameters
    assert issubclass(type(experiment().heads[0]), HeadBase)


def zeros(changed: Experiment, encoding: Encoding) -> dict[str, np.ndarray]:
    network = build_network(plan_network(changed, encoding))
    return {
        "/".join(v.path.split("/")[-2:]): np.zeros(v.shape, dtype=np.float32)
        for v in network.variables
    }
