"""Growing extremely randomised trees with scikit-learn, for all heads at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.trees.forest import LEAF, Forest

TREES = 200
# Trees that only judge, and are not kept.
JUDGING_TREES = 100
# More rows than this are drawn from, and leaves grow so that a forest stays this big.
MAX_ROWS = 20_000
MAX_NODES = 1_000_000
# Rows that choose the shares of a blend, where there are more.
MAX_JUDGED = 10_000


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a forest is grown from.

    Args:
        matrix: `(rows, features)` of every row of the table, NaN where missing.
        targets: `(rows, outputs)`, NaN in rows without a label. What is to count
            alike must vary alike.
        weights: `(rows,)`, 0 or more.
        seed: Of the draws.
    """

    matrix: FloatArray
    targets: FloatArray
    weights: FloatArray
    seed: int


def grow(lesson: Lesson, rows: RowArray, trees: int = TREES) -> Forest | None:
    """Return a forest grown from the labelled rows among some.

    One forest for all outputs, as rows that are alike in several targets tell more
    than in one: extremely randomised trees, by Geurts, Ernst and Wehenkel (2006).

    Args:
        lesson: Of every row.
        rows: That may be learned from.
        trees: How many.

    Returns:
        None where fewer than two rows are labelled.
    """
    from sklearn.ensemble import ExtraTreesRegressor

    labelled = ~np.isnan(lesson.targets).any(axis=1) & (lesson.weights > 0.0)
    known = drawn(rows[labelled[rows]], MAX_ROWS, lesson.seed)
    if len(known) < 2:
        return None
    model = ExtraTreesRegressor(
        trees,
        min_samples_leaf=-(-2 * len(known) * trees // MAX_NODES),
        random_state=lesson.seed,
        # Beside a training run, threads that wait for each other are slower than one.
        n_jobs=1,
    )
    targets = lesson.targets[known]
    # scikit-learn warns about a single column.
    targets = targets[:, 0] if targets.shape[1] == 1 else targets
    model.fit(_single(lesson.matrix[known]), targets, lesson.weights[known])
    return _as_forest([estimator.tree_ for estimator in model.estimators_])


def drawn(rows: RowArray, most: int, seed: int) -> RowArray:
    """Return the rows, ascending; some of them at random where there are more."""
    if len(rows) <= most:
        return rows
    random = np.random.default_rng((0x7EE5, seed))
    return np.sort(random.choice(rows, most, replace=False))


def _single(matrix: FloatArray) -> NDArray[np.float32]:
    """Return finite numbers in single precision, missing cells as they are."""
    largest = float(np.finfo(np.float32).max)
    return np.clip(matrix, -largest, largest).astype(np.float32)


def _as_forest(trees: list[Any]) -> Forest:
    roots, parts, values = [], [], []
    nodes = leaves = 0
    for tree in trees:
        leaf = tree.children_left == LEAF
        held = np.cumsum(leaf) - 1 + leaves
        parts.append(
            (
                np.where(leaf, LEAF, tree.feature),
                _rounded_down(np.where(leaf, 0.0, tree.threshold)),
                np.where(leaf, 0, tree.missing_go_to_left),
                np.where(leaf, held, tree.children_left + nodes),
                np.where(leaf, 0, tree.children_right + nodes),
            )
        )
        values.append(tree.value[leaf, :, 0].astype(np.float32))
        roots.append(nodes)
        nodes += len(leaf)
        leaves += int(leaf.sum())
    feature, threshold, missing_left, left, right = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    return Forest(
        roots=np.asarray(roots, np.int32),
        feature=feature.astype(np.int32),
        threshold=threshold,
        missing_left=missing_left.astype(np.bool_),
        left=left.astype(np.int32),
        right=right.astype(np.int32),
        values=np.concatenate(values),
    )


def _rounded_down(thresholds: FloatArray) -> NDArray[np.float32]:
    """Return single precision that the same single numbers are at most.

    A number x of single precision is at most t where it is at most the largest such
    number that is not above t.
    """
    nearest = thresholds.astype(np.float32)
    below = np.nextafter(nearest, np.float32(-np.inf))
    return np.where(nearest.astype(np.float64) > thresholds, below, nearest)
