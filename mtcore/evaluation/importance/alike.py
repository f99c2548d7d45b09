"""Inputs that say nearly the same, found by their ranks."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment

ALIKE_FROM = 0.8
_MOST_ROWS = 2_000
_MOST_COLUMNS = 400


def alike_inputs(
    experiment: Experiment, table: Table, alike_from: float = ALIKE_FROM
) -> tuple[tuple[str, ...], ...]:
    """Return the inputs in groups: within one, all ranks correlate strongly.

    Complete linkage on 1 - |Spearman's correlation|, so that each two members of a
    group are alike. A class counts by how frequent it is, a moment by its time; a text
    stands alone. Shuffled one by one, inputs that stand in for each other all look
    unimportant.

    Args:
        experiment: Its inputs must be listed.
        table: Rows with the inputs; the first 2,000 are looked at.
        alike_from: |Correlation| from which two inputs belong together.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    inputs = experiment.inputs or ()
    names = [given.column for given in inputs]
    rows = table.take(np.arange(min(table.rows, _MOST_ROWS), dtype=np.int64))
    ranked = {
        given.column: ranks
        for given in inputs[:_MOST_COLUMNS]
        if given.kind not in ("text", "image")
        and np.ptp(ranks := _ranks(_values(rows, given.column, given.kind))) > 0.0
    }
    if len(ranked) < 2:
        return tuple((name,) for name in names)
    distance = 1.0 - np.abs(np.corrcoef(np.stack(list(ranked.values()))))
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(np.clip(distance, 0.0, 1.0), checks=False), "complete")
    found = fcluster(tree, 1.0 - alike_from + 1e-9, "distance").tolist()
    cluster = dict(zip(ranked, found, strict=True))
    groups: dict[object, list[str]] = {}
    for name in names:
        groups.setdefault(cluster.get(name, name), []).append(name)
    return tuple(tuple(group) for group in groups.values())


def _values(rows: Table, column: str, kind: str) -> FloatArray:
    match kind:
        case "number":
            return rows.numbers(column)
        case "datetime":
            return rows.timestamps(column)
        case _:
            cells = np.asarray([str(cell) for cell in rows.categories(column)])
            _, places, counts = np.unique(
                cells, return_inverse=True, return_counts=True
            )
            # Ties are broken by the alphabet, or two equally frequent would be one.
            order = np.lexsort((np.arange(len(counts)), -counts))
            return np.argsort(order)[places].astype(np.float64)


def _ranks(values: FloatArray) -> FloatArray:
    """Return mean ranks of equal values; missing ones in the middle."""
    from scipy.stats import rankdata

    ranks = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    ranks[known] = rankdata(values[known])
    middle = float(np.mean(ranks[known])) if known.any() else 0.0
    return np.where(known, ranks, middle)
