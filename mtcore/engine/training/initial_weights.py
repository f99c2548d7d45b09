"""First weights as a function of the seed alone, the same on every machine."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.layers.network import Network, Weights, variable_name
from mtcore.engine.program.constant_loss import Constant

EMBEDDING_DEVIATION = 0.1


def initial_weights(
    network: Network, constants: Sequence[Constant], seed: int
) -> Weights:
    """Return the first value of every variable of a network.

    Kernels are uniform with a variance of 2 / (inputs + outputs), by Glorot and Bengio
    (2010); biases are 0, but those of the outputs give the constant prediction, so
    that training starts near a normalised loss of 1. The embedding of unknown values
    starts at 0, and so does a linear skip, which adds what it learns to the rest.
    Recurrent kernels are orthogonal, by Saxe and others (2013), and an LSTM remembers
    at first, by Jozefowicz and others (2015).

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
                seen = math.prod(shape[:-2])
                limit = math.sqrt(6.0 / (seen * (shape[-2] + shape[-1])))
                values = random.uniform(-limit, limit, shape)
            case "recurrent_kernel":
                values = _orthogonal(random.normal(size=shape))
            case "bias" if layer.endswith("_lstm"):
                values = np.repeat([0.0, 1.0, 0.0, 0.0], shape[0] // 4)
            case "embeddings":
                values = random.normal(0.0, EMBEDDING_DEVIATION, shape)
                values[0] = 0.0
            case _:
                values = outputs.get(layer, np.zeros(shape))
        weights[name] = values.astype(np.float32)
    return weights


def _orthogonal(drawn: FloatArray) -> FloatArray:
    """Return a kernel, `(units, width)`, whose rows are at right angles."""
    turned, upper = np.linalg.qr(drawn.T)
    # Signs as they were drawn, so that all directions are alike.
    rows: FloatArray = (turned * np.sign(np.diag(upper))).T
    return rows
