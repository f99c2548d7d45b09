"""What would the heads say if the inputs were different?

Nothing here knows a model: a function that predicts a table's rows is passed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.data.values.moments import seconds_since_1970, text_of_seconds
from mtcore.errors import ColumnError
from mtcore.whatif.ranges import Cell, InputRange

Predict = Callable[[Table], dict[str, FloatArray]]
"""Returns `(rows, width)` by head's name for a table's rows."""

Record = Mapping[str, object]
"""A row: cells by column; None is missing."""

CURVE_POINTS = 41


@dataclass(frozen=True, slots=True)
class Scenario:
    """A real row and what is different about it.

    Args:
        row: Cells of every input, by column.
        changes: Cells that are different; every column must be in `row`.
        missing: Cells that count as missing, as in the experiment.

    Raises:
        ColumnError: A changed column is not in the row.
    """

    row: Record
    changes: Record = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for column in self.changes:
            _require(self.row, column)

    def changed_row(self) -> dict[str, object]:
        """Return the row with the changes made."""
        return {**self.row, **self.changes}


@dataclass(frozen=True, slots=True)
class Effects:
    """What a scenario does to each head; `(width,)` by the head's name.

    Args:
        before: Outputs for the row as it is.
        after: Outputs for the row with all changes.
        alone: By changed column: outputs with that change only.
    """

    before: dict[str, FloatArray]
    after: dict[str, FloatArray]
    alone: dict[str, dict[str, FloatArray]]

    def difference(self, head: str) -> FloatArray:
        """Return what all changes together add to a head's outputs, `(width,)`."""
        return self.after[head] - self.before[head]

    def share_of(self, head: str, column: str) -> FloatArray:
        """Return what one change alone adds to a head's outputs, `(width,)`.

        The shares of several changes need not add up to their difference together: a
        network answers to combinations.
        """
        return self.alone[column][head] - self.before[head]


def changed_effects(predict: Predict, scenario: Scenario) -> Effects:
    """Return the outputs before, after, and for each change alone.

    One call of `predict` answers all, so that it costs hardly more than one row.
    """
    records = scenario_records(scenario)
    return split_effects(
        scenario, predict(Table.from_records(records, scenario.missing))
    )


def scenario_records(scenario: Scenario) -> list[dict[str, object]]:
    """Return the rows to ask about: before, after, and each change alone."""
    return [
        dict(scenario.row),
        scenario.changed_row(),
        *(
            {**scenario.row, column: value}
            for column, value in scenario.changes.items()
        ),
    ]


def split_effects(scenario: Scenario, outputs: Mapping[str, FloatArray]) -> Effects:
    """Return what a scenario does, from the outputs of its records.

    Args:
        scenario: As `scenario_records` was given it.
        outputs: `(records, width)` by the head's name.
    """
    answers = [
        {head: values[place] for head, values in outputs.items()}
        for place in range(2 + len(scenario.changes))
    ]
    alone = dict(zip(scenario.changes, answers[2:], strict=True))
    return Effects(before=answers[0], after=answers[1], alone=alone)


def response_curves(
    predict: Predict,
    row: Record,
    column: str,
    values: Sequence[object],
    missing: Sequence[str] = (),
) -> dict[str, FloatArray]:
    """Return how every head's outputs go with one input, all others as in the row.

    Args:
        predict: Answers for a table's rows.
        row: Cells of every input.
        column: The input that is changed.
        values: What it is set to, one after the other.
        missing: Cells that count as missing, as in the experiment.

    Returns:
        `(len(values), width)` by the head's name.

    Raises:
        ColumnError: The row has no such column.
    """
    _require(row, column)
    records = [{**row, column: value} for value in values]
    return predict(Table.from_records(records, missing))


def curve_values(
    known: InputRange, current: Cell = None, points: int = CURVE_POINTS
) -> tuple[Cell, ...]:
    """Return the values of an input that a response curve goes through, rising.

    Args:
        known: The input's range.
        current: What the row holds; it is always among the values.
        points: How many for a number or moment, 2 or more; a class has its 20 most
            frequent values.
    """
    if known.kind in {"category", "boolean"}:
        classes = dict.fromkeys(known.choices[:20])
        if current is not None:
            classes[str(current)] = None
        return tuple(classes)
    if known.minimum is None or known.maximum is None:
        return () if current is None else (current,)
    values = np.linspace(known.minimum, known.maximum, points)
    if known.kind == "datetime":
        return _moments(values, current)
    if known.step == 1.0 and known.maximum - known.minimum < points:
        values = np.arange(known.minimum, known.maximum + 1.0)
    if isinstance(current, int | float):
        values = np.append(values, current)
    return tuple(float(value) for value in np.unique(values))


def _moments(seconds: FloatArray, current: Cell) -> tuple[str, ...]:
    # Whole seconds are exact enough, and read well.
    moments = set(np.round(seconds).tolist())
    held = math.nan if current is None else seconds_since_1970(str(current))
    if math.isfinite(held):
        moments.add(held)
    return tuple(text_of_seconds(moment) for moment in sorted(moments))


def _require(row: Record, column: str) -> None:
    if column not in row:
        names = ", ".join(list(row)[:20])
        msg = f"The row has no input '{column}'. Its inputs are {names}."
        raise ColumnError(msg, where=column)
