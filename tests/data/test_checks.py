"""What is said about an experiment that does not fit its file, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtcore.data.checks import Problem, check, find_problems, read_draft
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment, experiment_from, plain_data
from tests.data.files import ReadFile, read_columns

ROWS = 240


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> ReadFile:
    random = np.random.default_rng(3)
    size = np.round(random.normal(50.0, 12.0, ROWS), 2)
    columns = {
        "size": size,
        "twice": np.round(2.0 * size + random.normal(0.0, 0.01, ROWS), 3),
        "price": np.round(3.0 * size + random.normal(0.0, 20.0, ROWS), 2),
        "colour": random.choice(["red", "green", "blue"], ROWS).tolist(),
        "churn": random.choice(["yes", "no"], ROWS).tolist(),
        "same": ["x"] * ROWS,
        "empty": [1.5 if row == 0 else None for row in range(ROWS)],
        "grade": ["rare" if row < 4 else "ab"[row % 2] for row in range(ROWS)],
        "weight": np.round(random.uniform(-1.0, 1.0, ROWS), 3),
        "when": [f"2024-{1 + row // 28:02d}-{1 + row % 28:02d}" for row in range(ROWS)],
        "part": ["train", "test", "valid"] * (ROWS // 3),
        "calls": random.poisson(3.0, ROWS),
        "half": [row * 0.5 if row % 4 == 0 else None for row in range(ROWS)],
        "marked": ["?" if row % 3 == 0 else "good" for row in range(ROWS)],
    }
    columns["shade"] = [f"dark {colour}" for colour in columns["colour"]]
    return read_columns(columns, tmp_path_factory.mktemp("checks"))


PRICE = {"name": "price", "kind": "regression", "columns": ["price"]}
CHURN = {"name": "churn", "kind": "binary", "columns": ["churn"]}
CALLS = {"name": "calls", "kind": "count", "columns": ["calls"]}
GRADE = {"name": "grade", "kind": "ordinal", "columns": ["grade"]}
SIZE = {"kind": "number", "column": "size"}


def experiment(*heads: Mapping[str, Any], **fields: object) -> Experiment:
    return experiment_from(
        {"heads": list(heads) or [PRICE], "inputs": [SIZE], **fields}
    )


def problems_of(asked: Experiment, file: ReadFile) -> tuple[Problem, ...]:
    return find_problems(asked, file.profile)


def only_error(asked: Experiment, file: ReadFile) -> Problem:
    errors = [
        problem for problem in problems_of(asked, file) if problem.severity == "error"
    ]
    assert len(errors) == 1
    return errors[0]


def test_an_experiment_that_fits_has_no_problem(file: ReadFile) -> None:
    asked = experiment(PRICE, CHURN, CALLS)
    assert problems_of(asked, file) == ()
    check(asked, file.profile)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({**PRICE, "columns": ["prize"]}, "'prize'.* does not have. Did you mean 'pri"),
        ({**PRICE, "columns": ["zzz"]}, "does not have. The columns are size, twice"),
        ({**PRICE, "columns": ["colour"]}, "regression but column 'colour' holds cat"),
        ({**CALLS, "columns": ["price"]}, "counts whole numbers.* 'price' holds"),
        (
            {**GRADE, "columns": ["colour"], "order": ["red", "green"]},
            "orders red, green, but column 'colour' holds 'blue' too",
        ),
        ({**GRADE, "columns": ["when"]}, "would have 240 ranks"),
        ({**CALLS, "columns": ["colour"]}, "a count but column 'colour' holds cat"),
        ({**PRICE, "columns": ["when"]}, "holds dates .*Pick a column of numbers"),
        ({**CHURN, "columns": ["colour"]}, "binary but column 'colour' holds 3 values"),
        ({**CHURN, "columns": ["same"]}, "nothing to learn: column 'same' holds only"),
        ({**CHURN, "positive": "maybe"}, "'maybe' positive but column 'churn' holds"),
        (
            {"name": "m", "kind": "multilabel", "columns": ["churn", "colour"]},
            "column 'colour' holds 3 values .*Leave it out",
        ),
        (
            {"name": "c", "kind": "multiclass", "columns": ["colour"],
             "class_weight": {"pink": 2.0}},
            "weighs a class 'pink' but column 'colour' holds",
        ),
    ],
)  # fmt: skip
def test_a_head_that_cannot_learn_is_refused_with_the_way_out(
    head: Mapping[str, Any], words: str, file: ReadFile
) -> None:
    problem = only_error(experiment(PRICE | {"name": "other"}, head), file)
    assert problem.fix is not None
    assert problems_of(problem.fix.experiment, file) == ()
    with pytest.raises(ExperimentError, match=words):
        check(experiment(PRICE | {"name": "other"}, head), file.profile)


def test_ranks_by_the_alphabet_are_warned_of_until_their_order_is_given(
    file: ReadFile,
) -> None:
    said = [problem.sentence for problem in problems_of(experiment(GRADE), file)]
    assert any("in the order of the alphabet: a, b, rare" in words for words in said)
    ordered = experiment({**GRADE, "order": ["rare", "b", "a"]})
    assert not any("alphabet" in p.sentence for p in problems_of(ordered, file))


def test_a_thousand_classes_are_too_many_and_a_number_may_be_a_regression(
    tmp_path: Path,
) -> None:
    rows = 1_500
    many = read_columns(
        {"a": [row % 7 for row in range(rows)],
         "y": [f"{row * 1.37:.2f}" for row in range(rows)]},
        tmp_path,
    )  # fmt: skip
    asked = experiment_from(
        {"heads": [{"name": "y", "kind": "multiclass", "columns": ["y"]}]}
    )
    problem = only_error(asked, many)
    assert "1,500 classes" in problem.sentence
    assert problem.fix is not None
    assert problem.fix.experiment.head("y").kind == "regression"


def test_a_missing_marker_is_no_class(file: ReadFile) -> None:
    head = {"name": "m", "kind": "binary", "columns": ["marked"]}
    problem = only_error(experiment(head, missing=["?"]), file)
    assert "holds only 'good'" in problem.sentence


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "number", "column": "colour"}, "to be a number, but its cells hold"),
        (
            {"kind": "datetime", "column": "weight"},
            "to be a date, but its cells hold a",
        ),
        ({"kind": "boolean", "column": "colour"}, "to be one of two values"),
        ({"kind": "number", "column": "sice"}, "'sice', which the file does not have"),
    ],
)
def test_an_input_of_the_wrong_kind_is_refused_and_put_right(
    given: Mapping[str, str], words: str, file: ReadFile
) -> None:
    problem = only_error(experiment(inputs=[SIZE, given]), file)
    assert words in problem.sentence
    assert problem.fix is not None
    assert problems_of(problem.fix.experiment, file) == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"row_weight": "colour"}, "weighted by column 'colour', which holds a cat"),
        ({"row_weight": "weight"}, "Weights must be 0 or more"),
        ({"row_weight": "nothing"}, "Rows are weighted by column 'nothing', which the"),
        ({"split": {"kind": "group", "column": "who"}}, "split goes by column 'who'"),
        ({"split": {"kind": "group", "column": "churn"}}, "at least 3 different"),
        ({"split": {"kind": "time", "column": "colour"}}, "Pick a column of dates"),
        ({"split": {"kind": "given", "column": "size"}}, "holds train, validation or"),
    ],
)
def test_rows_that_cannot_be_split_or_weighted_are_refused(
    fields: Mapping[str, Any], words: str, file: ReadFile
) -> None:
    problem = only_error(experiment(**fields), file)
    assert words in problem.sentence
    assert problem.fix is not None
    assert problems_of(problem.fix.experiment, file) == ()


@pytest.mark.parametrize(
    "split",
    [
        {"kind": "given", "column": "part"},
        {"kind": "time", "column": "when"},
        {"kind": "group", "column": "when"},
        {"kind": "stratified"},
    ],
)
def test_a_split_that_fits_is_taken(split: Mapping[str, str], file: ReadFile) -> None:
    assert problems_of(experiment(split=split), file) == ()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            experiment({"name": "g", "kind": "multiclass", "columns": ["grade"]}),
            "classes with fewer than 10 rows ('rare')",
        ),
        (
            experiment({"name": "h", "kind": "regression", "columns": ["half"]}),
            "can learn from 60 of 240 rows only",
        ),
        (
            experiment(inputs=[SIZE, {"kind": "category", "column": "same"}]),
            "is the same in every row",
        ),
        (
            experiment(
                inputs=[SIZE, {"kind": "category", "column": "part"}],
                split={"kind": "given", "column": "part"},
            ),
            "also decides how rows are split",
        ),
        (experiment(exclude=["gone"]), "'gone' is excluded but the file does not"),
    ],
)
def test_what_makes_results_doubtful_is_a_warning(
    asked: Experiment, words: str, file: ReadFile
) -> None:
    (problem,) = problems_of(asked, file)
    assert problem.severity == "warning"
    assert words in problem.sentence
    check(asked, file.profile)
    if problem.fix is not None:
        assert problems_of(problem.fix.experiment, file) == ()


def test_few_rows_are_a_warning_and_two_are_an_error(tmp_path: Path) -> None:
    few = read_columns({"size": range(1, 41), "price": range(40)}, tmp_path)
    assert "40 rows only" in find_problems(experiment(), few.profile)[0].sentence
    two = read_columns({"size": [1.5, 2], "price": [3.5, 4]}, tmp_path, name="two")
    with pytest.raises(ExperimentError, match="at least 3 are needed"):
        check(experiment(), two.profile)


def test_no_input_at_all_is_refused(file: ReadFile) -> None:
    others = [name for name in file.profile.kinds() if name != "price"]
    asked = experiment_from({"heads": [PRICE], "exclude": others})
    assert only_error(asked, file).sentence.startswith("No input is left")


def test_the_same_quantity_in_another_guise_is_a_leak(file: ReadFile) -> None:
    head = {"name": "twice", "kind": "regression", "columns": ["twice"]}
    inputs = [SIZE, {"kind": "number", "column": "price"}]
    found = find_problems(experiment(head, inputs=inputs), file.profile, file.parquet)
    (problem,) = [problem for problem in found if problem.where != "split"]
    assert (problem.severity, problem.where) == ("warning", "size")
    assert "(|r| = 1.000)" in problem.sentence
    assert problem.fix is not None
    assert [given.column for given in problem.fix.experiment.inputs or ()] == ["price"]


def test_a_category_that_names_the_class_is_a_leak(file: ReadFile) -> None:
    head = {"name": "colour", "kind": "multiclass", "columns": ["colour"]}
    inputs = [{"kind": "category", "column": name} for name in ("shade", "grade")]
    (problem,) = [
        problem
        for problem in find_problems(
            experiment(head, inputs=inputs), file.profile, file.parquet
        )
        if "alone decides" in problem.sentence
    ]
    assert problem.where == "shade"


def test_errors_come_before_warnings(file: ReadFile) -> None:
    asked = experiment(PRICE, exclude=["gone"], row_weight="colour")
    severities = [problem.severity for problem in problems_of(asked, file)]
    assert severities == ["error", "warning"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"inputs": [SIZE, {"kind": "number", "column": "price"}]},
            "is also predicted",
        ),
        ({"heads": [PRICE, {**CHURN, "columns": []}]}, "'churn' predicts no column"),
        ({"heads": [{**PRICE, "weight": 0.0}]}, "All head weights are 0"),
        ({"heads": [{**PRICE, "loss": "msle"}]}, "'msle'"),
        ({"training": {"monitor": "rain"}}, "monitor 'rain' is no head"),
        ({"inputs": []}, "has no input"),
    ],
)
def test_a_draft_that_is_not_whole_has_one_problem_and_a_fix(
    change: Mapping[str, Any], words: str
) -> None:
    plain = {**plain_data(experiment()), **change}
    read, (problem,) = read_draft(plain)
    assert read is None
    assert words in problem.sentence
    assert problem.fix is not None
    assert read_draft(plain_data(problem.fix.experiment)) == (
        problem.fix.experiment, (),
    )  # fmt: skip


def test_a_draft_that_no_small_change_saves_has_no_fix() -> None:
    read, (problem,) = read_draft({"heads": []})
    assert read is None
    assert problem.fix is None
    assert "no head" in problem.sentence


def test_a_whole_draft_is_the_experiment() -> None:
    asked = experiment(PRICE, CHURN)
    assert read_draft(plain_data(asked)) == (asked, ())
