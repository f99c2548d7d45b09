"""Losses, and what divides them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm
from sklearn.metrics import mean_pinball_loss, mean_poisson_deviance

from mtcore.engine.backend import keras, tf
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.layers.outputs import chained, deviations, rising
from mtcore.engine.plans import plan as plan_module
from mtcore.engine.plans.plan import HeadPlan, NetworkPlan
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.program.constant_loss import fit_constants
from mtcore.engine.program.losses import LOSSES
from mtcore.engine.program.objective import head_losses
from mtcore.engine.rows.labels import Labels, read_labels
from mtcore.spec import HEAD_KINDS, Experiment
from mtcore.spec.heads.base import LossSettings
from tests.engine.workshop import HEADS, experiment, parts, workshop

pytestmark = pytest.mark.engine


def finite(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, width=32, allow_subnormal=False)


@pytest.mark.parametrize("kind", HEAD_KINDS)
def test_every_loss_of_every_head_kind_exists(kind: str) -> None:
    head = HEAD_KINDS[kind]
    assert set(head.losses) <= set(LOSSES[head.activation])


@pytest.mark.parametrize(
    ("activation", "name", "expected"),
    [
        ("linear", "mse", keras.losses.MeanSquaredError(reduction=None)),
        ("linear", "mae", keras.losses.MeanAbsoluteError(reduction=None)),
        ("linear", "huber", keras.losses.Huber(reduction=None)),
        ("linear", "log_cosh", keras.losses.LogCosh(reduction=None)),
        (
            "sigmoid",
            "binary_crossentropy",
            keras.losses.BinaryCrossentropy(from_logits=True, reduction=None),
        ),
        (
            "sigmoid",
            "focal",
            keras.losses.BinaryFocalCrossentropy(from_logits=True, reduction=None),
        ),
    ],
)
def test_a_loss_is_what_keras_computes(
    activation: str, name: str, expected: object
) -> None:
    random = np.random.default_rng(0)
    outputs = random.normal(0.0, 3.0, (50, 1)).astype(np.float32)
    targets = random.normal(0.0, 2.0, (50, 1)).astype(np.float32)
    if activation == "sigmoid":
        targets = (targets > 0.0).astype(np.float32)
    ours = LOSSES[activation][name](
        tf.constant(targets), tf.constant(outputs), head_of(activation, name)
    )
    theirs = expected(targets, outputs).numpy()
    np.testing.assert_allclose(ours.numpy()[:, 0], theirs, rtol=2e-4, atol=1e-5)


def test_losses_of_classes_are_what_keras_computes() -> None:
    random = np.random.default_rng(0)
    outputs = random.normal(0.0, 3.0, (50, 4)).astype(np.float32)
    targets = random.integers(0, 4, (50, 1)).astype(np.float32)
    one_hot = np.eye(4, dtype=np.float32)[targets[:, 0].astype(int)]
    plain = keras.losses.CategoricalCrossentropy(from_logits=True, reduction=None)
    focal = keras.losses.CategoricalFocalCrossentropy(
        alpha=1.0, from_logits=True, reduction=None
    )
    for name, loss in (("categorical_crossentropy", plain), ("focal", focal)):
        ours = LOSSES["softmax"][name](
            tf.constant(targets), tf.constant(outputs), head_of("softmax", name, 4)
        )
        theirs = loss(one_hot, outputs).numpy()
        np.testing.assert_allclose(ours.numpy()[:, 0], theirs, rtol=1e-3, atol=1e-5)


def test_smoothed_and_refocused_losses_are_what_keras_computes() -> None:
    random = np.random.default_rng(1)
    outputs = random.normal(0.0, 3.0, (50, 4)).astype(np.float32)
    classes = random.integers(0, 4, (50, 1)).astype(np.float32)
    one_hot = np.eye(4, dtype=np.float32)[classes[:, 0].astype(int)]
    labels = (classes > 1.0).astype(np.float32)
    shared = {"label_smoothing": 0.2, "from_logits": True, "reduction": None}
    several = keras.losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=3.0, **shared)
    cases = [
        ("sigmoid", "binary_crossentropy", keras.losses.BinaryCrossentropy(**shared)),
        ("softmax", "focal", several),
        (
            "softmax",
            "categorical_crossentropy",
            keras.losses.CategoricalCrossentropy(**shared),
        ),
    ]
    for activation, name, loss in cases:
        width = 1 if activation == "sigmoid" else 4
        given, truth = (labels, labels) if width == 1 else (classes, one_hot)
        plan = head_of(activation, name, width, smoothing=0.2, focus=3.0)
        raw = outputs[:, :width]
        ours = LOSSES[activation][name](tf.constant(given), tf.constant(raw), plan)
        theirs = loss(truth, raw).numpy()
        np.testing.assert_allclose(ours.numpy()[:, 0], theirs, rtol=1e-3, atol=1e-5)


def test_a_focus_of_0_is_cross_entropy_with_gradients_everywhere() -> None:
    outputs = tf.constant([[-200.0], [-1.0], [0.0], [200.0]])
    labels = tf.constant([[0.0], [1.0], [0.0], [1.0]])
    plan = head_of("sigmoid", "focal", focus=0.0)
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        focal = LOSSES["sigmoid"]["focal"](labels, outputs, plan)
    plain = LOSSES["sigmoid"]["binary_crossentropy"](labels, outputs, plan)
    np.testing.assert_allclose(focal.numpy(), plain.numpy(), rtol=1e-6)
    slopes = (tf.sigmoid(outputs) - labels).numpy()
    np.testing.assert_allclose(tape.gradient(focal, outputs), slopes, atol=1e-6)


def test_the_poisson_loss_is_half_of_scikit_learns_deviance() -> None:
    counts = np.array([[0.0], [1.0], [3.0], [40.0], [1e6]], np.float32)
    outputs = np.log([[0.2], [2.5], [3.0], [11.0], [1.001e6]]).astype(np.float32)
    plan = head_of("exponential", "poisson")
    ours = LOSSES["exponential"]["poisson"](counts, tf.constant(outputs), plan)
    theirs = [
        mean_poisson_deviance(count, np.exp(output.astype(np.float64)))
        for count, output in zip(counts, outputs, strict=True)
    ]
    np.testing.assert_allclose(2.0 * ours.numpy()[:, 0], theirs, rtol=2e-3, atol=1e-6)


def test_the_slope_of_the_poisson_loss_is_mean_minus_count() -> None:
    counts = tf.constant([[0.0], [0.0], [2.0], [700.0]])
    outputs = tf.constant([[-30.0], [1.0], [0.0], [6.0]])
    with tf.GradientTape() as tape:
        tape.watch(outputs)
        loss = LOSSES["exponential"]["poisson"](
            counts, outputs, head_of("exponential", "poisson")
        )
    expected = np.exp(outputs.numpy()) - counts.numpy()
    np.testing.assert_allclose(tape.gradient(loss, outputs), expected, rtol=1e-4)


def test_the_gaussian_loss_is_told_as_the_ranked_probability_score() -> None:
    targets = np.array([[0.3], [-2.0], [0.0]], np.float32)
    raw = np.array([[0.0, 0.5], [1.0, -3.0], [0.2, 4.0]], np.float32)
    plan = head_of("linear", "gaussian_nll", 2)
    ours = LOSSES["linear"]["gaussian_nll"](targets, tf.constant(raw), plan).numpy()
    spread = deviations(tf.constant(raw[:, 1:])).numpy()
    # The score is the area of the squared difference of two distributions (2007).
    along = np.linspace(-60.0, 60.0, 240_001)
    for row in range(3):
        said = norm.cdf(along, raw[row, 0], spread[row, 0])
        area = np.trapezoid(np.square(said - (along >= targets[row, 0])), along)
        assert ours[row, 0] == pytest.approx(area, rel=2e-3)


def test_the_gaussian_loss_has_the_slope_of_the_weighted_likelihood() -> None:
    targets = tf.constant([[0.3, 1.0], [-2.0, 0.5]])
    raw = tf.constant([[0.0, 0.1, 0.5, -1.0], [1.0, 0.2, -3.0, 2.0]])
    plan = replace(head_of("linear", "gaussian_nll", 4), targets=2)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(raw)
        loss = LOSSES["linear"]["gaussian_nll"](targets, raw, plan)
        variance = tf.square(deviations(raw[:, 2:]))
        error = tf.square(targets - raw[:, :2])
        likelihood = 0.5 * (tf.math.log(variance) + error / variance)
        weighted = tf.stop_gradient(variance**0.5) * likelihood
    expected = tape.gradient(weighted, raw)
    np.testing.assert_allclose(tape.gradient(loss, raw), expected, rtol=1e-4)
    assert float(tf.reduce_min(loss)) > 0.0


def test_the_constant_of_deviations_is_that_of_the_targets() -> None:
    heads = [{**HEADS[0], "loss": "gaussian_nll"}]
    changed = experiment(heads=heads)
    [found] = constant_losses(changed)
    scores = [
        float(np.mean(crps(standardised(changed), 0.0, spread)))
        for spread in (0.9, 1.0, 1.1)
    ]
    assert found == pytest.approx(scores[1], rel=1e-3)


def crps(values: np.ndarray, mean: float, spread: float) -> np.ndarray:
    """Return the score of a normal distribution, as Gneiting and Raftery give it."""
    off = (values - mean) / spread
    bounds = off * (2.0 * norm.cdf(off) - 1.0) + 2.0 * norm.pdf(off)
    return spread * (bounds - 1.0 / np.sqrt(np.pi))


@given(
    raw=arrays(np.float32, (7, 5), elements=finite(-1e6, 1e6)),
    scale=finite(2.0**-10, 2.0**10),
    mean=finite(-1e6, 1e6),
)
def test_quantiles_never_cross_whatever_the_network_says(
    raw: np.ndarray, scale: float, mean: float
) -> None:
    levels = rising(tf.constant(raw)) * scale + mean
    assert (np.diff(levels.numpy(), axis=1) >= 0.0).all()


def test_the_pinball_loss_is_scikit_learns_mean_over_the_levels() -> None:
    random = np.random.default_rng(2)
    raw = random.normal(0.0, 2.0, (40, 3)).astype(np.float32)
    targets = random.normal(0.0, 2.0, (40, 1)).astype(np.float32)
    levels = (0.05, 0.4, 0.9)
    plan = head_of("rising", "pinball", 3, levels=levels)
    ours = LOSSES["rising"]["pinball"](tf.constant(targets), tf.constant(raw), plan)
    quantiles = rising(tf.constant(raw)).numpy()
    theirs = [
        mean_pinball_loss(targets[:, 0], quantiles[:, place], alpha=level)
        for place, level in enumerate(levels)
    ]
    assert float(np.mean(ours)) == pytest.approx(np.mean(theirs), rel=1e-5)


def test_corn_by_hand_and_as_minus_log_of_the_chance_of_the_rank() -> None:
    raw = tf.constant([[0.0, 1.0], [2.0, -1.0], [0.5, 3.0]])
    ranks = tf.constant([[0.0], [1.0], [2.0]])
    plan = head_of("chained", "corn", 2)
    ours = LOSSES["chained"]["corn"](ranks, raw, plan).numpy()[:, 0]
    step = 1.0 / (1.0 + np.exp(-raw.numpy()))
    # A row of rank 0 takes part in the first step only, all others in both.
    by_hand = [
        -np.log(1.0 - step[0, 0]),
        -np.log(step[1, 0]) - np.log(1.0 - step[1, 1]),
        -np.log(step[2, 0]) - np.log(step[2, 1]),
    ]
    np.testing.assert_allclose(ours, by_hand, rtol=1e-5)
    chances = chained(raw).numpy()
    np.testing.assert_allclose(ours, -np.log(chances[[0, 1, 2], [0, 1, 2]]), rtol=1e-5)


@given(raw=arrays(np.float32, (6, 4), elements=finite(-1e4, 1e4)))
def test_chances_of_ranks_are_shares_of_1(raw: np.ndarray) -> None:
    chances = chained(tf.constant(raw)).numpy()
    assert (chances >= 0.0).all()
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=1e-6)


def test_constants_of_ranges_and_ranks_are_quantiles_and_the_prior() -> None:
    random = np.random.default_rng(5)
    values = random.gamma(1.0, 1.0, (999, 1)).astype(np.float32)
    ranks = random.choice([0.0, 1.0, 3.0], (999, 1), p=[0.5, 0.2, 0.3])
    heads = (
        head_of("rising", "pinball", 3, levels=(0.1, 0.5, 0.9)),
        head_of("chained", "corn", 3),
    )
    plan = NetworkPlan(1, (0,), (), (), "relu", 0.0, heads)
    both = np.concatenate([values, ranks.astype(np.float32)], axis=1)
    first, second = fit_constants(plan, Labels(both, np.ones_like(both)))
    found = rising(tf.constant(first.outputs[None], tf.float32)).numpy()[0]
    expected = np.quantile(values, (0.1, 0.5, 0.9), method="inverted_cdf")
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    shares = np.bincount(ranks[:, 0].astype(int), minlength=4) / 999
    prior = chained(tf.constant(second.outputs[None], tf.float32)).numpy()[0]
    np.testing.assert_allclose(prior, shares, atol=2e-4)
    present = shares[shares > 0.0]
    assert second.loss == pytest.approx(-(present * np.log(present)).sum(), abs=1e-3)


def test_the_constant_loses_one_in_squares_and_the_entropy_in_classes() -> None:
    losses = dict(zip(names(), constant_losses(experiment()), strict=True))
    table, split = workshop(), parts()
    fault = fit_encoding(experiment(), table, split).heads["fault"]
    shares = np.array(fault.prior)
    assert losses["cost"] == pytest.approx(1.0, abs=1e-5)
    assert losses["both"] == pytest.approx(1.0, abs=1e-5)
    assert losses["fault"] == pytest.approx(-(shares * np.log(shares)).sum(), abs=1e-5)


def test_no_other_constant_loses_less() -> None:
    for loss in ("mse", "mae", "huber"):
        heads = [{**HEADS[0], "loss": loss}]
        changed = experiment(heads=heads)
        targets = standardised(changed)
        guesses = np.linspace(-1.0, 1.0, 201, dtype=np.float32)
        compute, plan = LOSSES["linear"][loss], head_of("linear", loss)
        least = min(
            float(
                np.mean(
                    compute(tf.constant(targets), tf.fill(targets.shape, guess), plan)
                )
            )
            for guess in guesses
        )
        [found] = constant_losses(changed)
        assert found <= least * 1.01


def test_labels_of_a_row_are_masked_one_by_one() -> None:
    head = replace(head_of("sigmoid", "binary_crossentropy", 2), targets=2)
    plan = NetworkPlan(1, (0,), (), (), "relu", 0.0, (head,))
    raw = tf.constant([[0.5, -1.0], [2.0, 0.0]])
    weights = tf.constant([[1.0, 0.0], [1.0, 1.0]])
    units = tf.ones(2)
    found = []
    for unknown in (0.0, 1.0):
        targets = tf.constant([[1.0, unknown], [0.0, 1.0]])
        batch = {"targets": targets, "weights": weights}
        losses, sums = head_losses(plan, [raw], batch, units)
        found.append((float(losses[0]), sums.numpy()[:, 0].tolist()))
    assert found[0] == found[1]
    loss, (lost, weight, right, labelled) = found[0]
    known = [np.log1p(np.exp(-0.5)), np.log1p(np.exp(2.0)), np.log(2.0)]
    assert loss == pytest.approx(np.mean(known), rel=1e-6)
    assert lost == pytest.approx(np.sum(known), rel=1e-6)
    assert (weight, right, labelled) == (3.0, 1.0, 3.0)


def test_heads_that_are_alike_lose_what_each_would_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan_module, "MANY_ALIKE", 2)
    first = replace(head_of("linear", "huber", 2), targets=2)
    other = head_of("linear", "mse")
    heads = tuple(
        replace(head, id=f"h{place}")
        for place, head in enumerate((first, other, first))
    )
    random = np.random.default_rng(0)
    raw = [
        tf.constant(random.normal(size=(6, head.width)), tf.float32) for head in heads
    ]
    values = random.normal(size=(2, 6, 5)).astype(np.float32)
    units = tf.constant([1.0, 2.0, 3.0, 4.0, 5.0])
    told = head_losses(
        NetworkPlan(1, (0,), (), (), "relu", 0.0, heads),
        raw,
        {"targets": tf.constant(values[0]), "weights": tf.constant(abs(values[1]))},
        units,
    )
    for place, columns in enumerate((slice(0, 2), slice(2, 3), slice(3, 5))):
        alone = head_losses(
            NetworkPlan(1, (0,), (), (), "relu", 0.0, heads[place : place + 1]),
            raw[place : place + 1],
            {
                "targets": tf.constant(values[0][:, columns]),
                "weights": tf.constant(abs(values[1][:, columns])),
            },
            units[columns],
        )
        np.testing.assert_allclose(told[0][place], alone[0][0], rtol=1e-6)
        np.testing.assert_allclose(told[1][:, place], alone[1][:, 0], rtol=1e-6)


def head_of(activation: str, loss: str, width: int = 1, **settings: object) -> HeadPlan:
    given = LossSettings(**settings)
    return HeadPlan("h0", "any", (), width, activation, loss, 1, settings=given)


def names() -> list[str]:
    return [head["name"] for head in HEADS]


def constant_losses(changed: Experiment) -> list[float]:
    table, split = workshop(), parts()
    encoding = fit_encoding(changed, table, split)
    labels = read_labels(
        changed, encoding, table.take(split.train), np.ones(len(split.train))
    )
    plan = plan_network(changed, encoding)
    return [constant.loss for constant in fit_constants(plan, labels)]


def standardised(changed: Experiment) -> np.ndarray:
    table, split = workshop(), parts()
    facts = fit_encoding(changed, table, split).heads["cost"]
    values = table.numbers("cost")[split.train]
    known = values[~np.isnan(values)]
    scaled = (known - facts.mean[0]) / facts.scale[0]
    return scaled[:, np.newaxis].astype(np.float32)
