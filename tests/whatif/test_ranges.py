"""The range of each input, from training rows and from a profile."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.data.tables.table import Table
from mtcore.errors import ExperimentError
from mtcore.spec import (
    BooleanInput,
    CategoryInput,
    DatetimeInput,
    Experiment,
    NumberInput,
    RegressionHead,
)
from mtcore.whatif.ranges import InputRange, input_ranges, outside

HEADS = (RegressionHead(name="y", columns=("y",)),)
EXPERIMENT = Experiment(
    inputs=(
        NumberInput(column="size"),
        NumberInput(column="rooms"),
        CategoryInput(column="town"),
        BooleanInput(column="garden"),
        DatetimeInput(column="sold"),
        NumberInput(column="empty"),
    ),
    heads=HEADS,
)


def training_rows() -> Table:
    towns = ["Ulm", "Bonn", "Bonn", None, "Kiel"]
    gardens = ["no", "yes", "yes", "yes", None]
    return Table.from_records(
        [
            {
                "size": 30.0 + 17.5 * row,
                "rooms": row + 1,
                "town": towns[row],
                "garden": gardens[row],
                "sold": f"2020-01-0{row + 1}",
                "empty": None,
            }
            for row in range(5)
        ]
    )


@pytest.fixture(name="ranges")
def _ranges() -> dict[str, InputRange]:
    return {r.column: r for r in input_ranges(EXPERIMENT, training_rows())}


def test_every_input_has_a_range_in_the_experiments_order(
    ranges: dict[str, InputRange],
) -> None:
    assert list(ranges) == ["size", "rooms", "town", "garden", "sold", "empty"]


def test_a_number_spans_the_training_rows_in_round_steps(
    ranges: dict[str, InputRange],
) -> None:
    size = ranges["size"]
    assert (size.minimum, size.maximum, size.typical) == (30.0, 100.0, 65.0)
    assert size.step == 0.5
    assert ranges["rooms"].step == 1.0


def test_classes_come_by_how_often_they_occur(ranges: dict[str, InputRange]) -> None:
    assert ranges["town"].choices[0] == "Bonn"
    assert set(ranges["town"].choices) == {"Bonn", "Kiel", "Ulm"}
    assert ranges["town"].typical == "Bonn"
    assert ranges["garden"].kind == "boolean"


def test_a_moment_spans_days(ranges: dict[str, InputRange]) -> None:
    assert ranges["sold"].typical == "2020-01-03"
    assert ranges["sold"].maximum == np.datetime64("2020-01-05").astype(
        "datetime64[s]"
    ).astype(float)


def test_an_empty_input_has_no_range(ranges: dict[str, InputRange]) -> None:
    assert ranges["empty"].minimum is None
    assert outside(ranges["empty"], 1.0)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("size", 30.0, False),
        ("size", 29.9, True),
        ("size", float("nan"), True),
        ("size", None, False),
        ("town", "Kiel", False),
        ("town", "Rome", True),
        ("sold", "2020-01-05 00:00:00", False),
        ("sold", "2021-01-05", True),
        ("sold", "no day", True),
    ],
)
def test_what_was_never_met_is_outside(
    ranges: dict[str, InputRange],
    column: str,
    value: float | str | None,
    expected: bool,
) -> None:
    assert outside(ranges[column], value) is expected


def test_a_class_left_out_of_a_long_list_is_not_called_unknown() -> None:
    known = InputRange(column="c", kind="category", choices=("a",), complete=False)
    assert not outside(known, "b")


def test_a_range_survives_json(ranges: dict[str, InputRange]) -> None:
    for known in ranges.values():
        assert InputRange.model_validate_json(known.model_dump_json()) == known


def test_missing_markers_are_no_values() -> None:
    table = Table.from_records([{"x": -200.0}, {"x": 3.0}, {"x": 5.0}], ("-200",))
    experiment = Experiment(inputs=(NumberInput(column="x"),), heads=HEADS)
    assert input_ranges(experiment, table)[0].minimum == 3.0


def test_an_experiment_without_listed_inputs_is_refused() -> None:
    with pytest.raises(ExperimentError, match="doesn't list its inputs"):
        input_ranges(Experiment(heads=HEADS), training_rows())
