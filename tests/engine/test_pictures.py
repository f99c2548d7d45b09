"""Pictures in a program: packed into codes, seen by a convolution, learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mtcore.engine.backend import keras, tf
from mtcore.engine.layers.features import unpack
from mtcore.engine.plans.encoder_plans import ImagePlan, pack_pictures
from mtcore.engine.plans.plan import HeadPlan, NetworkPlan, TrunkPlan
from mtcore.engine.program.arguments import no_arguments
from mtcore.engine.program.constant_loss import Constant
from mtcore.engine.program.objective import SUMS
from mtcore.engine.program.program import Program
from mtcore.engine.program.program_cache import likely_kinds
from mtcore.engine.program.program_key import ProgramKey
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.rows.rows import EncodedRows, bucket_of
from mtcore.engine.training.epoch_order import epoch_order, steps_of
from mtcore.engine.training.initial_weights import initial_weights

pytestmark = pytest.mark.engine

SIZE = ImagePlan(height=7, width=9, units=16)
ROWS = 60


def bright_or_dark(rows: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return pictures, and 1 for those that are bright on the left."""
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (rows, 7, 9, 3), dtype=np.uint8)
    bright = random.random(rows) < 0.5
    pixels[bright, :, :4] //= 2
    pixels[bright, :, :4] += 128
    return pixels, bright.astype(np.float32)


@pytest.fixture(scope="module")
def plan() -> NetworkPlan:
    head = HeadPlan("h0", "binary", (), 1, "sigmoid", "binary_crossentropy", 1)
    return NetworkPlan(
        0, (), (), TrunkPlan("shared", (8,)), "relu", 0.0, (head,), images=(SIZE,)
    )


@pytest.fixture(scope="module")
def program(plan: NetworkPlan) -> Program:
    kind = likely_kinds(plan, "CPU")[0]
    bucket = bucket_of(ROWS)
    return Program(ProgramKey(plan, 16, "adam", bucket, bucket, kind, "CPU"))


def test_packed_pictures_come_back_as_they_were(plan: NetworkPlan) -> None:
    pixels, _ = bright_or_dark(5)
    codes = pack_pictures(pixels)
    assert codes.shape == (5, SIZE.codes)
    parts = unpack(plan, tf.zeros((5, 0)), tf.constant(codes))
    assert np.array_equal(parts["image_0"].numpy(), pixels)


def test_a_network_of_pictures_is_what_keras_makes_of_the_same_weights(
    plan: NetworkPlan, program: Program
) -> None:
    pixels, _ = bright_or_dark(5)
    layers = keras.layers
    twin = keras.Sequential(
        [
            keras.Input((7, 9, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.Dense(8, activation="relu"),
            layers.Dense(1),
        ]
    )
    assert twin.layers[-3].kernel.shape[0] == SIZE.flat
    assert twin.layers[-2].kernel.shape[0] == plan.input_width
    for own, other in zip(twin.variables, program.network.variables, strict=True):
        own.assign(other)
    given = unpack(plan, tf.zeros((5, 0)), tf.constant(pack_pictures(pixels)))
    raw = program.network.outputs(given, tf.ones(1))[0]
    np.testing.assert_allclose(raw, twin(pixels), atol=1e-5)


def test_a_network_learns_from_pictures(program: Program) -> None:
    pixels, bright = bright_or_dark(ROWS)
    bucket = bucket_of(ROWS)
    numbers = np.zeros((bucket, 2), np.float32)
    numbers[:ROWS] = np.stack([bright, np.ones(ROWS)], axis=1)
    codes = np.zeros((bucket, SIZE.codes), np.int32)
    codes[:ROWS] = pack_pictures(pixels)
    rows = EncodedRows(tf.constant(numbers), tf.constant(codes), ROWS)
    key = program.key
    constant = Constant(np.zeros(1), 0.69)
    program.start(initial_weights(program.network, (constant,), 0))
    arguments = replace(no_arguments(key.plan), peak_rate=0.01, all_steps=1e3)
    losses = []
    for epoch in range(12):
        order = tf.constant(epoch_order(ROWS, 16, key.order_length, 0, epoch))
        steps = (0, steps_of(ROWS, 16), 4 * epoch)
        sums, _ = program.train(rows, order, steps, blank_sums(1), arguments)
        losses.append(sums[0, 0] / sums[1, 0])
    judged = program.judge(
        rows, (0, program.blocks(rows)), np.zeros((SUMS, 1)), arguments
    )
    assert judged[3, 0] == ROWS
    assert judged[2, 0] / ROWS > 0.9
    assert losses[-1] < 0.5 * losses[0]
