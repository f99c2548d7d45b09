"""Each head's gradient on the trunk by itself: norms, shares, cosines, conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.program.sums import TRAIN_SUMS


def flat_gradients(
    tape: Tensor, losses: Sequence[Tensor], variables: Sequence[Tensor]
) -> Tensor:
    """Return the gradient of each loss on all variables, float32 `(losses, numbers)`.

    Args:
        tape: Persistent; it watched the losses.
        losses: Scalars.
        variables: At least one; a loss that a variable has no part in leaves zeros.
    """
    zero = tf.UnconnectedGradients.ZERO
    return tf.stack(
        [
            tf.concat(
                [
                    tf.reshape(tf.convert_to_tensor(part), [-1])
                    for part in tape.gradient(
                        loss, variables, unconnected_gradients=zero
                    )
                ],
                0,
            )
            for loss in losses
        ]
    )


def products_of(gradients: Tensor) -> Tensor:
    """Return the dot products of all rows with all rows, `(rows, rows)`."""
    return tf.matmul(gradients, gradients, transpose_b=True)


def measured_parts(
    steps: tuple[int, int, int], every: int
) -> Iterator[tuple[tuple[int, int, int], bool]]:
    """Cut steps where gradients are measured; say of each part whether they are.

    Args:
        steps: The first step in its epoch, how many, and the steps before the epoch.
        every: Steps between measurements since training began; 0 = never.
    """
    first, count, before = steps
    if every == 0 or count == 0:
        yield steps, False
        return
    last = first + count
    while first < last:
        past = (before + first) % every
        taken = min(every - past, last - first)
        yield (first, taken, before), past == 0
        first += taken


def add_measures(sums: FloatArray, products: FloatArray) -> FloatArray:
    """Return the sums of an epoch with one measurement added.

    A head that does not move the trunk, or has no label in the batch, has no gradient
    there and so no cosine.

    Args:
        sums: As `blank_sums` says.
        products: Dot products of the measured heads' gradients, `(measured, measured)`.
    """
    norms = np.sqrt(np.diag(products))
    moving = norms > 0.0
    both = np.outer(moving, moving)
    cosines = np.zeros(products.shape)
    np.divide(products, np.outer(norms, norms), out=cosines, where=both)
    shares = norms / norms.sum() if moving.any() else norms
    added = np.vstack([norms, shares, cosines, both, cosines < 0.0])
    measured = sums.copy()
    measured[TRAIN_SUMS:, : len(norms)] += added
    return measured
