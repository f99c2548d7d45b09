"""A complete experiment from the names of what is to be predicted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtcore.data.checks import find_problems
from mtcore.data.samples import SAMPLES, Sample, write_sample
from mtcore.data.suggestions.inputs import with_inputs
from mtcore.data.suggestions.recipes import recipe_for
from mtcore.data.suggestions.suggest import suggest_experiment
from mtcore.errors import ColumnError, ExperimentError
from mtcore.spec import (
    Experiment,
    TextInput,
    dump_yaml,
    experiment_from,
    parse_experiment,
)
from tests.data.files import ReadFile, read_columns, read_path

ROWS = 300


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> ReadFile:
    random = np.random.default_rng(4)
    columns = {
        "order_id": [f"A{10_000 + 3 * row}" for row in range(ROWS)],
        "size": np.round(random.normal(50.0, 12.0, ROWS), 2),
        "colour": random.choice(["red", "green", "blue"], ROWS).tolist(),
        "member": random.choice(["yes", "no"], ROWS).tolist(),
        "when": [f"2024-{1 + row // 28:02d}-{1 + row % 28:02d}" for row in range(ROWS)],
        "same": ["x"] * ROWS,
        "visits": random.poisson(3.0, ROWS),
        "flag": random.integers(0, 2, ROWS),
        "price": np.round(random.normal(9.0, 2.0, ROWS), 2),
    }
    return read_columns(columns, tmp_path_factory.mktemp("suggest"))


def suggest(
    file: ReadFile, *predict: str, inputs: list[str] | None = None
) -> Experiment:
    return suggest_experiment(file.profile, file.report, predict, inputs).experiment


def test_each_column_becomes_a_head_of_the_kind_it_holds(file: ReadFile) -> None:
    asked = suggest(file, "price", "visits", "colour", "member", "flag")
    assert {head.name: head.kind for head in asked.heads} == {
        "price": "regression", "visits": "regression", "colour": "multiclass",
        "member": "binary", "flag": "binary",
    }  # fmt: skip
    assert {head.name: head.model_dump().get("positive") for head in asked.heads} == {
        "price": None, "visits": None, "colour": None, "member": "yes", "flag": "1",
    }  # fmt: skip


def test_every_other_column_of_use_is_an_input_of_its_kind(file: ReadFile) -> None:
    asked = suggest(file, "price")
    assert {given.column: given.kind for given in asked.inputs or ()} == {
        "size": "number", "colour": "category", "member": "boolean",
        "when": "datetime", "visits": "number", "flag": "boolean",
    }  # fmt: skip
    assert asked.exclude == ("order_id", "same")


def test_what_is_left_out_and_chosen_is_said(file: ReadFile) -> None:
    suggestion = suggest_experiment(file.profile, file.report, ["price", "visits"])
    said = "\n".join(suggestion.reasons)
    assert "Column 'order_id' is left out (id)" in said
    assert "Column 'same' is left out (constant)" in said
    assert "may be codes" in said
    assert "make the head multiclass" in said
    assert "split by 'when'" in said


def test_what_numbers_may_be_besides_is_said_and_never_assumed(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    columns = {
        "calls": random.poisson(random.gamma(2.0, 15.0, 300)),
        "paid": np.round(np.exp(random.normal(3.0, 1.5, 300)), 2),
        "size": np.round(random.normal(0.0, 1.0, 300), 3),
        "year": random.integers(1900, 2020, 300),
    }
    read = read_columns(columns, tmp_path)
    found = suggest_experiment(read.profile, read.report, list(columns)[:-1], None)
    assert {head.kind for head in found.experiment.heads} == {"regression"}
    calls, paid, size = found.reasons[:3]
    assert calls.endswith("make the head a count.")
    assert paid.endswith("set log_target.")
    assert size.endswith("holds numbers.")
    year = suggest_experiment(read.profile, read.report, ["year"]).reasons[0]
    assert "count" not in year


def test_what_holds_for_several_heads_or_columns_is_said_once(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    columns = {f"y{place}": random.normal(size=40).round(3) for place in range(8)}
    columns |= {name: np.zeros(40, np.int64) for name in ("same", "too {}")}
    columns["x"] = random.normal(size=40).round(3)
    read = read_columns(columns, tmp_path)
    found = suggest_experiment(read.profile, read.report, list(columns)[:8])
    assert found.reasons[0] == (
        "Heads 'y0', 'y1', 'y2', 'y3', 'y4', 'y5' and 2 more are regressions, as their "
        "columns hold numbers."
    )
    [left_out] = [reason for reason in found.reasons if "left out" in reason]
    assert left_out.startswith("Columns 'same' and 'too {}' are left out (constant): ")


def test_inputs_that_are_named_are_taken_and_no_others(file: ReadFile) -> None:
    asked = suggest(file, "price", inputs=["size", "order_id"])
    assert {given.column: given.kind for given in asked.inputs or ()} == {
        "size": "number", "order_id": "category",
    }  # fmt: skip
    assert asked.exclude == ()


def test_a_suggestion_survives_its_yaml_and_has_no_error(file: ReadFile) -> None:
    asked = suggest(file, "price", "colour")
    assert parse_experiment(dump_yaml(asked)) == asked
    assert find_problems(asked, file.profile) == ()
    assert asked.reading is not None
    assert (asked.reading.delimiter, asked.reading.header_line) == (";", 1)


@pytest.mark.parametrize(
    ("predict", "words"),
    [
        ("prize", r"no column 'prize'\. Did you mean 'price'"),
        ("same", "'same' holds only 'x', so there is nothing to predict"),
        ("order_id", r"can't be predicted, as it holds ids \("),
        ("when", "can't be predicted, as it holds dates"),
    ],
)
def test_what_cannot_be_predicted_is_refused(
    predict: str, words: str, file: ReadFile
) -> None:
    with pytest.raises(ColumnError, match=words):
        suggest(file, predict)


def test_a_column_asked_for_twice_is_refused(file: ReadFile) -> None:
    with pytest.raises(ExperimentError, match="2 heads are called 'price'"):
        suggest(file, "price", "price")
    with pytest.raises(ExperimentError, match="is also predicted by head 'price'"):
        suggest(file, "price", inputs=["size", "price"])


def test_a_file_of_one_column_leaves_nothing_to_learn_from(tmp_path: Path) -> None:
    lonely = read_columns({"price": [1.5, 2.5, 3.5, 2.0]}, tmp_path)
    with pytest.raises(ExperimentError, match="No input is left"):
        suggest(lonely, "price")


def test_rare_classes_ask_for_a_stratified_split(file: ReadFile) -> None:
    assert suggest(file, "price").split.kind == "random"
    assert suggest(file, "colour").split.kind == "stratified"


def test_more_rows_get_larger_batches_and_fewer_epochs() -> None:
    recipes = [recipe_for(rows).training for rows in (500, 10_000, 100_000, 10**7)]
    batches = [recipe.batch_size for recipe in recipes]
    epochs = [recipe.epochs for recipe in recipes]
    assert batches == sorted(batches)
    assert epochs == sorted(epochs, reverse=True)


def test_a_small_table_gets_networks_in_turns_and_trees_and_is_told_why(
    file: ReadFile,
) -> None:
    suggestion = suggest_experiment(file.profile, file.report, ["price"])
    training = suggestion.experiment.training
    assert (training.seeds, training.rotate, training.blend) == (5, True, "trees")
    said = "\n".join(suggestion.reasons)
    assert "5 networks are averaged and take turns" in said
    assert "as 300 rows are too few" in said
    assert "Trees are blended in" in said
    large = recipe_for(10**6)
    assert (large.training.seeds, large.training.blend) == (1, "none")
    assert "1,000,000 rows" in large.reasons(10**6)[0]


def test_texts_are_read_by_default_and_trained_as_what_is_learned_from_scratch(
    tmp_path: Path,
) -> None:
    random = np.random.default_rng(1)
    words = ["crew", "seat", "gate", "bags", "food", "delay", "plane", "ticket"]
    columns = {
        "review": [" ".join(random.choice(words, 6).tolist()) for _ in range(ROWS)],
        "liked": random.choice(["yes", "no"], ROWS).tolist(),
    }
    read = read_columns(columns, tmp_path)
    suggestion = suggest_experiment(read.profile, read.report, ["liked"])
    asked = suggestion.experiment
    assert asked.inputs == (TextInput(column="review", word_dropout=0.5),)
    assert asked.exclude == ()
    assert asked.training == recipe_for(ROWS, asked.inputs).training
    assert asked.training.blend == "none"
    assert "300 rows of texts or pictures" in "\n".join(suggestion.reasons)


def test_inputs_left_out_are_listed_before_training(file: ReadFile) -> None:
    asked = experiment_from(
        {
            "heads": [{"name": "p", "kind": "regression", "columns": ["price"]}],
            "exclude": ["size"],
            "row_weight": "visits",
            "split": {"kind": "group", "column": "colour"},
        }
    )
    listed = [given.column for given in with_inputs(asked, file.profile).inputs or ()]
    assert listed == ["member", "when", "flag"]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_a_samples_own_experiment_is_what_would_be_suggested(
    sample: Sample, tmp_path: Path
) -> None:
    read = read_path(write_sample(sample.id, tmp_path), tmp_path)
    assert find_problems(sample.experiment, read.profile, read.parquet) == ()
    asked = suggest(read, *sample.experiment.target_columns())
    columns = [given.column for given in sample.experiment.inputs or ()]
    assert [given.column for given in asked.inputs or ()] == columns
    assert set(asked.exclude) == set(sample.experiment.exclude)
