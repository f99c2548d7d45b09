"""A workspace with real workers: what pages ask of it."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
import psutil
import pyarrow.parquet as pq
import pytest

from mtcore.data.library.library import Dataset
from mtcore.data.splits.coverage import count_labels, needed_columns
from mtcore.errors import ColumnError, ExperimentError, MissingError, ReadingError
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace, queue
from mtcore.spec import Experiment, apply_settings, parse_experiment
from tests.runs.conditions import has_ended, wait_for_run, wait_until

pytestmark = [pytest.mark.cluster, pytest.mark.engine]


@pytest.fixture(autouse=True)
def _nothing_is_left_to_do(workspace: Workspace) -> Iterator[None]:
    """A test that fails leaves no run that the next one would wait for."""
    yield
    for run in workspace.runs.active():
        workspace.runs.kill(run.id)


@pytest.fixture(scope="module")
def finished(workspace: Workspace, readings: Dataset, short: Experiment) -> Run:
    """A run that was trained by a worker."""
    run_id = workspace.start_run(short, readings.id)
    run = wait_for_run(workspace.runs, run_id, has_ended)
    assert run.status == "FINISHED", run.failure
    return run


def training_process(workspace: Workspace) -> psutil.Process:
    """Return the process that trains: the largest that the worker's nanny started."""
    path = workspace.home.cluster / "processes.json"
    nanny = psutil.Process(orjson.loads(path.read_bytes())["processes"]["train"]["pid"])
    return max(nanny.children(), key=lambda process: process.memory_info().rss)


def trains(run: Run) -> bool:
    """Return whether epochs go by."""
    return run.progress is not None and run.progress.stage == "train"


def test_a_file_is_read_by_a_worker(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "loads.csv"
    path.write_text("a;b\n1,5;x\n2,5;y\n")
    dataset = workspace.import_file(path, name="Loads")
    assert (dataset.name, dataset.rows) == ("Loads", 2)
    assert dataset.profile.column("a").maximum == 2.5


def test_a_file_that_is_no_table_is_refused_as_here(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("")
    with pytest.raises(ReadingError, match="empty"):
        workspace.import_file(path)


def test_labels_are_counted_by_a_worker_as_here(
    workspace: Workspace, readings: Dataset, short: Experiment
) -> None:
    found = workspace.count_labels(short, readings.id)
    rows = workspace.library.table(readings.id, needed_columns(short))
    here = count_labels(short, rows)
    assert (found.rows, found.heads) == (here.rows, here.heads)
    assert found.together == here.together


def test_a_run_tells_everything_about_itself(
    workspace: Workspace, finished: Run
) -> None:
    assert finished.summary is not None
    heads = finished.summary.heads
    assert set(heads) == {"temperature", "humidity"}
    assert finished.summary.rows.train == 3_500
    assert heads["temperature"].labelled.test == 750
    assert heads["temperature"].baseline["r2"] == pytest.approx(0.0, abs=0.01)
    stored = json.loads(
        workspace.runs.artifact(finished.id, "summary.json").read_text()
    )
    assert stored == finished.summary.model_dump(mode="json")
    steps, losses = workspace.runs.history(finished.id)["validation/h0/loss"]
    assert steps.tolist() == [1, 2, 3]
    assert np.isfinite(losses).all()


def test_a_runs_files_hold_reports_predictions_and_the_model(
    workspace: Workspace, finished: Run
) -> None:
    reports = json.loads(
        workspace.runs.artifact(finished.id, "reports.json").read_text()
    )
    assert reports["train"]["humidity"]["labelled"] == 3_500
    path = workspace.runs.artifact(finished.id, "predictions/test.parquet")
    table = pq.read_table(path)
    assert table.column_names == [
        "row", "h0/target/0", "h0/output/0", "h1/target/0", "h1/output/0",
    ]  # fmt: skip
    error = table["h0/target/0"].to_numpy() - table["h0/output/0"].to_numpy()
    told = finished.summary.heads["temperature"].test["mae"] if finished.summary else 0
    assert np.abs(error).mean() == pytest.approx(told, rel=1e-4)
    text = workspace.runs.artifact(finished.id, "experiment.yaml").read_text()
    assert parse_experiment(text) == finished.experiment
    assert workspace.runs.artifact(finished.id, "model/model.keras").stat().st_size > 0


def test_a_question_is_answered_as_the_run_predicted(
    workspace: Workspace, finished: Run, readings: Dataset
) -> None:
    path = workspace.runs.artifact(finished.id, "predictions/test.parquet")
    table = pq.read_table(path).slice(0, 2)
    rows = table["row"].to_pylist()
    records = [workspace.library.row(readings.id, row) for row in rows]
    answers = workspace.predict(finished.id, records)
    told = table["h1/output/0"].to_numpy()
    assert answers["humidity"][:, 0] == pytest.approx(told, abs=1e-3)


def test_a_curve_goes_through_the_answer_for_the_row_itself(
    workspace: Workspace, finished: Run, readings: Dataset
) -> None:
    record = workspace.library.row(readings.id, 0)
    column = (finished.experiment.inputs or ())[0].column
    values = [record[column], None, 1e6]
    curves = workspace.response_curves(finished.id, record, column, values)
    answer = workspace.predict(finished.id, [record])
    for head, curve in curves.items():
        assert curve.shape == (3, 1)
        assert np.isfinite(curve).all()
        assert curve[0] == pytest.approx(answer[head][0], abs=1e-4)


def test_a_question_to_an_unknown_run_is_refused_as_here(workspace: Workspace) -> None:
    with pytest.raises(MissingError, match="There is no run"):
        workspace.predict("nothing", [{}])


def test_scored_rows_stand_in_the_files_order(
    workspace: Workspace, finished: Run, readings: Dataset
) -> None:
    path = workspace.score(finished.id, readings.id)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == readings.rows
    inputs = [given.column for given in finished.experiment.inputs or ()]
    assert list(rows[0]) == [*inputs, "temperature", "humidity"]
    record = workspace.library.row(readings.id, 7)
    answer = workspace.predict(finished.id, [record])["humidity"][0, 0]
    assert float(rows[7]["humidity"]) == pytest.approx(answer, abs=1e-3)


def test_rows_without_any_input_are_not_scored(
    workspace: Workspace, finished: Run, tmp_path: Path
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    other = workspace.library.add(path)
    with pytest.raises(ColumnError, match="none of the columns"):
        workspace.score(finished.id, other.id)


def test_trees_stand_beside_a_finished_run(workspace: Workspace, finished: Run) -> None:
    wait_until(lambda: workspace.boosted_scores(finished.id) is not None)
    boosted = workspace.boosted_scores(finished.id)
    assert boosted is not None
    r2 = boosted["temperature"]["r2"]
    assert r2 is not None
    assert 0.8 < r2 < 1.0


def test_the_network_of_a_draft_is_described_and_written_as_code(
    workspace: Workspace, readings: Dataset, short: Experiment
) -> None:
    answer = workspace.describe(short, readings.id)
    assert {layer.head for layer in answer.description.layers} == {
        None, "temperature", "humidity",
    }  # fmt: skip
    assert answer.description.parameters > 0
    compile(answer.code, "model.py", "exec")


def test_an_experiment_that_does_not_fit_starts_no_run(
    workspace: Workspace, readings: Dataset, short: Experiment
) -> None:
    before = workspace.runs.list()
    wrong = parse_experiment("heads: [{name: y, kind: regression, columns: [nothing]}]")
    with pytest.raises(ExperimentError, match="nothing"):
        workspace.start_run(wrong, readings.id)
    with pytest.raises(MissingError, match="no data set"):
        workspace.start_run(short, "0" * 16)
    assert workspace.runs.list() == before


def test_a_run_whose_loss_explodes_fails_with_the_way_out(
    workspace: Workspace, readings: Dataset, short: Experiment
) -> None:
    wild = apply_settings(
        short, ["training.learning_rate=10", "training.optimizer=sgd"]
    )
    run_id = workspace.start_run(wild, readings.id)
    run = wait_for_run(workspace.runs, run_id, has_ended)
    assert run.status == "FAILED"
    assert run.failure is not None
    assert "Lower the learning rate" in run.failure


def test_runs_wait_for_their_turn_and_can_leave_the_queue(
    workspace: Workspace, readings: Dataset, endless: Experiment, short: Experiment
) -> None:
    first = workspace.start_run(endless, readings.id)
    second, third = (workspace.start_run(short, readings.id) for _ in range(2))
    wait_for_run(workspace.runs, first, trains)
    assert workspace.queue_place(first) is None
    assert [workspace.queue_place(run) for run in (second, third)] == [1, 2]
    workspace.stop_run(second)
    assert workspace.runs.get(second).status == "KILLED"
    assert workspace.queue_place(third) == 1

    workspace.stop_run(first)
    stopped = wait_for_run(workspace.runs, first, has_ended)
    assert (stopped.status, stopped.ended_by) == ("FINISHED", "stop")
    assert stopped.summary is not None
    assert 1 <= stopped.summary.best_epoch <= stopped.summary.epochs
    assert wait_for_run(workspace.runs, third, has_ended).status == "FINISHED"
    assert workspace.runs.get(second).status == "KILLED"


def test_a_run_whose_worker_is_killed_goes_on_by_itself(
    workspace: Workspace, readings: Dataset, endless: Experiment
) -> None:
    run_id = workspace.start_run(endless, readings.id)
    checkpoint = workspace.home.checkpoints / run_id / "checkpoint.npz"
    wait_until(checkpoint.exists)
    before = wait_for_run(
        workspace.runs, run_id, lambda run: trains(run) and told(run) > 0
    )
    os.kill(training_process(workspace).pid, signal.SIGKILL)
    # Whoever takes a run up notes from which epoch on, and it stays noted.
    wait_until(lambda: workspace.runs.attempts(run_id)[1] > 0)
    assert workspace.runs.attempts(run_id)[1] >= told(before)
    taken_up = workspace.runs.get(run_id)
    wait_for_run(
        workspace.runs, run_id, lambda run: trains(run) and told(run) > told(taken_up)
    )
    workspace.stop_run(run_id)
    ended = wait_for_run(workspace.runs, run_id, has_ended)
    assert (ended.status, ended.ended_by) == ("FINISHED", "stop")
    assert ended.summary is not None
    steps, _ = workspace.runs.history(run_id)["validation/h0/loss"]
    assert ended.summary.epochs >= told(before)
    assert (np.diff(steps) > 0).all()
    assert steps[0] == 1
    # A run is told to have ended a moment before its checkpoint is removed.
    wait_until(lambda: not checkpoint.exists())


def told(run: Run) -> int:
    """Return how many epochs were told of."""
    return 0 if run.progress is None else run.progress.epoch


def test_a_run_that_ends_its_workers_over_and_over_fails(
    workspace: Workspace,
    readings: Dataset,
    short: Experiment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "FRESH_S", 0.0)
    run_id = workspace.runs.create(short, readings.id, dataset_name=readings.name)
    workspace.runs.set_attempts(run_id, 3, 0)
    workspace.recover()
    run = wait_for_run(workspace.runs, run_id, has_ended)
    assert run.status == "FAILED"
    assert run.failure is not None
    assert "memory ran out" in run.failure


def test_a_run_that_nobody_knows_of_is_taken_up_after_a_restart(
    workspace: Workspace,
    readings: Dataset,
    short: Experiment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "FRESH_S", 0.0)
    run_id = workspace.runs.create(short, readings.id, dataset_name=readings.name)
    workspace.recover()
    assert wait_for_run(workspace.runs, run_id, has_ended).status == "FINISHED"


def test_only_the_latest_program_of_a_draft_is_compiled_ahead(
    workspace: Workspace, readings: Dataset, endless: Experiment
) -> None:
    busy = workspace.start_run(endless, readings.id)
    wait_for_run(workspace.runs, busy, trains)
    for units in (3, 4, 5):
        edited = apply_settings(endless, [f"trunk.layers=[{units}]"])
        workspace.prepare(edited, readings.id)
        workspace.prepare(apply_settings(edited, ["seed=7"]), readings.id)

    def waiting() -> int:
        known = workspace.cluster.known_trainings()
        return sum(key.startswith("prepare-") for key in known)

    wait_until(lambda: waiting() == 1)
    workspace.runs.kill(busy)
    wait_until(lambda: waiting() == 0)


def test_the_space_that_everything_takes_is_told(workspace: Workspace) -> None:
    used = workspace.disk_usage()
    assert used["data sets"] > 0
    assert used["runs"] > 0
