"""An exported model answers as the run does, in a process without our code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import onnxruntime
import pytest

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.engine.rows.rows import raw_columns
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.served.tree_layers import depth_of, patches_of
from mtcore.errors import InputError
from mtcore.export.exported import Exported
from mtcore.export.models.naming import legal_names
from mtcore.export.models.saving import (
    export_keras,
    export_onnx,
    export_savedmodel,
)
from mtcore.spec import Experiment, apply_settings
from mtcore.trees.forest import Forest
from tests.engine.reviews import halves, reading, reviews
from tests.engine.workshop import experiment, parts, workshop
from tests.export.untrained import run_apart, untrained

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
]

ASK = """
import os, sys
os.environ["KERAS_BACKEND"], os.environ["TF_CPP_MIN_LOG_LEVEL"] = "tensorflow", "3"
import json, zipfile
import keras, numpy as np, tensorflow as tf

for folder in sys.argv[1:]:
    told = json.loads(zipfile.ZipFile(f"{folder}/model.keras").read("columns.json"))
    cells = np.load(f"{folder}/cells.npz", allow_pickle=True)
    columns = {
        name: tf.constant(cells[given["column"]].tolist()) if given["missing"] == ""
        else tf.constant(cells[given["column"]], tf.float64)
        for name, given in told["inputs"].items()
    }
    model = keras.models.load_model(f"{folder}/model.keras")
    served = tf.saved_model.load(f"{folder}/served").signatures["serving_default"]
    answers = {}
    for kind, given in (("keras", model(columns)), ("served", served(**columns))):
        for name, output in told["outputs"].items():
            answers[f"{kind}/{output['head']}"] = given[name].numpy()
    np.savez(f"{folder}/answers.npz", **answers)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What somebody else got from an exported model."""

    told: Mapping[str, Any]
    answers: Mapping[str, FloatArray]
    ours: Mapping[str, FloatArray]
    notes: tuple[str, ...]


def give_away(
    asked: Experiment, predictor: Predictor, table: Table, folder: Path
) -> Exported:
    """Export a model, with a table to ask it about beside it."""
    folder.mkdir()
    export_savedmodel(asked, predictor, folder / "served")
    cells = raw_columns(predictor.encoding, table)
    by_name = {
        given.column: cells[f"c{place}"]
        for place, given in enumerate(predictor.encoding.inputs)
    }
    np.savez(folder / "cells.npz", allow_pickle=True, **by_name)
    return export_keras(asked, predictor, folder / "model.keras")


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Taken]:
    """Models of numbers and of texts, both asked by one process without our code."""
    root = tmp_path_factory.mktemp("taken")
    numbers = experiment(training={"blend": "trees", "seeds": 2})
    texts = apply_settings(reading("pool"), ["training.blend=trees"])
    given = {
        "numbers": (numbers, untrained(numbers, workshop(), parts()), workshop(seed=3)),
        "texts": (texts, untrained(texts, reviews(), halves()), reviews(seed=4)),
    }
    made = {name: give_away(*asked, root / name) for name, asked in given.items()}
    run_apart(ASK, *(root / name for name in given), folder=root)
    found = {}
    for name, (_, predictor, table) in given.items():
        with ZipFile(root / name / "model.keras") as file:
            told = json.loads(file.read("columns.json"))
        with np.load(root / name / "answers.npz") as file:
            answers = dict(file)
        found[name] = Taken(told, answers, predictor.predict(table), made[name].notes)
    return found


@pytest.fixture(scope="module")
def blended(taken: Mapping[str, Taken]) -> Taken:
    return taken["numbers"]


@pytest.fixture(scope="module")
def read(taken: Mapping[str, Taken]) -> Taken:
    return taken["texts"]


@pytest.mark.parametrize("kind", ["keras", "served"])
def test_it_answers_as_the_run_does_trees_included(kind: str, blended: Taken) -> None:
    assert max(blended.told["trees"].values()) > 0.0
    for name, ours in blended.ours.items():
        off = np.abs(blended.answers[f"{kind}/{name}"] - ours).max(axis=0)
        assert (off <= 1e-5 * ours.std(axis=0)).all(), name


@pytest.mark.parametrize("kind", ["keras", "served"])
def test_trees_that_count_words_are_exported_too(kind: str, read: Taken) -> None:
    assert max(read.told["trees"].values()) > 0.0
    for name, ours in read.ours.items():
        off = np.abs(read.answers[f"{kind}/{name}"] - ours).max(axis=0)
        assert (off <= 1e-5 * ours.std(axis=0)).all(), name


def test_columns_json_says_what_every_input_and_output_is(blended: Taken) -> None:
    inputs, outputs = blended.told["inputs"], blended.told["outputs"]
    assert inputs["spikes"] == {"column": "spikes", "kind": "number", "missing": "NaN"}
    assert inputs["c0"]["column"] == "load (%)"
    assert inputs["c4"]["values"] == ["no", "yes"] or inputs["c4"]["values"] == [
        "yes", "no",
    ]  # fmt: skip
    assert outputs["both"]["values"] == ["cost", "heat"]
    assert outputs["h2"] == {
        "head": "returned [%]",
        "kind": "binary",
        "columns": ["returned"],
        "values": ["yes"],
    }
    assert outputs["fault"]["values"] == ["belt", "leak", "none"]


def test_people_are_told_what_is_called_otherwise_and_that_trees_are_in_it(
    blended: Taken,
) -> None:
    text = " ".join(blended.notes)
    assert "'load (%)' is called 'c0'" in text
    assert "'returned [%]' is called 'h2'" in text
    assert "the trees are in it" in text


def test_names_that_would_be_mistaken_for_one_another_are_not_used() -> None:
    names = {"c0": "a", "c1": "A", "c2": "c0", "c3": "für", "c4": "ok_1"}
    assert legal_names(names) == {
        "c0": "c0", "c1": "c1", "c2": "c2", "c3": "c3", "c4": "ok_1",
    }  # fmt: skip


def test_the_depth_of_a_forest_is_that_of_its_deepest_leaf() -> None:
    leaf = -1
    forest = Forest(
        roots=np.array([0, 3], np.int32),
        feature=np.array([0, leaf, leaf, 0, leaf, 1, leaf, leaf], np.int32),
        threshold=np.zeros(8, np.float32),
        missing_left=np.zeros(8, np.bool_),
        left=np.array([1, 0, 1, 4, 2, 6, 3, 4], np.int32),
        right=np.array([2, 0, 0, 5, 0, 7, 0, 0], np.int32),
        values=np.zeros((5, 1), np.float32),
    )
    assert depth_of(forest) == 2


def test_the_networks_answer_alike_as_onnx(tmp_path: Path) -> None:
    asked = experiment("cost", "both", "fault", training={"seeds": 2})
    predictor = untrained(asked, workshop(), parts())
    made = export_onnx(asked, predictor, tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(made.path)
    told = json.loads(session.get_modelmeta().custom_metadata_map["columns"])
    table = workshop(seed=3)
    given = {}
    for (name, column), cells in zip(
        told["inputs"].items(),
        raw_columns(predictor.encoding, table).values(),
        strict=True,
    ):
        if column["missing"] == "":
            codes = {"": 1, **{v: k for k, v in enumerate(column["values"], start=2)}}
            cells = np.array([[codes.get(str(cell), 0)] for cell in cells[:, 0]])
        given[name] = cells
    names = [output.name for output in session.get_outputs()]
    answers = dict(zip(names, session.run(None, given), strict=True))
    for name, ours in predictor.predict(table).items():
        off = np.abs(answers[name] - ours).max(axis=0)
        assert (off <= 1e-5 * ours.std(axis=0)).all(), name
    assert "a code for each category" in made.notes[0]


def test_a_text_cannot_go_into_onnx_and_is_named(tmp_path: Path) -> None:
    predictor = untrained(reading("pool"), reviews(), halves())
    with pytest.raises(InputError, match="read the text column 'review'"):
        export_onnx(reading("pool"), predictor, tmp_path / "model.onnx")


def test_trees_see_the_mean_colours_of_a_pictures_patches() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, 9, 8, 3)).astype(np.uint8)
    pixels[1] = 0
    seen = np.asarray(patches_of(pixels))
    assert seen.shape == (2, 4 * 4 * 3)
    assert np.isnan(seen[1]).all()
    # Of nine lines the first patch has three.
    assert seen[0, :3] == pytest.approx(pixels[0, :3, :2].mean(axis=(0, 1)))
    assert seen[0, -3:] == pytest.approx(pixels[0, 7:, 6:].mean(axis=(0, 1)))
