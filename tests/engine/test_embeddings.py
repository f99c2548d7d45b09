"""The embedding that a GPU trains: a look-up's numbers and gradient, as a product."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.engine.backend import keras, tf
from mtcore.engine.layers.embeddings import product_embedding
from mtcore.engine.layers.features import keras_embedding
from mtcore.engine.layers.network import variable_name
from mtcore.engine.plans.plan import CategoryPlan

pytestmark = pytest.mark.engine
PLAN = CategoryPlan(3, 2)
# Unknown and missing ones among them, and one code three times.
CODES = tf.constant([4, 0, 2, 4, 1, 4], tf.int32)


def test_a_product_gives_the_numbers_and_the_gradient_of_a_look_up() -> None:
    found = []
    for made in (keras_embedding, product_embedding):
        layer = made(PLAN, "embedding_0")
        layer.build()
        table = np.arange(10.0, dtype=np.float32).reshape(5, 2)
        layer.embeddings.assign(table)
        with tf.GradientTape() as tape:
            values = layer(CODES)
            total = tf.reduce_sum(values * tf.reshape(tf.range(12.0), (6, 2)))
        gradient = tape.gradient(total, layer.embeddings.value)
        found.append((values.numpy(), tf.convert_to_tensor(gradient).numpy()))
    assert found[1][0].tolist() == [[8, 9], [0, 1], [4, 5], [8, 9], [2, 3], [8, 9]]
    # Code 3 is in no row; code 4 in the first, the fourth and the last.
    assert found[1][1].tolist() == [[2, 3], [8, 9], [4, 5], [0, 0], [16, 19]]
    for looked_up, multiplied in zip(*found, strict=True):
        assert np.array_equal(looked_up, multiplied)


def test_both_kinds_call_their_table_alike() -> None:
    given = keras.Input((), dtype="int32")
    names = []
    for made in (keras_embedding, product_embedding):
        model = keras.Model(given, made(PLAN, "embedding_0")(given))
        names.append([variable_name(variable) for variable in model.variables])
    assert names[0] == names[1] == ["embedding_0/embeddings"]
