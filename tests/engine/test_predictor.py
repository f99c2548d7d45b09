"""Trained models that answer, from memory, from a folder, and in bare Keras."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest

from mtcore.data.tables.table import Table
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.rows.rows import raw_columns
from mtcore.engine.served.predictor import (
    MODEL_FILE,
    Predictor,
    load_predictor,
    save_model,
)
from mtcore.engine.training.trainer import Trained
from mtcore.errors import ColumnError, MissingError
from tests.engine.workshop import HEADS, experiment, parts, workshop
from tests.fresh_python import fresh_python

pytestmark = pytest.mark.engine

BARE_KERAS = """
import json, sys
import keras, numpy as np, tensorflow as tf

model = keras.models.load_model(sys.argv[1])
columns = json.load(open(sys.argv[2]))
given = {
    name: tf.constant(cells, "string" if isinstance(cells[0][0], str) else "float64")
    for name, cells in columns.items()
}
outputs = model(given)
assert not [name for name in sys.modules if name.startswith("mtcore")]
print(json.dumps({name: np.asarray(value).tolist() for name, value in outputs.items()}))
"""


@pytest.fixture
def folder(trained: Trained, tmp_path: Path) -> Path:
    save_model(trained, tmp_path / "model")
    return tmp_path / "model"


def test_a_saved_model_answers_as_the_trained_one_does(
    trained: Trained, folder: Path
) -> None:
    loaded = load_predictor(folder, experiment())
    expected = trained.predict(workshop())
    for name, outputs in loaded.predict(workshop()).items():
        assert np.array_equal(outputs, expected[name])


def test_keras_alone_loads_the_model_and_gives_the_same(
    trained: Trained, folder: Path, tmp_path: Path
) -> None:
    rows = workshop().take(parts().test)
    columns = raw_columns(trained.encoding, rows)
    file = tmp_path / "columns.json"
    file.write_text(json.dumps({k: v.tolist() for k, v in columns.items()}))
    printed = fresh_python(
        "-P", "-c", BARE_KERAS, str(folder / MODEL_FILE), str(file),
        folder=tmp_path, home=tmp_path / "home",
    )  # fmt: skip
    bare = json.loads(printed.splitlines()[-1])
    for name, outputs in trained.predict(rows).items():
        answered = np.array(bare[experiment().head_ids()[name]])
        np.testing.assert_allclose(answered, outputs, rtol=1e-5, atol=1e-5)


def test_outputs_have_the_width_and_the_range_of_their_kind(trained: Trained) -> None:
    outputs = trained.predict(workshop())
    plan = plan_network(experiment(), trained.encoding)
    assert list(outputs) == [head["name"] for head in HEADS]
    for head, values in zip(plan.heads, outputs.values(), strict=True):
        assert values.shape == (240, head.width)
        assert values.dtype == np.float64
        if head.activation != "linear":
            assert ((values >= 0.0) & (values <= 1.0)).all()
    np.testing.assert_allclose(outputs["fault"].sum(axis=1), 1.0, rtol=1e-5)
    cost = workshop().numbers("cost")
    assert (
        np.corrcoef(outputs["cost"][~np.isnan(cost), 0], cost[~np.isnan(cost)])[0, 1]
        > 0.5
    )


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"load (%)": 1e300, "spikes": -1e300, "always 7": 0.0},
        {"load (%)": float("inf"), "spikes": float("nan")},
        {"<b>site</b>": "never seen", "open?": "perhaps", "when": "9999-12-31"},
        {"<b>site</b>": "", "open?": None, "when": None},
        {"<b>site</b>": "\x00unknown", "load (%)": "many"},
    ],
)
def test_missing_unknown_and_huge_cells_are_answered(
    trained: Trained, cells: dict[str, object]
) -> None:
    columns = [given.column for given in trained.encoding.inputs]
    row = Table.from_records([{**dict.fromkeys(columns), **cells}])
    for outputs in trained.predict(row).values():
        assert np.isfinite(outputs).all()


def test_an_unknown_category_is_no_known_one(trained: Trained) -> None:
    row = workshop().take(np.array([3]))
    known = trained.predict(row)["cost"]
    columns = [given.column for given in trained.encoding.inputs]
    cells = {name: row.categories(name)[0] for name in columns}
    unknown = Table.from_records([{**cells, "<b>site</b>": "never seen"}])
    again = Table.from_records([cells])
    np.testing.assert_allclose(trained.predict(again)["cost"], known, rtol=1e-5)
    assert not np.allclose(trained.predict(unknown)["cost"], known, rtol=1e-3)


def test_rows_are_answered_one_by_one_as_together(trained: Trained) -> None:
    together = trained.predict(workshop())
    for row in (0, 7, 239):
        alone = trained.predict(workshop().take(np.array([row])))
        for name, outputs in alone.items():
            np.testing.assert_allclose(
                outputs[0], together[name][row], rtol=1e-4, atol=1e-5
            )


def test_an_empty_table_has_empty_answers(trained: Trained) -> None:
    outputs = trained.predict(workshop().take(np.array([], dtype=np.int64)))
    assert outputs["fault"].shape == (0, 3)


def test_one_row_is_answered_in_50_milliseconds(trained: Trained) -> None:
    row = workshop().take(np.array([0]))
    trained.predict(row)
    spent = []
    for _ in range(15):
        begun = time.thread_time()
        trained.predict(row)
        spent.append(time.thread_time() - begun)
    assert np.median(spent) < 0.05


def test_a_table_without_an_input_column_is_refused(trained: Trained) -> None:
    with pytest.raises(ColumnError, match="There is no column 'load"):
        trained.predict(Table.from_records([{"spikes": 1.0}]))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no trained model in 'nothing'"):
        load_predictor(tmp_path / "nothing", experiment())


def test_a_predictor_knows_its_encoding_and_model(trained: Trained) -> None:
    predictor = Predictor(experiment(), trained.encoding, trained.model)
    assert set(predictor.predict(workshop())) == {head["name"] for head in HEADS}
