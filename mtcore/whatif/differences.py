"""What differs between rows to be answered and those that were trained on.

Said before anything is scored, as a model answers for any rows: last month's model on
this month's file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.data.values.cells import text_of_number
from mtcore.data.values.moments import text_of_seconds
from mtcore.errors import ColumnError
from mtcore.spec import Experiment, Input

# A share of rows that is worth a sentence.
_WORTH_SAYING = 0.02
_MORE_MISSING = 0.1
_SHIFTED = 0.5  # of the training rows' middle half
_UNREADABLE = 0.05
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """Two tables of the same columns, as far as both have them.

    Args:
        experiment: Names the inputs.
        training: Rows that were trained on, with all inputs.
        rows: The rows to be answered, with the inputs that they have.
        others: Their other columns.
        known: All columns of the data set that was trained on.
    """

    experiment: Experiment
    training: Table
    rows: Table
    others: Sequence[str]
    known: Sequence[str]


def differences(compared: Compared) -> tuple[str, ...]:
    """Return what differs, a sentence a finding, in the order of the inputs.

    Columns that are missing or new; cells of another kind; classes that were never
    trained on; numbers beyond the range, or shifted as a whole; more missing cells.

    Raises:
        ColumnError: The rows have none of the inputs.
    """
    inputs = compared.experiment.inputs or ()
    there = set(compared.rows.column_names)
    if inputs and not any(given.column in there for given in inputs):
        listed = ", ".join(f"'{given.column}'" for given in inputs[:_SHOWN])
        msg = (
            f"The rows have none of the inputs, such as {listed}. Choose rows with the "
            "columns that the model was trained on."
        )
        raise ColumnError(msg, where=inputs[0].column)
    found = []
    for given in inputs:
        if given.column not in there:
            found.append(
                f"Column '{given.column}' is missing. The model answers as if all its "
                "cells were empty."
            )
        else:
            found += _of_column(given, compared.training, compared.rows)
    new = [name for name in compared.others if name not in compared.known]
    if new:
        noun = "Column" if len(new) == 1 else "Columns"
        verb = "is new and is" if len(new) == 1 else "are new and are"
        found.append(f"{noun} {_some(new)} {verb} not looked at.")
    return tuple(found)


def _of_column(given: Input, training: Table, rows: Table) -> list[str]:
    match given.kind:
        case "number" | "datetime":
            return _of_numbers(given, training, rows)
        case "category" | "boolean":
            return _of_classes(given.column, training, rows)
        case _:
            return _missing(given.column, training, rows)


def _of_numbers(given: Input, training: Table, rows: Table) -> list[str]:
    column = given.column
    moment = given.kind == "datetime"
    before = training.timestamps(column) if moment else training.numbers(column)
    now = rows.timestamps(column) if moment else rows.numbers(column)
    held = np.asarray([cell is not None for cell in rows.categories(column)])
    unread = held & np.isnan(now)
    if held.any() and unread.sum() > _UNREADABLE * held.sum():
        kind = "moments" if moment else "numbers"
        example = rows.categories(column)[int(np.argmax(unread))]
        return [
            f"Column '{column}' held {kind} in training; now {int(unread.sum()):,} of "
            f"{int(held.sum()):,} cells are none, such as '{str(example)[:40]}', and "
            "count as missing."
        ]
    known, seen = now[~np.isnan(now)], before[~np.isnan(before)]
    if not known.size or not seen.size:
        return _missing(column, training, rows)
    show = text_of_seconds if moment else text_of_number
    found = []
    outside = float(((known < seen.min()) | (known > seen.max())).mean())
    if outside >= _WORTH_SAYING:
        found.append(
            f"Column '{column}': {_percent(outside)} of the rows lie outside the "
            f"training range, {show(_rounded(seen.min()))} to "
            f"{show(_rounded(seen.max()))}."
        )
    if (shift := _shift(seen, known)) is not None:
        found.append(
            f"Column '{column}' is shifted: its middle value was "
            f"{show(_rounded(np.median(seen)))} in training and is "
            f"{show(_rounded(np.median(known)))} now, {shift:.1f} times the width of "
            "the middle half."
        )
    return found + _missing(column, training, rows)


def _shift(before: FloatArray, now: FloatArray) -> float | None:
    low, middle, high = np.quantile(before, (0.25, 0.5, 0.75))
    width = high - low
    if not width > 0.0 or len(now) < 10:
        return None
    moved = abs(float(np.median(now) - middle)) / float(width)
    return moved if moved >= _SHIFTED else None


def _of_classes(column: str, training: Table, rows: Table) -> list[str]:
    seen = {cell for cell in training.categories(column) if cell is not None}
    cells = [cell for cell in rows.categories(column) if cell is not None]
    new = sorted({cell for cell in cells if cell not in seen})
    found = []
    if new:
        share = sum(cell not in seen for cell in cells) / len(cells)
        noun = "a value" if len(new) == 1 else f"{len(new):,} values"
        found.append(
            f"Column '{column}' holds {noun} that training never had, in "
            f"{_percent(share)} of the rows: {_some(new)}. To the model they are all "
            "the same unknown one."
        )
    return found + _missing(column, training, rows)


def _missing(column: str, training: Table, rows: Table) -> list[str]:
    before, now = _share_missing(training, column), _share_missing(rows, column)
    if now - before < _MORE_MISSING:
        return []
    return [
        f"Column '{column}' is empty in {_percent(now)} of the rows; in training it "
        f"was in {_percent(before)}."
    ]


def _share_missing(table: Table, column: str) -> float:
    cells = table.categories(column)
    return sum(cell is None for cell in cells) / max(len(cells), 1)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name[:40]}'" for name in names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def _percent(share: float) -> str:
    if 0.0 < share < 0.01:
        return "less than 1 %"
    return f"{100 * share:.0f} %"


def _rounded(value: float) -> float:
    return float(f"{value:.4g}") if abs(value) < 1e8 else float(value)
