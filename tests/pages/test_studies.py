"""Twins of a run's heads and the weight dial on Results: what they say and open."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.home import Home
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.study import HeadScores, Point, Study, Twins, WeightSweep
from mtcore.runs.workspace.drafts import Drafts
from mtcore.search.judging import judged_by
from mtcore.search.sweep import shares_of
from mtcore.search.trials import planned_trials
from tests.pages.opened import (
    LIVE,
    OpenPage,
    address,
    links,
    said,
    source,
    unfold,
)
from tests.pages.trained import HOSTILE, TrainedHome

pytestmark = pytest.mark.engine


@pytest.fixture
def home(trained: TrainedHome, tmp_path: Path) -> Home:
    return trained.copy(tmp_path / "home")


def begun(store: RunStore, run: Run, study: Study) -> str:
    return store.create(
        run.experiment, run.dataset_id, dataset_name="d", parent=run.id, study=study
    )


def add_points(
    store: RunStore, run: Run, study_id: str, study: Study, most: int = 999
) -> None:
    """Keep points of a study in which sharing lowers every head's error by a third."""
    for trial in planned_trials(run.experiment, study)[:most]:
        names = [trial.alone] if trial.alone else [h.name for h in run.experiment.heads]
        heads = {}
        for name in names:
            metric = judged_by(run.experiment.head(name)).name
            error = (0.3 if trial.alone else 0.2) + 0.001 * trial.network
            heads[name] = HeadScores(validation={metric: error}, test={metric: error})
        point = Point(
            trial=trial, epochs=6, best_epoch=5, train_s=0.5, parameters=99, heads=heads
        )
        store.add_point(study_id, point)


def test_twins_are_offered_with_what_they_take(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", look="studies", run=trained.first)
    assert not app.error
    assert "Did sharing help?" in said(app)
    assert "27 trainings, about" in said(app)
    app.selectbox(key="twin_seeds").set_value(1).run()
    assert "9 trainings, about" in said(app)


def test_every_head_has_a_sentence_and_a_way_to_split_it_off(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    run, study = store.get(trained.first), Twins(seeds=2)
    made = begun(store, run, study)
    add_points(store, run, made, study)
    store.finish_study(made, "epochs")
    app = open_page("results", look="studies", run=trained.first)
    assert not app.error
    assert "Over 8 heads, sharing lowers the error by 33 % on average" in said(app)
    assert said(app).count("Sharing helps: its error (") == 8
    assert LIVE.search(source(app)) is None
    frames = [part.value for part in unfold(app, "twins").dataframe]
    twins = next(frame for frame in frames if "Change, %" in frame.columns)
    assert twins["Change, %"].round(1).tolist() == [-33.3] * 8
    app.button(key="split_off:1:others").click().run()
    draft = Drafts(home).get(address(app, "draft"))
    assert draft.parent_run == trained.first
    names = [head["name"] for head in draft.experiment["heads"]]
    assert len(names) == 7
    assert HOSTILE not in names


def test_a_study_in_progress_tells_how_far_it_is_and_shows_what_is_done(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    run = store.get(trained.first)
    made = begun(store, run, Twins(seeds=2))
    add_points(store, run, made, Twins(seeds=2), most=4)
    app = open_page("results", look="studies", run=trained.first)
    assert "Waiting, place 1 in the queue" in str(app.get("progress")[0].proto)
    assert "Not trained yet." in said(app)
    assert any("1 run waiting" in link for link in links(app))
    app.button(key=f"stop_{made}").click().run()
    assert store.get(made).status == "KILLED"
    assert "Train the twins" in said(app)


def test_the_dial_snaps_to_a_trained_weighting_and_opens_it(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    run, study = store.get(trained.first), WeightSweep(points=8, repeats=2)
    made = begun(store, run, study)
    for trial in planned_trials(run.experiment, study):
        heads = {}
        for head in run.experiment.heads:
            # The more a head weighs, the smaller its error.
            error = 1.0 / (1.0 + trial.weights[head.name]) + 1e-3 * trial.network
            scores = {judged_by(head).name: error}
            heads[head.name] = HeadScores(validation=scores, test=scores)
        store.add_point(
            made,
            Point(
                trial=trial, epochs=6, best_epoch=5, train_s=0.5, parameters=99,
                heads=heads,
            ),
        )  # fmt: skip
    store.finish_study(made, "epochs")
    app = open_page("results", look="studies", run=trained.first)
    assert not app.error
    assert LIVE.search(source(app)) is None
    key = f"dial:{made}:0"
    assert app.select_slider(key=key).value == 0.125
    trials = planned_trials(run.experiment, study)
    heaviest = max(trials, key=lambda trial: trial.weights["heating"])
    shares = shares_of(heaviest.weights)
    app.select_slider(key=key).set_value(shares["heating"]).run()
    assert address(app, "point") == str(heaviest.place)
    for position, share in enumerate(shares.values()):
        assert app.select_slider(key=f"dial:{made}:{position}").value == share
    app.button(key="open_weighting").click().run()
    draft = Drafts(home).get(address(app, "draft"))
    assert draft.parent_run == trained.first
    opened = {head["name"]: head["weight"] for head in draft.experiment["heads"]}
    assert opened == heaviest.weights


def test_the_page_of_a_study_leads_to_its_run(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    made = begun(store, store.get(trained.first), Twins())
    store.kill(made)
    for page in ("results", "train"):
        app = open_page(page, run=made)
        assert not app.error
        assert "Results of the run" in links(app)
