"""Dealing rows out so that every class of every head has its share in every part.

After Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data"
(ECML PKDD 2011). Rows with the same labels are dealt out together as far as the
shares divide them evenly; only what is left over goes row by row to the part that
needs its rarest label most.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray, TextArray

BINS = 5
MISSING_CODE = BINS


def stratified_parts(
    codes: NDArray[np.int64], shares: FloatArray, random: np.random.Generator
) -> RowArray:
    """Return the part that each row goes to.

    Args:
        codes: `(rows, labels)`: what each row holds for each label, from 0.
        shares: What part of the rows each part wants, `(parts,)`, adding up to 1.
        random: Decides which of several equal rows goes where.

    Returns:
        The position in `shares`, `(rows,)`.
    """
    combinations, combination = np.unique(codes, axis=0, return_inverse=True)
    combination = combination.reshape(-1)
    order = random.permutation(len(codes))
    order = order[np.argsort(combination[order], kind="stable")]
    counts = np.bincount(combination, minlength=len(combinations))
    place = np.arange(len(codes)) - np.repeat(np.cumsum(counts) - counts, counts)
    whole = np.floor(counts[:, np.newaxis] * shares).astype(np.int64)
    edges = np.repeat(np.cumsum(whole, axis=1), counts, axis=0)
    dealt = (place[:, np.newaxis] >= edges).sum(axis=1)
    parts = np.empty(len(codes), dtype=np.int64)
    parts[order] = dealt
    left = np.flatnonzero(parts == len(shares))
    _deal_rest(parts, random.permutation(left), codes, shares)
    return parts


def label_codes(cells: TextArray) -> NDArray[np.int64]:
    """Return each cell's class as a number, a missing cell being a class too."""
    known = {str(cell) for cell in cells if cell is not None}
    place: dict[Any, int] = {name: index for index, name in enumerate(sorted(known))}
    place[None] = len(place)
    codes = [place[None if cell is None else str(cell)] for cell in cells]
    return np.asarray(codes, dtype=np.int64)


def number_codes(values: FloatArray) -> NDArray[np.int64]:
    """Return the fifth of the range that each value lies in, missing being another."""
    known = values[~np.isnan(values)]
    codes = np.full(len(values), MISSING_CODE, dtype=np.int64)
    if known.size:
        edges = np.quantile(known, np.linspace(0.0, 1.0, BINS + 1)[1:-1])
        codes = np.where(np.isnan(values), MISSING_CODE, np.searchsorted(edges, values))
    return codes.astype(np.int64)


def _deal_rest(
    parts: RowArray,
    left: RowArray,
    codes: NDArray[np.int64],
    wanted: FloatArray,
) -> None:
    """Give the rows that are left, rarest label first, to the part most in need."""
    widths = codes.max(axis=0, initial=0) + 1
    columns = np.cumsum(widths) - widths + codes
    totals = np.bincount(columns.ravel(), minlength=int(widths.sum()))
    needs = wanted[:, np.newaxis] * totals
    room = wanted * len(codes)
    for part in range(len(wanted)):
        given = parts == part
        needs[part] -= np.bincount(columns[given].ravel(), minlength=len(totals))
        room[part] -= given.sum()
    rarity = totals[columns[left]]
    for row in left[np.argsort(rarity.min(axis=1), kind="stable")]:
        labels = columns[row]
        need = needs[:, labels[np.argmin(totals[labels])]]
        best = np.flatnonzero(need >= need.max() - 1e-9)
        part = best[np.argmax(room[best])]
        parts[row] = part
        needs[part, labels] -= 1.0
        room[part] -= 1.0
