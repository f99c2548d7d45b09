"""Compare: runs beside a pinned baseline, and what was set differently."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st

from mtcore.data.samples import SAMPLES
from mtcore.evaluation.metrics import metrics_of
from mtcore.evaluation.wording import MINUS
from mtcore.home import Home
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.workspace.drafts import Drafts
from mtcore.spec import apply_settings
from pages.parts.compare.files import runs_csv
from pages.parts.compare.runs import runs_to_begin_with
from pages.parts.compare.settings import settings_frame, settings_of
from pages.parts.run_words import change, metric_value
from tests.pages.opened import LIVE, OpenPage, address, links, said, source
from tests.pages.trained import HOSTILE, TrainedHome

pytestmark = pytest.mark.engine
NEWEST_FIRST = ("b6", "a5", "a4", "a3", "a2", "a1")
SENSORS = SAMPLES[0].experiment


@pytest.fixture
def home(trained: TrainedHome, tmp_path: Path) -> Home:
    return trained.copy(tmp_path / "home")


def test_only_what_differs_is_shown_unless_all_is_asked_for() -> None:
    other = apply_settings(SENSORS, ["training.epochs=7", "heads.humidity.weight=2"])
    settings = settings_of([SENSORS, other])
    frame = settings_frame(settings, ["a", "b"], only_different=True)
    assert list(frame["Setting"]) == ["Head humidity · weight", "Training · epochs"]
    assert list(frame["b"]) == ["2", "7"]
    whole = settings_frame(settings, ["a", "b"], only_different=False)
    assert len(whole) == len(settings) > 20


def test_the_order_of_heads_and_inputs_is_no_difference() -> None:
    assert SENSORS.inputs is not None
    turned = SENSORS.model_copy(
        update={"heads": SENSORS.heads[::-1], "inputs": SENSORS.inputs[::-1]}
    )
    assert not any(entry.differs for entry in settings_of([SENSORS, turned]))


def test_a_head_that_one_run_lacks_differs_from_nothing() -> None:
    fewer = SENSORS.model_copy(update={"heads": SENSORS.heads[:1]})
    frame = settings_frame(
        settings_of([SENSORS, fewer]), ["a", "b"], only_different=True
    )
    assert set(frame["b"]) == {"—"}


@pytest.mark.parametrize(
    ("metric", "value", "reference", "words"),
    [
        ("mae", 1.0, 2.0, f"▲ {MINUS}1.0"),
        ("mae", 2.0, 1.0, "▼ +1.0"),
        ("r2", 0.91, 0.90, "▲ +0.010"),
        ("r2", 0.90, 0.90, "="),
    ],
)
def test_a_change_points_up_where_it_is_better_and_signs_the_number(
    metric: str, value: float, reference: float, words: str
) -> None:
    metrics = metrics_of("regression")
    assert change(metrics[metric], value, reference, 1_000) == words


def test_few_rows_show_few_decimals() -> None:
    accuracy = metrics_of("binary")["accuracy"]
    assert metric_value(accuracy, 0.81234, 100) == "0.81"
    assert metric_value(accuracy, 0.81234, 10_000) == "0.812"
    assert metric_value(accuracy, 0.99634, 100) == "0.9963"
    assert metric_value(accuracy, None, 100) == "—"


def test_without_a_run_it_leads_to_the_first_model(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    for run_id in (trained.first, trained.second):
        RunStore(home, None).delete(run_id)
    app = open_page("compare")
    assert "There are no runs yet" in said(app)
    assert "Upload a CSV or try a sample" in links(app)


def test_the_latest_runs_stand_side_by_side_with_the_older_as_baseline(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("compare")
    assert not app.error
    assert app.selectbox[0].value == trained.first
    scores = app.dataframe[1].value
    assert list(scores.columns[2:]) == [
        "Loads of all kinds (baseline)",
        "Heating counts more",
    ]
    differences = app.dataframe[2].value
    assert list(differences["Setting"]) == [
        "Head heating · weight",
        "Training · epochs",
        "Training · seeds",
        "Training · blend",
    ]
    assert len(app.get("plotly_chart")) == 4


def test_the_run_that_one_came_from_is_compared_with_those_of_its_data(
    home: Home, trained: TrainedHome
) -> None:
    run = RunStore(home, None).get(trained.first)
    ids = {name: replace(run, id=name, dataset_id=name[0]) for name in NEWEST_FIRST}
    runs = list(ids.values())

    def begun(about: Run | None) -> list[str]:
        return [run.id for run in runs_to_begin_with(runs, about)]

    assert begun(None) == ["b6"]
    assert begun(ids["a1"]) == ["a5", "a4", "a1"]
    assert begun(ids["a4"]) == ["a5", "a4", "a3"]
    still_training = replace(ids["a1"], status="RUNNING")
    assert begun(still_training) == ["b6"]


def test_a_single_run_is_not_said_to_be_set_as_itself(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("compare", runs=trained.first, run=trained.first)
    assert "Tick another run" in said(app)
    assert "same settings" not in said(app)
    assert "What was set differently" not in [entry.value for entry in app.subheader]


def test_the_view_is_in_the_address(open_page: OpenPage, trained: TrainedHome) -> None:
    app = open_page("compare")
    app.selectbox[0].set_value(trained.second).run()
    app.toggle(key="toggle:all_settings").set_value(True).run()
    assert address(app, "baseline") == trained.second
    assert address(app, "all_settings") == "yes"
    again = open_page(
        "compare", baseline=trained.second, all_settings="yes", split="test"
    )
    assert again.dataframe[1].value.columns[2] == "Heating counts more (baseline)"
    assert len(again.dataframe[2].value) > 20


def test_a_link_names_the_runs_and_says_when_one_is_gone(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    RunStore(home, None).delete(trained.second)
    app = open_page("compare", runs=[trained.first, trained.second])
    assert "1 run of this link cannot be found any more" in said(app)
    assert app.selectbox[0].options == ["Loads of all kinds"]


def test_every_compared_run_can_be_run_again_with_changes(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    app = open_page("compare")
    app.button(key=f"run_again:{trained.first}").click().run()
    draft = Drafts(home).get(address(app, "draft"))
    assert draft.parent_run == trained.first


def test_runs_are_found_by_words_and_labels_that_the_address_keeps(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    bad = "![x](http://host/b.png)"
    store.describe(trained.second, "Costs more: look again", ["may be used", bad])
    app = open_page("compare")
    table = app.dataframe[0].value
    assert table["Note"].tolist() == ["Costs more: look again", ""]
    assert list(table["Labels"][0]) == ["may be used", bad]
    assert table["heating · Mean absolute error"].notna().all()
    app.text_input(key="filter_words").set_value("LOOK costs").run()
    assert address(app, "words") == "LOOK costs"
    assert app.dataframe[0].value["Run"].tolist() == ["Heating counts more"]
    assert "1 of 2 runs are listed" in said(app)
    labelled = open_page("compare", label="may be used")
    assert len(labelled.dataframe[0].value) == 1
    # What is compared stays, though the table does not list it.
    assert len(labelled.selectbox[0].options) == 2
    assert LIVE.search(source(labelled)) is None


def test_archived_runs_are_in_no_list_until_it_is_undone(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    app = open_page("compare", runs=[trained.second])
    app.button(key="archive_runs").click().run()
    assert [run.id for run in store.list()] == [trained.first]
    assert app.dataframe[0].value["Run"].tolist() == ["Loads of all kinds"]
    assert "1 run into the archive" in said(app)
    # A link to it goes on working.
    assert app.selectbox[0].options == ["Heating counts more"]
    app.toggle(key="filter_archived").set_value(True).run()
    assert len(app.dataframe[0].value) == 2
    app.button(key="undo_archive").click().run()
    assert len(RunStore(home, None).list()) == 2
    assert "into the archive" not in said(app)


def test_the_table_to_take_away_has_every_metric_and_no_formula(
    home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    store.rename(trained.first, "=1+1")
    rows = list(csv.DictReader(io.StringIO(runs_csv(store.list()).decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Heating counts more", "'=1+1"]
    summary = store.get(trained.first).summary
    assert summary is not None
    told = summary.heads["heating"].test["mae"]
    assert float(rows[1]["heating: mae (test)"]) == pytest.approx(told)
    assert (
        sum("(validation)" in name for name in rows[0]) == 4 + 6 + 4 + 4 + 3 + 4 + 3 + 3
    )


def test_more_runs_than_there_are_cards_for_are_compared(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    store = RunStore(home, None)
    run = store.get(trained.first)
    assert run.summary is not None
    ids = [trained.first]
    for place in range(9):
        other = run.experiment.model_copy(update={"name": f"run {place}"})
        ids.append(store.create(other, run.dataset_id, dataset_name="loads.csv"))
        store.finish(ids[-1], run.summary, "epochs")
    app = open_page("compare", runs=ids, baseline=trained.first)
    assert not app.error
    assert "4 more runs in the tables below" in said(app)
    assert len(app.dataframe[1].value.columns) == 12
    assert "7 newest other runs" in said(app)


def test_changes_carry_an_interval_where_the_same_rows_judged(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    app = open_page("compare", split="test", all_metrics="yes")
    scores = app.dataframe[1].value
    scores = scores[~scores["Metric"].str.contains("◎")]
    cells = scores.iloc[:, 3].tolist()
    changed = [cell for cell in cells if "=" not in cell and "—" not in cell]
    assert len(changed) > 20
    assert all(re.search(r"\(\S+ to \S+\)$", cell) for cell in changed)
    # An arrow stands only where the interval leaves 0 out.
    for cell in changed:
        low, high = re.findall(r"\((\S+) to (\S+)\)$", cell)[0]
        assert ("▲" in cell or "▼" in cell) == (low[0] == high[0])
    path = RunStore(home, None).artifact(trained.first, "predictions/test.parquet")
    path.unlink()
    st.cache_resource.clear()
    app = open_page("compare", split="test")
    assert not app.error
    assert not any(" to " in cell for cell in app.dataframe[1].value.iloc[:, 3])


def test_hostile_names_are_shown_and_never_run(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    RunStore(home, None).rename(trained.first, HOSTILE)
    app = open_page("compare")
    assert not app.error
    assert LIVE.search(source(app)) is None
