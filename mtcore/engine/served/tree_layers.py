"""The trees' part in the answers, in standard Keras layers and ops only.

A forest's arrays are the rows of an embedding that is not trained, so that they lie
among a model's weights. A row walks down all trees at once, a level a lookup.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

import numpy as np

from mtcore.engine.backend import Tensor, keras
from mtcore.engine.rows.preprocessing import UNKNOWN
from mtcore.errors import InputError
from mtcore.trees.blend import Blend, BlendedHead
from mtcore.trees.features import PATCHES, Feature
from mtcore.trees.forest import Forest

# Places are kept in single precision, which counts without a gap up to here.
MOST_PLACES = 2**24
DAY_S = 86_400.0
_HOUR_S = 3_600.0


def connect_blend(
    blend: Blend, columns: Mapping[str, Tensor], network: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Return a network's answers with the trees' part in them.

    Args:
        blend: Forests with their shares.
        columns: Raw columns by their name, `(batch, 1)`, as the served model takes
            them.
        network: Answers by the head's name, `(batch, width)`.

    Raises:
        InputError: A forest is too large to be kept in layers.
    """
    mixed = dict(network)
    if not blend.forests:
        return mixed
    parts = [_feature(given, columns[given.column]) for given in blend.facts.features]
    parts = [keras.ops.cast(part, "float32") for part in parts]
    matrix = keras.ops.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]
    answers = {
        place: _mean_of_leaves(forest, matrix, f"forest_{place}")
        for place, forest in blend.forests.items()
    }
    for head in blend.facts.heads:
        if head.share > 0.0:
            trees = _in_units(head, answers[head.forest])
            own = keras.ops.cast(network[head.name], "float64")
            mixed[head.name] = (1.0 - head.share) * own + head.share * trees
    return mixed


def depth_of(forest: Forest) -> int:
    """Return the most steps from a root to a leaf."""
    nodes = np.unique(forest.roots)
    depth = 0
    while (inner := nodes[forest.feature[nodes] >= 0]).size:
        nodes = np.unique(np.concatenate([forest.left[inner], forest.right[inner]]))
        depth += 1
    return depth


def _mean_of_leaves(forest: Forest, matrix: Tensor, name: str) -> Tensor:
    """Return the mean over the trees, float64 `(batch, outputs)`."""
    places = max(len(forest.feature), len(forest.values))
    if places > MOST_PLACES:
        msg = (
            f"The run's trees have {places:,} nodes, more than a model file holds "
            f"({MOST_PLACES:,}). Train with blend: none, or predict by the run itself."
        )
        raise InputError(msg)
    at_node = _table(_rows_of(forest), f"{name}_nodes")
    at_leaf = _table(forest.values, f"{name}_leaves")
    roots = forest.roots.astype(np.int32)
    nodes = keras.ops.zeros_like(matrix[:, :1], dtype="int32") + roots
    for _ in range(depth_of(forest)):
        node = at_node(nodes)
        asked = keras.ops.cast(node[:, :, 0], "int32")
        cells = keras.ops.take_along_axis(matrix, asked, axis=1)
        left = keras.ops.where(
            keras.ops.isnan(cells), node[:, :, 2] > 0.5, cells <= node[:, :, 1]
        )
        onward = keras.ops.where(left, node[:, :, 3], node[:, :, 4])
        nodes = keras.ops.cast(onward, "int32")
    leaves = keras.ops.cast(at_node(nodes)[:, :, 5], "int32")
    values = keras.ops.cast(at_leaf(leaves), "float64")
    return keras.ops.mean(values, axis=1)


def _rows_of(forest: Forest) -> np.ndarray:
    """Return a row a node: feature, threshold, missing left, left, right, leaf.

    A leaf leads to itself, so that a walk may go on when it has ended.
    """
    leaf = forest.feature < 0
    own = np.arange(len(leaf))
    return np.stack(
        [
            np.where(leaf, 0, forest.feature),
            forest.threshold,
            forest.missing_left,
            np.where(leaf, own, forest.left),
            np.where(leaf, own, forest.right),
            np.where(leaf, forest.left, 0),
        ],
        axis=1,
    ).astype(np.float32)


def _table(rows: np.ndarray, name: str) -> Tensor:
    """Return a layer that gives the rows at some places."""
    layer = keras.layers.Embedding(*rows.shape, trainable=False, name=name)
    layer.build((None, None))
    layer.set_weights([rows])
    return layer


def _in_units(head: BlendedHead, outputs: Tensor) -> Tensor:
    own = outputs[:, head.first : head.first + len(head.mean)]
    return own * np.asarray(head.scale) + np.asarray(head.mean)


def _feature(given: Feature, cells: Tensor) -> Tensor:
    """Return what trees see of a column, `(batch, features)`, NaN where missing."""
    match given.kind:
        case "number":
            return cells
        case "category" | "boolean":
            return _code(given, cells)
        case "datetime":
            return _moment(cells)
        case "text":
            return _counts(given, cells)
        case "image":
            return patches_of(cells)
        case _:
            assert_never(given.kind)


def patches_of(pixels: Tensor) -> Tensor:
    """Return the mean colours of 4 by 4 patches; NaN where a picture is all black.

    Args:
        pixels: Uint8 `(batch, height, width, 3)`.
    """
    values = keras.ops.cast(pixels, "float64")
    means = [
        keras.ops.mean(
            values[:, row[0] : row[-1] + 1, column[0] : column[-1] + 1], (1, 2)
        )
        for row in np.array_split(np.arange(pixels.shape[1]), PATCHES)
        for column in np.array_split(np.arange(pixels.shape[2]), PATCHES)
    ]
    seen = keras.ops.concatenate(means, axis=1)
    brightest = keras.ops.max(values, axis=(1, 2, 3))
    return keras.ops.where(brightest[:, None] > 0.0, seen, np.nan)


def _code(given: Feature, cells: Tensor) -> Tensor:
    """Return the rank of each cell's value; values without one share the next code."""
    lookup = keras.layers.StringLookup(
        vocabulary=["", *given.values], mask_token=None, oov_token=UNKNOWN
    )
    # 0 unknown, 1 missing, 2 and more a value.
    codes = keras.ops.cast(lookup(cells), "float32")
    other = float(len(given.values))
    known = keras.ops.where(codes < 0.5, other, codes - 2.0)
    return keras.ops.where(codes == 1.0, np.nan, known)


def _moment(seconds: Tensor) -> Tensor:
    """Return the moment itself, month, weekday (Monday = 0) and hour.

    The month follows Neri and Schneider, Euclidean affine functions and their
    application to calendar algorithms (2022), in the floating-point form of Hinnant's
    `civil_from_days`.
    """
    missing = keras.ops.isnan(seconds)
    known = keras.ops.trunc(keras.ops.where(missing, 0.0, seconds))
    days = keras.ops.floor(known / DAY_S)
    hours = (known - days * DAY_S) / _HOUR_S
    weekdays = keras.ops.mod(days + 3.0, 7.0)
    parts = keras.ops.concatenate([_month(days), weekdays, hours], axis=1)
    parts = keras.ops.where(missing, np.nan, parts)
    return keras.ops.concatenate([seconds, parts], axis=1)


def _month(days: Tensor) -> Tensor:
    """Return the month, from 1, of days since 1970."""

    def whole(values: Tensor) -> Tensor:
        return keras.ops.floor(values)

    # Days since the first of March of the year 0, within a cycle of 400 years.
    day = keras.ops.mod(days + 719_468.0, 146_097.0)
    leaps = whole(day / 1_460.0) - whole(day / 36_524.0) + whole(day / 146_096.0)
    year = whole((day - leaps) / 365.0)
    of_year = day - (365.0 * year + whole(year / 4.0) - whole(year / 100.0))
    month = whole((5.0 * of_year + 2.0) / 153.0)
    return keras.ops.where(month < 10.0, month + 3.0, month - 9.0)


def _counts(given: Feature, cells: Tensor) -> Tensor:
    """Return how many words a text has, and how often each of the given ones."""
    layer = keras.layers.TextVectorization(
        standardize="lower_and_strip_punctuation",
        output_mode="count",
        vocabulary=list(given.values or (UNKNOWN,)),
    )
    # Unknown words first, then each known one.
    counts = keras.ops.cast(layer(cells[:, 0]), "float32")
    counts = keras.ops.reshape(counts, (-1, max(len(given.values), 1) + 1))
    told = keras.ops.sum(counts, axis=1, keepdims=True)
    known = [counts[:, 1:]] if given.values else []
    return keras.ops.concatenate([told, *known], axis=1)
