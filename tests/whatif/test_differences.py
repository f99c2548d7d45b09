"""Last month's model on this month's rows: what differs, in sentences."""

from __future__ import annotations

import pytest

from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError
from mtcore.spec import Experiment, experiment_from
from mtcore.whatif.differences import Compared, differences

ROWS = [
    {
        "load": float(n % 50),
        "town": ["Ulm", "Bonn"][n % 2],
        "day": f"2024-01-{n % 28 + 1:02d}",
        "y": 1.0,
    }
    for n in range(200)
]


@pytest.fixture
def experiment() -> Experiment:
    return experiment_from(
        {
            "inputs": [
                {"column": "load", "kind": "number"},
                {"column": "town", "kind": "category"},
                {"column": "day", "kind": "datetime"},
            ],
            "heads": [{"name": "y", "kind": "regression", "columns": ["y"]}],
        }
    )


def told(experiment: Experiment, rows: list[dict[str, object]]) -> tuple[str, ...]:
    training, now = Table.from_records(ROWS), Table.from_records(rows)
    inputs = [given.column for given in experiment.inputs or ()]
    others = [name for name in now.column_names if name not in inputs]
    return differences(
        Compared(experiment, training, now, others, training.column_names)
    )


def changed(**cells: object) -> list[dict[str, object]]:
    return [row | cells for row in ROWS]


def test_the_same_rows_differ_in_nothing(experiment: Experiment) -> None:
    assert told(experiment, list(ROWS)) == ()
    without = [{k: v for k, v in row.items() if k != "y"} for row in ROWS]
    assert told(experiment, without) == ()


def test_columns_that_are_missing_or_new_are_named(experiment: Experiment) -> None:
    rows = [{"town": row["town"], "day": row["day"], "wind": 1.0} for row in ROWS]
    assert told(experiment, rows) == (
        "Column 'load' is missing. The model answers as if all its cells were empty.",
        "Column 'wind' is new and is not looked at.",
    )


def test_cells_of_another_kind_are_counted(experiment: Experiment) -> None:
    rows = [row | {"load": "high"} if n % 4 == 0 else dict(row)
            for n, row in enumerate(ROWS)]  # fmt: skip
    (sentence,) = told(experiment, rows)
    assert "held numbers in training; now 50 of 200 cells are none" in sentence
    assert "'high'" in sentence


def test_classes_that_training_never_had_are_listed(experiment: Experiment) -> None:
    rows = [row | {"town": "Kiel"} if n % 10 == 0 else dict(row)
            for n, row in enumerate(ROWS)]  # fmt: skip
    (sentence,) = told(experiment, rows)
    assert "a value that training never had, in 10 % of the rows: 'Kiel'" in sentence


def test_a_shifted_column_is_told_with_both_middles(experiment: Experiment) -> None:
    rows = [row | {"load": row["load"] + 40.0} for row in ROWS]  # type: ignore[operator]
    outside, shifted = told(experiment, rows)
    assert "80 % of the rows lie outside the training range, 0 to 49." in outside
    # The middle half of 0, 1, … 49 is 25 wide, near enough.
    assert "was 24.5 in training and is 64.5 now, 1.6 times the width" in shifted


def test_later_days_are_told_as_days(experiment: Experiment) -> None:
    found = told(experiment, changed(day="2025-06-01"))
    assert any("2024-01-01" in sentence and "100 %" in sentence for sentence in found)


def test_more_missing_cells_are_told(experiment: Experiment) -> None:
    rows = [row | {"town": None} if n % 2 else dict(row) for n, row in enumerate(ROWS)]
    assert told(experiment, rows) == (
        "Column 'town' is empty in 50 % of the rows; in training it was in 0 %.",
    )


def test_rows_without_any_input_are_refused(experiment: Experiment) -> None:
    with pytest.raises(ColumnError, match="none of the inputs, such as 'load', 'town'"):
        told(experiment, [{"other": 1.0}])
