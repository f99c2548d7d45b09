"""Columns that give a target away, and rows that a split at random would share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtcore.data.checks import Problem, find_problems
from mtcore.data.checks.giveaways import explained
from mtcore.data.suggestions.grouping import group_column
from mtcore.data.suggestions.suggest import suggest_experiment
from mtcore.spec import Experiment, GivenSplit, GroupSplit, TimeSplit, experiment_from
from tests.data.files import ReadFile, read_columns

ROWS = 600
random = np.random.default_rng(8)
X = np.round(random.normal(size=ROWS), 3)
NOISE = np.round(random.normal(size=ROWS), 3)
FLIPS = random.random(ROWS) < 0.3


def problems_of(
    columns: Mapping[str, Sequence[object]], folder: Path, **given: object
) -> tuple[Experiment, tuple[Problem, ...], ReadFile]:
    """Return an experiment on columns, and what is said about it."""
    file = read_columns(columns, folder)
    experiment = experiment_from({"split": {"kind": "random"}, **given})
    found = find_problems(experiment, file.profile, file.parquet)
    return experiment, found, file


def regression(*names: str) -> list[dict[str, Any]]:
    return [{"name": n, "kind": "regression", "columns": [n]} for n in names]


def test_a_curve_through_a_target_is_a_leak_though_no_line_is(tmp_path: Path) -> None:
    columns = {"x": X, "root": np.abs(X) ** 0.5, "other": NOISE}
    columns["y"] = X**2 + 0.01 * NOISE
    _, found, _ = problems_of(columns, tmp_path, heads=regression("y"))
    told = {p.where: p for p in found if p.severity == "warning"}
    assert told.keys() == {"x", "root"}
    assert "by a tree that asks nothing else" in told["x"].sentence
    fix = told["x"].fix
    assert fix is not None
    assert "x" in fix.experiment.exclude


def test_a_number_that_decides_a_class_is_a_leak(tmp_path: Path) -> None:
    columns = {"score": X, "other": NOISE, "risk": np.where(X > 0.5, "high", "low")}
    heads = [{"name": "risk", "kind": "binary", "columns": ["risk"]}]
    _, found, _ = problems_of(columns, tmp_path, heads=heads)
    assert [problem.where for problem in found] == ["score"]
    columns["risk"] = np.where((X > 0.5) ^ FLIPS, "high", "low")
    _, found, _ = problems_of(columns, tmp_path, heads=heads)
    assert found == ()


def test_a_target_that_is_a_sum_of_others_is_said(tmp_path: Path) -> None:
    columns = {"x": X, "a": NOISE + 5, "b": np.round(X * NOISE, 3)}
    columns["total"] = columns["a"] + 2 * columns["b"]
    heads = regression("a", "b", "total")
    _, found, _ = problems_of(columns, tmp_path, heads=heads)
    [problem] = [p for p in found if "computed from" in p.sentence]
    assert "contradict each other" in problem.sentence
    assert problem.fix is not None
    assert len(problem.fix.experiment.heads) == 2


def test_an_id_whose_number_follows_a_target_is_a_leak(tmp_path: Path) -> None:
    ids = [f"A-{1000 + place}" for place in np.argsort(np.argsort(X))]
    columns = {"order_id": ids, "other": NOISE, "y": X}
    inputs = [{"column": name, "kind": kind} for name, kind in
              (("order_id", "category"), ("other", "number"))]  # fmt: skip
    _, found, file = problems_of(
        columns, tmp_path, heads=regression("y"), inputs=inputs
    )
    assert file.profile.column("order_id").kind == "id"
    assert any("rows' order" in p.sentence for p in found if p.where == "order_id")


@pytest.mark.parametrize(
    ("name", "each", "is_group"),
    [("subject#", 20, True), ("PatientID", 6, True), ("user_id", 3, True),
     ("rooms", 20, False), ("user_id", 1, False), ("customer", 200, False)],
)  # fmt: skip
def test_groups_are_known_by_their_name_and_by_coming_again(
    name: str, each: int, is_group: bool, tmp_path: Path
) -> None:
    columns = {name: [row // each for row in range(ROWS)], "x": X, "y": NOISE}
    profile = read_columns(columns, tmp_path).profile
    found = group_column(profile, ["y"])
    assert (found is not None and found.name == name) is is_group


def test_a_value_that_holds_many_of_the_rows_makes_no_group(tmp_path: Path) -> None:
    often = ["dev-0" if row % 4 == 0 else f"dev-{row // 5}" for row in range(ROWS)]
    evenly = [f"dev-{row // 5}" for row in range(ROWS)]
    for cells, is_group in ((often, False), (evenly, True)):
        columns = {"device": cells, "x": X, "y": NOISE}
        profile = read_columns(columns, tmp_path).profile
        assert (group_column(profile, ["y"]) is not None) is is_group


def test_several_rows_a_subject_stay_in_one_part_where_nothing_is_said(
    tmp_path: Path,
) -> None:
    columns = {"subject#": [row // 20 for row in range(ROWS)], "x": X, "y": NOISE}
    file = read_columns(columns, tmp_path)
    suggestion = suggest_experiment(file.profile, file.report, ["y"])
    assert suggestion.experiment.split == GroupSplit(column="subject#")
    assert [given.column for given in suggestion.experiment.inputs or ()] == ["x"]
    assert any(
        "several rows per subject#, a random split would flatter" in reason
        for reason in suggestion.reasons
    )
    random_split = experiment_from({"heads": regression("y")})
    found = find_problems(random_split, file.profile, file.parquet)
    [problem] = [problem for problem in found if problem.where == "split"]
    assert problem.fix is not None
    assert problem.fix.experiment.split == GroupSplit(column="subject#")


def test_rows_like_those_before_them_are_better_split_by_time(tmp_path: Path) -> None:
    days = [f"2024-{1 + row // 28 % 12:02d}-{1 + row % 28:02d}" for row in range(300)]
    slow = np.round(np.sin(np.arange(300) / 30.0), 3)
    columns = {"day": days, "x": NOISE[:300], "y": slow}
    _, found, _ = problems_of(columns, tmp_path, heads=regression("y"))
    [problem] = [problem for problem in found if problem.where == "split"]
    assert "much like in the row before" in problem.sentence
    assert problem.fix is not None
    assert problem.fix.experiment.split == TimeSplit(column="day")
    columns["y"] = X[:300]
    _, found, _ = problems_of(columns, tmp_path, heads=regression("y"))
    assert found == ()


def test_what_leaves_say_about_classes_is_measured_against_the_usual_one() -> None:
    leaf = np.array([0, 0, 0, 1, 1, 1])
    classes = np.array([0.0, 0.0, 1.0, 1.0, 1.0, np.nan])
    # Of two wrong guesses by always saying 1, one is left.
    assert explained(leaf, classes, classes=True) == pytest.approx(0.5)


def test_a_column_that_names_the_parts_is_offered_as_the_split(tmp_path: Path) -> None:
    parts = ["train", "train", "Validation", "test"]
    columns = {"fold": [parts[row % 4] for row in range(ROWS)], "x": X, "y": NOISE}
    _, found, file = problems_of(columns, tmp_path, heads=regression("y"))
    [problem] = [problem for problem in found if problem.where == "split"]
    assert problem.fix is not None
    assert problem.fix.experiment.split == GivenSplit(column="fold")
    reasons = suggest_experiment(file.profile, file.report, ["y"]).reasons
    assert any("'given' by that column" in reason for reason in reasons)
    del parts[2]
    columns["fold"] = [parts[row % 3] for row in range(ROWS)]
    _, found, _ = problems_of(columns, tmp_path, heads=regression("y"))
    assert found == ()
