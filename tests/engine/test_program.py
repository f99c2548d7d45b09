"""The compiled program: masks, padding, chunks, weights, gates and dropout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from mtcore.engine.backend import tf
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.layers.dropout import drop, random_words
from mtcore.engine.program.arguments import Arguments, arguments_of, no_arguments
from mtcore.engine.program.objective import SUMS
from mtcore.engine.program.optimizers import learning_rate
from mtcore.engine.program.program import Program
from mtcore.engine.program.program_cache import lease
from mtcore.engine.rows.labels import Labels
from mtcore.engine.rows.rows import ColumnEncoder, EncodedRows
from tests.engine.bench import Bench
from tests.engine.workshop import HEADS, experiment, parts, weighted, workshop

pytestmark = pytest.mark.engine
ALONE = {"cost": 1.0, "fault": 1.0}


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(experiment(heads=weighted(ALONE)))


@pytest.fixture
def program(bench: Bench) -> Iterator[Program]:
    with lease(bench.key) as leased:
        yield leased


def test_a_chunk_more_or_less_changes_nothing(bench: Bench, program: Program) -> None:
    whole = bench.epoch(program)
    weights = program.weights()
    pieces = bench.epoch(program, chunks=(1, 3, bench.steps - 4))
    assert np.array_equal(whole, pieces)
    for name, value in program.weights().items():
        assert np.array_equal(value, weights[name])


def test_sums_count_labelled_rows_only(bench: Bench, program: Program) -> None:
    sums = bench.epoch(program)
    labelled = (bench.labels.weights > 0.0).sum(axis=0)
    assert sums[1].tolist() == sums[3].tolist() == labelled.tolist()
    judged = program.judge(
        bench.rows, (0, program.blocks(bench.rows)), bench.sums[:SUMS], bench.arguments
    )
    assert judged[3].tolist() == labelled.tolist()


def test_codes_are_read_from_the_bits_that_a_gpu_holds(
    bench: Bench, program: Program
) -> None:
    bench.started(program)
    assert program.key.plan.codes_width
    held = replace(bench.rows, codes=tf.bitcast(bench.rows.codes, tf.float32))
    assert np.unique(bench.rows.codes).size > 2
    expected, found = (
        program.judge(rows, (0, 1), bench.sums[:SUMS], bench.arguments)
        for rows in (bench.rows, held)
    )
    assert np.array_equal(found, expected)


def test_what_stands_in_a_masked_label_changes_nothing(
    bench: Bench, program: Program
) -> None:
    expected = bench.epoch(program)
    garbage = np.where(bench.labels.weights > 0.0, bench.labels.targets, 1.0)
    table = workshop().take(parts().train)
    encoding = fit_encoding(experiment(heads=weighted(ALONE)), workshop(), parts())
    twin = Bench(experiment(heads=weighted(ALONE)))
    twin.rows = ColumnEncoder(encoding).encode(
        table, Labels(garbage.astype(np.float32), bench.labels.weights)
    )
    assert np.array_equal(twin.epoch(program), expected)


def test_a_head_without_a_label_in_a_batch_neither_learns_nor_breaks(
    program: Program,
) -> None:
    twin = Bench(experiment(heads=weighted(ALONE)), blank=slice(None))
    sums = twin.epoch(program)
    assert np.isfinite(sums).all()
    assert sums[:SUMS, 0].tolist() == [0.0, 0.0, 0.0, 0.0]
    twin.started(program)
    first = program.weights()
    twin.epoch(program, replace(twin.arguments, peak_rate=0.01))
    drift = program.weights()["h0_raw/kernel"] / first["h0_raw/kernel"]
    # Weight decay alone moves it: by the same tiny share everywhere.
    np.testing.assert_allclose(drift, drift[0, 0], rtol=1e-4)


def test_a_head_of_weight_zero_learns_without_moving_the_trunk(
    bench: Bench, program: Program
) -> None:
    bench.started(program)
    start = program.weights()
    alone = with_weights(bench, (0.0, 1.0))
    bench.epoch(program, alone)
    first = program.weights()
    other_scale = replace(alone, scales=alone.scales * np.array([50.0, 1.0]))
    bench.epoch(program, other_scale)
    second = program.weights()
    for name in first:
        if name.startswith("trunk"):
            assert np.array_equal(first[name], second[name])
    assert not np.allclose(first["h0_raw/kernel"], start["h0_raw/kernel"], atol=1e-4)


def test_closed_gates_leave_the_trunk_where_it_was(
    bench: Bench, program: Program
) -> None:
    bench.started(program)
    start = program.weights()
    bench.epoch(program, replace(bench.arguments, gates=np.zeros(2)))
    moved = program.weights()
    shrunk = moved["trunk_0/kernel"] / start["trunk_0/kernel"]
    np.testing.assert_allclose(shrunk, np.median(shrunk), rtol=1e-4)
    assert np.array_equal(moved["trunk_0/bias"], start["trunk_0/bias"])
    assert not np.array_equal(moved["h1_raw/bias"], start["h1_raw/bias"])


def test_effective_weights_are_shares_over_the_constants_losses(bench: Bench) -> None:
    arguments = with_weights(bench, (3.0, 1.0))
    losses = [constant.loss for constant in bench.constants]
    np.testing.assert_allclose(
        arguments.scales, [2 * 0.75 / losses[0], 2 * 0.25 / losses[1]]
    )


def test_the_learning_rate_rises_then_falls_to_its_floor(bench: Bench) -> None:
    arguments = replace(
        no_arguments(bench.plan), peak_rate=0.1, warmup_steps=10.0, all_steps=100.0
    )
    rates = [arguments.learning_rate(step) for step in range(100)]
    assert np.argmax(rates) in (9, 10)
    assert max(rates) == pytest.approx(0.1)
    assert rates[0] == pytest.approx(0.01)
    assert rates[-1] == pytest.approx(0.001, rel=0.1)
    assert rates[10:] == sorted(rates[10:], reverse=True)


@pytest.mark.parametrize("warmup", [0.0, 0.25, 3.0])
def test_the_rate_told_is_the_rate_that_the_program_takes(
    bench: Bench, warmup: float
) -> None:
    arguments = replace(
        no_arguments(bench.plan), peak_rate=0.1, warmup_steps=warmup, all_steps=5.0
    )
    recipe = arguments.tensors()["recipe"]
    for step in range(7):
        taken = learning_rate(recipe, tf.constant(float(step))).numpy()
        assert arguments.learning_rate(step) == pytest.approx(taken, rel=1e-5)
        assert taken <= 0.1 + 1e-7


def test_dropout_drops_its_share_and_keeps_the_mean() -> None:
    values = tf.ones((256, 64))
    dropped = drop(values, 0.3, tf.constant(1), tf.constant(2), 0).numpy()
    assert np.mean(dropped == 0.0) == pytest.approx(0.3, abs=0.02)
    assert dropped.mean() == pytest.approx(1.0, abs=0.03)
    assert set(np.unique(dropped).round(4)) == {0.0, np.float32(1 / 0.7).round(4)}


def test_random_words_differ_by_seed_step_and_layer_and_are_uniform() -> None:
    def words(seed: int, step: int, place: int) -> np.ndarray:
        return random_words(4_096, tf.constant(seed), tf.constant(step), place).numpy()

    drawn = [words(0, 0, 0), words(1, 0, 0), words(0, 1, 0), words(0, 0, 1)]
    assert np.array_equal(drawn[0], words(0, 0, 0))
    unit = np.array(drawn) / 2.0**32
    np.testing.assert_allclose(unit.mean(axis=1), 0.5, atol=0.02)
    np.testing.assert_allclose(unit.std(axis=1), np.sqrt(1.0 / 12.0), atol=0.01)
    assert np.abs(np.corrcoef(unit) - np.eye(4)).max() < 0.06


def test_rows_without_any_label_at_the_end_are_padding(bench: Bench) -> None:
    assert isinstance(bench.rows, EncodedRows)
    assert bench.rows.bucket > bench.rows.rows
    targets = sum(head.targets for head in bench.plan.heads)
    weights = bench.rows.numbers.numpy()[bench.rows.rows :, -targets:]
    assert (weights == 0.0).all()
    assert len(HEADS) > len(bench.plan.heads)


def with_weights(bench: Bench, weights: tuple[float, float]) -> Arguments:
    names = list(ALONE)
    changed = experiment(heads=weighted(dict(zip(names, weights, strict=True))))
    encoding = fit_encoding(changed, workshop(), parts())
    return arguments_of(changed, encoding, bench.constants, bench.steps)
