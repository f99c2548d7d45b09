"""The loss of every label, by the activation of its head and the loss's name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from mtcore.engine.backend import Tensor, tf

FOCUS = 2.0

Loss = Callable[[Tensor, Tensor], Tensor]
"""Targets and raw outputs, float32, to the loss of each label `(batch, targets)`."""


def _mse(targets: Tensor, outputs: Tensor) -> Tensor:
    return tf.square(outputs - targets)


def _mae(targets: Tensor, outputs: Tensor) -> Tensor:
    return tf.abs(outputs - targets)


def _huber(targets: Tensor, outputs: Tensor) -> Tensor:
    """Half the square up to one standard deviation of the target, then linear."""
    error = tf.abs(outputs - targets)
    near = tf.minimum(error, 1.0)
    return near * (error - 0.5 * near)


def _log_cosh(targets: Tensor, outputs: Tensor) -> Tensor:
    error = tf.abs(outputs - targets)
    return error + tf.math.softplus(-2.0 * error) - math.log(2.0)


def _binary_crossentropy(targets: Tensor, outputs: Tensor) -> Tensor:
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=targets, logits=outputs)


def _binary_focal(targets: Tensor, outputs: Tensor) -> Tensor:
    """Cross-entropy times (1 - chance of the truth)², by Lin and others (2017)."""
    signs = 2.0 * targets - 1.0
    wrong = tf.sigmoid(-signs * outputs)
    return wrong**FOCUS * _binary_crossentropy(targets, outputs)


def _categorical_crossentropy(targets: Tensor, outputs: Tensor) -> Tensor:
    return -_log_chance_of_truth(targets, outputs)


def _categorical_focal(targets: Tensor, outputs: Tensor) -> Tensor:
    log_chance = _log_chance_of_truth(targets, outputs)
    return (1.0 - tf.exp(log_chance)) ** FOCUS * -log_chance


def _log_chance_of_truth(targets: Tensor, outputs: Tensor) -> Tensor:
    """Return log P(class), `(batch, 1)`, of classes given as positions."""
    truth = tf.one_hot(tf.cast(targets[:, 0], tf.int32), outputs.shape[1])
    log_chances = tf.nn.log_softmax(outputs)
    return tf.reduce_sum(truth * log_chances, axis=1, keepdims=True)


LOSSES: Mapping[str, Mapping[str, Loss]] = {
    "linear": {"mse": _mse, "mae": _mae, "huber": _huber, "log_cosh": _log_cosh},
    "sigmoid": {"binary_crossentropy": _binary_crossentropy, "focal": _binary_focal},
    "softmax": {
        "categorical_crossentropy": _categorical_crossentropy,
        "focal": _categorical_focal,
    },
}


def errors_seen(activation: str, targets: Tensor, outputs: Tensor) -> Tensor:
    """Return what is shown of each label while training, `(batch, targets)`.

    The absolute error, in standard deviations, of numbers; for classes and labels 1
    where the likelier side is right and 0 where not.
    """
    match activation:
        case "linear":
            return tf.abs(outputs - targets)
        case "sigmoid":
            return tf.cast((outputs > 0.0) == (targets > 0.5), tf.float32)
        case _:
            chosen = tf.argmax(outputs, axis=1, output_type=tf.int32)
            right = chosen == tf.cast(targets[:, 0], tf.int32)
            return tf.cast(right, tf.float32)[:, tf.newaxis]
