"""What every head loses on a batch, and the sums that an epoch is told from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.losses import LOSSES, errors_seen
from mtcore.engine.plan import NetworkPlan

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
    losses, parts = [], []
    start = 0
    for head, raw in zip(plan.heads, outputs, strict=True):
        chosen = slice(start, start + head.targets)
        start += head.targets
        targets = batch["targets"][:, chosen]
        weights = batch["weights"][:, chosen]
        loss = LOSSES[head.activation][head.loss](targets, raw, head)
        lost, weight = tf.reduce_sum(loss * weights), tf.reduce_sum(weights)
        labelled = tf.cast(weights > 0.0, tf.float32)
        errors = errors_seen(head, targets, raw) * units[chosen]
        losses.append(lost / tf.where(weight > 0.0, weight, 1.0))
        error = tf.reduce_sum(errors * labelled)
        parts.append([lost, weight, error, tf.reduce_sum(labelled)])
    added = tf.transpose(tf.cast(tf.stack(parts), tf.float64))
    return tf.stack(losses), added
