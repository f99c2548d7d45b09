"""What-if questions, asked of a function whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError
from mtcore.whatif.ranges import InputRange
from mtcore.whatif.scenarios import (
    Scenario,
    changed_effects,
    curve_values,
    response_curves,
)

ROW = {"a": 2.0, "b": 3.0, "town": "Ulm"}


def predict(table: Table) -> dict[str, FloatArray]:
    """Answer a x b for one head; for another whether the town is Bonn, both ways."""
    product = table.numbers("a") * table.numbers("b")
    bonn = (table.categories("town") == "Bonn").astype(np.float64)
    return {"product": product[:, None], "bonn": np.stack([1 - bonn, bonn], axis=1)}


def test_without_changes_the_answer_is_that_of_the_row() -> None:
    effects = changed_effects(predict, Scenario(ROW))
    expected = predict(Table.from_records([ROW]))
    for head, outputs in expected.items():
        np.testing.assert_array_equal(effects.after[head], outputs[0])
        np.testing.assert_array_equal(
            effects.difference(head), np.zeros(len(outputs[0]))
        )


def test_each_change_is_also_answered_alone() -> None:
    scenario = Scenario(ROW, {"a": 5.0, "b": 10.0, "town": "Bonn"})
    effects = changed_effects(predict, scenario)
    assert effects.after["product"].tolist() == [50.0]
    assert effects.share_of("product", "a").tolist() == [9.0]
    assert effects.share_of("product", "b").tolist() == [14.0]
    assert effects.share_of("product", "town").tolist() == [0.0]
    assert effects.share_of("bonn", "town").tolist() == [-1.0, 1.0]


def test_all_questions_of_a_scenario_are_one_call() -> None:
    sizes = []

    def counted(table: Table) -> dict[str, FloatArray]:
        sizes.append(table.rows)
        return predict(table)

    changed_effects(counted, Scenario(ROW, {"a": 1.0, "b": 1.0}))
    assert sizes == [4]


def test_an_unknown_input_is_refused_by_name() -> None:
    with pytest.raises(ColumnError, match=r"no input 'c'.*a, b, town"):
        Scenario(ROW, {"c": 1.0})
    with pytest.raises(ColumnError, match="no input 'c'"):
        response_curves(predict, ROW, "c", [1.0])


def test_a_response_curve_changes_one_input_only() -> None:
    curves = response_curves(predict, ROW, "a", [0.0, 1.0, None])
    np.testing.assert_array_equal(curves["product"], [[0.0], [3.0], [np.nan]])
    assert curves["bonn"].shape == (3, 2)


def test_a_curve_goes_through_the_row_itself() -> None:
    known = InputRange(column="a", kind="number", minimum=0.0, maximum=1.0, step=0.01)
    values = curve_values(known, 0.333, points=11)
    assert 0.333 in values
    assert list(values) == sorted(values)
    assert len(values) == 12


def test_a_count_is_asked_at_whole_numbers() -> None:
    known = InputRange(column="n", kind="number", minimum=1.0, maximum=6.0, step=1.0)
    assert curve_values(known) == (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


def test_a_class_is_asked_value_by_value() -> None:
    known = InputRange(column="town", kind="category", choices=("Ulm", "Bonn"))
    assert curve_values(known, "Rome") == ("Ulm", "Bonn", "Rome")


def test_moments_are_asked_in_iso_form() -> None:
    known = InputRange(column="t", kind="datetime", minimum=0.0, maximum=172_800.0)
    values = curve_values(known, "1970-01-02 12:00", points=3)
    assert values == ("1970-01-01", "1970-01-02", "1970-01-02 12:00:00", "1970-01-03")


def test_an_input_without_a_range_stays_where_it_is() -> None:
    known = InputRange(column="a", kind="number")
    assert curve_values(known, 4.0) == (4.0,)
    assert curve_values(known) == ()
