"""The loss of every label, by the activation of its head and the loss's name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.layers.outputs import deviations, passed, rising
from mtcore.engine.plans.plan import HeadPlan
from mtcore.spec.heads.quantile import middle_level

SMALLEST_CHANCE = 1e-7

Loss = Callable[[Tensor, Tensor, HeadPlan], Tensor]
"""Targets and raw outputs, float32, and their head to losses `(batch, targets)`."""


def _mse(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    del head
    return tf.square(outputs - targets)


def _mae(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    del head
    return tf.abs(outputs - targets)


def _huber(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    """Half the square up to one standard deviation of the target, then linear."""
    error = _mae(targets, outputs, head)
    near = tf.minimum(error, 1.0)
    return near * (error - 0.5 * near)


def _log_cosh(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    error = _mae(targets, outputs, head)
    return error + tf.math.softplus(-2.0 * error) - math.log(2.0)


def _gaussian_nll(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    """Learns a mean and a deviation by β-NLL, and is told as a CRPS.

    Its slope is that of the negative log-likelihood of a normal distribution, times
    the deviation held still: β-NLL with β = 0.5, by Seitzer and others, On the pitfalls
    of heteroscedastic uncertainty estimation with probabilistic neural networks
    (2022). Its value can't be that likelihood's, which falls below 0 and so has no
    ratio to the constant's. It is the continuous ranked probability score of the same
    distribution (Gneiting and Raftery 2007), which is proper too, in the target's
    unit, and 0 for a certain and exact answer.
    """
    deviation = deviations(outputs[:, head.targets :])
    off = (targets - outputs[:, : head.targets]) / deviation
    likelihood = tf.math.log(deviation) + 0.5 * tf.square(off)
    slope = tf.stop_gradient(deviation) * likelihood
    density = tf.exp(-0.5 * tf.square(off)) / math.sqrt(2.0 * math.pi)
    score = off * tf.math.erf(off / math.sqrt(2.0)) + 2.0 * density
    told = tf.stop_gradient(deviation * (score - 1.0 / math.sqrt(math.pi)))
    return told + (slope - tf.stop_gradient(slope))


def _poisson(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    """Half the deviance of a Poisson count whose mean is e to the output.

    It has the gradient of the negative log-likelihood, but is 0 for an exact answer
    and so has a ratio to the constant's that means something: 1 - D².
    """
    del head
    some = targets > 0.0
    # Written around log(target), as differences of huge numbers would lose the error.
    above = outputs - tf.math.log(tf.where(some, targets, 1.0))
    excess = tf.where(some, above, 0.0)
    lost = targets * (tf.math.expm1(excess) - excess)
    return tf.where(some, lost, tf.exp(tf.where(some, 0.0, outputs)))


def _binary_crossentropy(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    labels = _smoothed(targets, head, 2)
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=outputs)


def _binary_focal(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    """Cross-entropy times (1 - chance of the truth)^focus, by Lin and others (2017)."""
    focus, labels = head.settings.focus, _smoothed(targets, head, 2)
    held = _power(tf.sigmoid(-outputs), focus) * tf.math.softplus(-outputs)
    not_held = _power(tf.sigmoid(outputs), focus) * tf.math.softplus(outputs)
    return labels * held + (1.0 - labels) * not_held


def _categorical_crossentropy(
    targets: Tensor, outputs: Tensor, head: HeadPlan
) -> Tensor:
    losses = -tf.nn.log_softmax(outputs) * _class_labels(targets, head)
    return tf.reduce_sum(losses, axis=1, keepdims=True)


def _categorical_focal(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    log_chances = tf.nn.log_softmax(outputs)
    wrong = _power(1.0 - tf.exp(log_chances), head.settings.focus)
    labelled = -wrong * log_chances * _class_labels(targets, head)
    return tf.reduce_sum(labelled, axis=1, keepdims=True)


def _power(chance: Tensor, focus: float) -> Tensor:
    """Return chance^focus with a gradient that is a number at 0 too."""
    return tf.maximum(chance, SMALLEST_CHANCE) ** focus


def _pinball(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    """The mean over the levels of how far off, by level and side."""
    levels = tf.constant(head.settings.levels, tf.float32)
    error = targets - rising(outputs)
    losses = tf.maximum(levels * error, (levels - 1.0) * error)
    return tf.reduce_mean(losses, axis=1, keepdims=True)


def _corn(targets: Tensor, outputs: Tensor, head: HeadPlan) -> Tensor:
    """Cross-entropy of each step, over the rows that have come as far.

    By Shi, Cao and Raschka (2021). Summed over the steps of a row it is -log of its
    rank's chance.
    """
    steps = tf.range(head.width, dtype=tf.float32)
    lost = tf.nn.sigmoid_cross_entropy_with_logits(
        labels=tf.cast(targets > steps, tf.float32), logits=outputs
    )
    come = tf.cast(targets >= steps, tf.float32)
    return tf.reduce_sum(come * lost, axis=1, keepdims=True)


def _class_labels(targets: Tensor, head: HeadPlan) -> Tensor:
    """Return what each class's chance should be, `(batch, classes)`."""
    truth = tf.one_hot(tf.cast(targets[:, 0], tf.int32), head.width)
    return _smoothed(truth, head, head.width)


def _smoothed(labels: Tensor, head: HeadPlan, classes: int) -> Tensor:
    """Return labels of 0 and 1 with a share of each spread over all classes."""
    smoothing = head.settings.smoothing
    if smoothing == 0.0:
        return labels
    return (1.0 - smoothing) * labels + smoothing / classes


LOSSES: Mapping[str, Mapping[str, Loss]] = {
    "linear": {
        "mse": _mse,
        "mae": _mae,
        "huber": _huber,
        "log_cosh": _log_cosh,
        "gaussian_nll": _gaussian_nll,
    },
    "sigmoid": {"binary_crossentropy": _binary_crossentropy, "focal": _binary_focal},
    "softmax": {
        "categorical_crossentropy": _categorical_crossentropy,
        "focal": _categorical_focal,
    },
    "exponential": {"poisson": _poisson},
    "rising": {"pinball": _pinball},
    "chained": {"corn": _corn},
}


def errors_seen(head: HeadPlan, targets: Tensor, outputs: Tensor) -> Tensor:
    """Return what is shown of each label while training, `(batch, targets)`.

    The absolute error of numbers, in standard deviations where they are standardised;
    for classes and labels 1 where the likelier one is right and 0 where not.
    """
    match head.activation:
        case "linear":
            return tf.abs(outputs[:, : head.targets] - targets)
        case "exponential":
            return tf.abs(tf.exp(outputs) - targets)
        case "rising":
            place = middle_level(head.settings.levels)
            return tf.abs(rising(outputs)[:, place : place + 1] - targets)
        case "sigmoid":
            return tf.cast((outputs > 0.0) == (targets > 0.5), tf.float32)
        case "chained":
            above = tf.cast(passed(outputs) > 0.5, tf.float32)
            rank = tf.reduce_sum(above, axis=1, keepdims=True)
            return tf.cast(rank == targets, tf.float32)
        case "softmax":
            chosen = tf.argmax(outputs, axis=1, output_type=tf.int32)
            right = chosen == tf.cast(targets[:, 0], tf.int32)
            return tf.cast(right, tf.float32)[:, tf.newaxis]
