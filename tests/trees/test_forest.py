"""Trees as plain arrays: they answer as scikit-learn's do, and run nothing."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesRegressor

from mtcore.arrays import FloatArray
from mtcore.errors import MissingError
from mtcore.trees.forest import Forest, forest_of
from mtcore.trees.growing import Lesson, grow

ROWS = 120


def lesson(seed: int = 0) -> Lesson:
    """Return two targets of three features, a tenth of whose cells are missing."""
    random = np.random.default_rng(seed)
    matrix = random.normal(0.0, 10.0, (ROWS, 3))
    targets = np.stack([matrix[:, 0], np.square(matrix[:, 1])], axis=1)
    matrix[random.random(matrix.shape) < 0.1] = np.nan
    return Lesson(matrix, targets, np.ones(ROWS), seed)


@pytest.fixture(scope="module")
def forest() -> Forest:
    grown = grow(lesson(), np.arange(ROWS), trees=20)
    assert grown is not None
    return grown


def test_a_forest_answers_as_scikit_learns_own_does(forest: Forest) -> None:
    given = lesson()
    theirs = ExtraTreesRegressor(20, random_state=0)
    theirs.fit(given.matrix.astype(np.float32), given.targets)
    other = lesson(seed=1).matrix
    expected = theirs.predict(other.astype(np.float32))
    assert forest.predict(other) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_rows_without_a_label_teach_nothing() -> None:
    given = lesson()
    targets = given.targets.copy()
    targets[60:] = np.nan
    partly = grow(
        Lesson(given.matrix, targets, given.weights, 0), np.arange(ROWS), trees=5
    )
    fewer = grow(given, np.arange(60), trees=5)
    assert partly is not None
    assert fewer is not None
    assert np.array_equal(partly.predict(given.matrix), fewer.predict(given.matrix))
    assert (
        grow(Lesson(given.matrix, targets, given.weights, 0), np.arange(59, 61)) is None
    )


def test_no_row_is_answered_with_no_row(forest: Forest) -> None:
    assert forest.predict(np.zeros((0, 3))).shape == (0, 2)


def test_cells_beyond_any_number_seen_are_answered(forest: Forest) -> None:
    far: FloatArray = np.array([[1e300, -np.inf, np.nan], [np.inf, 1e-300, 0.0]])
    assert np.isfinite(forest.predict(far)).all()


def test_a_forest_survives_its_arrays(forest: Forest) -> None:
    again = forest_of(forest.arrays("f"), "f", features=3, outputs=2)
    matrix = lesson(seed=2).matrix
    assert np.array_equal(again.predict(matrix), forest.predict(matrix))


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("left", lambda old: np.zeros_like(old)),  # back to the root: no end
        ("right", lambda old: np.full_like(old, 10**6)),
        ("feature", lambda old: np.full_like(old, 3)),
        ("roots", lambda old: old - 1),
        ("values", lambda old: old[:1]),
        ("values", lambda old: old[:, :1]),
        ("threshold", lambda old: old.astype(np.float64)),
        ("threshold", lambda old: old[:-1]),
    ],
)
def test_arrays_that_are_no_forest_are_refused(
    part: str, change: object, forest: Forest
) -> None:
    arrays = forest.arrays("f")
    arrays[f"f/{part}"] = change(arrays[f"f/{part}"])  # type: ignore[operator]
    with pytest.raises(MissingError, match="damaged or was changed"):
        forest_of(arrays, "f", features=3, outputs=2)


def test_a_missing_array_is_refused(forest: Forest) -> None:
    arrays = forest.arrays("f")
    del arrays["f/values"]
    with pytest.raises(MissingError, match="Train the run again"):
        forest_of(arrays, "f", features=3, outputs=2)
