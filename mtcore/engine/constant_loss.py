"""The best constant prediction of each head: where training starts, and what counts 1.

Each head's loss is divided by that of its constant, so that losses of numbers and of
classes compare and head weights mean what people think they mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import tf
from mtcore.engine.labels import Labels, SingleArray
from mtcore.engine.losses import LOSSES
from mtcore.engine.plan import HeadPlan, NetworkPlan

SMALLEST_LOSS = 1e-6
SMALLEST_SHARE = 1e-4
SMALLEST_MEAN = 1e-6


@dataclass(frozen=True, slots=True)
class Constant:
    """The constant prediction of one head.

    Args:
        outputs: Float64 `(width,)`: raw outputs, so logits or standardised numbers.
        loss: Its mean loss over the labelled training rows, above 0.
    """

    outputs: FloatArray
    loss: float


def fit_constants(plan: NetworkPlan, labels: Labels) -> tuple[Constant, ...]:
    """Return each head's best constant, in the plan's order.

    Args:
        plan: Says which columns of the labels belong to which head.
        labels: Of the training rows.
    """
    constants = []
    start = 0
    for head in plan.heads:
        chosen = slice(start, start + head.targets)
        start += head.targets
        targets, weights = labels.targets[:, chosen], labels.weights[:, chosen]
        candidates = _candidates(head, targets, weights)
        losses = [_mean_loss(head, targets, weights, guess) for guess in candidates]
        best = int(np.argmin(losses))
        constants.append(
            Constant(candidates[best], max(losses[best], SMALLEST_LOSS)),
        )
    return tuple(constants)


def _candidates(
    head: HeadPlan, targets: SingleArray, weights: SingleArray
) -> list[FloatArray]:
    match head.activation:
        case "linear":
            medians = [
                _weighted_median(targets[:, k], weights[:, k])
                for k in range(head.targets)
            ]
            return [_weighted_mean(targets, weights), np.array(medians)]
        case "sigmoid":
            share = _smoothed(_weighted_mean(targets, weights), head, 2)
            share = np.clip(share, SMALLEST_SHARE, 1.0 - SMALLEST_SHARE)
            return [np.log(share / (1.0 - share))]
        case "softmax":
            shares = _smoothed(_class_shares(head, targets, weights), head, head.width)
            return [np.log(np.maximum(shares, SMALLEST_SHARE))]
        case "exponential":
            mean = _weighted_mean(targets, weights)
            return [np.log(np.maximum(mean, SMALLEST_MEAN))]


def _class_shares(
    head: HeadPlan, targets: SingleArray, weights: SingleArray
) -> FloatArray:
    classes = targets[:, 0].astype(np.int64)
    sums = np.bincount(classes, weights[:, 0], minlength=head.width)
    shares: FloatArray = sums / max(sums.sum(), np.finfo(np.float64).tiny)
    return shares


def _smoothed(shares: FloatArray, head: HeadPlan, classes: int) -> FloatArray:
    smoothing = head.settings.smoothing
    return (1.0 - smoothing) * shares + smoothing / classes


def _weighted_mean(targets: SingleArray, weights: SingleArray) -> FloatArray:
    total = weights.sum(axis=0, dtype=np.float64)
    summed = (targets.astype(np.float64) * weights).sum(axis=0)
    mean: FloatArray = summed / np.maximum(total, np.finfo(np.float64).tiny)
    return mean


def _weighted_median(values: SingleArray, weights: SingleArray) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order], dtype=np.float64)
    place = np.searchsorted(reached, reached[-1] / 2.0)
    return float(values[order][min(int(place), len(order) - 1)])


def _mean_loss(
    head: HeadPlan, targets: SingleArray, weights: SingleArray, guess: FloatArray
) -> float:
    outputs = np.broadcast_to(guess.astype(np.float32), (len(targets), head.width))
    loss = LOSSES[head.activation][head.loss]
    losses = loss(tf.constant(targets), tf.constant(outputs), head).numpy()
    total = weights.sum(dtype=np.float64)
    summed = (losses.astype(np.float64) * weights).sum()
    return float(summed / max(total, np.finfo(np.float64).tiny))
