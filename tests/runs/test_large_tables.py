"""Runs on tables that stay in their file, as the command line and workers do them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mtcore.data.library.library import Dataset
from mtcore.data.tables import stored as stored_rows
from mtcore.data.tables.stored import StoredTable
from mtcore.data.tables.table import Table
from mtcore.runs.cluster.errands import ScoredColumns
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.tasks.held import TABLE_VARIABLE, rows_for
from mtcore.runs.tasks.judging.answers import read_answers
from mtcore.runs.tasks.judging.baselines import judge_baselines
from mtcore.runs.tasks.judging.scoring import evaluate_run, score_dataset
from mtcore.runs.tasks.training.training import train_run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def large(
    store: RunStore, short: Experiment, readings: Dataset, workspace: Workspace
) -> Run:
    """A finished run on rows that were never all in memory."""
    made = store.create(short, readings.id, dataset_name=readings.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TABLE_VARIABLE, "0")
        train_run(made, str(workspace.home.root))
    return store.get(made)


def test_the_setting_decides_what_is_held_in_memory(
    short: Experiment,
    readings: Dataset,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = str(workspace.home.root)
    assert isinstance(rows_for(short, readings.id, root), Table)
    monkeypatch.setenv(TABLE_VARIABLE, "0.01")
    assert isinstance(rows_for(short, readings.id, root), StoredTable)


def test_a_run_in_blocks_is_as_good_as_one_in_memory(
    large: Run,
    store: RunStore,
    short: Experiment,
    readings: Dataset,
    workspace: Workspace,
) -> None:
    made = store.create(short, readings.id, dataset_name=readings.name)
    train_run(made, str(workspace.home.root))
    held, blocks = store.get(made).summary, large.summary
    assert held is not None
    assert blocks is not None
    assert (held.rows, held.parameters) == (blocks.rows, blocks.parameters)
    for name, head in held.heads.items():
        assert head.labelled == blocks.heads[name].labelled
        assert head.baseline == pytest.approx(blocks.heads[name].baseline)
        assert blocks.heads[name].test["mae"] == pytest.approx(
            head.test["mae"], rel=0.2
        )


def test_a_large_file_is_judged_and_answered_as_a_small_one(
    large: Run,
    readings: Dataset,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root, rows = str(workspace.home.root), ScoredColumns(inputs=True)
    judged = evaluate_run(large.id, readings.id, root)
    answered = score_dataset(large.id, readings.id, root, besides=rows).read_bytes()
    monkeypatch.setenv(TABLE_VARIABLE, "0")
    monkeypatch.setattr(stored_rows, "BATCH_ROWS", 700)
    assert evaluate_run(large.id, readings.id, root)["heads"] == {
        name: head | {"metrics": pytest.approx(head["metrics"], rel=1e-6)}
        for name, head in judged["heads"].items()
    }
    again = score_dataset(large.id, readings.id, root, besides=rows).read_bytes()
    assert again.count(b"\n") == answered.count(b"\n") == readings.rows + 1
    assert again.splitlines()[0] == answered.splitlines()[0]


def test_trees_beside_a_large_run_learn_from_its_rows(
    large: Run,
    store: RunStore,
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(TABLE_VARIABLE, "0")
    judge_baselines(large.id, str(workspace.home.root))
    text = store.artifact(large.id, "baselines.json").read_text("utf-8")
    assert '"failure":null' in text


def test_of_too_many_rows_a_fixed_sample_is_judged_and_all_are_counted(
    tmp_path: Path,
) -> None:
    target = np.where(np.arange(5_000) % 2 == 0, np.arange(5_000.0), np.nan)
    cells = {
        "row": pa.array(np.arange(5_000) * 3),
        "h1/target/0": pa.array(target),
        "h1/output/0": pa.array(np.arange(5_000.0)),
        "h10/target/0": pa.array(np.zeros(5_000)),
    }
    pq.write_table(pa.table(cells), tmp_path / "test.parquet", row_group_size=900)
    some = read_answers(tmp_path / "test.parquet", "h1", most=1_000)
    assert (len(some.rows), some.labelled) == (1_000, 2_500)
    np.testing.assert_array_equal(some.rows, 3 * some.outputs[:, 0])
    assert some.targets.shape == some.outputs.shape == (1_000, 1)
    again = read_answers(tmp_path / "test.parquet", "h1", most=1_000)
    np.testing.assert_array_equal(some.rows, again.rows)
    whole = read_answers(tmp_path / "test.parquet", "h1")
    np.testing.assert_array_equal(whole.targets[:, 0], target)
