"""Shared, expert and separate trunks, edges between heads, and linear skips."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mtcore.engine.backend import keras, tf
from mtcore.engine.layers.features import (
    connect_features,
    feature_inputs,
    keras_recurrent,
)
from mtcore.engine.layers.network import build_network, variable_name
from mtcore.engine.plans.plan import MANY_ALIKE, CategoryPlan
from mtcore.engine.served.connect import connect_outputs
from mtcore.spec import Experiment
from tests.conftest import DEEP
from tests.engine.wired import EMBEDDED, Wired, by_hand, wire
from tests.engine.workshop import HEADS, experiment

pytestmark = pytest.mark.engine

MMOE = {"kind": "experts", "shared": 3, "private": 0, "layers": [5, 4]}
CGC = {"kind": "experts", "shared": 2, "private": 2, "layers": [5, 4]}
PLE = {"kind": "experts", "shared": 2, "private": 1, "levels": 2, "layers": [5, 4]}
SEPARATE = {"kind": "separate", "layers": [6, 4]}
TRUNKS: dict[str, dict[str, Any]] = {
    "shared": {"kind": "shared", "layers": [6, 4]},
    "mmoe": MMOE,
    "cgc": CGC,
    "ple": PLE,
    "separate": SEPARATE,
    "nothing": {"kind": "separate", "layers": []},
}
MANY = 200 if DEEP else 40
CHOSEN = ("cost", "both", "fault")
OWN = tuple(
    {**head, "own_trunk": head["name"] == "both"}
    for head in HEADS
    if head["name"] in CHOSEN
)
INPUTS: dict[str, dict[str, Any]] = {"plain": {}, "embedded": {"inputs": EMBEDDED}}


def built(trunk: dict[str, Any], **changes: object) -> Experiment:
    return experiment(*CHOSEN, trunk=trunk, **changes)


def reading(*pairs: tuple[str, str]) -> tuple[dict[str, Any], ...]:
    """Return the chosen heads, of which some read another."""
    return tuple(
        {**head, "reads": [other for name, other in pairs if name == head["name"]]}
        for head in HEADS
        if head["name"] in CHOSEN
    )


def served(wired: Wired) -> list[np.ndarray]:
    """Return the raw outputs of the served layers with the same weights."""
    plan = wired.plan
    given = feature_inputs(plan)
    outputs = connect_outputs(
        plan, lambda prefix: connect_features(plan, given, keras_recurrent, prefix)
    )
    model = keras.Model(given, outputs)
    known = {variable_name(v): v for v in wired.network.variables}
    for variable in model.trainable_variables:
        variable.assign(known.pop(variable_name(variable)))
    assert not known
    return [output.numpy() for output in model(wired.inputs)]


@pytest.mark.parametrize("name", ["mmoe", "cgc", "ple"])
@pytest.mark.parametrize("inputs", INPUTS)
def test_experts_are_mixed_as_the_papers_say(name: str, inputs: str) -> None:
    wired = wire(built(TRUNKS[name], **INPUTS[inputs]))
    for made, expected in zip(wired.outputs(), by_hand(wired), strict=True):
        np.testing.assert_allclose(made.numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("name", TRUNKS)
@pytest.mark.parametrize("skip", [False, True], ids=["", "skip"])
@pytest.mark.parametrize("inputs", INPUTS)
def test_the_served_layers_give_the_numbers_of_the_training_network(
    name: str, skip: bool, inputs: str
) -> None:
    heads = reading(("cost", "fault"), ("both", "cost"))
    trunk = {**TRUNKS[name], "skip": skip}
    wired = wire(experiment(trunk=trunk, heads=heads, **INPUTS[inputs]))
    for made, expected in zip(wired.outputs(), served(wired), strict=True):
        np.testing.assert_allclose(made.numpy(), expected, atol=2e-6)


@pytest.mark.parametrize("name", TRUNKS)
def test_parts_are_what_several_heads_move_and_what_one_moves(name: str) -> None:
    trunk = {**TRUNKS[name], "skip": True, "activation": "tanh"}
    wired = wire(built(trunk, inputs=EMBEDDED))
    everything = set(wired.weights())
    assert set.union(*(wired.names(part) for part in range(4))) == everything
    assert sum(len(wired.names(part)) for part in range(4)) == len(everything)
    moved = [wired.moved_by(head) for head in range(3)]
    moving = {
        name: {head for head in range(3) if moved[head][name].any()}
        for name in everything
    }
    for head in range(3):
        assert all(moving[name] == {head} for name in wired.names(head + 1))
    assert all(len(moving[name]) > 1 for name in wired.names(0))
    assert bool(wired.names(0)) == (wired.plan.trunk.kind != "separate")


@pytest.mark.parametrize("name", TRUNKS)
def test_a_closed_gate_moves_nothing_that_others_share(name: str) -> None:
    wired = wire(
        experiment(
            trunk={**TRUNKS[name], "skip": True, "activation": "tanh"},
            inputs=EMBEDDED,
            heads=reading(("cost", "fault")),
        )
    )
    closed = wired.moved_by(0, (0.0, 1.0, 1.0))
    opened = wired.moved_by(0)
    for name_of, gradient in closed.items():
        if name_of in wired.names(1):
            assert gradient.any(), name_of
            np.testing.assert_allclose(gradient, opened[name_of], rtol=1e-4)
        else:
            assert not gradient.any(), name_of


def test_a_trunk_of_its_own_is_read_and_moved_by_its_head_alone() -> None:
    trunk = {"layers": [6, 4], "activation": "tanh"}
    wired = wire(experiment(trunk=trunk, heads=OWN, inputs=EMBEDDED))
    weights = wired.weights()
    features = wired.network.features[0](wired.inputs).numpy()
    for head, chain in (("h0", "trunk"), ("h1", "h1_trunk"), ("h2", "trunk")):
        values = features
        for layer in (f"{chain}_0", f"{chain}_1"):
            values = np.tanh(
                values @ weights[f"{layer}/kernel"] + weights[f"{layer}/bias"]
            )
        for layer in ("0", "raw") if head == "h1" else ("raw",):
            name = f"{head}_{layer}"
            values = values @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]
            values = values if layer == "raw" else np.tanh(values)
        made = wired.outputs()[int(head[1])].numpy()
        np.testing.assert_allclose(made, values, atol=1e-5)
    for made, expected in zip(wired.outputs(), served(wired), strict=True):
        np.testing.assert_allclose(made.numpy(), expected, atol=2e-6)
    own = {
        f"h1_trunk_{place}/{kind}" for place in (0, 1) for kind in ("kernel", "bias")
    }
    assert own <= wired.names(2)
    assert not own & wired.names(0)
    for gates, moves_features in ((), True), ((1.0, 0.0, 1.0), False):
        moved = {name for name, by in wired.moved_by(1, gates).items() if by.any()}
        assert own <= moved
        assert not {"trunk_0/kernel", "trunk_1/kernel"} & moved
        assert ("embedding_0/embeddings" in moved) is moves_features
    assert not any(wired.moved_by(0)[name].any() for name in own)


def test_a_head_that_reads_another_does_not_move_it() -> None:
    apart, joined = (
        wire(experiment(trunk=SEPARATE, heads=reading(*pairs)))
        for pairs in ((), (("cost", "fault"),))
    )
    kernel = joined.weights()["h0_raw/kernel"]
    assert len(kernel) == len(apart.weights()["h0_raw/kernel"]) + 3
    moved = joined.moved_by(0)
    assert {name for name, gradient in moved.items() if gradient.any()} <= (
        joined.names(1)
    )
    assert moved["h0_raw/kernel"][-3:].any()


def test_what_is_read_are_the_other_heads_raw_outputs() -> None:
    wired = wire(experiment(trunk={"layers": []}, heads=reading(("cost", "fault"))))
    cost, _, fault = wired.outputs()
    features = wired.network.features[0](wired.inputs).numpy()
    read = np.concatenate([features, fault.numpy()], axis=1)
    weights = wired.weights()
    expected = read @ weights["h0_raw/kernel"] + weights["h0_raw/bias"]
    np.testing.assert_allclose(cost.numpy(), expected, atol=1e-5)


def test_heads_run_in_the_order_in_which_they_read() -> None:
    heads = reading(("cost", "both"), ("both", "fault"))
    plan = wire(experiment(heads=heads)).plan
    assert plan.reading_order() == (2, 1, 0)
    assert [head.reads for head in plan.heads] == [("h1",), ("h2",), ()]


def test_a_skip_adds_a_linear_layer_of_the_features() -> None:
    wired = wire(built({"layers": [4], "skip": True}))
    kernel = wired.weights()["h2_skip/kernel"]
    before = wired.outputs()[2].numpy()
    next(
        variable
        for variable in wired.network.variables
        if variable_name(variable) == "h2_skip/kernel"
    ).assign(np.zeros(kernel.shape))
    features = wired.network.features[0](wired.inputs).numpy()
    np.testing.assert_allclose(
        before, wired.outputs()[2].numpy() + features @ kernel, atol=1e-5
    )


def test_the_order_of_rows_changes_nothing() -> None:
    wired = wire(built(PLE))
    order = np.random.default_rng(0).permutation(12)
    expected = [made.numpy()[order] for made in wired.outputs()]
    shuffled = {name: tf.gather(x, order) for name, x in wired.inputs.items()}
    found = wired.network.outputs(shuffled, tf.ones(3))
    for made, numbers in zip(found, expected, strict=True):
        np.testing.assert_allclose(made.numpy(), numbers, atol=1e-5)


@pytest.mark.parametrize("name", TRUNKS)
def test_the_order_of_features_changes_nothing_but_the_rows_of_kernels(
    name: str,
) -> None:
    wired = wire(built({**TRUNKS[name], "skip": True}))
    # Plain numbers only, of which each is a feature.
    plan = replace(wired.plan, features=7, bins=(), categories=())
    one, other = build_network(plan), build_network(plan)
    random = np.random.default_rng(5)
    order = random.permutation(7)
    for here, there in zip(one.variables, other.variables, strict=True):
        values = random.normal(0.0, 0.4, here.shape)
        here.assign(values)
        reads_features = len(values) == 7 and values.ndim == 2
        there.assign(values[order] if reads_features else values)
    rows = random.normal(size=(12, 7)).astype(np.float32)
    expected = one.outputs({"dense": tf.constant(rows)}, tf.ones(3))
    found = other.outputs({"dense": tf.constant(rows[:, order])}, tf.ones(3))
    for made, numbers in zip(found, expected, strict=True):
        np.testing.assert_allclose(made.numpy(), numbers.numpy(), atol=1e-5)


@pytest.mark.parametrize("trunk", [CGC, SEPARATE], ids=["cgc", "separate"])
def test_very_many_heads_read_thousands_of_categories(
    trunk: dict[str, Any],
) -> None:
    plan = wire(experiment("cost", trunk={**trunk, "layers": [3]})).plan
    [head] = plan.heads
    heads = tuple(replace(head, id=f"h{place}") for place in range(MANY))
    categories = (CategoryPlan(values=5_000, units=2),)
    plan = replace(plan, features=4, bins=(), categories=categories, heads=heads)
    network = build_network(plan)
    codes = tf.constant([[0], [1], [5_001]])
    inputs = {"dense": tf.ones((3, 4)), "codes": codes}
    outputs = network.outputs(inputs, tf.ones(MANY))
    assert len(outputs) == MANY
    assert np.isfinite(np.stack([made.numpy() for made in outputs])).all()
    tables = [v for v in network.variables if v.shape == (5_002, 2)]
    assert len(tables) == (1 if trunk is CGC else MANY)


def test_many_heads_of_one_shape_answer_as_each_by_itself() -> None:
    wired = wire(experiment("cost", "both", trunk={"kind": "shared", "layers": [5]}))
    one, other = wired.plan.heads
    alike = [replace(other, id=f"h{place + 1}") for place in range(MANY_ALIKE)]
    network = build_network(replace(wired.plan, heads=(one, *alike)))
    random = np.random.default_rng(0)
    for variable in network.variables:
        variable.assign(random.normal(0.0, 0.4, variable.shape))
    gates = tf.constant([1.0, 0.0, *[1.0] * (MANY_ALIKE - 1)])
    trunk = [variable.value for variable in network.parts[0]]
    with tf.GradientTape(persistent=True) as tape:
        outputs = network.outputs(wired.inputs, gates)
        sums = [tf.reduce_sum(made) for made in outputs[:3]]
    [features] = [model(wired.inputs) for model in network.features]
    [read, *_] = network.trunk.outputs([features], gates, None)
    for head, made in zip(network.heads, outputs, strict=True):
        np.testing.assert_allclose(made, head(read), atol=1e-5)
    closed = tape.gradient(sums[1], trunk)
    assert all(part is None or not np.any(part) for part in closed)
    assert all(np.any(part) for part in tape.gradient(sums[2], trunk))
