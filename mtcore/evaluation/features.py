"""The experiment's inputs as one matrix of numbers, for models that are no networks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray, TextArray
from mtcore.data.table import Table
from mtcore.data.words import words_of
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment

# Boosted trees of scikit-learn take at most 255 values of a category.
_MOST_CATEGORIES = 254
_MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Features:
    """Inputs of all rows.

    Args:
        matrix: `(rows, features)`: numbers, codes of categories, parts of moments,
            counts of words; NaN where a cell is missing.
        categorical: Which features are codes without an order, `(features,)`.
    """

    matrix: FloatArray
    categorical: NDArray[np.bool_]


def build_features(experiment: Experiment, table: Table, train: RowArray) -> Features:
    """Return the inputs as a matrix.

    Args:
        experiment: Its inputs must be listed.
        table: Holds every input column.
        train: The rows that categories are learned from; others are one category.

    Raises:
        ExperimentError: The experiment does not list its inputs.
        ColumnError: The table lacks an input.
    """
    if experiment.inputs is None:
        msg = "The experiment doesn't list its inputs. Add `inputs` to it."
        raise ExperimentError(msg, where="inputs")
    columns: list[FloatArray] = []
    categorical: list[bool] = []
    for given in experiment.inputs:
        match given.kind:
            case "number":
                made = [table.numbers(given.column)]
            case "category" | "boolean":
                made = [_codes(table.categories(given.column), train)]
            case "datetime":
                made = _moments(table.timestamps(given.column))
            case "text":
                made = _words(table.categories(given.column), train)
        columns += made
        categorical += [given.kind in {"category", "boolean"}] * len(made)
    return Features(np.stack(columns, axis=1), np.asarray(categorical, dtype=np.bool_))


def _codes(cells: TextArray, train: RowArray) -> FloatArray:
    """Return the rank of each value among the training rows, the most frequent first.

    Values that are too rare, or not among the training rows, share the next code.
    """
    texts = np.asarray(["" if cell is None else str(cell) for cell in cells])
    missing = np.asarray([cell is None for cell in cells], dtype=np.bool_)
    seen = texts[train][~missing[train]]
    values, counts = np.unique(seen, return_counts=True)
    kept = values[np.argsort(-counts, kind="stable")][:_MOST_CATEGORIES]
    rank = {value: float(code) for code, value in enumerate(kept.tolist())}
    other = float(len(rank))
    codes = np.asarray([rank.get(text, other) for text in texts.tolist()])
    return np.where(missing, np.nan, codes)


def _words(cells: TextArray, train: RowArray) -> list[FloatArray]:
    """Return how many words a text has, and how often the most frequent ones."""
    texts = [Counter(words_of(cell or "")) for cell in cells]
    seen: Counter[str] = Counter()
    for row in train.tolist():
        seen.update(texts[row].keys())
    ranked = sorted(seen.items(), key=lambda item: (-item[1], item[0]))
    told = [float(text.total()) for text in texts]
    counts = [[float(text[word]) for text in texts] for word, _ in ranked[:_MOST_WORDS]]
    return [np.asarray(column) for column in (told, *counts)]


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
