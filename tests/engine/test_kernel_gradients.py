"""Products whose gradients turn a factor, against TensorFlow's own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.engine.backend import Tensor, keras, tf
from mtcore.engine.layers.dense_layers import FastDense
from mtcore.engine.layers.kernel_gradients import (
    LEAST_ROWS,
    MOST_NUMBERS,
    product,
    turned_gradients,
)

pytestmark = pytest.mark.engine
ROWS = LEAST_ROWS
NARROW_TO_WIDE, WIDE_TO_NARROW = ((ROWS, 3), (3, 5)), ((ROWS, 5), (5, 3))
LAYER_BY_LAYER = ((2, ROWS, 5), (2, 5, 3))


@pytest.mark.parametrize("shapes", [NARROW_TO_WIDE, WIDE_TO_NARROW, LAYER_BY_LAYER])
def test_turned_gradients_are_those_of_a_plain_product(
    shapes: tuple[tuple[int, ...], ...],
) -> None:
    random = np.random.default_rng(0)
    factors = [tf.constant(random.normal(size=size), tf.float32) for size in shapes]
    found = made_and_gradients(product, factors)
    expected = made_and_gradients(tf.matmul, factors)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_only_small_kernels_of_many_rows_traced_inside_turn_a_factor() -> None:
    def turns(rows: int, units: int) -> bool:
        traced = tf.function(lambda *given: gradients_of(product, given))
        factors = tf.zeros((rows, 4)), tf.zeros((4, units))
        graph = traced.get_concrete_function(*factors).graph
        kinds = {operation.type for operation in graph.get_operations()}
        return "XlaOptimizationBarrier" in kinds

    with turned_gradients(wanted=True):
        assert turns(ROWS, MOST_NUMBERS // 4)
        assert not turns(ROWS - 1, 4)
        assert not turns(ROWS, MOST_NUMBERS // 4 + 1)
        with turned_gradients(wanted=False):
            assert not turns(ROWS, 4)
    assert not turns(ROWS, 4)


@pytest.mark.parametrize("bias", [True, False])
def test_the_layer_gives_what_keras_gives(*, bias: bool) -> None:
    ours, theirs = (
        kind(4, activation="relu", use_bias=bias, bias_initializer="ones")
        for kind in (FastDense, keras.layers.Dense)
    )
    for layer in (ours, theirs):
        layer.build((None, 3))
    theirs.set_weights(ours.get_weights())
    inputs = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    np.testing.assert_allclose(ours(inputs), theirs(inputs), rtol=1e-6, atol=1e-6)


def made_and_gradients(
    multiply: Callable[[Tensor, Tensor], Tensor], factors: list[Tensor]
) -> list[FloatArray]:
    """Return a product compiled by XLA, and the gradients of a curved sum of it."""
    with turned_gradients(wanted=True):
        run = tf.function(
            lambda *given: (multiply(*given), *gradients_of(multiply, given)),
            jit_compile=True,
        )
        return [part.numpy() for part in run(*factors)]


def gradients_of(
    multiply: Callable[[Tensor, Tensor], Tensor], factors: tuple[Tensor, ...]
) -> list[Tensor]:
    """Return the gradients of the factors."""
    with tf.GradientTape() as tape:
        tape.watch(factors)
        made = multiply(*factors)
        total = tf.reduce_sum(made * (1.0 + made))
    return list(tape.gradient(total, factors))
