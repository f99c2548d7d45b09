"""What a process keeps between tasks."""

from __future__ import annotations

import pytest

from mtcore.data.library.library import Dataset
from mtcore.errors import MissingError
from mtcore.runs.store.store import RunStore
from mtcore.runs.tasks.held import known_run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment


def test_a_run_is_read_once_for_the_questions_of_half_a_minute(
    store: RunStore, short: Experiment, readings: Dataset, workspace: Workspace
) -> None:
    root = str(workspace.home.root)
    asked, other = (
        store.create(short, readings.id, dataset_name=readings.name) for _ in range(2)
    )
    first, second, third = (known_run(asked, root, None) for _ in range(3))
    # Half a minute may end between two of them.
    assert first is second or second is third
    assert first.experiment == store.get(asked).experiment
    assert known_run(other, root, None).id == other
    with pytest.raises(MissingError):
        known_run("nothing", root, None)


def test_a_deletion_is_heard_of_with_the_next_question(
    store: RunStore, short: Experiment, readings: Dataset, workspace: Workspace
) -> None:
    root = str(workspace.home.root)
    run = store.create(short, readings.id, dataset_name=readings.name)
    assert known_run(run, root, None).id == run
    store.delete(run)
    with pytest.raises(MissingError, match="deleted"):
        known_run(run, root, None)
    store.restore(run)
    assert known_run(run, root, None).id == run
