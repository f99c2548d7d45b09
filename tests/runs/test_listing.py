from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mtcore.home import Home
from mtcore.runs.store import listing
from mtcore.runs.store.connection import Connection
from mtcore.runs.store.run import RunProgress
from mtcore.runs.store.store import RunStore
from mtcore.spec import Experiment
from tests.conftest import furnish
from tests.runs.conditions import wait_until


@pytest.fixture(scope="module")
def home(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return furnish(Home(tmp_path_factory.mktemp("listing") / "home"), empty_database)


@pytest.fixture
def ours(home: Home) -> RunStore:
    return RunStore(home, None)


@pytest.fixture
def theirs(home: Home) -> RunStore:
    """The store as another process has it."""
    return RunStore(home, None)


def ids(store: RunStore) -> list[str]:
    return [run.id for run in store.list()]


def test_the_newest_run_is_listed_first(ours: RunStore, short: Experiment) -> None:
    made = [ours.create(short, "0" * 16, dataset_name="d") for _ in range(3)]
    assert ids(ours)[:3] == made[::-1]


def test_what_another_process_does_to_runs_is_seen(
    ours: RunStore, theirs: RunStore, short: Experiment
) -> None:
    first = theirs.create(short, "0" * 16, dataset_name="d")
    assert first in ids(ours)
    theirs.start(first, RunProgress(stage="reading"))
    assert ours.list()[0].status == "RUNNING"
    theirs.fail(first, "No.")
    assert ours.list()[0].status == "FAILED"
    theirs.queue_again(first)
    assert ours.list()[0].status == "SCHEDULED"
    theirs.kill(first)
    assert ours.list()[0].status == "KILLED"
    assert first not in [run.id for run in ours.active()]


def test_what_another_process_deletes_disappears_before_long(
    ours: RunStore,
    theirs: RunStore,
    short: Experiment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gone = theirs.create(short, "0" * 16, dataset_name="d")
    theirs.fail(gone, "No.")
    assert gone in ids(ours)
    theirs.delete(gone)
    monkeypatch.setattr(listing, "LOOK_AT_ALL_AFTER_S", 0.0)
    wait_until(lambda: gone not in ids(ours))


def test_a_run_that_others_keep_in_the_same_place_is_left_out(
    ours: RunStore, home: Home, short: Experiment
) -> None:
    connection = Connection(home, None)
    connection.client.create_run(connection.experiment_id, run_name="not ours")
    mine = ours.create(short, "0" * 16, dataset_name="d")
    assert ids(ours)[0] == mine
    assert all(run.name != "not ours" for run in ours.list())


def test_runs_are_dated_by_when_they_were_asked_for(
    ours: RunStore, short: Experiment
) -> None:
    before = datetime.now(UTC)
    made = ours.create(short, "0" * 16, dataset_name="d")
    created = ours.get(made).created
    assert abs((created - before).total_seconds()) < 60
