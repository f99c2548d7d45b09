"""Balances against small cases worked by hand, and inside the compiled program."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.engine.backend import tf
from mtcore.engine.balance import BALANCES, Balance, Moment, build_balance
from mtcore.engine.balance.balance import SMALLEST_RELATIVE
from mtcore.engine.balance.pcgrad import PCGrad
from mtcore.engine.plans.plan import HeadPlan
from mtcore.engine.program.objective import SUMS
from mtcore.engine.program.program import Program
from mtcore.engine.program.program_cache import lease
from mtcore.engine.program.sums import PENALTY, TRAIN_SUMS, WEIGHTED
from mtcore.engine.training.checkpoint import (
    Checkpoint,
    TrainingState,
    load_checkpoint,
    save_checkpoint,
)
from mtcore.engine.training.ledger import ledger_metrics
from mtcore.spec.training import BalanceKind
from tests.engine.bench import Bench
from tests.engine.workshop import experiment, weighted

pytestmark = pytest.mark.engine
ALONE = {"cost": 1.0, "fault": 1.0}
RATE = 0.025


def test_log_sum_divides_each_weight_by_its_loss() -> None:
    balance = build_balance("log_sum", heads(2))
    moment = moment_with([4.0, 1.0], constants=[2.0, 1.0], shares=[0.5, 1.5])
    np.testing.assert_allclose(balance.weights(moment), [0.5 / 4.0, 1.5], rtol=1e-6)


@pytest.mark.parametrize("kind", ["log_sum", "famo"])
def test_no_loss_is_too_small_for_its_logarithm(kind: BalanceKind) -> None:
    balance = build_balance(kind, heads(2))
    found = balance.weights(moment_with([0.0, 1.0])).numpy()
    assert np.isfinite(found).all()
    assert found[0] / found[1] == pytest.approx(1.0 / SMALLEST_RELATIVE, rel=1e-5)
    unlabelled = moment_with([0.0, 0.0], labelled=[False, False])
    assert np.isfinite(balance.weights(unlabelled)).all()
    balance.learn(unlabelled, lambda: tf.zeros(2))
    assert all((vector.numpy() == 0.0).all() for vector in balance.state)


@pytest.mark.parametrize("kind", ["log_sum", "uncertainty", "famo"])
def test_a_loss_below_zero_keeps_its_head_weighed_as_it_is(kind: BalanceKind) -> None:
    balance = build_balance(kind, heads(2, loss="gaussian_nll"))
    for loss in (-3.0, 0.0, 2.0):
        moment = moment_with([loss, 1.0])
        np.testing.assert_allclose(balance.weights(moment), [1.0, 1.0], rtol=1e-6)
        balance.learn(moment, partial(tf.identity, moment.losses))
    balance.learn(moment, lambda: tf.constant([-7.0, 1.0]))
    logits = balance.state[0].numpy() if balance.state else np.zeros(2)
    expected = [-RATE, RATE] if kind == "famo" else [0.0, 0.0]
    np.testing.assert_allclose(logits, expected, rtol=0.5)


def test_uncertainty_weighs_by_the_learned_variance_and_counts_its_logarithm() -> None:
    balance = build_balance("uncertainty", heads(2))
    moment = moment_with([3.0, 0.5], shares=[0.5, 1.5])
    np.testing.assert_allclose(balance.weights(moment), [0.5, 1.5])
    balance.learn(moment, no_look)
    # Adam's first step has the size of its rate: up where the loss is above 1.
    np.testing.assert_allclose(balance.state[0], [RATE, -RATE], rtol=1e-5)
    expected = [0.5 * np.exp(-RATE), 1.5 * np.exp(RATE)]
    np.testing.assert_allclose(balance.weights(moment), expected, rtol=1e-6)
    np.testing.assert_allclose(
        balance.penalties(moment), [0.5 * RATE, -1.5 * RATE], rtol=1e-5
    )


def test_uncertainty_settles_at_the_logarithm_of_the_loss_within_its_bounds() -> None:
    balance = build_balance("uncertainty", heads(3))
    for step in range(300):
        balance.learn(moment_with([2.0, 0.25, 0.0], step=step, rate=0.1), no_look)
    np.testing.assert_allclose(
        balance.state[0], [np.log(2.0), np.log(0.25), -6.0], atol=0.01
    )


def test_famo_weighs_by_pace_and_turns_to_the_head_that_fell_least() -> None:
    balance = build_balance("famo", heads(2))
    moment = moment_with([1.0, 3.0])
    # z = 1/2 each, so c = 1 / (1/2 + 1/6) = 3/2 and the weights are 2 · 3/2 · 1/2 / L.
    np.testing.assert_allclose(balance.weights(moment), [1.5, 0.5], rtol=1e-6)
    balance.learn(moment, lambda: tf.constant([0.5, 3.0]))
    np.testing.assert_allclose(balance.state[0], [-RATE, RATE], rtol=1e-4)
    # The gradient was 1/2 · (log 2 - 1/2 · log 2), and its negative.
    slope = 0.25 * np.log(2.0)
    np.testing.assert_allclose(balance.state[1], [0.1 * slope, -0.1 * slope], rtol=1e-5)


def test_famo_goes_on_as_its_equations_say() -> None:
    balance = build_balance("famo", heads(3))
    random = np.random.default_rng(5)
    logits, mean, square = np.zeros(3), np.zeros(3), np.zeros(3)
    for step in range(6):
        before, after = random.uniform(0.2, 2.0, (2, 3))
        moment = moment_with(before, step=step, decay=0.1)
        shares = np.exp(logits) / np.exp(logits).sum()
        expected = 3.0 * shares / before / (shares / before).sum()
        np.testing.assert_allclose(balance.weights(moment), expected, rtol=1e-4)
        balance.learn(moment, lambda after=after: tf.constant(after, tf.float32))
        jacobian = np.diag(shares) - np.outer(shares, shares)
        slope = jacobian @ (np.log(before) - np.log(after)) + 0.1 * logits
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        root = np.sqrt(square / (1.0 - 0.999 ** (step + 1)))
        logits -= RATE * mean / (1.0 - 0.9 ** (step + 1)) / (root + 1e-8)
        np.testing.assert_allclose(balance.state[0], logits, rtol=1e-3, atol=1e-6)


def test_famo_leaves_out_who_has_no_label_or_no_weight() -> None:
    balance = build_balance("famo", heads(4))
    moment = moment_with(
        [1.0, 0.0, 3.0, 9.0],
        labelled=[True, False, True, True],
        gates=[1.0, 1.0, 1.0, 0.0],
    )
    found = balance.weights(moment).numpy()
    np.testing.assert_allclose(found[[0, 2, 3]], [1.5, 0.5, 1.0], rtol=1e-6)
    balance.learn(moment, lambda: tf.constant([0.5, 0.0, 3.0, 1.0]))
    np.testing.assert_allclose(
        balance.state[0], [-RATE, 0.0, RATE, 0.0], rtol=1e-4, atol=0.0
    )


def test_pcgrad_projects_two_gradients_off_each_other() -> None:
    gradients = np.array([[1.0, 0.0], [-1.0, 1.0]])
    # (1, 0) loses its part along (-1, 1) and becomes (1/2, 1/2); (-1, 1) becomes
    # (0, 1). Together (1/2, 3/2), which is 2 · (1, 0) + 3/2 · (-1, 1).
    found = factors(gradients)
    np.testing.assert_allclose(found, [2.0, 1.5], rtol=1e-6)
    np.testing.assert_allclose(found @ gradients, [0.5, 1.5], rtol=1e-6)


def test_pcgrad_leaves_gradients_alone_that_agree_or_are_nothing() -> None:
    agreeing = np.array([[1.0, 0.1], [0.2, 1.0], [0.0, 0.0]])
    np.testing.assert_allclose(factors(agreeing), [1.0, 1.0, 1.0])


def test_pcgrad_gives_what_the_paper_s_loop_gives_in_some_order_a_step() -> None:
    gradients = np.random.default_rng(2).normal(size=(3, 2))
    sums = [factors(gradients, step=step) @ gradients for step in range(12)]
    possible = [
        sum(projected(gradients, place, order[place]) for place in range(3))
        for order in every_order(3)
    ]
    for found in sums:
        assert min(np.abs(found - other).max() for other in possible) < 1e-5
    assert len({tuple(found.round(4)) for found in sums}) > 1
    assert np.array_equal(sums[3], factors(gradients, step=3) @ gradients)


@pytest.fixture(scope="module", params=sorted(BALANCES))
def bench(request: pytest.FixtureRequest) -> Bench:
    training = {"balance": request.param}
    return Bench(experiment(heads=weighted(ALONE), training=training))


@pytest.fixture
def program(bench: Bench) -> Iterator[Program]:
    with lease(bench.key) as leased:
        yield leased


def test_under_any_balance_a_head_of_weight_zero_does_not_move_the_trunk(
    bench: Bench, program: Program
) -> None:
    arguments = replace(
        bench.arguments,
        gates=np.array([0.0, 1.0]),
        scales=np.array([1.0, 2.0]) / bench.arguments.constants,
    )
    bench.epoch(program, arguments)
    first = program.weights()
    scales = arguments.scales * np.array([50.0, 1.0])
    bench.epoch(program, replace(arguments, scales=scales))
    second = program.weights()
    for name in first:
        if name.startswith("trunk"):
            assert np.array_equal(first[name], second[name])
    assert not np.array_equal(first["h0_raw/kernel"], second["h0_raw/kernel"])


def test_under_any_balance_a_head_without_labels_is_as_if_it_were_not_there(
    bench: Bench, program: Program
) -> None:
    training = {"balance": bench.key.balance}
    twin = Bench(experiment(heads=weighted(ALONE), training=training), slice(None))
    sums = twin.epoch(program)
    assert np.isfinite(sums).all()
    assert (sums[: PENALTY + 1, 0] == 0.0).all()
    first = program.weights()
    louder = twin.arguments.scales * np.array([50.0, 1.0])
    twin.epoch(program, replace(twin.arguments, scales=louder))
    for name, value in program.weights().items():
        assert np.array_equal(value, first[name])


def test_measuring_gradients_changes_nothing_else(
    bench: Bench, program: Program
) -> None:
    plain = bench.epoch(program, replace(bench.arguments, measure_every=0))
    weights = program.weights()
    measured = bench.epoch(program, replace(bench.arguments, measure_every=2))
    assert np.array_equal(plain[:TRAIN_SUMS], measured[:TRAIN_SUMS])
    assert (plain[TRAIN_SUMS:] == 0.0).all()
    for name, value in program.weights().items():
        assert np.array_equal(value, weights[name])
    # Every second of six steps, both heads.
    counts = measured[TRAIN_SUMS + 4 : TRAIN_SUMS + 6]
    assert counts.tolist() == [[3.0, 3.0], [3.0, 3.0]]


def test_a_balance_weighs_the_losses_that_it_says(
    bench: Bench, program: Program
) -> None:
    """The first step is the only one in which every balance still knows nothing."""
    bench.started(program)
    sums = bench.steps_of(program, 0, 1, bench.sums)
    raw = sums[0] / sums[1]
    relative = raw / bench.arguments.constants
    slopes = {
        "log_sum": 1.0 / relative,
        "famo": 2.0 / relative / (1.0 / relative).sum(),
    }.get(bench.key.balance, np.ones(2))
    expected = slopes * bench.arguments.scales * raw
    np.testing.assert_allclose(sums[WEIGHTED] / sums[1], expected, rtol=1e-5)
    assert (sums[PENALTY] == 0.0).all()
    assert SUMS == WEIGHTED


def test_the_ledger_adds_up_to_the_objectives_of_all_steps(
    bench: Bench, program: Program
) -> None:
    """Weighed again outside, step by step, from what the balance knew before each."""
    bench.started(program)
    sums, total, penalty = bench.sums, 0.0, 0.0
    for step in range(bench.steps):
        # The optimizer's two vectors come first.
        known = [*program.learned()[2:3], np.zeros(2)][0]
        before, sums = sums, bench.steps_of(program, step, 1, sums)
        lost, count = (sums - before)[:2]
        weights, added = weighed(bench, lost / count, known)
        total, penalty = total + weights * lost, penalty + added / bench.steps
    ledger = ledger_metrics(["h0", "h1"], sums)
    expected = (total / sums[1]).sum() + penalty
    assert ledger["ledger/total"] == pytest.approx(expected, rel=1e-5)
    lines = [
        ledger[f"ledger/h{k}/weight"] * ledger[f"ledger/h{k}/loss"] for k in (0, 1)
    ]
    regularisation = ledger["ledger/regularisation"]
    assert sum(lines) + regularisation == pytest.approx(
        ledger["ledger/total"], rel=1e-5
    )
    np.testing.assert_allclose(
        [ledger["ledger/h0/loss"], ledger["ledger/h1/loss"]], sums[0] / sums[1]
    )
    assert (regularisation != 0.0) == (bench.key.balance == "uncertainty")


def test_a_checkpoint_holds_what_balance_and_measurements_were_at(
    bench: Bench, program: Program, tmp_path: Path
) -> None:
    measuring = replace(bench.arguments, measure_every=2)
    whole = bench.epoch(program, measuring)
    weights, learned = program.weights(), program.learned()
    bench.started(program)
    sums = bench.steps_of(program, 0, 3, bench.sums, measuring)
    state = TrainingState(sums=sums, step=3)
    now = Checkpoint(state, program.weights(), program.learned())
    save_checkpoint(tmp_path, "this training", now)
    bench.epoch(program)
    kept = load_checkpoint(tmp_path, "this training")
    assert kept is not None
    program.set_weights(kept.weights)
    program.set_learned(kept.learned)
    sums = bench.steps_of(program, 3, bench.steps - 3, kept.state.sums, measuring)
    assert np.array_equal(sums, whole)
    for name, value in program.weights().items():
        assert np.array_equal(value, weights[name])
    for found, expected in zip(program.learned(), learned, strict=True):
        assert np.array_equal(found, expected)


def weighed(
    bench: Bench, losses: FloatArray, known: FloatArray
) -> tuple[FloatArray, float]:
    """Return a step's weights and what its balance adds, from the papers' formulas."""
    scales, constants = bench.arguments.scales, bench.arguments.constants
    match bench.key.balance:
        case "log_sum":
            return scales * constants / losses, 0.0
        case "uncertainty":
            return scales * np.exp(-known), float((scales * constants * known).sum())
        case "famo":
            paces = np.exp(known) * constants / losses
            return scales * 2.0 * paces / paces.sum(), 0.0
        case _:
            return scales, 0.0


def heads(count: int, loss: str = "mse") -> tuple[HeadPlan, ...]:
    """Return heads, the first of them with a loss."""
    losses = [loss, *["mse"] * (count - 1)]
    return tuple(
        HeadPlan(f"h{place}", "regression", (), 1, "linear", name, 1)
        for place, name in enumerate(losses)
    )


def moment_with(losses: Sequence[float] | FloatArray, **changes: Any) -> Moment:  # noqa: ANN401
    """Return a step with these raw losses and what differs from the plainest case."""
    ones = [1.0] * len(losses)
    given = {"constants": ones, "shares": ones, "gates": ones} | changes
    constants, shares, gates = (
        tf.constant(given[name], tf.float32)
        for name in ("constants", "shares", "gates")
    )
    return Moment(
        losses=tf.constant(losses, tf.float32),
        labelled=tf.constant(given.get("labelled", [True] * len(losses))),
        scales=shares / constants,
        gates=gates,
        constants=constants,
        rate=tf.constant(given.get("rate", RATE)),
        decay=tf.constant(given.get("decay", 0.0)),
        seed=tf.constant(0),
        step=tf.constant(given.get("step", 0)),
    )


def no_look() -> Any:  # noqa: ANN401
    raise AssertionError


def factors(gradients: FloatArray, step: int = 0) -> FloatArray:
    """Return what PCGrad multiplies each of these gradients with."""
    count = len(gradients)
    balance: Balance = PCGrad(heads(count))
    products = tf.constant(gradients @ gradients.T, tf.float32)
    moment = moment_with([1.0] * count, step=step)
    found: FloatArray = balance.trunk_weights(products, moment).numpy()
    return found


def projected(gradients: FloatArray, place: int, order: Sequence[int]) -> FloatArray:
    """Return one gradient after meeting the others, as the paper's algorithm says."""
    mine = gradients[place].copy()
    for other in order:
        dot = mine @ gradients[other]
        if other != place and dot < 0.0:
            mine -= dot / (gradients[other] @ gradients[other]) * gradients[other]
    return mine


def every_order(count: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Return every way in which each of some heads can meet the others."""
    return itertools.product(itertools.permutations(range(count)), repeat=count)
