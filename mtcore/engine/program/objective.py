"""What every head loses on a batch, and the sums that an epoch is told from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mtcore.arrays import RowArray
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.plans.plan import HeadPlan, NetworkPlan
from mtcore.engine.program.losses import LOSSES, errors_seen

# What is summed over rows for each head: weighted losses, their weights, errors shown
# to people, and how many of these.
SUMS = 4


def head_losses(
    plan: NetworkPlan,
    outputs: Sequence[Tensor],
    batch: Mapping[str, Tensor],
    units: Tensor,
) -> tuple[Tensor, Tensor]:
    """Return each head's mean loss over its labels, and what to add to the sums.

    Args:
        plan: Its heads give losses and targets.
        outputs: Raw outputs, `(batch, head.width)` a head.
        batch: `targets` and `weights`, float32 `(batch, targets)`, head by head.
        units: What turns an error into its target's unit, float32 `(targets,)`.

    Returns:
        Float32 `(heads,)`, 0 where no row has a label, and float64 `(SUMS, heads)`.
    """
    starts = np.cumsum([0, *(head.targets for head in plan.heads)])
    sums: dict[int, Tensor] = {}
    for places in plan.alike():
        first = plan.heads[places[0]]
        columns = [starts[place] + np.arange(first.targets) for place in places]
        chosen = np.concatenate(columns)
        told = _sums_of(
            first,
            tf.concat([outputs[place] for place in places], 0),
            _one_below_another(batch["targets"], chosen, len(places)),
            _one_below_another(batch["weights"], chosen, len(places)),
            tf.reshape(tf.gather(units, chosen), [len(places), 1, first.targets]),
        )
        sums |= dict(zip(places, tf.unstack(told), strict=True))
    parts = tf.stack([sums[place] for place in range(len(plan.heads))], 1)
    lost, weight = parts[0], parts[1]
    return lost / tf.where(weight > 0.0, weight, 1.0), tf.cast(parts, tf.float64)


def _sums_of(
    head: HeadPlan, raw: Tensor, targets: Tensor, weights: Tensor, units: Tensor
) -> Tensor:
    """Return the sums of heads that differ in nothing but their id, `(heads, SUMS)`.

    What a row loses depends on that row alone, so the heads' rows are computed as if
    they were one head's: one kernel for all, and a graph that does not grow.

    Args:
        head: Any of them.
        raw: Float32 `(heads · batch, width)`, as targets and weights: head by head.
        targets: Float32 `(heads · batch, targets)`.
        weights: Float32 `(heads · batch, targets)`.
        units: Float32 `(heads, 1, targets)`.
    """
    loss = LOSSES[head.activation][head.loss](targets, raw, head)
    labelled = tf.cast(weights > 0.0, tf.float32)
    shape = [units.shape[0], -1, head.targets]
    errors = tf.reshape(errors_seen(head, targets, raw) * labelled, shape) * units
    by_head = [tf.reshape(part, shape) for part in (loss * weights, weights, labelled)]
    lost, weight, labels = by_head
    summed = [tf.reduce_sum(part, [1, 2]) for part in (lost, weight, errors, labels)]
    return tf.stack(summed, 1)


def _one_below_another(values: Tensor, columns: RowArray, heads: int) -> Tensor:
    """Return columns of `(batch, all)` as `(heads · batch, columns of a head)`."""
    if heads == 1:
        # They lie side by side, and a slice is faster than a choice.
        return values[:, columns[0] : columns[-1] + 1]
    chosen = tf.gather(values, columns, axis=1)
    each = len(columns) // heads
    by_head = tf.transpose(tf.reshape(chosen, [-1, heads, each]), [1, 0, 2])
    return tf.reshape(by_head, [-1, each])
