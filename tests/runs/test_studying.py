"""Studies of a run: twins and sweeps, done one training after another."""

from __future__ import annotations

import pytest

from mtcore.data.library.library import Dataset
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.study import Twins, WeightSweep
from mtcore.runs.tasks.training.studying import run_study
from mtcore.runs.tasks.training.training import train_run
from mtcore.runs.workspace import Workspace
from mtcore.search.sharing import mean_gain, sharing_of
from mtcore.spec import Experiment, apply_settings
from tests.runs.conditions import has_ended, wait_for_run

pytestmark = pytest.mark.engine


@pytest.fixture
def root(workspace: Workspace) -> str:
    return str(workspace.home.root)


@pytest.fixture(scope="module")
def parent(store: RunStore, short: Experiment, readings: Dataset) -> str:
    return store.create(short, readings.id, dataset_name=readings.name)


def study(
    store: RunStore, run_id: str, wanted: Twins | WeightSweep, **settings: object
) -> str:
    run = store.get(run_id)
    changed = apply_settings(
        run.experiment, [f"training.{name}={value}" for name, value in settings.items()]
    )
    return store.create(
        changed, run.dataset_id, dataset_name="d", parent=run_id, study=wanted
    )


def test_twins_have_a_point_a_training_and_say_what_sharing_did(
    store: RunStore, parent: str, root: str
) -> None:
    train_run(parent, root)
    made = study(store, parent, Twins(seeds=2))
    run_study(made, root)
    done = store.get(made)
    assert (done.status, done.ended_by, done.summary) == ("FINISHED", "epochs", None)
    points = store.points(made)
    assert [point.trial.alone for point in points] == [
        None, None, "temperature", "temperature", "humidity", "humidity",
    ]  # fmt: skip
    run = store.get(parent)
    # The first shared network has the run's own seed, so it is that very network.
    assert run.summary is not None
    for name, head in points[0].heads.items():
        for metric, value in run.summary.heads[name].test.items():
            assert head.test[metric] == pytest.approx(value, rel=1e-5)
    heads = sharing_of(run.experiment, points)
    assert all(head.gain is not None for head in heads)
    assert mean_gain(heads) is not None


def test_a_study_is_no_run_of_the_list_but_one_of_its_parent(
    store: RunStore, parent: str
) -> None:
    made = study(store, parent, Twins(seeds=1))
    assert made not in {run.id for run in store.list()}
    assert made == store.studies(parent)[0].id
    assert made in {run.id for run in store.active()}
    store.kill(made)


def test_a_study_that_was_interrupted_goes_on_after_its_last_point(
    store: RunStore, parent: str, root: str
) -> None:
    sweep = WeightSweep(points=3, repeats=0)
    made = study(store, parent, sweep, epochs=1)
    run_study(made, root)
    whole = store.points(made)
    assert [tuple(point.trial.weights.values()) for point in whole] == [
        (1.0, 1.0), (1.5, 0.5), (0.5, 1.5),
    ]  # fmt: skip
    again = study(store, parent, sweep, epochs=1)
    for point in (whole[0], whole[2]):
        store.add_point(again, point)
    run_study(again, root)
    resumed = store.points(again)
    assert [point.heads for point in resumed] == [point.heads for point in whole]
    assert resumed[0].train_s == whole[0].train_s


def test_a_stopped_study_keeps_the_points_that_are_done(
    store: RunStore, parent: str, root: str
) -> None:
    sweep = WeightSweep(points=3, repeats=0)
    done = study(store, parent, sweep, epochs=1)
    run_study(done, root)
    made = study(store, parent, sweep, epochs=1)
    store.add_point(made, store.points(done)[0])
    store.request_stop(made)
    run_study(made, root)
    assert (store.get(made).status, store.get(made).ended_by) == ("FINISHED", "stop")
    assert store.points(made) == store.points(done)[:1]


def test_a_study_that_was_thrown_away_is_left_alone(
    store: RunStore, parent: str, root: str
) -> None:
    made = study(store, parent, Twins())
    store.kill(made)
    run_study(made, root)
    assert store.get(made).status == "KILLED"
    assert store.points(made) == ()


@pytest.mark.cluster
def test_a_study_is_queued_told_about_and_done_by_a_worker(
    workspace: Workspace, store: RunStore, short: Experiment, readings: Dataset
) -> None:
    parent = store.create(short, readings.id, dataset_name=readings.name)
    # Only its experiment is asked for, and a waiting run would be trained by and by.
    store.kill(parent)
    made = workspace.start_study(parent, WeightSweep(points=2, repeats=0))
    done = wait_for_run(store, made, has_ended)
    assert (done.status, done.failure) == ("FINISHED", None)
    assert len(store.points(made)) == 2
    assert done.progress is not None
    assert (done.progress.network, done.progress.networks) == (2, 2)


def test_a_deleted_run_ends_its_studies(
    store: RunStore, short: Experiment, readings: Dataset
) -> None:
    run = store.create(short, readings.id, dataset_name=readings.name)
    made = study(store, run, Twins())
    store.delete(run)
    assert store.get(made).status == "KILLED"
