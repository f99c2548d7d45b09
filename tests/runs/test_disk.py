from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mtcore.home import Home
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.takeaways import scored_folder, takeaways_folder
from mtcore.runs.workspace import Workspace, disk
from mtcore.runs.workspace.disk import disk_usage, size_of, tidy
from mtcore.spec import Experiment


@pytest.fixture
def full(home: Home) -> Home:
    for path in (
        home.datasets / "a" / "table.parquet",
        home.datasets / ".deleted" / "b" / "table.parquet",
        home.uploads / "cut off",
        home.cache / "scored" / "old.csv",
        home.cache / "tmp1" / "model",
        home.cache / "artifacts" / "run" / "model",
        home.checkpoints / "waits" / "checkpoint.npz",
        home.checkpoints / "ended" / "checkpoint.npz",
        home.drafts / "draft.json",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 100)
    return home


def files_in(home: Home) -> set[str]:
    every = (
        Path(folder) / name for folder, _, names in os.walk(home.root) for name in names
    )
    return {str(path.relative_to(home.root)) for path in every}


def test_every_file_is_counted_once(full: Home) -> None:
    used = disk_usage(full)
    assert used["data sets"] == used["deleted data sets"] == 100
    assert used["runs"] == 200
    assert sum(used.values()) == 900


def test_an_empty_home_takes_no_space(home: Home) -> None:
    assert set(disk_usage(home).values()) == {0}


def test_nothing_recent_is_removed(full: Home) -> None:
    before = files_in(full)
    tidy(full, ())
    assert files_in(full) == before


def test_what_is_old_and_of_no_use_is_removed(
    full: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = datetime.now(UTC) + timedelta(days=8)
    monkeypatch.setattr(disk.time, "time", later.timestamp)
    tidy(full, {"waits"})
    assert files_in(full) == {
        "datasets/a/table.parquet",
        "cache/artifacts/run/model",
        "checkpoints/waits/checkpoint.npz",
        "drafts/draft.json",
    }


def test_what_was_made_of_a_run_goes_when_it_is_deleted(
    store: RunStore, workspace: Workspace, short: Experiment
) -> None:
    made = store.create(short, "0" * 16, dataset_name="d")
    home = workspace.home
    exported = takeaways_folder(home, made) / "model.keras"
    scored = scored_folder(home) / f"{made}-data-rows.csv"
    others = scored_folder(home) / "another-data-rows.csv"
    for path in (exported, scored, others):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    store.delete(made)
    assert [path.exists() for path in (exported, scored, others)] == [0, 0, 1]


def test_a_run_deleted_long_ago_gives_its_space_back(
    store: RunStore, workspace: Workspace, short: Experiment, tmp_path: Path
) -> None:
    (tmp_path / "model").write_bytes(b"x" * 1_000)
    made = store.create(short, "0" * 16, dataset_name="d")
    store.log_artifact(made, tmp_path / "model")
    store.delete(made)
    store.purge_deleted(datetime.now(UTC) - timedelta(days=7))
    kept = [workspace.home.artifacts / made]
    assert size_of(kept) == 1_000
    store.purge_deleted(datetime.now(UTC) + timedelta(days=1))
    assert size_of(kept) == 0
