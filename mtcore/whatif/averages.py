"""How answers go with one input, row by row and on average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.whatif.scenarios import Predict

ROWS_AVERAGED = 200
ROWS_DRAWN = 25


@dataclass(frozen=True, slots=True)
class AverageResponse:
    """Answers as one input is set to value after value, in many rows.

    Args:
        rows: How many rows the mean is of.
        means: Mean outputs `(values, width)` by the head's name.
        single: Outputs of a few of the rows, `(drawn, values, width)`.
    """

    rows: int
    means: dict[str, FloatArray]
    single: dict[str, FloatArray]


def average_response(
    predict: Predict, table: Table, column: str, values: Sequence[object]
) -> AverageResponse:
    """Return how every head goes with one input, all else as in each row.

    The mean is partial dependence (Friedman, Greedy function approximation, 2001), the
    single rows are individual conditional expectations (Goldstein and others, Peeking
    inside the black box, 2015): where these cross, the input works together with
    others, and the mean alone would hide it.

    Args:
        predict: Answers for a table's rows.
        table: Real rows with all inputs, one at least.
        column: The input that is changed.
        values: What it is set to, one after the other.

    Raises:
        ColumnError: The table lacks the column.
    """
    repeated = table.take(np.repeat(np.arange(table.rows), len(values)))
    changed = repeated.with_cells(column, [*values] * table.rows)
    outputs = {
        head: answers.reshape(table.rows, len(values), -1)
        for head, answers in predict(changed).items()
    }
    drawn = np.unique(np.linspace(0, table.rows - 1, ROWS_DRAWN).round().astype(int))
    return AverageResponse(
        rows=table.rows,
        means={head: answers.mean(axis=0) for head, answers in outputs.items()},
        single={head: answers[drawn] for head, answers in outputs.items()},
    )
