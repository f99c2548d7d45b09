"""Many trees as plain arrays: asked with NumPy, kept without running anything.

A run store may be shared, and a pickled forest would run whatever stands in it. Arrays
of numbers can't, and they are checked before the first question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.errors import MissingError

# Rows times trees that are walked at once: some 40 MB.
_WALKED_AT_ONCE = 1_000_000
LEAF = -1


@final
@dataclass(frozen=True, slots=True)
class Forest:
    """Binary trees over a matrix of features; the answer is the mean of their leaves.

    A row goes left where its feature is at most the threshold, or missing where
    missing cells go left.

    Args:
        roots: Int32 `(trees,)`: the first node of each tree.
        feature: Int32 `(nodes,)`: what a node asks for; -1 in a leaf.
        threshold: Float32 `(nodes,)`.
        missing_left: Bool `(nodes,)`.
        left: Int32 `(nodes,)`: the next node, a later one; in a leaf its row of
            `values`.
        right: Int32 `(nodes,)`: the next node, a later one.
        values: Float32 `(leaves, outputs)`.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    values: NDArray[np.float32]

    def predict(self, matrix: FloatArray) -> FloatArray:
        """Return the mean over the trees, float64 `(rows, outputs)`.

        Args:
            matrix: `(rows, features)`, NaN where a cell is missing. Read in single
                precision, as scikit-learn does.
        """
        with np.errstate(over="ignore"):
            single = matrix.astype(np.float32)
        step = max(_WALKED_AT_ONCE // len(self.roots), 1)
        starts = range(0, max(len(single), 1), step)
        return np.concatenate([self._mean(single[k : k + step]) for k in starts])

    def arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the arrays by name, for a file of arrays."""
        return {f"{prefix}/{part.name}": getattr(self, part.name)
                for part in fields(self)}  # fmt: skip

    def _mean(self, rows: NDArray[np.float32]) -> FloatArray:
        leaves = self.left[self._walk(rows)]
        total = np.zeros((len(rows), self.values.shape[1]))
        for tree in leaves.T:
            total += self.values[tree]
        return total / len(self.roots)

    def _walk(self, rows: NDArray[np.float32]) -> NDArray[np.int32]:
        """Return the leaf that each row ends in, tree by tree, `(rows, trees)`."""
        trees, features = len(self.roots), rows.shape[1]
        # Flat arrays, from which NumPy takes twice as fast.
        cells, onward = rows.ravel(), np.stack([self.right, self.left], axis=1).ravel()
        any_missing = bool(np.isnan(cells).any())
        nodes = np.tile(self.roots, len(rows))
        walking = np.flatnonzero(self.feature[nodes] >= 0)
        while walking.size:
            at = nodes.take(walking)
            cell = cells.take(walking // trees * features + self.feature.take(at))
            left = cell <= self.threshold.take(at)
            if any_missing:
                left |= np.isnan(cell) & self.missing_left.take(at)
            after = onward.take(2 * at + left)
            nodes[walking] = after
            walking = walking.compress(self.feature.take(after) >= 0)
        return nodes.reshape(len(rows), trees)


def forest_of(
    arrays: Mapping[str, NDArray[Any]], prefix: str, features: int, outputs: int
) -> Forest:
    """Return a forest from the arrays of a file.

    Args:
        arrays: As `Forest.arrays` named them.
        prefix: As it was given there.
        features: Columns of the matrix that will be asked about.
        outputs: What each leaf must hold.

    Raises:
        MissingError: The arrays are no forest of that size; every walk through one
            ends, and in a leaf that is there.
    """
    kinds = {"missing_left": np.bool_, "threshold": np.float32, "values": np.float32}
    parts = {}
    for part in fields(Forest):
        array = arrays.get(f"{prefix}/{part.name}")
        wanted = np.dtype(kinds.get(part.name, np.int32))
        if array is None or array.dtype != wanted:
            raise _broken()
        parts[part.name] = array
    forest = Forest(**parts)
    if not _is_sound(forest, features, outputs):
        raise _broken()
    return forest


def _is_sound(forest: Forest, features: int, outputs: int) -> bool:
    nodes = len(forest.feature)
    one_each = (forest.threshold, forest.missing_left, forest.left, forest.right)
    if forest.values.ndim != 2 or forest.values.shape[1] != outputs:
        return False
    if any(array.shape != (nodes,) for array in one_each) or not len(forest.roots):
        return False
    inner = forest.feature >= 0
    place = np.arange(nodes)[inner]
    leaves = forest.left[~inner]
    return bool(
        ((forest.roots >= 0) & (forest.roots < nodes)).all()
        and (forest.feature < features).all()
        and ((leaves >= 0) & (leaves < len(forest.values))).all()
        and all(
            ((onward[inner] > place) & (onward[inner] < nodes)).all()
            for onward in (forest.left, forest.right)
        )
    )


def _broken() -> MissingError:
    return MissingError(
        "The run's trees can't be read: their file is damaged or was changed. Train "
        "the run again."
    )
