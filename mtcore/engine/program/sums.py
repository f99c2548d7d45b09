"""The sums of a running epoch: one array, carried from chunk to chunk and kept whole.

Its first rows are those of `head_losses`; training adds what the ledger and the
measurements of gradients are told from.
"""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.program.objective import SUMS

# Rows after those of `head_losses`: losses times their weights in the objective, what
# a balance adds to the objective itself, and steps.
WEIGHTED, PENALTY, STEPS = SUMS, SUMS + 1, SUMS + 2
TRAIN_SUMS = SUMS + 3
# Gradients are compared between so many heads at most, the first ones: pairs grow with
# the square, in compiling as in the store.
MOST_MEASURED = 12
# So many heads have a line of their own in the ledger.
MOST_LEDGER = 24
# Rows of a measurement before its three squares of heads: norms, and shares.
NORMS, SHARES = TRAIN_SUMS, TRAIN_SUMS + 1


def measured_heads(heads: int) -> int:
    """Return how many heads' gradients are compared."""
    return min(heads, MOST_MEASURED)


def blank_sums(heads: int) -> FloatArray:
    """Return the sums before the first step, float64 `(rows, heads)`.

    Rows: `SUMS` of losses, `WEIGHTED`, `PENALTY`, `STEPS`, `NORMS`, `SHARES`, and three
    squares of measured heads: cosines, how many were summed, and how many of these
    were negative.
    """
    return np.zeros((TRAIN_SUMS + 2 + 3 * measured_heads(heads), heads))
