"""Which rows make up each step of an epoch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def steps_of(rows: int, batch_size: int) -> int:
    """Return the steps of an epoch over so many rows."""
    return -(-rows // batch_size)


def steps_an_epoch(sizes: Sequence[int], batch_size: int) -> int:
    """Return the steps of an epoch over blocks of so many rows."""
    return sum(steps_of(rows, batch_size) for rows in sizes)


def block_order(blocks: int, seed: int, epoch: int) -> list[int]:
    """Return the places of blocks in the order in which an epoch reads them."""
    random = np.random.default_rng((0xB10C, seed, epoch))
    return [int(place) for place in random.permutation(blocks)]


def epoch_order(
    rows: int, batch_size: int, length: int, seed: int, epoch: int
) -> NDArray[np.int32]:
    """Return the rows of each step, one step after another.

    Args:
        rows: Real rows.
        batch_size: Places a step.
        length: Places of the result, at least `steps_of(rows, batch_size)` batches.
        seed: Of the experiment.
        epoch: Counted from 0. The order is a function of seed and epoch alone.

    Returns:
        Int32 `(length,)`, as `in_steps` gives it.

    Examples:
        >>> epoch_order(5, 4, 12, seed=0, epoch=0).reshape(3, 4)
        array([[3, 4, 1, 5],
               [0, 2, 5, 5],
               [5, 5, 5, 5]], dtype=int32)
    """
    return in_steps(shuffled_rows(rows, seed, epoch), batch_size, length)


def shuffled_rows(
    rows: int, seed: int, epoch: int, block: int = 0
) -> NDArray[np.int32]:
    """Return the row numbers of a block in the order of an epoch, int32 `(rows,)`."""
    random = np.random.default_rng((0x0DE2, seed, epoch, block))
    return random.permutation(rows).astype(np.int32)


def in_steps(
    shuffled: NDArray[np.int32], batch_size: int, length: int
) -> NDArray[np.int32]:
    """Return rows dealt out to steps.

    Every row is in one step. All steps hold the same number of rows, give or take one,
    so that no step learns from a handful; free places hold row number `rows`, which
    weighs nothing.

    Args:
        shuffled: Int32 `(rows,)`.
        batch_size: Places a step.
        length: Places of the result, at least `steps_of(rows, batch_size)` batches.

    Returns:
        Int32 `(length,)`.
    """
    rows = len(shuffled)
    steps = steps_of(rows, batch_size)
    order = np.full((length // batch_size, batch_size), rows, dtype=np.int32)
    # Row k of the shuffled rows goes to step k modulo steps.
    filled = np.full(steps * batch_size, rows, dtype=np.int32)
    filled[:rows] = shuffled
    order[:steps] = filled.reshape(batch_size, steps).T
    return order.reshape(-1)
