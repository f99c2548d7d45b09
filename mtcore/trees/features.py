"""The experiment's inputs as one matrix of numbers, for models that are no networks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray, TextArray
from mtcore.data.tables.table import Table
from mtcore.data.values.words import words_of
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment, ImageInput
from mtcore.spec.base import Frozen
from mtcore.spec.inputs import PICTURE_SIDE

# Boosted trees of scikit-learn take at most 255 values of a category.
_MOST_CATEGORIES = 254
_MOST_WORDS = 100
PATCHES = 4  # a side
_PICTURES_AT_ONCE = 1_024


class Feature(Frozen):
    """How an input column becomes features.

    Args:
        column: Read from a table.
        kind: As the experiment reads the column.
        values: Of a category's training rows, the most frequent first; others share
            one code. Of a text, the words that are counted.
        size: Of a picture, height and width that it is looked at in.
    """

    column: str
    kind: Literal["number", "category", "boolean", "datetime", "text", "image"]
    values: tuple[str, ...] = ()
    size: tuple[int, int] | None = None

    @property
    def categorical(self) -> bool:
        """Whether the feature is a code without an order."""
        return self.kind in {"category", "boolean"}


@dataclass(frozen=True, slots=True)
class Features:
    """Inputs of all rows.

    Args:
        matrix: `(rows, features)`: numbers, codes of categories, parts of moments,
            counts of words, colours of a picture's patches; NaN where a cell is
            missing.
        categorical: Which features are codes without an order, `(features,)`.
    """

    matrix: FloatArray
    categorical: NDArray[np.bool_]


def fit_features(
    experiment: Experiment, table: Table, train: RowArray
) -> tuple[Feature, ...]:
    """Return how the inputs become a matrix.

    Args:
        experiment: Its inputs must be listed.
        table: Holds every input column.
        train: The rows that categories are learned from.

    Raises:
        ExperimentError: The experiment does not list its inputs.
        ColumnError: The table lacks an input.
    """
    if experiment.inputs is None:
        msg = "The experiment doesn't list its inputs. Add `inputs` to it."
        raise ExperimentError(msg, where="inputs")
    found = []
    for given in experiment.inputs:
        feature = Feature(column=given.column, kind=given.kind)
        if feature.categorical:
            values = _values(table.categories(given.column)[train])
            feature = feature.model_copy(update={"values": values})
        elif feature.kind == "text":
            words = _frequent_words(table.categories(given.column)[train])
            feature = feature.model_copy(update={"values": words})
        elif isinstance(given, ImageInput):
            feature = feature.model_copy(update={"size": given.size})
        found.append(feature)
    return tuple(found)


def feature_matrix(features: tuple[Feature, ...], table: Table) -> Features:
    """Return the inputs of a table's rows.

    Raises:
        ColumnError: The table lacks an input.
    """
    columns: list[FloatArray] = []
    categorical: list[bool] = []
    for feature in features:
        match feature.kind:
            case "number":
                made = [table.numbers(feature.column)]
            case "category" | "boolean":
                made = [_codes(table.categories(feature.column), feature.values)]
            case "datetime":
                made = _moments(table.timestamps(feature.column))
            case "text":
                made = _counts(table.categories(feature.column), feature.values)
            case "image":
                made = _patches(table, feature)
        columns += made
        categorical += [feature.categorical] * len(made)
    return Features(np.stack(columns, axis=1), np.asarray(categorical, dtype=np.bool_))


def build_features(experiment: Experiment, table: Table, train: RowArray) -> Features:
    """Return the inputs of the rows that they are learned from, and of all others.

    Raises:
        ExperimentError: The experiment does not list its inputs.
        ColumnError: The table lacks an input.
    """
    return feature_matrix(fit_features(experiment, table, train), table)


def _values(cells: TextArray) -> tuple[str, ...]:
    texts = np.asarray([str(cell) for cell in cells if cell is not None], dtype=np.str_)
    values, counts = np.unique(texts, return_counts=True)
    kept = values[np.argsort(-counts, kind="stable")][:_MOST_CATEGORIES]
    return tuple(kept.tolist())


def _codes(cells: TextArray, values: tuple[str, ...]) -> FloatArray:
    """Return the rank of each cell's value, and the next code for all other values."""
    rank = {value: float(code) for code, value in enumerate(values)}
    other = float(len(rank))
    codes = [
        np.nan if cell is None else rank.get(str(cell), other)
        for cell in cells.tolist()
    ]
    return np.asarray(codes, dtype=np.float64)


def _frequent_words(cells: TextArray) -> tuple[str, ...]:
    """Return the words that most texts hold."""
    seen: Counter[str] = Counter()
    for cell in cells:
        seen.update(set(words_of(cell or "")))
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    return tuple(word for word, _ in ranked[:_MOST_WORDS])


def _counts(cells: TextArray, words: tuple[str, ...]) -> list[FloatArray]:
    """Return how many words a text has, and how often each of the given ones."""
    texts = [Counter(words_of(cell or "")) for cell in cells]
    told = [float(text.total()) for text in texts]
    counts = [[float(text[word]) for text in texts] for word in words]
    return [np.asarray(column) for column in (told, *counts)]


def _patches(table: Table, feature: Feature) -> list[FloatArray]:
    """Return the mean colours of 4 by 4 patches of each picture, 0 to 255."""
    height, width = feature.size or (PICTURE_SIDE, PICTURE_SIDE)
    parts = []
    for batch in table.batches(_PICTURES_AT_ONCE):
        pixels = batch.pictures(feature.column, height, width)
        rows = np.array_split(pixels, PATCHES, axis=1)
        means = [
            patch.mean(axis=(1, 2), dtype=np.float64)
            for row in rows
            for patch in np.array_split(row, PATCHES, axis=2)
        ]
        seen = np.hstack(means)
        seen[~pixels.any(axis=(1, 2, 3))] = np.nan
        parts.append(seen)
    return list(np.concatenate(parts).T)


def _moments(seconds: FloatArray) -> list[FloatArray]:
    """Return the moment itself, month, weekday (Monday = 0) and hour."""
    missing = np.isnan(seconds)
    moments = np.where(missing, 0.0, seconds).astype("datetime64[s]")
    days = moments.astype("datetime64[D]")
    months = moments.astype("datetime64[M]").astype(np.int64) % 12 + 1
    weekdays = (days.astype(np.int64) + 3) % 7
    hours = (moments - days).astype(np.int64) / 3600.0
    parts = (months, weekdays, hours)
    return [seconds, *(np.where(missing, np.nan, part) for part in parts)]
