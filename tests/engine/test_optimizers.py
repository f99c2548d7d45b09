"""Both ways to write an optimizer take the same steps."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from mtcore.engine.backend import keras, tf
from mtcore.engine.program.fused_optimizer import FusedOptimizer
from mtcore.engine.program.optimizers import FlatOptimizer
from mtcore.spec.training import Optimizer

pytestmark = pytest.mark.engine
SHAPES = (((3, 4), (4,)), ((4, 2), (2,)))
# Rate, warm-up steps, all steps, weight decay, and the most a gradient may be.
RECIPE = tf.constant([0.1, 2.0, 10.0, 0.05, 1.0])


@pytest.mark.parametrize("kind", get_args(Optimizer))
def test_fused_and_flat_optimizers_take_the_same_steps(kind: Optimizer) -> None:
    ends = []
    for optimizer in (FlatOptimizer, FusedOptimizer):
        random = np.random.default_rng(0)
        parts = [
            [
                keras.Variable(random.normal(size=shape), dtype="float32")
                for shape in shapes
            ]
            for shapes in SHAPES
        ]
        variables = [variable for part in parts for variable in part]
        start = [variable.numpy().copy() for variable in variables]
        made = optimizer(kind, parts)
        for step in range(5):
            gradients = [
                tf.constant(random.normal(0.0, 3.0, variable.shape), tf.float32)
                for variable in variables
            ]
            made.apply(gradients, RECIPE, tf.constant(step))
        ends.append([variable.numpy() for variable in variables])
        assert all(
            np.abs(a - b).max() > 0.01 for a, b in zip(start, ends[-1], strict=True)
        )
    for flat, fused in zip(*ends, strict=True):
        np.testing.assert_allclose(fused, flat, rtol=1e-5, atol=1e-6)
