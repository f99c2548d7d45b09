"""First weights as a function of the seed alone, the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mtcore.engine.constant_loss import Constant
from mtcore.engine.network import Network, Weights, variable_name

EMBEDDING_DEVIATION = 0.1


def initial_weights(
    network: Network, constants: Sequence[Constant], seed: int
) -> Weights:
    """Return the first value of every variable of a network.

    Kernels are uniform with a variance of 2 / (inputs + outputs), by Glorot and Bengio
    (2010); biases are 0, but those of the outputs give the constant prediction, so
    that training starts near a normalised loss of 1. The embedding of unknown values
    starts at 0, and so does a linear skip, which adds what it learns to the rest.

    Args:
        network: Whose variables are to be set.
        constants: The best constant of each head.
        seed: Of the experiment.
    """
    random = np.random.default_rng((0xFEED, seed))
    outputs = {
        f"{head.id}_raw": constant.outputs
        for head, constant in zip(network.plan.heads, constants, strict=True)
    }
    weights = {}
    for variable in network.variables:
        name = variable_name(variable)
        layer, kind = name.split("/")
        shape = tuple(variable.shape)
        match kind:
            case "kernel" if layer.endswith("_skip"):
                values = np.zeros(shape)
            case "kernel":
                limit = math.sqrt(6.0 / (shape[0] + shape[1]))
                values = random.uniform(-limit, limit, shape)
            case "embeddings":
                values = random.normal(0.0, EMBEDDING_DEVIATION, shape)
                values[0] = 0.0
            case _:
                values = outputs.get(layer, np.zeros(shape))
        weights[name] = values.astype(np.float32)
    return weights
