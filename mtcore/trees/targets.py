"""What trees learn of each head, and which heads share a forest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.spec import Experiment, Head, TargetEncoding

# Trees give means and honest probabilities; these losses ask for the same.
BLENDED_LOSSES = frozenset(
    {"mse", "huber", "log_cosh", "binary_crossentropy", "categorical_crossentropy"}
)
# More classes than this would fill a forest's leaves.
MOST_CLASSES = 50


@dataclass(frozen=True, slots=True)
class TreeTargets:
    """One head's targets, and what makes all heads vary alike.

    Args:
        name: The head's.
        values: `(rows, outputs)` as the head's answers are: in its units, or 0 and 1;
            NaN in rows without a label.
        mean: `(outputs,)`.
        scale: `(outputs,)`; (values - mean) / scale has a variance of 1 in all.
    """

    name: str
    values: FloatArray
    mean: FloatArray
    scale: FloatArray

    @property
    def scaled(self) -> FloatArray:
        """What a forest learns, `(rows, outputs)`."""
        scaled: FloatArray = (self.values - self.mean) / self.scale
        return scaled


def tree_targets(
    experiment: Experiment, table: Table, encodings: Mapping[str, TargetEncoding]
) -> tuple[tuple[TreeTargets, ...], ...]:
    """Return the targets of the heads that trees can answer, forest by forest.

    Heads whose labels are in the same rows share a forest.

    Args:
        experiment: Its heads.
        table: Rows with the target columns.
        encodings: What each head learned about its targets.

    Raises:
        ColumnError: The table lacks a column.
    """
    found = head_targets(experiment, encodings, table)
    forests: dict[bytes, list[TreeTargets]] = {}
    for head in experiment.heads:
        values = _as_answers(head, found[head.name], encodings[head.name])
        if values is None or not np.isfinite(values).all(axis=1).any():
            continue
        labelled = np.isfinite(values).all(axis=1)
        whole = values.copy()
        whole[~labelled] = np.nan
        targets = _scaled(head, whole)
        forests.setdefault(labelled.tobytes(), []).append(targets)
    return tuple(tuple(heads) for heads in forests.values())


def _as_answers(
    head: Head, values: FloatArray, encoding: TargetEncoding
) -> FloatArray | None:
    """Return targets as the head answers, None where trees would answer otherwise.

    Heads with class weights, or with a loss that aims at something else than the mean,
    are left to the network: held-out rows would give them to the trees for the very
    thing that was not wanted.
    """
    if head.loss not in BLENDED_LOSSES:
        return None
    match head.kind:
        case "regression" | "multilabel":
            return values if head.width(encoding) == values.shape[1] else None
        case "binary":
            return values if head.class_weight is None else None
        case "multiclass" if head.class_weight is None:
            return _one_hot(values[:, 0], len(encoding.classes))
        case _:
            return None


def _one_hot(positions: FloatArray, classes: int) -> FloatArray | None:
    if classes > MOST_CLASSES:
        return None
    known = np.where(np.isnan(positions), 0.0, positions).astype(np.int64)
    held = np.eye(classes)[known]
    held[np.isnan(positions)] = np.nan
    return held


def _scaled(head: Head, values: FloatArray) -> TreeTargets:
    mean, spread = np.nanmean(values, axis=0), np.nanvar(values, axis=0)
    columns = len(mean)
    if head.target_kind == "number":
        # Columns of a head vary alike, whatever their units are.
        scale = np.sqrt(np.where(spread > 0.0, spread, 1.0) * columns)
    else:
        scale = np.full(columns, np.sqrt(spread.sum() or 1.0))
    return TreeTargets(head.name, values, mean, scale)
