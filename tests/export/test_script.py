"""The script trains a run's experiment again, and answers with a run's weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from mtcore.data.library.dataset import Dataset
from mtcore.data.library.library import Library
from mtcore.data.splits.splits import RowSplit, split_rows
from mtcore.data.tables.table import Table
from mtcore.engine.backend import tf
from mtcore.engine.encode.encoding import Encoding, fit_encoding
from mtcore.engine.layers.network import build_network
from mtcore.engine.plans.plan import HeadPlan
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.program.arguments import arguments_of
from mtcore.engine.program.losses import LOSSES
from mtcore.engine.program.optimizers import learning_rate
from mtcore.engine.program.program_kind import record_of
from mtcore.engine.rows.blocks import Scratch
from mtcore.engine.rows.labels import read_labels, read_row_weights
from mtcore.engine.rows.rows import raw_columns
from mtcore.engine.training.averaging import seed_of
from mtcore.engine.training.epoch_order import in_steps, shuffled_rows
from mtcore.engine.training.initial_weights import initial_weights
from mtcore.engine.training.prepared import Prepared, prepare_rows
from mtcore.engine.training.trainer import Trained, train
from mtcore.errors import ColumnError
from mtcore.export.code.fixed_text import RISING
from mtcore.export.models.model_words import values_of
from mtcore.export.models.saving import export_keras
from mtcore.export.script.losses import loss_functions, loss_table
from mtcore.export.script.script import keras_script
from mtcore.home import Home
from mtcore.spec import Experiment, apply_settings
from mtcore.spec.heads.base import LossSettings, OutputActivation
from tests.conftest import DEEP
from tests.engine.workshop import HEADS, experiment, workshop
from tests.export.untrained import run_apart

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
]

KINDS: tuple[dict[str, Any], ...] = (
    *HEADS,
    {"name": "count", "kind": "count", "columns": ["visits"]},
    {"name": "range", "kind": "quantile", "columns": ["heat"]},
    {"name": "order", "kind": "ordinal", "columns": ["fault"],
     "order": ["none", "belt", "leak"]},
    {"name": "spread", "kind": "regression", "columns": ["cost"],
     "loss": "gaussian_nll"},
    {"name": "log", "kind": "regression", "columns": ["heat"], "log_target": True},
    {"name": "idle", "kind": "binary", "columns": ["wet"], "weight": 0.0,
     "class_weight": "balanced"},
)  # fmt: skip

TWICE = """
import runpy, sys
script, data, weights, folder = sys.argv[1:]
for more in (
    ["--weights", weights, "--answers", f"{folder}/with_weights.csv"],
    ["--answers", f"{folder}/again.csv"],
):
    sys.argv = [script, data, *more]
    runpy.run_path(script, run_name="__main__")
"""


@dataclass(frozen=True, slots=True)
class Filed:
    """The workshop as a file, read by the library."""

    path: Path
    dataset: Dataset
    table: Table


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Filed:
    folder = tmp_path_factory.mktemp("filed")
    path = folder / "workshop.csv"
    frame: pd.DataFrame = workshop()._cells.to_pandas()
    frame["visits"] = np.random.default_rng(1).poisson(3.0, len(frame))
    frame["when"] = frame["when"].dt.strftime("%d.%m.%Y")
    frame["spikes"] = frame["spikes"].map("{:.3f}".format).str.replace(".", ",")
    frame["heat"] = frame["heat"].map("{:.4f}".format).str.replace(".", ",")
    frame["cost"] = frame["cost"].map("{:.2f}".format).str.replace(".", ",")
    frame["load (%)"] = frame["load (%)"].map("{:.5f}".format).str.replace(".", ",")
    frame["importance"] = frame["importance"].map("{:.1f}".format)
    frame["importance"] = frame["importance"].str.replace(".", ",")
    text = "about the workshop\n\n" + frame.to_csv(index=False, sep=";")
    lines = text.replace("nan", "n/a").splitlines()
    lines.insert(30, "a;line;that;is;not;whole")
    path.write_text("\n".join(lines), encoding="utf-8")
    library = Library(Home(folder / "home"))
    dataset = library.add(path)
    assert [left.line for left in dataset.report.left_out][-1] == 31
    table = library.table(dataset.id)
    assert isinstance(table, Table)
    return Filed(path, dataset, table)


def all_kinds(*settings: str, **changes: object) -> Experiment:
    asked = experiment(heads=KINDS, row_weight="importance", **changes)
    return apply_settings(asked, ["training.epochs=3", *settings])


def script_of(asked: Experiment, filed: Filed) -> tuple[str, Encoding, RowSplit]:
    split = split_rows(asked, filed.table)
    encoding = fit_encoding(asked, filed.table, split)
    text = keras_script(asked, encoding, filed.dataset, filed.table, split)
    return text, encoding, split


def run_here(text: str) -> dict[str, Any]:
    """Return what a script defines, nothing of it run."""
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "<written>", "exec"), names)
    return names


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        (cast(OutputActivation, activation), loss)
        for activation, known in LOSSES.items()
        for loss in known
    ],
)
def test_every_loss_is_written_as_it_is_trained(
    activation: OutputActivation, loss: str
) -> None:
    random = np.random.default_rng(2)
    classes = activation in ("softmax", "chained")
    targets = random.integers(0, 3, (50, 1)) * 1.0
    if activation == "sigmoid":
        targets = np.minimum(targets, 1.0)
    if not classes and activation != "sigmoid":
        targets = random.poisson(2.0, (50, 1)) * 1.0
    width = {"sigmoid": 1, "exponential": 1, "chained": 2}.get(activation, 3)
    width = {"gaussian_nll": 2, "pinball": 3}.get(loss, width)
    width = 1 if activation == "linear" and loss != "gaussian_nll" else width
    head = HeadPlan(
        "h0", "any", (), width, activation, loss, 1,
        settings=LossSettings(0.1, 1.5, (0.1, 0.5, 0.9)),
    )  # fmt: skip
    text = f"import math\n{RISING}{loss_functions((head,))}{loss_table((head,))}"
    names: dict[str, Any] = {"tf": tf}
    names["ops"] = __import__("keras").ops
    exec(text, names)
    given = tf.constant(targets, tf.float32)
    raw = tf.constant(random.normal(0.0, 2.0, (50, width)), tf.float32)
    ours = LOSSES[activation][loss](given, raw, head).numpy()
    assert names["LOSSES"]["h0"](given, raw).numpy() == pytest.approx(ours, abs=1e-6)


@pytest.fixture(scope="module")
def in_turns(filed: Filed) -> tuple[dict[str, Any], Experiment, Prepared]:
    asked = all_kinds("training.seeds=3", "training.rotate=true")
    text, _, split = script_of(asked, filed)
    ready = prepare_rows(asked, filed.table, split, Scratch(), lambda: False)
    return run_here(text), asked, ready


def test_inputs_and_labels_are_read_as_the_run_read_them(
    in_turns: tuple[dict[str, Any], Experiment, Prepared], filed: Filed
) -> None:
    names, asked, ready = in_turns
    frame = names["read_cells"](filed.path)
    wanted = raw_columns(ready.encoding, filed.table)
    for name, given in names["inputs_of"](frame).items():
        found = given.numpy()
        if found.dtype == object:
            found = np.array([[cell.decode()] for cell in found[:, 0]], dtype=object)
            assert (found == wanted[name]).all()
        else:
            assert np.array_equal(found, wanted[name], equal_nan=True)
    split = split_rows(asked, filed.table)
    weights = read_row_weights(asked, filed.table, split.train)
    labels = read_labels(asked, ready.encoding, filed.table, weights)
    targets, weighed = names["labels_of"](frame)
    assert np.allclose(np.hstack([t.numpy() for t in targets.values()]), labels.targets)
    assert np.allclose(np.hstack([w.numpy() for w in weighed.values()]), labels.weights)


def test_networks_take_the_rows_and_first_weights_of_the_run(
    in_turns: tuple[dict[str, Any], Experiment, Prepared], filed: Filed
) -> None:
    names, asked, ready = in_turns
    _, weighed = names["labels_of"](names["read_cells"](filed.path))
    for place, held in enumerate(ready.turns.held):
        taught, judging = names["rows_of"](place, weighed)
        assert sorted(judging) == held.tolist()
        train_rows, validation_rows = ready.data_of(place)
        assert (len(taught), len(judging)) == (train_rows.rows, validation_rows.rows)
        assert names["seed_of"](asked.seed, place) == seed_of(asked.seed, place)
    network = build_network(ready.plan)
    ours = initial_weights(network, ready.constants, seed=11)
    shapes = {name: value.shape for name, value in ours.items()}
    first = names["first_weights"](shapes, 11)
    assert list(first) == list(ours)
    for name, value in ours.items():
        assert np.allclose(first[name], value), name


def test_batches_and_rates_are_those_of_the_run(
    in_turns: tuple[dict[str, Any], Experiment, Prepared],
) -> None:
    names, asked, ready = in_turns
    rows = np.arange(100, 170)
    batches = list(names["batches_of"](rows, 5, 2))
    dealt = in_steps(shuffled_rows(70, 5, 2), 32, 96).reshape(3, 32)
    for found, ours in zip(batches, dealt, strict=True):
        assert found.tolist() == rows[ours[ours < 70]].tolist()
    arguments = arguments_of(asked, ready.encoding, ready.constants, 7)
    recipe = arguments.tensors()["recipe"]
    rates = [names["learning_rate"](step, 21) for step in range(21)]
    assert rates == pytest.approx(
        [float(learning_rate(recipe, float(step))) for step in range(21)]
    )
    assert names["SCALES"] == pytest.approx(arguments.scales.tolist())


@pytest.fixture(scope="module")
def trained(filed: Filed) -> tuple[Experiment, Trained]:
    asked = all_kinds(split={"kind": "stratified"})
    split = split_rows(asked, filed.table)
    ready = prepare_rows(asked, filed.table, split, Scratch(), lambda: False)
    # XLA takes long to compile so many heads, and comes to the same numbers.
    graph = record_of(replace(ready.key, kind="graph_epoch"))
    return asked, train(asked, filed.table, split, program=None if DEEP else graph)


@pytest.fixture(scope="module")
def ran(
    trained: tuple[Experiment, Trained],
    filed: Filed,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """The folder in which the script ran, in a process without our code."""
    asked, run = trained
    folder = tmp_path_factory.mktemp("script")
    split = split_rows(asked, filed.table)
    text = keras_script(asked, run.encoding, filed.dataset, filed.table, split)
    assert "mtcore" not in text
    (folder / "script.py").write_text(text, encoding="utf-8")
    export_keras(asked, run, folder / "run.keras")
    run_apart(
        TWICE, folder / "script.py", filed.path, folder / "run.keras", folder,
        folder=folder,
    )  # fmt: skip
    return folder


def off_by(
    ran: Path, name: str, run: Trained, asked: Experiment, table: Table
) -> float:
    """Return how far the script's answers are off, in deviations of each answer."""
    answers, ours = pd.read_csv(ran / name), run.predict(table)
    worst = 0.0
    for head in asked.heads:
        values = values_of(head, run.encoding.heads[head.name])
        found = answers[[f"{head.name}: {value}" for value in values]].to_numpy()
        spread = ours[head.name].std(axis=0)
        worst = max(worst, float((np.abs(found - ours[head.name]) / spread).max()))
    return worst


def test_with_the_weights_of_a_run_it_answers_as_the_run_does(
    ran: Path, trained: tuple[Experiment, Trained], filed: Filed
) -> None:
    asked, run = trained
    assert off_by(ran, "with_weights.csv", run, asked, filed.table) < 1e-5


def test_trained_again_it_comes_to_the_same_network(
    ran: Path, trained: tuple[Experiment, Trained], filed: Filed
) -> None:
    asked, run = trained
    assert off_by(ran, "again.csv", run, asked, filed.table) < 1e-3


def filed_at(path: Path, frame: pd.DataFrame) -> Filed:
    """Return a table written to a file, and taken into a library beside it."""
    frame.to_csv(path, index=False)
    library = Library(Home(path.parent / "home"))
    dataset = library.add(path)
    table = library.table(dataset.id)
    assert isinstance(table, Table)
    return Filed(path, dataset, table)


def test_a_column_that_cannot_be_read_alike_is_named(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    prices = [f"${price}" for price in range(100, 160)]
    frame = pd.DataFrame({"price": prices, "size": np.arange(60) % 7})
    filed = filed_at(path, frame)
    asked = experiment(
        inputs=[{"column": "price", "kind": "number"}],
        heads=[{"name": "size", "kind": "regression", "columns": ["size"]}],
    )
    assert np.isfinite(filed.table.numbers("price")).all()
    with pytest.raises(ColumnError, match="can't read column 'price'"):
        script_of(asked, filed)


def test_a_table_packed_as_gz_is_read_as_the_run_read_it(tmp_path: Path) -> None:
    path = tmp_path / "sizes.csv.gz"
    frame = pd.DataFrame({"width": np.arange(60) / 4, "size": np.arange(60) % 7})
    filed = filed_at(path, frame)
    asked = experiment(
        inputs=[{"column": "width", "kind": "number"}],
        heads=[{"name": "size", "kind": "regression", "columns": ["size"]}],
    )
    text, _, _ = script_of(asked, filed)
    names = run_here(text)
    inputs = names["inputs_of"](names["read_cells"](path))["c0"].numpy()
    np.testing.assert_array_equal(inputs[:, 0], filed.table.numbers("width"))


def test_the_plan_of_a_script_is_that_of_the_run(filed: Filed) -> None:
    text, encoding, _ = script_of(all_kinds(), filed)
    plan = plan_network(all_kinds(), encoding)
    names = run_here(text)
    assert list(names["LOSSES"]) == [head.id for head in plan.heads]


def test_words_are_left_out_of_texts_at_random(filed: Filed) -> None:
    names = run_here(script_of(all_kinds(), filed)[0])
    texts = tf.constant([["one two  three"], [""], ["four"]])
    whole = names["without_some_words"](texts, 0.0).numpy()
    assert whole.tolist() == [[b"one two three"], [b""], [b"four"]]
    gone = names["without_some_words"](texts, 1.0).numpy()
    assert gone.tolist() == [[b""], [b""], [b""]]
