"""The best constant prediction of each head: where training starts, and what counts 1.

Each head's loss is divided by that of its constant, so that losses of numbers and of
classes compare and head weights mean what people think they mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import tf
from mtcore.engine.layers.outputs import SMALLEST_DEVIATION
from mtcore.engine.plans.plan import HeadPlan, NetworkPlan
from mtcore.engine.program.losses import LOSSES
from mtcore.engine.rows.labels import Labels, SingleArray

SMALLEST_LOSS = 1e-6
SMALLEST_SHARE = 1e-4
SMALLEST_MEAN = 1e-6
# Between quantiles, in spreads of the target: nearer ones could hardly move apart.
SMALLEST_STEP = 1e-2


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
        case "linear" if head.loss == "gaussian_nll":
            return [_raw_normal(targets, weights)]
        case "linear":
            medians = [
                _weighted_quantile(targets[:, k], weights[:, k], 0.5)
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
        case "rising":
            return [_raw_quantiles(head, targets[:, 0], weights[:, 0])]
        case "chained":
            return [_raw_steps(_class_shares(head, targets, weights))]


def _raw_normal(targets: SingleArray, weights: SingleArray) -> FloatArray:
    """Return means, and what `deviations` turns into the standard deviations."""
    mean = _weighted_mean(targets, weights)
    off = np.square(targets - mean).astype(np.float32)
    spread = np.sqrt(_weighted_mean(off, weights)) - SMALLEST_DEVIATION
    return np.concatenate([mean, _before_softplus(np.maximum(spread, SMALLEST_STEP))])


def _before_softplus(values: FloatArray) -> FloatArray:
    """Return what softplus turns into these values, all above 0."""
    return values + np.log(-np.expm1(-values))


def _raw_quantiles(
    head: HeadPlan, values: SingleArray, weights: SingleArray
) -> FloatArray:
    """Return the raw outputs that `rising` turns into the quantiles of values."""
    raw = np.array(
        [_weighted_quantile(values, weights, level) for level in head.settings.levels]
    )
    middle = len(raw) // 2
    apart = _before_softplus(np.maximum(np.diff(raw), SMALLEST_STEP))
    raw[:middle] = apart[:middle]
    raw[middle + 1 :] = apart[middle:]
    return raw


def _raw_steps(shares: FloatArray) -> FloatArray:
    """Return the logit of passing each rank once it is reached, `(ranks - 1,)`."""
    reached = np.cumsum(shares[::-1])[::-1]
    chance = np.divide(
        reached[1:], reached[:-1], out=np.full(len(shares) - 1, 0.5),
        where=reached[:-1] > 0.0,
    )  # fmt: skip
    chance = np.clip(chance, SMALLEST_SHARE, 1.0 - SMALLEST_SHARE)
    logits: FloatArray = np.log(chance / (1.0 - chance))
    return logits


def _class_shares(
    head: HeadPlan, targets: SingleArray, weights: SingleArray
) -> FloatArray:
    classes = targets[:, 0].astype(np.int64)
    count = head.width + (head.activation == "chained")
    sums = np.bincount(classes, weights[:, 0], minlength=count)
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


def _weighted_quantile(
    values: SingleArray, weights: SingleArray, level: float
) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order], dtype=np.float64)
    place = np.searchsorted(reached, reached[-1] * level)
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
