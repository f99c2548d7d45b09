"""Gradient-boosted trees for one target, with bounded work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits.splits import RowSplit
from mtcore.trees.features import Features

MAX_ROWS = 50_000
MAX_VALIDATION_ROWS = 10_000
MAX_ITERATIONS = 300
_PATIENCE = 15
_FEWEST_TO_STOP = 30  # fewer validation rows would stop at random
_FEWEST_ITERATIONS = 20
_FEWEST_ROWS = 5_000
_ENOUGH = 40  # iterations
# A tree a class sees few rows of its class, and large leaves of them run away: on 100
# classes the usual settings end with a log loss far above that of the constant.
_MANY_CLASSES = 10
_FOR_MANY_CLASSES: dict[str, float] = {
    "max_leaf_nodes": 6, "l2_regularization": 10.0, "learning_rate": 0.2,
    "min_samples_leaf": 50,
}  # fmt: skip
# Rows, features and trees multiplied: what one processor core does in some 20 s.
_WORK = 2_000_000_000
# Beside a training run, two threads that wait for each other took 107 s for what one
# does in 1.6 s.
_THREADS = 1

Loss = Literal["squared_error", "absolute_error", "poisson", "quantile", "log_loss"]


@dataclass(frozen=True, slots=True)
class Task:
    """What trees are to learn.

    Args:
        loss: To fit by; `log_loss` tells classes apart.
        level: Of the quantile.
    """

    loss: Loss
    level: float | None = None


class Trees(Protocol):
    """A fitted model; the last two only where it tells classes apart."""

    def predict(self, matrix: FloatArray) -> FloatArray:
        """Return `(rows,)` quantities or classes."""

    def predict_proba(self, matrix: FloatArray) -> FloatArray:
        """Return `(rows, classes)` probabilities."""

    @property
    def classes_(self) -> FloatArray:
        """The classes seen."""


@dataclass(frozen=True, slots=True)
class Booster:
    """What all targets of one table have in common.

    Args:
        features: Of every row.
        weights: Of every row, `(rows,)`, 0 or more.
        split: Training rows are fitted, validation rows stop, all are predicted.
        seed: Of the draw of rows where there are too many.
        targets: How many targets share the work allowed.
    """

    features: Features
    weights: FloatArray
    split: RowSplit
    seed: int
    targets: int = 1

    def predict(self, target: FloatArray, task: Task, width: int) -> FloatArray | None:
        """Return predictions for every row.

        Args:
            target: `(rows,)`, a quantity or a class's position, NaN where unlabelled.
            task: What to learn.
            width: 1 for quantities and for the probability of class 1; the number of
                classes where each has its probability.

        Returns:
            `(rows, width)`, or None where the training rows hold fewer than two values.
        """
        from threadpoolctl import threadpool_limits

        with threadpool_limits(_THREADS, user_api="openmp"):
            return self._predict(target, task, width)

    def _predict(self, target: FloatArray, task: Task, width: int) -> FloatArray | None:
        train = self._labelled(self.split.train, target, self._rows(width))
        if len(train) < 2 or target[train].min() == target[train].max():
            return None
        model = self._fit(train, target, task)
        matrix = self.features.matrix
        if task.loss != "log_loss":
            return model.predict(matrix)[:, np.newaxis]
        chances = model.predict_proba(matrix)
        if width == 1:
            return chances[:, -1:]
        outputs = np.zeros((len(matrix), width))
        outputs[:, model.classes_.astype(np.int64)] = chances
        return outputs

    def _fit(self, train: RowArray, target: FloatArray, task: Task) -> Trees:
        from sklearn.ensemble import (
            HistGradientBoostingClassifier,
            HistGradientBoostingRegressor,
        )

        stop = self._labelled(self.split.validation, target, MAX_VALIDATION_ROWS)
        classes = 1
        if task.loss == "log_loss":
            known = np.unique(target[train])
            stop = stop[np.isin(target[stop], known)]
            classes = _trees(len(known))
        stopping = len(stop) >= _FEWEST_TO_STOP
        settings: dict[str, object] = {
            "max_iter": self._iterations(len(train), classes),
            "min_samples_leaf": 20 if len(train) >= 1_000 else 5,
            "categorical_features": self.features.categorical,
            "early_stopping": stopping,
            "n_iter_no_change": _PATIENCE,
            "random_state": self.seed,
        }
        if classes > _MANY_CLASSES:
            settings |= _FOR_MANY_CLASSES
        model = (
            HistGradientBoostingClassifier(**settings)
            if task.loss == "log_loss"
            else HistGradientBoostingRegressor(
                loss=task.loss, quantile=task.level, **settings
            )
        )
        matrix, held_out = self.features.matrix, {}
        if stopping:
            held_out = {"X_val": matrix[stop], "y_val": target[stop]}
            held_out["sample_weight_val"] = self.weights[stop]
        fitted: Trees = model.fit(
            matrix[train], target[train], sample_weight=self.weights[train], **held_out
        )
        return fitted

    def _labelled(self, rows: RowArray, target: FloatArray, most: int) -> RowArray:
        kept = rows[~np.isnan(target[rows]) & (self.weights[rows] > 0.0)]
        if len(kept) <= most:
            return kept
        random = np.random.default_rng(self.seed)
        return np.sort(random.choice(kept, most, replace=False))

    def _rows(self, width: int) -> int:
        """Return how many rows allow enough iterations: many classes, fewer rows."""
        once = self.matrix_width * _trees(width) * self.targets
        return int(np.clip(_WORK // (once * _ENOUGH), _FEWEST_ROWS, MAX_ROWS))

    def _iterations(self, rows: int, trees: int) -> int:
        once = rows * self.matrix_width * trees * self.targets
        return int(np.clip(_WORK // once, _FEWEST_ITERATIONS, MAX_ITERATIONS))

    @property
    def matrix_width(self) -> int:
        """How many features there are."""
        return int(self.features.matrix.shape[1])


def _trees(classes: int) -> int:
    """Return the trees of one iteration."""
    return classes if classes > 2 else 1
