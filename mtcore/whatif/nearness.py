"""Is a row like those that were trained on, all inputs taken together?

Every input may lie within its range and the row still be like no other: a small flat
with ten bathrooms. A model answers there too, and nothing holds it to the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment

ROWS_KEPT = 1_000
FAR_FROM = 0.99
"""The share of training rows that lie nearer to another one than a far row does."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Some training rows, and how far each is from the nearest other one.

    Args:
        experiment: Names the inputs.
        numbers: Numbers and moments in units of their spread, `(rows, numbers)`; NaN
            where missing.
        classes: The texts of all other inputs, `(rows, classes)`.
        spreads: What the numbers were divided by, `(numbers,)`.
        usual: Distances to the nearest other row, rising, `(rows,)`.
    """

    experiment: Experiment
    numbers: FloatArray
    classes: NDArray[np.object_]
    spreads: FloatArray
    usual: FloatArray

    def farness(self, table: Table) -> FloatArray:
        """Return the share of training rows that are nearer to one than each row is.

        Args:
            table: Rows with all inputs.

        Returns:
            `(rows,)`, from 0 (as near as can be) to 1 (farther than all).
        """
        numbers, classes = _cells(self.experiment, table)
        distances = _distances(
            (numbers / self.spreads, classes), (self.numbers, self.classes)
        )
        nearest = distances.min(axis=1)
        # Rows as far as others of that distance are as usual as those.
        return np.asarray(
            np.searchsorted(self.usual, nearest, side="left") / len(self.usual)
        )


def neighbourhood(experiment: Experiment, training: Table) -> Neighbourhood | None:
    """Return what tells whether rows are near to the training rows.

    Distances are Gower's (1971): the mean over the inputs of the distance of numbers in
    units of their spread, and of 1 where classes differ or one of two is missing.

    Args:
        experiment: Its inputs must be listed; texts and pictures are left out.
        training: Rows that were trained on; the first 1,000 are kept, so give a draw.

    Returns:
        None where fewer than 20 rows or no input of use are there.

    Raises:
        ExperimentError: The experiment does not list its inputs.
    """
    if experiment.inputs is None:
        msg = "The experiment doesn't list its inputs. Add `inputs` to it."
        raise ExperimentError(msg, where="inputs")
    kept = training.take(np.arange(min(training.rows, ROWS_KEPT), dtype=np.int64))
    numbers, classes = _cells(experiment, kept)
    if kept.rows < 20 or not numbers.shape[1] + classes.shape[1]:
        return None
    low, high = _quantile(numbers, 0.05), _quantile(numbers, 0.95)
    spreads = np.where(high > low, high - low, 1.0)
    rows = numbers / spreads, classes
    distances = _distances(rows, rows)
    np.fill_diagonal(distances, np.inf)
    usual = np.sort(distances.min(axis=1))
    return Neighbourhood(experiment, rows[0], classes, spreads, usual)


def _cells(
    experiment: Experiment, table: Table
) -> tuple[FloatArray, NDArray[np.object_]]:
    numbers: list[FloatArray] = []
    classes = []
    for given in experiment.inputs or ():
        match given.kind:
            case "number":
                numbers.append(table.numbers(given.column))
            case "datetime":
                numbers.append(table.timestamps(given.column))
            case "category" | "boolean":
                classes.append(table.categories(given.column))
            case _:
                continue
    return (
        np.stack(numbers, axis=1) if numbers else np.zeros((table.rows, 0)),
        np.stack(classes, axis=1) if classes else np.empty((table.rows, 0), object),
    )


def _distances(
    rows: tuple[FloatArray, NDArray[np.object_]],
    others: tuple[FloatArray, NDArray[np.object_]],
) -> FloatArray:
    """Return the mean distance over all inputs, `(rows, others)`."""
    (numbers, classes), (known, names) = rows, others
    total = np.zeros((len(numbers), len(known)))
    for place in range(numbers.shape[1]):
        one, other = numbers[:, place, np.newaxis], known[np.newaxis, :, place]
        apart = np.abs(one - other)
        both = np.isnan(one) & np.isnan(other)
        total += np.where(both, 0.0, np.where(np.isnan(apart), 1.0, apart))
    for place in range(classes.shape[1]):
        total += classes[:, place, np.newaxis] != names[np.newaxis, :, place]
    return np.asarray(total / (numbers.shape[1] + classes.shape[1]))


def _quantile(numbers: FloatArray, share: float) -> FloatArray:
    known = np.where(np.isfinite(numbers), numbers, np.nan)
    empty = np.isnan(known).all(axis=0)
    filled = np.where(empty, 0.0, known)
    return np.asarray(np.nanquantile(filled, share, axis=0))
