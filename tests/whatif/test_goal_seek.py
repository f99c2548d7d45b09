"""Goals of functions whose nearest edit is known."""

from __future__ import annotations

import time

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.errors import InputError
from mtcore.whatif.goal_seek import MOST_EDITS, seek
from mtcore.whatif.goals import Condition, Free, Goal

ROW = {"a": 2.0, "b": 1.0, "c": 5.0, "town": "Ulm"}
A = Free("a", "number", low=0.0, high=10.0)
B = Free("b", "number", low=0.0, high=10.0)
TOWN = Free("town", "category", choices=("Bonn", "Kiel", "Ulm"))


def predict(table: Table) -> dict[str, FloatArray]:
    """Answer 2a + b, and a chance that only Kiel and a small a make large."""
    a, b = table.numbers("a"), table.numbers("b")
    kiel = table.categories("town") == "Kiel"
    chance = np.where(kiel, 0.9, 0.2) - 0.05 * a
    return {"total": (2.0 * a + b)[:, None], "late": chance[:, None]}


def total(low: float | None = None, high: float | None = None) -> Condition:
    return Condition("total", 0, "total", low, high, unit=5.0)


def test_the_nearest_edit_is_found_and_the_others_change_other_inputs() -> None:
    found = seek(predict, Goal(ROW, (total(low=9.0),), (A, B, TOWN)))
    assert 1 < len(found.edits) <= MOST_EDITS
    assert found.closest is None
    nearest = found.edits[0]
    # From 5 to 9: a brings two for one, so it moves by 2 and nothing else does.
    assert nearest.changes == {"a": pytest.approx(4.0, abs=0.05)}
    assert nearest.outputs["total"][0] >= 9.0
    sets = [frozenset(edit.changes) for edit in found.edits]
    assert len(set(sets)) == len(sets)
    assert frozenset({"b"}) in sets
    distances = [edit.distance for edit in found.edits]
    assert distances == sorted(distances)
    assert all(edit.reaches for edit in found.edits)


def test_no_way_is_told_twice_with_a_touch_of_something_else() -> None:
    others = tuple(Free(name, "number", low=0.0, high=10.0) for name in "cde")
    row = ROW | {"d": 5.0, "e": 5.0}
    found = seek(predict, Goal(row, (total(low=9.0),), (A, B, *others)))
    assert frozenset({"a"}) in {frozenset(edit.changes) for edit in found.edits}
    for edit in found.edits:
        moved = [abs(float(edit.changes[name]) - row[name]) for name in edit.changes]  # type: ignore[arg-type,operator]
        assert min(moved) >= 0.2


def test_conditions_on_several_heads_hold_together() -> None:
    late = Condition("late", 0, "late", low=0.6)
    found = seek(predict, Goal(ROW, (total(low=12.0), late), (A, B, TOWN)))
    nearest = found.edits[0]
    # Kiel makes it late enough up to a = 6; then a alone brings the total to 12.
    assert nearest.changes["town"] == "Kiel"
    assert nearest.outputs["total"][0] >= 12.0
    assert nearest.outputs["late"][0] >= 0.6
    assert nearest.changes["a"] == pytest.approx(5.5, abs=0.1)
    assert "b" not in nearest.changes


def test_a_goal_that_no_row_reaches_tells_the_closest_miss() -> None:
    goal = Goal(ROW, (total(low=50.0),), (A, B))
    found = seek(predict, goal)
    assert found.edits == ()
    assert found.closest is not None
    assert not found.closest.reaches
    # The most within the bounds is 30.
    assert found.closest.misses[0] == pytest.approx(20.0, abs=0.2)


def test_a_row_that_is_there_already_needs_no_change() -> None:
    [only] = seek(predict, Goal(ROW, (total(high=6.0),), (A, B))).edits
    assert only.changes == {}
    assert only.distance == 0.0


def test_bounds_and_whole_numbers_are_kept() -> None:
    whole = Free("a", "number", low=0.0, high=3.5, whole=True)
    # 2.75 would do, were it whole.
    found = seek(predict, Goal(ROW, (total(low=6.5),), (whole,)))
    assert [edit.changes for edit in found.edits] == [{"a": 3.0}]
    beyond = seek(predict, Goal(ROW, (total(low=7.5),), (whole,)))
    assert beyond.closest is not None
    assert beyond.closest.changes == {"a": 3.0}


def test_only_free_inputs_are_changed_and_a_missing_cell_may_be_filled() -> None:
    row = ROW | {"a": None}

    def filled(table: Table) -> dict[str, FloatArray]:
        known = np.nan_to_num(table.numbers("a"), nan=0.0)
        return {"total": (2.0 * known + table.numbers("b"))[:, None]}

    found = seek(filled, Goal(row, (total(low=9.0),), (A,)))
    assert set(found.edits[0].changes) == {"a"}
    assert found.edits[0].changes["a"] >= 4.0  # type: ignore[operator]


def test_the_same_seed_finds_the_same_edits() -> None:
    goal = Goal(ROW, (total(low=11.0),), (A, B, TOWN), seed=4)
    first, again = (seek(predict, goal, clock=lambda: 0.0) for _ in range(2))
    assert [e.changes for e in first.edits] == [e.changes for e in again.edits]


def test_no_place_is_looked_at_when_time_is_over() -> None:
    ticks = iter(range(1_000))
    found = seek(
        predict,
        Goal(ROW, (total(low=9.0),), (A, B)),
        within_s=2.5,
        clock=lambda: float(next(ticks)),
    )
    whole = seek(predict, Goal(ROW, (total(low=9.0),), (A, B)), clock=lambda: 0.0)
    assert found.asked < whole.asked / 3
    assert found.edits


def test_twenty_free_inputs_take_less_than_five_seconds() -> None:
    row = {f"x{n}": 0.0 for n in range(20)}
    free = tuple(Free(name, "number", low=-1.0, high=1.0) for name in row)

    def squares(table: Table) -> dict[str, FloatArray]:
        return {"far": sum(table.numbers(name) for name in row)[:, None]}

    begun = time.process_time()
    condition = Condition("far", 0, "far", low=1.5)
    found = seek(squares, Goal(row, (condition,), free), clock=time.process_time)
    assert time.process_time() - begun < 5.0
    assert found.edits[0].distance < 1.2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: total(), "has no limit"),
        (lambda: total(low=2.0, high=1.0), "lower limit first"),
        (lambda: Free("a", "number", low=1.0, high=1.0), "can't be changed"),
        (lambda: Free("town", "category"), "can't be changed"),
        (lambda: Goal(ROW, (), (A,)), "asks for nothing"),
        (lambda: Goal(ROW, (total(low=1.0),), ()), "lets nothing be changed"),
        (
            lambda: Goal({"b": 1.0}, (total(low=1.0),), (A,)),
            "'a' is no input of the row",
        ),
        (
            lambda: seek(predict, Goal(ROW, (Condition("x", 0, "x", low=1.0),), (A,))),
            "The heads are 'total', 'late'",
        ),
    ],
)
def test_a_goal_that_makes_no_sense_is_refused_in_one_sentence(
    make: object, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        make()  # type: ignore[operator]
