"""Which rows make up each step of an epoch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def steps_of(rows: int, batch_size: int) -> int:
    """Return the steps of an epoch over so many rows."""
    return -(-rows // batch_size)


def epoch_order(
    rows: int, batch_size: int, length: int, seed: int, epoch: int
) -> NDArray[np.int32]:
    """Return the rows of each step, one step after another.

    Every row is in one step. All steps hold the same number of rows, give or take one,
    so that no step learns from a handful; free places hold row number `rows`, which
    weighs nothing.

    Args:
        rows: Real rows.
        batch_size: Places a step.
        length: Places of the result, at least `steps_of(rows, batch_size)` batches.
        seed: Of the experiment.
        epoch: Counted from 0. The order is a function of seed and epoch alone.

    Returns:
        Int32 `(length,)`.

    Examples:
        >>> epoch_order(5, 4, 12, seed=0, epoch=0).reshape(3, 4)
        array([[3, 4, 1, 5],
               [0, 2, 5, 5],
               [5, 5, 5, 5]], dtype=int32)
    """
    random = np.random.default_rng((0x0DE2, seed, epoch))
    steps = steps_of(rows, batch_size)
    order = np.full((length // batch_size, batch_size), rows, dtype=np.int32)
    # Row k of the shuffled rows goes to step k modulo steps.
    shuffled = random.permutation(rows).astype(np.int32)
    filled = np.full(steps * batch_size, rows, dtype=np.int32)
    filled[:rows] = shuffled
    order[:steps] = filled.reshape(batch_size, steps).T
    return order.reshape(-1)
