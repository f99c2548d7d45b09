"""A store and workers that the tests of runs share, as both take seconds to start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mtcore.data.library.library import Dataset
from mtcore.data.samples import SAMPLES, Sample, write_sample
from mtcore.home import Home
from mtcore.runs.store.store import RunStore
from mtcore.runs.workspace import Workspace, open_workspace
from mtcore.spec import Experiment, apply_settings
from tests.conftest import furnish


@pytest.fixture(scope="session")
def shared_home(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home for tests that leave what they find as it is."""
    return furnish(Home(tmp_path_factory.mktemp("runs") / "home"), empty_database)


@pytest.fixture(scope="module", autouse=True)
def _leave_nothing_waiting(shared_home: Home) -> Iterator[None]:
    """What a file leaves in the queue is not trained while the next one waits."""
    yield
    if shared_home.database.exists():
        left = RunStore(shared_home, None)
        for run in left.active():
            left.kill(run.id)


@pytest.fixture(scope="session")
def store(shared_home: Home) -> RunStore:
    """A store in SQLite."""
    return RunStore(shared_home, None)


@pytest.fixture(scope="session")
def workspace(shared_home: Home) -> Iterator[Workspace]:
    """A workspace whose workers are started at first use and ended at the end."""
    opened = open_workspace(shared_home)
    yield opened
    opened.close()
    opened.cluster.stop()


@pytest.fixture(scope="session")
def sensors() -> Sample:
    """Ten sensor readings, from which temperature and humidity follow."""
    return SAMPLES[0]


@pytest.fixture(scope="session")
def readings(
    sensors: Sample, workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Dataset:
    """The sensors' rows as a data set."""
    path = write_sample(sensors.id, tmp_path_factory.mktemp("sample"))
    return workspace.library.add(path)


@pytest.fixture(scope="session")
def short(sensors: Sample) -> Experiment:
    """An experiment that trains in a second."""
    return apply_settings(sensors.experiment, ["training.epochs=3"])


@pytest.fixture(scope="session")
def endless(sensors: Sample) -> Experiment:
    """An experiment that trains until somebody ends it."""
    settings = ["epochs=100000", "patience=100000", "batch_size=16"]
    return apply_settings(
        sensors.experiment, [f"training.{setting}" for setting in settings]
    )
