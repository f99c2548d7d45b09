"""The recurrent layers of training against Keras's own, which serve."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.layers.features import keras_recurrent
from mtcore.engine.layers.recurrent import fast_recurrent
from mtcore.engine.plans.encoder_plans import TextPlan
from mtcore.spec import TextEncoder

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("encoder", ["lstm", "gru"])
@pytest.mark.parametrize("rows", [1, 19])
def test_states_and_gradients_are_those_of_keras(
    encoder: TextEncoder, rows: int
) -> None:
    random = np.random.default_rng(rows)
    plan = TextPlan(encoder, vocabulary=10, length=7, embedding=5, units=6)
    ours, theirs = fast_recurrent(plan, "text"), keras_recurrent(plan, "text")
    words = tf.constant(random.normal(size=(rows, 7, 5)), tf.float32)
    for layer in (ours, theirs):
        layer.build((None, 7, 5))
    for one, other in zip(
        ours.trainable_variables, theirs.trainable_variables, strict=True
    ):
        assert one.path == other.path
        one.assign(random.normal(0.0, 0.5, one.shape))
        other.assign(one)
    found, expected = (
        states_and_gradients(ours, words),
        states_and_gradients(theirs, words),
    )
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
        assert np.abs(other).max() > 1e-2


def states_and_gradients(layer: Tensor, words: Tensor) -> list[np.ndarray]:
    """Return what a layer gives, and gradients of words and of all its variables."""

    @tf.function
    def run(words: Tensor) -> tuple[Tensor, list[Tensor]]:
        asked = [words, *(variable.value for variable in layer.trainable_variables)]
        # Balances ask one tape for the gradient of each head.
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(words)
            states = layer(words)
            total = tf.reduce_sum(states * (1.0 + states))
        return states, tape.gradient(total, asked)

    states, gradients = run(words)
    return [states.numpy(), *(gradient.numpy() for gradient in gradients)]
