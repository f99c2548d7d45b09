"""How much of an answer is the trees' and how much the network's."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray

# A half is what holds with no row to judge by: as if so many more rows asked for it.
ROWS_FOR_A_HALF = 20


def share_of_trees(
    targets: FloatArray, network: FloatArray, trees: FloatArray
) -> float:
    """Return the share with the least squared error, in tenths.

    With n the network's and t the trees' answers, the error of (1 - w) n + w t to y is
    least at w = Σ (y - n)(t - n) / Σ (t - n)². Few rows would tell little, so that
    `ROWS_FOR_A_HALF` more are counted on which the two differ as much as on the others
    and a half is best.

    Args:
        targets: `(rows, outputs)`, NaN where there is no label: in like units, or 0
            and 1 for classes.
        network: Answers for these rows by networks that did not learn from them.
        trees: Likewise.

    Returns:
        From 0 (the network alone) to 1 (the trees alone).

    Examples:
        >>> y = np.arange(200.0)[:, np.newaxis]
        >>> share_of_trees(y, y + 4.0, y - 1.0), share_of_trees(y[:3], y[:3], y[:3] + 1)
        (0.8, 0.4)
    """
    labelled = ~np.isnan(targets).any(axis=1)
    apart = (trees - network)[labelled]
    wanted = (targets - network)[labelled]
    rows = len(apart)
    apart_squared = float(np.square(apart).sum())
    if rows == 0 or not apart_squared > 0.0:
        return 0.5
    prior = ROWS_FOR_A_HALF * apart_squared / rows
    share = ((wanted * apart).sum() + 0.5 * prior) / (apart_squared + prior)
    return float(np.round(np.clip(share, 0.0, 1.0), 1))
