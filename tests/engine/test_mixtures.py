"""Mixtures of experts against the sum that defines them."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.layers.mixtures import MOST_ADDED, mix_experts

pytestmark = pytest.mark.engine
BATCH, UNITS = 5, 3


@pytest.mark.parametrize("heads", [2, MOST_ADDED + 1])
@pytest.mark.parametrize("own", [False, True])
def test_mixtures_and_their_gradients_are_those_of_a_weighted_sum(
    heads: int, *, own: bool
) -> None:
    random = np.random.default_rng(heads)
    size = (4, heads, BATCH, UNITS) if own else (4, BATCH, UNITS)
    experts = tf.constant(random.normal(size=size), tf.float32)
    weights = tf.constant(random.normal(size=(heads, BATCH, 4)), tf.float32)

    def summed(experts: Tensor, weights: Tensor) -> Tensor:
        spread = experts if own else experts[:, tf.newaxis]
        by_expert = tf.transpose(weights, [2, 0, 1])[..., tf.newaxis]
        return tf.reduce_sum(spread * by_expert, 0)

    results = []
    for mix in (mix_experts, summed):
        with tf.GradientTape() as tape:
            tape.watch([experts, weights])
            mixed = mix(experts, weights)
            total = tf.reduce_sum(mixed * (1.0 + mixed))
        results.append([mixed, *tape.gradient(total, [experts, weights])])
    for found, expected in zip(*results, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
