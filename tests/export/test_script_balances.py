"""A script weighs its heads as the run did, whatever the balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mtcore.arrays import FloatArray
from mtcore.data.library.dataset import Dataset
from mtcore.data.library.library import Library
from mtcore.data.splits.splits import RowSplit, split_rows
from mtcore.data.tables.table import Table
from mtcore.engine.backend import Tensor, tf
from mtcore.engine.balance import build_balance, moment_of
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.program.arguments import arguments_of
from mtcore.engine.program.gradients import products_of
from mtcore.engine.program.program_kind import record_of
from mtcore.engine.rows.blocks import Scratch
from mtcore.engine.training.prepared import Prepared, prepare_rows
from mtcore.engine.training.trainer import Trained, train
from mtcore.export.script.script import keras_script
from mtcore.home import Home
from mtcore.spec import Experiment, apply_settings, experiment_from
from tests.conftest import DEEP

pytestmark = pytest.mark.engine

HEADS: tuple[dict[str, Any], ...] = (
    {"name": "down", "kind": "regression", "columns": ["down"], "weight": 3.0},
    {"name": "up", "kind": "regression", "columns": ["up"], "loss": "gaussian_nll"},
    {"name": "high", "kind": "binary", "columns": ["high"]},
    {"name": "idle", "kind": "binary", "columns": ["high"], "weight": 0.0},
)
FEW = ("first", "second")
# Balances that learn do so fast enough for three epochs to show it.
BALANCES = {
    "log_sum": (),
    "uncertainty": ("training.balance_rate=0.1",),
    "famo": ("training.balance_rate=0.3", "training.balance_decay=0.01"),
    "pcgrad": ("training.seeds=2",),
}
# Those that the others' steps are parts of; that of PCGrad trains on pictures too.
TRAINED = tuple(BALANCES) if DEEP else ("uncertainty", "famo")


@dataclass(frozen=True, slots=True)
class Filed:
    """A table in which heads want opposite things of the trunk, and some labels lack.

    Args:
        path: The file.
        dataset: What the library made of it.
        table: Its rows.
    """

    path: Path
    dataset: Dataset
    table: Table


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Filed:
    folder = tmp_path_factory.mktemp("balances")
    random = np.random.default_rng(0)
    given = random.normal(size=(120, 2))
    frame = pd.DataFrame(given, columns=["first", "second"])
    frame["up"] = given[:, 0] + np.abs(given[:, 1])
    frame["down"] = np.abs(given[:, 0]) - given[:, 1]
    frame["high"] = np.where(given[:, 0] * given[:, 1] > 0.0, "yes", "no")
    frame.loc[random.random(120) < 0.2, "up"] = np.nan
    path = folder / "opposed.csv"
    frame.round(4).to_csv(path, index=False)
    library = Library(Home(folder / "home"))
    dataset = library.add(path)
    table = library.table(dataset.id)
    assert isinstance(table, Table)
    return Filed(path, dataset, table)


def balanced(kind: str, *settings: str, **changes: object) -> Experiment:
    plain = experiment_from(
        {
            "inputs": [{"column": name, "kind": "number"} for name in FEW],
            "trunk": {"layers": [6]},
            "heads": HEADS,
            "training": {
                "epochs": 3,
                "batch_size": 16,
                "learning_rate": 0.02,
                "measure_every": 0,
            },
            **changes,
        }
    )
    return apply_settings(plain, [f"training.balance={kind}", *settings])


def script_of(asked: Experiment, filed: Filed) -> tuple[str, RowSplit]:
    split = split_rows(asked, filed.table)
    encoding = fit_encoding(asked, filed.table, split)
    return keras_script(asked, encoding, filed.dataset, filed.table, split), split


def prepared(asked: Experiment, filed: Filed) -> tuple[Prepared, dict[str, Tensor]]:
    """Return a run's rows and network, and the arguments of its program."""
    split = split_rows(asked, filed.table)
    ready = prepare_rows(asked, filed.table, split, Scratch(), lambda: False)
    arguments = arguments_of(asked, ready.encoding, ready.constants, 5)
    return ready, arguments.tensors()


def trained(asked: Experiment, filed: Filed, split: RowSplit) -> Trained:
    """Return a run that was trained as a graph, which XLA need not compile."""
    ready, _ = prepared(asked, filed)
    program = record_of(replace(ready.key, kind="graph_epoch"))
    return train(asked, filed.table, split, program=program)


def run_here(text: str) -> dict[str, Any]:
    """Return what a script defines, nothing of it run."""
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(text, "<written>", "exec"), names)
    return names


def trained_again(text: str, path: Path) -> FloatArray:
    """Return every head's answer of a script that trained here, side by side."""
    names = run_here(text)
    frame = names["read_cells"](path)
    columns, model = names["inputs_of"](frame), names["build_model"]()
    names["train_again"](model, frame, columns)
    answers: FloatArray = names["answers_of"](model, columns).to_numpy()
    return answers


@pytest.mark.parametrize("kind", ["log_sum", "uncertainty", "famo"])
def test_a_script_weighs_and_learns_as_the_balance_of_the_run(
    filed: Filed, kind: str
) -> None:
    asked = balanced(kind, *BALANCES[kind])
    ready, choices = prepared(asked, filed)
    theirs = run_here(script_of(asked, filed)[0])["Balance"]()
    ours = build_balance(kind, ready.plan.heads)
    random = np.random.default_rng(4)
    learned = []
    for step in range(12):
        losses, after = random.exponential(size=(2, len(HEADS))).astype(np.float32)
        labelled = random.random(len(HEADS)) < 0.8
        losses[~labelled] = after[~labelled] = 0.0
        losses[1] *= 1e-5
        given = [tf.constant(values) for values in (losses, after, labelled)]
        weighed = tf.cast(given[2], tf.float32)
        moment = moment_of(given[0], weighed, choices, tf.constant(step))
        found = theirs.weights(given[0], given[2]).numpy()
        np.testing.assert_allclose(found, ours.weights(moment), rtol=1e-5)
        learned.append(found)
        ours.learn(moment, partial(tf.identity, given[1]))
        match kind:
            case "uncertainty":
                theirs.learn(given[0], given[2], step)
            case "famo":
                theirs.learn(*given, step)
    assert np.ptp(np.array(learned)[:, 0]) > 0.1


def test_a_script_turns_gradients_aside_as_the_run_does(filed: Filed) -> None:
    asked = balanced("pcgrad")
    ready, choices = prepared(asked, filed)
    theirs = run_here(script_of(asked, filed)[0])["Balance"]()
    ours = build_balance("pcgrad", ready.plan.heads)
    random = np.random.default_rng(5)
    sums = []
    for step in range(6):
        gradients = tf.constant(random.normal(size=(len(HEADS), 3)), tf.float32)
        zeros = tf.zeros(len(HEADS))
        moment = moment_of(zeros, zeros, choices, tf.constant(step))
        chosen = ours.trunk_weights(products_of(gradients), moment)
        expected = tf.linalg.matvec(gradients, chosen, transpose_a=True).numpy()
        found = theirs.turned(gradients, asked.seed, tf.constant(step)).numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
        sums.append(np.abs(found - gradients.numpy().sum(axis=0)).max())
    assert max(sums) > 0.1


@pytest.mark.parametrize("kind", TRAINED)
def test_trained_again_by_a_balance_it_comes_to_the_same_network(
    filed: Filed, kind: str
) -> None:
    asked = balanced(kind, *BALANCES[kind])
    text, split = script_of(asked, filed)
    again = trained_again(text, filed.path)
    ours = trained(asked, filed, split).predict(filed.table)
    expected = np.hstack([ours[head.name] for head in asked.heads])
    assert np.abs((again - expected) / expected.std(axis=0)).max() < 1e-3


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("log_sum", {"def logarithms", "SIGNED ="}),
        ("uncertainty", {"class SmallAdam", "BALANCE_RATE =", "SIGNED ="}),
        (
            "famo",
            {"def logarithms", "class SmallAdam", "BALANCE_RATE =", "BALANCE_DECAY ="}
            | {"SIGNED ="},
        ),
        ("pcgrad", {"def random_words", "def turned"}),
    ],
)
def test_a_script_holds_the_code_of_its_own_balance_alone(
    filed: Filed, kind: str, lines: set[str]
) -> None:
    text, _ = script_of(balanced(kind), filed)
    every = {"def logarithms", "class SmallAdam", "def random_words", "def turned"}
    every |= {"BALANCE_RATE =", "BALANCE_DECAY =", "SIGNED ="}
    assert {line for line in every if line in text} == lines
    assert text.count("class Balance:") == 1


def test_heads_that_share_nothing_have_no_gradients_to_turn(filed: Filed) -> None:
    asked = balanced("pcgrad", trunk={"kind": "separate", "layers": [4]})
    text, _ = script_of(asked, filed)
    assert "class Balance:" in text
    assert "def turned" not in text
