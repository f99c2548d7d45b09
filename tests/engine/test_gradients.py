"""How heads pull at the trunk: measurements against gradients taken one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.engine.backend import tf
from mtcore.engine.program.gradients import add_measures
from mtcore.engine.program.program import Program
from mtcore.engine.program.program_cache import lease
from mtcore.engine.program.sums import MOST_LEDGER, MOST_MEASURED, blank_sums
from mtcore.engine.training.epoch_order import epoch_order
from mtcore.engine.training.ledger import gradient_metrics, ledger_metrics
from tests.engine.bench import Bench
from tests.engine.workshop import experiment, weighted

pytestmark = pytest.mark.engine
IDS = [f"h{place}" for place in range(40)]


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(experiment(heads=weighted({"cost": 1.0, "fault": 3.0})))


@pytest.fixture
def program(bench: Bench) -> Iterator[Program]:
    with lease(bench.key) as leased:
        yield leased


def test_measures_are_of_the_heads_own_gradients_on_the_trunk(
    bench: Bench, program: Program
) -> None:
    bench.started(program)
    gradients = trunk_gradients(bench, program)
    asked = replace(bench.arguments, measure_every=100)
    metrics = gradient_metrics(IDS[:2], bench.epoch(program, asked))
    norms = np.linalg.norm(gradients, axis=1)
    cosine = gradients[0] @ gradients[1] / norms.prod()
    assert metrics["cosine/h0/h1"] == pytest.approx(cosine, abs=1e-4)
    assert metrics["conflict/h0/h1"] == float(cosine < 0.0)
    for place in (0, 1):
        share = norms[place] / norms.sum()
        key = f"h{place}"
        assert metrics[f"gradient_norm/{key}"] == pytest.approx(norms[place], rel=1e-4)
        assert metrics[f"gradient_share/{key}"] == pytest.approx(share, rel=1e-4)


def test_measures_of_an_epoch_are_means_over_its_measured_steps(
    bench: Bench, program: Program
) -> None:
    each = replace(bench.arguments, measure_every=1)
    whole = bench.epoch(program, each)
    assert np.array_equal(whole, bench.epoch(program, each, chunks=(2, 4)))
    assert (
        gradient_metrics(IDS[:2], bench.epoch(program, replace(each, measure_every=0)))
        == {}
    )
    rate = gradient_metrics(IDS[:2], whole)["conflict/h0/h1"] * bench.steps
    assert rate == pytest.approx(round(rate))


def test_a_measurement_counts_heads_that_move_the_trunk_alone() -> None:
    gradients = np.array([[1.0, 0.0], [-1.0, 1.0], [0.0, 0.0]])
    sums = add_measures(blank_sums(3), gradients @ gradients.T)
    agreeing = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    sums = add_measures(sums, agreeing @ agreeing.T)
    root = np.sqrt(2.0)
    expected = {
        "gradient_norm/h0": 1.0,
        "gradient_norm/h1": (root + 1.0) / 2.0,
        "gradient_norm/h2": 2.0,
        "gradient_share/h0": (1.0 / (1.0 + root) + 0.25) / 2.0,
        "gradient_share/h1": (root / (1.0 + root) + 0.25) / 2.0,
        "gradient_share/h2": 0.5,
        "cosine/h0/h1": (1.0 - 1.0 / root) / 2.0,
        "conflict/h0/h1": 0.5,
        "cosine/h0/h2": 0.0,
        "conflict/h0/h2": 0.0,
        "cosine/h1/h2": 0.0,
        "conflict/h1/h2": 0.0,
    }
    assert gradient_metrics(IDS[:3], sums) == pytest.approx(expected)


def test_of_many_heads_the_first_are_measured_and_the_ledger_sums_up_the_rest() -> None:
    heads = 40
    sums = blank_sums(heads)
    random = np.random.default_rng(0)
    sums[:5] = random.uniform(1.0, 2.0, (5, heads))
    sums[6] = 1.0
    gradients = random.normal(size=(MOST_MEASURED, 30))
    sums = add_measures(sums, gradients @ gradients.T)
    pairs = MOST_MEASURED * (MOST_MEASURED - 1) // 2
    assert len(gradient_metrics(IDS, sums)) == 2 * MOST_MEASURED + 2 * pairs
    ledger = ledger_metrics(IDS, sums)
    assert len(ledger) == 2 * MOST_LEDGER + 3
    lines = [
        ledger[f"ledger/{name}/weight"] * ledger[f"ledger/{name}/loss"]
        for name in IDS[:MOST_LEDGER]
    ]
    total = sum(lines) + ledger["ledger/others"] + ledger["ledger/regularisation"]
    assert total == pytest.approx(ledger["ledger/total"], rel=1e-5)


def test_the_ledger_leaves_out_who_has_no_label_or_lost_nothing() -> None:
    sums = blank_sums(3)
    sums[:7] = [[2, 0, 0], [4, 0, 1], [0] * 3, [4, 0, 1], [6, 0, 0], [0] * 3, [2] * 3]
    assert ledger_metrics(IDS[:3], sums) == {
        "ledger/h0/loss": 0.5,
        "ledger/h0/weight": 3.0,
        "ledger/h2/loss": 0.0,
        "ledger/regularisation": 0.0,
        "ledger/total": 1.5,
    }


def trunk_gradients(bench: Bench, program: Program) -> FloatArray:
    """Return each head's weighted gradient on the first batch, one tape a head."""
    key = bench.key
    order = epoch_order(bench.rows.rows, key.batch_size, key.order_length, 0, 0)
    rows = order[: key.batch_size]
    numbers = bench.rows.numbers.numpy()[rows]
    codes = bench.rows.codes.numpy()[rows]
    width = bench.plan.dense_width
    shared = [variable.value for variable in program.network.parts[0]]
    flat = []
    for place in (0, 1):
        with tf.GradientTape() as tape:
            dense = tf.constant(numbers[:, :width])
            inputs = {"dense": dense, "codes": tf.constant(codes)}
            raw = program.network.outputs(inputs, tf.ones(2))[place]
            target, weight = numbers[:, width + place], numbers[:, width + 2 + place]
            if place == 0:
                losses = (raw[:, 0] - target) ** 2
            else:
                losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                    tf.cast(target, tf.int32), raw
                )
            loss = tf.reduce_sum(losses * weight) / weight.sum()
            loss *= bench.arguments.scales[place]
        found = tape.gradient(loss, shared)
        flat.append(np.concatenate([part.numpy().ravel() for part in found]))
    return np.array(flat, dtype=np.float64)
