"""One run in this process, as the command line does it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mtcore.data.library.library import Dataset
from mtcore.runs.store.run import RunProgress, Stage
from mtcore.runs.store.store import RunStore
from mtcore.runs.tasks.judging.answers import read_answers
from mtcore.runs.tasks.judging.scoring import evaluate_run, score_dataset
from mtcore.runs.tasks.training.attempts import MOST_ATTEMPTS
from mtcore.runs.tasks.training.training import train_run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment, apply_settings, parse_experiment
from mtcore.spec.gates import GateReport

pytestmark = pytest.mark.engine


@pytest.fixture
def root(workspace: Workspace) -> str:
    return str(workspace.home.root)


@pytest.fixture
def run_id(store: RunStore, short: Experiment, readings: Dataset) -> str:
    return store.create(short, readings.id, dataset_name=readings.name)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Stage]:
    """The stages in which runs are begun with, one after another."""
    found: list[Stage] = []
    start = RunStore.start

    def note(store: RunStore, run_id: str, progress: RunProgress) -> None:
        found.append(progress.stage)
        start(store, run_id, progress)

    monkeypatch.setattr(RunStore, "start", note)
    return found


def test_the_same_experiment_gives_the_same_numbers(
    store: RunStore, short: Experiment, readings: Dataset, root: str
) -> None:
    summaries = []
    for _ in range(2):
        made = store.create(short, readings.id, dataset_name=readings.name)
        train_run(made, root)
        summaries.append(store.get(made).summary)
    first, second = (summary.heads for summary in summaries if summary is not None)
    assert first == second


def test_a_model_judged_on_its_own_rows_is_as_good_as_it_was(
    store: RunStore, run_id: str, readings: Dataset, root: str
) -> None:
    train_run(run_id, root)
    found = evaluate_run(run_id, readings.id, root)
    assert found["rows"] == readings.rows
    summary = store.get(run_id).summary
    assert summary is not None
    for name, head in found["heads"].items():
        assert head["labelled"] == readings.rows
        whole, test = head["metrics"]["mae"], summary.heads[name].test["mae"]
        assert whole == pytest.approx(test, rel=0.2)
        assert whole < head["baseline"]["mae"]


def test_a_run_of_experts_keeps_what_their_gates_weigh(
    store: RunStore, short: Experiment, readings: Dataset, root: str
) -> None:
    mixed = apply_settings(
        short, ["trunk.kind=experts", "trunk.shared=2", "training.epochs=1"]
    )
    made = store.create(mixed, readings.id, dataset_name=readings.name)
    train_run(made, root)
    path = store.artifact(made, "gates.json")
    report = GateReport.model_validate_json(path.read_bytes())
    assert report.experts == ("shared 1", "shared 2", "own 1")
    assert [one.head for one in report.readings] == [h.name for h in mixed.heads]
    assert all(abs(sum(one.means) - 1.0) < 1e-5 for one in report.readings)
    summary = store.get(made).summary
    assert summary is not None
    assert report.rows == summary.rows.validation


def test_a_run_is_judged_as_its_rows_weigh(
    store: RunStore, short: Experiment, readings: Dataset, root: str
) -> None:
    damp = apply_settings(short, ["row_weight=humidity", "training.epochs=1"])
    made = store.create(damp, readings.id, dataset_name=readings.name)
    train_run(made, root)
    said = read_answers(store.artifact(made, "predictions/test.parquet"), "h0")
    errors = np.abs(said.targets - said.outputs)[:, 0]
    humidity = read_answers(store.artifact(made, "predictions/test.parquet"), "h1")
    held = humidity.targets[:, 0]
    summary = store.get(made).summary
    assert summary is not None
    mae = summary.heads["temperature"].test["mae"]
    assert mae == pytest.approx(np.average(errors, weights=held), rel=1e-6)
    assert mae != pytest.approx(errors.mean(), rel=1e-4)
    evaluated = evaluate_run(made, readings.id, root)["heads"]["temperature"]
    assert evaluated["metrics"]["mae"] == pytest.approx(mae, rel=0.2)


def test_a_run_that_has_ended_is_left_alone(
    store: RunStore, run_id: str, root: str
) -> None:
    store.kill(run_id)
    train_run(run_id, root)
    assert store.get(run_id).status == "KILLED"
    assert store.history(run_id) == {}


def test_a_run_that_was_deleted_while_it_waited_is_left_alone(
    store: RunStore, run_id: str, root: str
) -> None:
    store.delete(run_id)
    train_run(run_id, root)
    assert store.status(run_id) == "KILLED"


def test_a_run_that_was_stopped_before_its_first_epoch_still_has_a_model(
    store: RunStore, run_id: str, root: str
) -> None:
    store.request_stop(run_id)
    train_run(run_id, root)
    run = store.get(run_id)
    assert (run.status, run.ended_by) == ("FINISHED", "stop")
    assert store.has_artifact(run_id, "model/model.keras")


def test_a_full_disk_fails_the_run_and_lets_it_go_on_once_there_is_space(
    store: RunStore,
    readings: Dataset,
    short: Experiment,
    root: str,
    begun: list[Stage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mtcore.engine.training import epochs

    monkeypatch.setattr(epochs, "CHECKPOINT_EVERY_S", 0.0)
    made = store.create(short, readings.id, dataset_name=readings.name)
    folder = Path(root) / "checkpoints" / made
    folder.mkdir(parents=True)
    # The engine writes its checkpoint to a file of this name first.
    full = folder / f".{os.getpid()}.npz"
    full.symlink_to("/dev/full")
    train_run(made, root)
    run = store.get(made)
    assert run.status == "FAILED"
    assert run.failure is not None
    assert "disk is full" in run.failure
    full.unlink()
    store.queue_again(made)
    train_run(made, root)
    assert store.get(made).status == "FINISHED"
    assert begun[-1] == "resuming"
    assert not folder.exists()


def test_a_data_set_that_is_gone_fails_the_run_in_plain_words(
    store: RunStore, short: Experiment, root: str
) -> None:
    made = store.create(short, "0" * 16, dataset_name="gone.csv")
    train_run(made, root)
    run = store.get(made)
    assert run.status == "FAILED"
    assert run.failure is not None
    assert "no data set" in run.failure


def test_attempts_that_got_no_further_are_counted(
    store: RunStore, run_id: str, root: str, begun: list[Stage]
) -> None:
    store.set_attempts(run_id, MOST_ATTEMPTS, 0)
    store.set_progress(run_id, RunProgress(stage="train", epoch=2, epochs=3))
    train_run(run_id, root)
    # It had got further since, so it was begun once more, without a checkpoint.
    assert begun == ["reading"]
    assert store.get(run_id).status == "FINISHED"
    assert store.attempts(run_id) == (1, 2)


def test_texts_of_a_file_are_no_formulas_in_a_scored_one(
    workspace: Workspace, store: RunStore, root: str, tmp_path: Path
) -> None:
    rows = [f"{n},{'=1+1' if n % 2 else '-5'},{n % 3}" for n in range(60)]
    path = tmp_path / "formulas.csv"
    path.write_text("n,word,y\n" + "\n".join(rows) + "\n")
    dataset = workspace.library.add(path)
    experiment = parse_experiment(
        "inputs: [{column: n, kind: number}]\n"
        "heads: [{name: '@y', kind: multiclass, columns: [word]}]\n"
        "training: {epochs: 1}\n"
    )
    made = store.create(experiment, dataset.id, dataset_name=dataset.name)
    train_run(made, root)
    scored = score_dataset(made, dataset.id, root).read_text().splitlines()
    assert scored[0] == "'@y,'@y: -5,'@y: =1+1"
    assert {line.split(",")[0] for line in scored[1:]} <= {"'=1+1", "-5"}
