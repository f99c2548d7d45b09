"""Share: files made in the background, the script's check, and the link."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.home import Home
from mtcore.runs.store.takeaways import (
    Comparison,
    Takeaway,
    forget_takeaway,
    keep_takeaway,
    read_takeaway,
    takeaways_folder,
)
from pages.parts.share.check import comparison_frame
from tests.fresh_python import ROOT, fresh_python
from tests.pages.opened import LIVE, OpenPage, said, source
from tests.pages.trained import TrainedHome

pytestmark = pytest.mark.engine
MAKE = """
import sys
from mtcore.runs.tasks.takeaways.takeaways import make_takeaway

run, home, *names = sys.argv[1:]
for name in names:
    make_takeaway(run, name, home)
"""


@pytest.fixture
def home(trained: TrainedHome, tmp_path: Path) -> Home:
    return trained.copy(tmp_path / "home")


def test_without_a_run_it_leads_to_the_finished_ones(open_page: OpenPage) -> None:
    app = open_page("share")
    assert not app.exception
    assert "Which run is it about?" in said(app)


def test_every_kind_of_file_has_a_button_until_it_is_there(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    folder = takeaways_folder(home, trained.first)
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!doctype html>")
    note = "It holds <b>20</b> test rows ![x](http://host.example/a.png)."
    keep_takeaway(
        home, trained.first, "html", Takeaway(file="report.html", notes=(note,))
    )
    failure = Takeaway(failure="A script can't read column '[x](http' yet.")
    keep_takeaway(home, trained.first, "python", failure)
    app = open_page("share", run=trained.first)
    assert not app.exception
    labels = {button.label for button in app.button}
    assert {"Make the Keras model", "Make the SavedModel", "Make again"} <= labels
    assert "Check the script" in labels
    assert [button.proto.label for button in app.get("download_button")] == [
        "Download (15 bytes)"
    ]
    assert "can't read column" in said(app)
    assert not LIVE.search(source(app))
    assert app.code[-1].value.startswith("python -m mtcore export ")


def test_a_run_that_has_not_finished_cannot_be_shared(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    from mtcore.runs.store.store import RunStore

    store = RunStore(home, None)
    before = store.get(trained.first)
    run_id = store.create(before.experiment, before.dataset_id, dataset_name="loads")
    app = open_page("share", run=run_id)
    assert not app.exception
    assert "has not finished yet" in said(app)


def test_the_check_shows_both_metrics_of_every_head() -> None:
    made = Takeaway(
        comparisons=(
            Comparison(
                head="heating", off=3.2e-7, metric="R²", run=0.97123, again=0.97
            ),
            Comparison(head="size", off=0.0, metric="Accuracy", run=None, again=None),
        )
    )
    frame = comparison_frame(made)
    assert frame.iloc[0].tolist() == ["heating", "R²", "0.9712", "0.9700", "3e-07"]
    assert frame.iloc[1].tolist() == ["size", "Accuracy", "—", "—", "0"]


def test_what_was_made_is_known_until_its_file_is_gone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert read_takeaway(home, "a", "keras") is None
    made = Takeaway(file="model.keras", notes=("Whole.",), seconds=1.5)
    keep_takeaway(home, "a", "keras", made)
    assert read_takeaway(home, "a", "keras") is None
    (takeaways_folder(home, "a") / "model.keras").write_bytes(b"model")
    assert read_takeaway(home, "a", "keras") == made
    forget_takeaway(home, "a", "keras")
    assert read_takeaway(home, "a", "keras") is None


def test_a_run_with_trees_becomes_a_report_and_a_script_that_is_true_to_it(
    home: Home, trained: TrainedHome
) -> None:
    names = ("html", "check")
    fresh_python(
        "-c", MAKE, trained.second, str(home.root), *names,
        folder=ROOT, home=home.root,
    )  # fmt: skip
    report, check = (read_takeaway(home, trained.second, name) for name in names)
    assert report is not None
    assert report.failure is None
    assert "20 test rows" in report.notes[0]
    text = (takeaways_folder(home, trained.second) / "report.html").read_text("utf-8")
    assert "<b>bold</b>" not in text
    assert check is not None
    assert check.failure is None
    assert "the same model" in check.notes[0]
    assert "comes to the same network" in check.notes[1]
    for found in check.comparisons:
        assert found.off < 1e-5, found
        assert found.again == pytest.approx(found.run, rel=0.02, abs=0.02), found
