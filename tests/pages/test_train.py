"""Train: where a run stands, how to end it, and how it ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from mtcore.home import Home
from mtcore.runs.store.history import History
from mtcore.runs.store.run import RunProgress
from mtcore.runs.store.store import RunStore
from pages.parts.train.best import against_constant, best_epochs
from tests.pages.opened import LIVE, OpenPage, address, links, said, source
from tests.pages.trained import TrainedHome, experiment

pytestmark = pytest.mark.engine


@pytest.fixture
def home(trained: TrainedHome, tmp_path: Path) -> Home:
    return trained.copy(tmp_path / "home")


@pytest.fixture
def runs(home: Home, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """The store, in which no run is taken for interrupted while a page is drawn."""
    monkeypatch.setattr("mtcore.runs.store.tags.INTERRUPTED_AFTER_S", 3_600.0)
    return RunStore(home, None)


@pytest.fixture
def waiting(runs: RunStore, trained: TrainedHome) -> str:
    """A run in the queue, with nobody to take it up."""
    return runs.create(experiment(), trained.dataset, dataset_name="loads.csv")


def losses(*values: float) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(1, len(values) + 1), np.asarray(values)


def test_the_best_epoch_is_the_one_of_the_lowest_validation_loss() -> None:
    history: History = {
        "validation/h0/loss": losses(0.5, np.nan, 0.2, 0.3),
        "train/h0/loss": losses(0.4, 0.3, 0.1, 0.05),
        "validation/h2/loss": losses(np.nan, np.nan),
    }
    best = best_epochs(experiment(), history)
    found = best["heating"]
    assert found is not None
    assert (found.epoch, found.loss) == (3, 0.2)
    assert best["size"] is None
    assert best["flags"] is None


@pytest.mark.parametrize(
    ("loss", "words"),
    [(0.25, "75 % below"), (1.0, "the same as"), (1.5, "50 % above")],
)
def test_a_loss_is_said_beside_the_constant_prediction(loss: float, words: str) -> None:
    assert against_constant(loss).startswith(words)


def test_a_waiting_run_shows_its_place_and_can_be_cancelled(
    open_page: OpenPage, runs: RunStore, waiting: str
) -> None:
    app = open_page("train", run=waiting)
    assert "Waiting (place 1 in the queue)" in said(app)
    app.button(key="cancel_run").click().run()
    assert runs.get(waiting).status == "KILLED"
    assert "cancelled" in said(app)
    assert [button.label for button in app.button] == ["Run again with changes"]


def test_a_running_run_shows_stage_time_left_and_the_best_epoch_so_far(
    open_page: OpenPage, runs: RunStore, waiting: str
) -> None:
    progress = RunProgress(stage="train", epoch=2, epochs=6, seconds_left=71.0)
    runs.start(waiting, progress)
    series = {
        f"{part}/h0/loss": [(1, 0.9), (2, 0.25)] for part in ("train", "validation")
    }
    runs.log_epochs(waiting, series)
    app = open_page("train", run=waiting)
    text = said(app)
    assert not app.error
    assert "at most 1 min 11 s left" in text
    assert "75 % below the constant prediction" in text
    others = len(runs.get(waiting).experiment.heads) - 1
    assert text.count("No validation loss yet.") == others
    assert len(app.get("plotly_chart")) == 1
    assert LIVE.search(source(app)) is None


def test_stop_is_asked_for_once_and_said_at_once(
    open_page: OpenPage, runs: RunStore, waiting: str
) -> None:
    runs.start(waiting, RunProgress(stage="train", epoch=2, epochs=6))
    app = open_page("train", run=waiting)
    app.button(key="stop_run").click().run()
    assert runs.get(waiting).stopping
    assert app.button(key="stop_run").disabled
    assert app.button(key="stop_run").label == "Stopping…"


def test_a_failed_run_says_why_in_plain_words_and_leads_back_to_the_design(
    open_page: OpenPage, runs: RunStore, waiting: str
) -> None:
    reason = "Head 'heating' has a loss that is no number. Lower the learning rate."
    runs.fail(waiting, reason)
    app = open_page("train", run=waiting)
    assert reason in said(app)
    app.button(key=f"run_again:{waiting}").click().run()
    assert address(app, "draft")


def test_an_interrupted_run_says_so_and_offers_to_resume(
    open_page: OpenPage,
    runs: RunStore,
    waiting: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    later = datetime.now(UTC) + timedelta(hours=2)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            del tz
            return later

    runs.start(waiting, RunProgress(stage="train", epoch=2, epochs=6))
    monkeypatch.setattr("mtcore.runs.store.recording.datetime", Clock)
    app = open_page("train", run=waiting)
    assert "gave no sign of life" in said(app)
    assert app.button(key="resume_run").label == "Resume now"


def test_a_finished_run_leads_to_its_results(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("train", run=trained.first)
    assert "best epoch" in app.success[0].value
    assert len(app.get("plotly_chart")) == 1
    app.button(key="see_results").click().run()
    assert not app.exception
    assert address(app, "run") == trained.first


def test_without_a_run_it_lists_those_in_progress_and_the_latest(
    open_page: OpenPage, waiting: str
) -> None:
    app = open_page("train")
    assert waiting
    assert "No run is in progress." not in said(app)
    assert links(app).count("Loads of all kinds") == 2


def test_an_id_that_no_run_has_gets_one_sentence(open_page: OpenPage) -> None:
    app = open_page("train", run="nonsense!")
    assert len(app.error) == 1
    assert not app.exception
