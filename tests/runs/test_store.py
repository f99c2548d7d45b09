from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.runs.store.run import RunProgress
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.summary import HeadSummary, PartRows, RunSummary, Seconds
from mtcore.runs.store.tags import from_pieces, in_pieces, shown_status
from mtcore.spec import Experiment, experiment_from

ROWS = PartRows(train=70, validation=15, test=15)


@pytest.fixture
def run_id(store: RunStore, short: Experiment) -> str:
    return store.create(short, "0" * 16, dataset_name="sensors.csv", parent="p")


def summary_of(run_id: str) -> RunSummary:
    head = HeadSummary(
        kind="regression", loss="mse", weight=1.0, labelled=ROWS,
        validation={"mae": 0.5}, test={"mae": 0.6, "r2": math.nan}, baseline={},
    )  # fmt: skip
    return RunSummary(
        run=run_id, status="FINISHED", epochs=3, best_epoch=2,
        seconds=Seconds(read=0.1, compile=0.0, train=0.5, total=0.7),
        parameters=10, rows=ROWS, heads={"Température (°C)": head},
    )  # fmt: skip


def test_a_new_run_waits_and_says_so_at_once(store: RunStore, run_id: str) -> None:
    run = store.get(run_id)
    assert run.status == "SCHEDULED"
    assert run.progress == RunProgress(stage="waiting")
    assert (run.dataset_name, run.parent, run.summary) == ("sensors.csv", "p", None)


def test_a_run_holds_its_experiment_whatever_its_size(store: RunStore) -> None:
    wide = experiment_from(
        {
            "name": "1,000 columns, 日本語",
            "inputs": [
                {"column": f"a column with number {k} (%)", "kind": "number"}
                for k in range(1_000)
            ],
            "heads": [{"name": "y [€]", "kind": "regression", "columns": ["y"]}],
        }
    )
    made = store.create(wide, "0" * 16, dataset_name="wide.csv")
    assert store.get(made).experiment == wide


def test_an_unknown_run_is_missing(store: RunStore) -> None:
    for odd in ("nothing", "0" * 32, "../../etc", ""):
        with pytest.raises(MissingError, match="There is no run"):
            store.get(odd)


def test_a_finished_run_has_its_summary_without_numbers_that_json_lacks(
    store: RunStore, run_id: str
) -> None:
    store.start(run_id, RunProgress(stage="reading"))
    store.finish(run_id, summary_of(run_id), "patience")
    run = store.get(run_id)
    assert (run.status, run.ended_by) == ("FINISHED", "patience")
    assert run.summary is not None
    assert run.summary.heads["Température (°C)"].test == {"mae": 0.6, "r2": None}
    assert run.ended is not None
    assert run.ended >= run.created


def test_a_failed_run_says_why(store: RunStore, run_id: str) -> None:
    store.fail(run_id, "The disk is full.")
    run = store.get(run_id)
    assert (run.status, run.failure) == ("FAILED", "The disk is full.")


def test_a_failed_run_can_wait_once_more(store: RunStore, run_id: str) -> None:
    store.fail(run_id, "The disk is full.")
    store.queue_again(run_id)
    run = store.get(run_id)
    assert (run.status, run.failure, run.ended) == ("SCHEDULED", None, None)
    assert run_id in [active.id for active in store.active()]


def test_a_wish_to_stop_reaches_the_run(store: RunStore, run_id: str) -> None:
    assert not store.stop_requested(run_id)
    store.request_stop(run_id)
    assert store.stop_requested(run_id)
    assert store.get(run_id).stopping


def test_a_running_run_without_sign_of_life_is_interrupted() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for silent_s, status in ((14.0, "RUNNING"), (16.0, "INTERRUPTED")):
        last = now - timedelta(seconds=silent_s)
        assert shown_status("RUNNING", last, now) == status
        assert shown_status("FINISHED", last, now) == "FINISHED"


def test_progress_is_a_sign_of_life(store: RunStore, run_id: str) -> None:
    before = datetime.now(UTC)
    progress = RunProgress(stage="train", epoch=4, epochs=9, seconds_left=2.5)
    store.set_progress(run_id, progress)
    run = store.get(run_id)
    assert run.progress == progress
    assert run.heartbeat is not None
    assert run.heartbeat >= before


def test_history_gives_back_every_epoch_in_order(store: RunStore, run_id: str) -> None:
    points = [(epoch, 1.0 / epoch) for epoch in range(1, 2_501)]
    store.log_epochs(run_id, {"train/h0/loss": points[1_000:]})
    store.log_epochs(run_id, {"train/h0/loss": points[:1_000]})
    steps, values = store.history(run_id)["train/h0/loss"]
    assert steps.tolist() == [epoch for epoch, _ in points]
    assert values.tolist() == [value for _, value in points]


def test_an_epoch_told_twice_counts_as_told_last(store: RunStore, run_id: str) -> None:
    store.log_epochs(run_id, {"train/loss": [(1, 0.9), (2, 0.8)]})
    store.log_epochs(run_id, {"train/loss": [(2, 0.7)]})
    _, values = store.history(run_id)["train/loss"]
    assert values.tolist() == [0.9, 0.7]


def test_a_part_of_the_history_can_be_asked_for(store: RunStore, run_id: str) -> None:
    store.log_epochs(run_id, {"train/loss": [(1, 0.9)], "trainer/loss": [(1, 0.8)]})
    assert list(store.history(run_id, ("train",))) == ["train/loss"]


def test_a_run_without_epochs_has_no_history(store: RunStore, run_id: str) -> None:
    assert store.history(run_id) == {}


def test_a_deleted_run_is_gone_until_it_is_restored(
    store: RunStore, run_id: str
) -> None:
    store.fail(run_id, "No.")
    store.delete(run_id)
    with pytest.raises(MissingError, match="was deleted"):
        store.get(run_id)
    assert run_id not in [run.id for run in store.list()]
    assert run_id in [run.id for run in store.list(include_deleted=True)]
    store.restore(run_id)
    assert store.get(run_id).failure == "No."
    assert run_id in [run.id for run in store.list()]


def test_deleting_a_run_that_trains_ends_it(store: RunStore, run_id: str) -> None:
    store.start(run_id, RunProgress(stage="reading"))
    store.delete(run_id)
    assert store.stop_requested(run_id)
    assert store.status(run_id) == "KILLED"
    store.restore(run_id)
    assert store.get(run_id).status == "KILLED"


def test_a_renamed_run_keeps_its_experiments_name(store: RunStore, run_id: str) -> None:
    store.rename(run_id, "  Second try ")
    store.rename(run_id, "   ")
    run = store.get(run_id)
    assert run.name == "Second try"
    assert run.experiment.name != "Second try"


def test_a_run_keeps_the_name_that_somebody_else_gave_it_meanwhile(
    store: RunStore, run_id: str
) -> None:
    known = store.get(run_id).name
    assert store.rename(run_id, "Theirs", known_as=known)
    assert not store.rename(run_id, "Mine", known_as=known)
    assert store.get(run_id).name == "Theirs"
    assert store.rename(run_id, "Mine", known_as="Theirs")
    assert store.get(run_id).name == "Mine"


@pytest.mark.parametrize("length", [0, 1, 3_999, 4_000, 4_001, 20_000])
def test_a_text_of_any_length_survives_the_tags(length: int) -> None:
    text = "é" * length
    assert from_pieces("text", in_pieces("text", text)) == text


def test_two_stores_of_one_home_see_the_same(
    store: RunStore, run_id: str, shared_home: Home
) -> None:
    other = RunStore(shared_home, None)
    other.request_stop(run_id)
    assert store.get(run_id).stopping


def test_what_people_write_about_a_run_is_kept_and_listed(
    store: RunStore, short: Experiment
) -> None:
    made = store.create(short, "0" * 16, dataset_name="d")
    store.fail(made, "No.")
    store.describe(made, "  Second try.\n", ["good ", "", "good", "für später"])
    listed = {run.id: run for run in store.list()}[made]
    assert (listed.note, listed.labels) == ("Second try.", ("good", "für später"))
    store.describe(made, "", [])
    assert (store.get(made).note, store.get(made).labels) == ("", ())


def test_what_two_people_write_at_once_is_kept_side_by_side(
    store: RunStore, short: Experiment
) -> None:
    made = store.create(short, "0" * 16, dataset_name="d")
    store.fail(made, "No.")
    store.describe(made, "Draft", ["a", "b"])
    seen = store.get(made)
    store.describe(made, "Too slow", ["a", "b", "theirs"], known_as=seen)
    store.describe(made, "Good\n", ["a", "mine"], known_as=seen)
    run = store.get(made)
    assert run.note.splitlines() == ["Too slow", "Good"]
    assert run.labels == ("a", "theirs", "mine")


def test_long_notes_and_labels_are_cut_to_what_the_store_takes(
    store: RunStore, short: Experiment
) -> None:
    made = store.create(short, "0" * 16, dataset_name="d")
    store.describe(
        made, "n" * 9_000, [f"{place:02d}" + "l" * 90 for place in range(50)]
    )
    run = store.get(made)
    assert len(run.note) == 2_000
    assert (len(run.labels), len(run.labels[0])) == (20, 40)
    store.kill(made)


def test_an_archived_run_is_listed_only_when_asked_for(
    store: RunStore, short: Experiment
) -> None:
    made = store.create(short, "0" * 16, dataset_name="d")
    store.fail(made, "No.")
    store.archive([made])
    assert made not in {run.id for run in store.list()}
    assert made in {run.id for run in store.list(include_archived=True)}
    assert store.get(made).archived
    store.archive([made], archived=False)
    assert made in {run.id for run in store.list()}
