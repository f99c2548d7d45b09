from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.runs.store.store import RunStore
from mtcore.spec import Experiment


@pytest.fixture
def run_id(store: RunStore, short: Experiment) -> str:
    return store.create(short, "0" * 16, dataset_name="sensors.csv")


def test_a_file_and_a_folder_are_kept_and_found(
    store: RunStore, run_id: str, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_bytes(b"\0\1")
    (tmp_path / "summary.json").write_text("{}")
    store.log_artifact(run_id, tmp_path / "model")
    store.log_artifact(run_id, tmp_path / "summary.json", "reports")
    assert store.artifact(run_id, "model/weights").read_bytes() == b"\0\1"
    assert store.artifact(run_id, "model").is_dir()
    assert store.artifact(run_id, "reports/summary.json").read_text() == "{}"


def test_a_file_that_is_kept_again_is_replaced(
    store: RunStore, run_id: str, tmp_path: Path
) -> None:
    for text in ("first", "second"):
        (tmp_path / "model").mkdir(exist_ok=True)
        (tmp_path / "model" / "note").write_text(text)
        store.log_artifact(run_id, tmp_path / "model")
        store.log_artifact(run_id, tmp_path / "model" / "note")
    assert store.artifact(run_id, "model/note").read_text() == "second"
    assert store.artifact(run_id, "note").read_text() == "second"
    left = {path.name for path in store.artifact(run_id, "note").parent.iterdir()}
    assert left == {"model", "note"}


def test_a_file_that_is_not_there_is_missing(store: RunStore, run_id: str) -> None:
    assert not store.has_artifact(run_id, "reports.json")
    with pytest.raises(MissingError, match=r"has no 'reports\.json'"):
        store.artifact(run_id, "reports.json")


def test_files_of_an_unknown_run_are_missing(store: RunStore) -> None:
    with pytest.raises(MissingError, match="There is no run"):
        store.artifact("nothing", "reports.json")


def test_a_home_that_was_moved_finds_its_files(
    tmp_path: Path, short: Experiment
) -> None:
    store = RunStore(Home(tmp_path / "before"), None)
    run_id = store.create(short, "0" * 16, dataset_name="sensors.csv")
    (tmp_path / "note").write_text("kept")
    store.log_artifact(run_id, tmp_path / "note")
    shutil.move(tmp_path / "before", tmp_path / "after")
    moved = RunStore(Home(tmp_path / "after"), None)
    assert moved.artifact(run_id, "note").read_text() == "kept"
    assert moved.get(run_id).dataset_name == "sensors.csv"


def test_a_copied_home_has_files_of_its_own(tmp_path: Path, short: Experiment) -> None:
    store = RunStore(Home(tmp_path / "before"), None)
    run_id = store.create(short, "0" * 16, dataset_name="sensors.csv")
    (tmp_path / "note").write_text("kept")
    store.log_artifact(run_id, tmp_path / "note")
    shutil.copytree(tmp_path / "before", tmp_path / "copy")
    copied = RunStore(Home(tmp_path / "copy"), None)
    copied.artifact(run_id, "note").unlink()
    assert not copied.has_artifact(run_id, "note")
    assert store.artifact(run_id, "note").read_text() == "kept"
