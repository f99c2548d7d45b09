"""The experiment: what it accepts, refuses and keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mtcore.errors import ExperimentError
from mtcore.spec import (
    Experiment,
    RegressionHead,
    apply_settings,
    dump_json,
    dump_yaml,
    experiment_from,
    experiment_schema,
    load_experiment,
    parse_experiment,
)

GOLDEN = """
name: Building loads
reading: {delimiter: ";", decimal: ",", encoding: utf-8, header_line: 1}
inputs:
  - {column: X1, kind: number}
  - {column: orientation, kind: category}
  - {column: when, kind: datetime}
exclude: [row_id]
missing: ["?", -200]
row_weight: null
trunk: {kind: shared, layers: [64, 32], activation: relu, dropout: 0.0}
heads:
  - {name: heating, kind: regression, columns: [Y1], metrics: [mae, r2]}
  - {name: cooling, kind: regression, columns: Y2, loss: huber, weight: 0.5}
  - {name: leaves, kind: binary, columns: [churned], positive: yes,
     class_weight: balanced}
  - {name: topic, kind: multiclass, columns: [topic]}
  - {name: animals, kind: multilabel, columns: [cat, dog]}
split: {validation: 0.15, test: 0.15}
training: {epochs: 100, batch_size: 256, learning_rate: 1e-3, monitor: null}
seed: 0
"""
HEAD = "heads: [{name: price, kind: regression, columns: [Y]%s}]\n"


@pytest.fixture
def experiment() -> Experiment:
    return parse_experiment(GOLDEN)


def test_the_golden_file_loads_for_ever(experiment: Experiment) -> None:
    assert [head.kind for head in experiment.heads] == [
        "regression", "regression", "binary", "multiclass", "multilabel",
    ]  # fmt: skip
    assert experiment.missing == ("?", "-200")
    assert experiment.head("cooling").columns == ("Y2",)
    assert experiment.training.learning_rate == 0.001


def test_a_bare_yes_stays_the_word_people_wrote(experiment: Experiment) -> None:
    assert experiment.model_dump()["heads"][2]["positive"] == "yes"


def test_yaml_and_json_load_to_an_equal_experiment(experiment: Experiment) -> None:
    assert parse_experiment(dump_yaml(experiment)) == experiment
    assert parse_experiment(dump_json(experiment)) == experiment


names = st.text(min_size=1, max_size=40).filter(
    lambda text: text.isprintable() and text.strip() == text
)


@given(name=names, column=names)
def test_any_printable_name_survives_yaml(name: str, column: str) -> None:
    head = RegressionHead(name=name, columns=(column,))
    made = Experiment(name=name, heads=(head,), missing=(column,))
    assert parse_experiment(dump_yaml(made)) == made


def test_an_experiment_cannot_be_changed_in_place(experiment: Experiment) -> None:
    with pytest.raises(ValidationError):
        experiment.__setattr__("seed", 3)


def test_heads_have_opaque_ids_in_their_order(experiment: Experiment) -> None:
    assert experiment.head_ids()["heating"] == "h0"
    assert experiment.head_ids()["animals"] == "h4"


def test_weight_shares_add_up_to_one(experiment: Experiment) -> None:
    shares = experiment.weight_shares()
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["heating"] == pytest.approx(1 / 4.5)


def test_the_schema_names_every_part() -> None:
    assert set(experiment_schema()["properties"]) == set(Experiment.model_fields)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            HEAD % ", loss: foo",
            r"Head 'price': loss is 'foo', but must be one of 'mse'",
        ),
        (HEAD % ", weight: -1", r"Head 'price': weight is -1, but must be 0 or more"),
        (HEAD % ", weight: .nan", r"Head 'price': weight is nan, but must be a finite"),
        (HEAD % ", weight: 0", r"All head weights are 0.*above 0"),
        (HEAD % ", wieght: 2", r"Head 'price'.*no field 'wieght'.*mean 'weight'"),
        ("heads: []", r"no head\. Choose at least one column"),
        (
            "heads: [{name: price, kind: regression, columns: []}]",
            r"Head 'price' predicts no column",
        ),
        ("heads: [{name: price, columns: [Y]}]", r"Head 'price': 'kind' is missing"),
        (
            "heads: [{name: price, kind: magic, columns: [Y]}]",
            r"Head 'price': kind is 'magic'.*'regression'",
        ),
        (
            "heads: [{name: leaves, kind: binary, columns: [a, b]}]",
            r"Head 'leaves' is of a kind that predicts one column but names 2",
        ),
        (
            HEAD % "" + "inputs: [{column: Y, kind: number}]",
            r"Column 'Y' is an input and is also predicted by head 'price'",
        ),
        (
            HEAD % "" + "inputs: [{column: X, kind: smell}]",
            r"Input 'X': kind is 'smell'",
        ),
        (HEAD % "" + "trunk: {layers: [0]}", r"Trunk: layers is 0.*1 or more"),
        (HEAD % "" + "training: {balance: fair}", r"balance is 'fair'.*uncertainty"),
        (HEAD % "" + "training: {epochs: x}", r"Training: epochs is 'x'.*whole number"),
        (HEAD % "" + "training: {monitor: q}", r"monitor 'q' is no head.*price"),
        (HEAD % "" + "split: {test: 0.9, validation: 0.5}", r"leave no rows to train"),
        (HEAD % "" + HEAD % "", r"line 2: 'heads' is given twice"),
        ("a: &x [1]\nb: *x", r"an experiment has no aliases"),
        ("x: [", r"not readable YAML: line"),
        ("\x00", r"not readable YAML"),
        ("just words", r"not\. Make one with 'suggest'"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        parse_experiment(text)


def test_two_heads_of_one_name_are_refused() -> None:
    head = {"name": "a", "kind": "regression", "columns": ["Y"]}
    with pytest.raises(ExperimentError, match="2 heads are called 'a'"):
        experiment_from({"heads": [head, head]})


def test_an_error_says_which_head_it_is_about() -> None:
    with pytest.raises(ExperimentError) as caught:
        parse_experiment(HEAD % ", weight: -1")
    assert caught.value.where == "price"


def test_settings_reach_heads_by_name_and_parts_by_path(
    experiment: Experiment,
) -> None:
    changed = apply_settings(
        experiment, ["heads.cooling.weight=2", "training.epochs=5", "reading.decimal=."]
    )
    assert changed.head("cooling").weight == 2.0
    assert changed.training.epochs == 5
    assert changed.reading is not None
    assert changed.reading.decimal == "."
    assert experiment.head("cooling").weight == 0.5


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("heads.nobody.weight=2", r"names no head.*heating"),
        ("seed", r"sets nothing"),
        ("seed.deep=1", r"leads nowhere"),
        ("training.speed=9", r"no field 'speed'"),
    ],
)
def test_a_setting_that_leads_nowhere_is_refused(
    experiment: Experiment, setting: str, sentence: str
) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        apply_settings(experiment, [setting])


def test_a_head_with_a_dot_in_its_name_can_be_set() -> None:
    made = parse_experiment(
        "heads: [{name: a.b, kind: regression, columns: [Y]},"
        "{name: a, kind: regression, columns: [Z]}]"
    )
    assert apply_settings(made, ["heads.a.b.weight=3"]).head("a.b").weight == 3.0


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match=r"cannot be read.*Check its path"):
        load_experiment(tmp_path / "none.yaml")


def test_a_picture_is_no_experiment(tmp_path: Path) -> None:
    path = tmp_path / "e.yaml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(ExperimentError, match="not a text file"):
        load_experiment(path)
