"""Results: words before charts, every figure beside its baselines."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mtcore.home import Home
from mtcore.runs.store.store import RunStore
from mtcore.runs.workspace import open_workspace
from mtcore.runs.workspace.drafts import Drafts
from pages.parts.results.actions import MORE
from pages.parts.results.files import predictions_csv
from pages.parts.tables import column_formats
from tests.pages.opened import (
    LIVE,
    OpenPage,
    address,
    links,
    pieces,
    said,
    source,
    text_table,
    unfold,
)
from tests.pages.trained import HOSTILE, ROWS, TrainedHome

pytestmark = pytest.mark.engine


@pytest.fixture
def home(trained: TrainedHome, tmp_path: Path) -> Home:
    return trained.copy(tmp_path / "home")


def charts_about(app: AppTest, title: str) -> list[str]:
    """Return the charts with a title, as they go to the browser."""
    found = [chart.proto.spec for chart in app.get("plotly_chart")]
    return [spec for spec in found if f'"{title}"' in spec]


def test_the_first_thing_said_is_a_sentence_on_the_whole_run(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first)
    assert not app.error
    assert app.subheader[0].value.endswith(".")
    assert "heating" in said(app)


def test_every_head_has_a_verdict_and_its_metric_beside_the_constant(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first)
    [cards] = [piece for piece in pieces(app) if 'class="head-cards"' in piece]
    for part in ("<section ", "constant prediction: ", "head-badge-"):
        assert cards.count(part) == 8


def test_scores_stand_beside_the_constant_and_the_trees(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first)
    scores = text_table(app)
    assert list(scores.columns) == [
        "Head", "Metric", "Training", "Validation", "Test", "Test, 95 %", "Constant",
        "Trees",
    ]  # fmt: skip
    assert len(scores) == 16
    assert not (scores == "being computed").any().any()
    unfold(app, "all_metrics")
    assert len(app.dataframe[0].value) == 4 + 6 + 4 + 4 + 3 + 4 + 3 + 3


def test_the_ledger_of_the_best_epoch_adds_up_and_all_pairs_have_a_cosine(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, look="training")
    unfold(app, "cosines", "shares")
    frames = [part.value for part in app.dataframe]
    ledger = next(f for f in frames if "Weight times loss" in f.columns)
    heads, total = ledger.iloc[:-1], ledger.iloc[-1]
    assert len(heads) == 8
    parts = heads["Weight in the loss"] * heads["Loss"]
    assert parts.sum() == pytest.approx(total["Weight times loss"], rel=1e-5)
    pairs = next(frame for frame in frames if "Cosine" in frame.columns)
    assert len(pairs) == 28
    assert pairs["Cosine"].between(-1.0, 1.0).all()
    shares = next(f for f in frames if list(f.columns[:2]) == ["Epoch", "heating"])
    np.testing.assert_allclose(shares.iloc[:, 1:].sum(axis=1), 1.0, rtol=1e-6)


def test_whose_answers_a_head_gives_is_said_where_trees_are_blended_in(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.second)
    app.session_state[MORE] = True
    app.run()
    assert said(app).count("Answers: ") == 4
    assert "network + " in said(app)
    assert "mean of 2 networks" in said(app)
    assert "`model.keras` is the network alone" in said(app)
    assert "Answers: " not in said(open_page("results", run=trained.first))


def test_trees_that_are_still_made_are_said_to_be(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    baselines = RunStore(home, None).artifact(trained.first, "baselines.json")
    kept = baselines.read_bytes()
    baselines.unlink()
    try:
        app = open_page("results", run=trained.first)
        assert (text_table(app)["Trees"] == "being computed").all()
        assert "being trained in the background" in said(app)
    finally:
        baselines.write_bytes(kept)


@pytest.mark.parametrize("head", ["h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7"])
@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_every_kind_of_head_has_charts_with_tables_on_every_part_of_the_rows(
    open_page: OpenPage, trained: TrainedHome, head: str, split: str
) -> None:
    app = open_page("results", run=trained.first, head=head, split=split)
    assert not app.error
    charts = app.get("plotly_chart")
    assert charts
    tables = [part for part in app.expander if part.label.startswith("Table: ")]
    assert len(tables) == len(charts)
    assert all(chart.proto.alt for chart in charts)


def test_the_head_and_the_rows_looked_at_are_in_the_address(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first)
    app.selectbox(key="head_looked_at").set_value(2).run()
    app.button_group(key="rows_looked_at").set_value("train").run()
    assert address(app, "head") == "h2"
    assert address(app, "split") == "train"


def test_the_threshold_says_what_it_does(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, head="h1")
    app.slider(key="threshold_of_h1").set_value(0.0).run()
    assert "From **0.00** on" in said(app)
    assert "100 % of the" in said(app)


def test_a_label_of_several_is_looked_at_as_closely_as_two_classes(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, head="h3")
    label = app.selectbox(key="label_of_h3")
    assert label.options == ["tall", "glazed"]
    assert charts_about(app, "tall: ROC")
    unfold(app, "probabilities", "mistakes")
    assert "Expected calibration error" in said(app)
    app.selectbox(key="label_of_h3").set_value(1).run()
    assert not app.error
    assert charts_about(app, "glazed: ROC")
    assert not charts_about(app, "tall: ROC")


def test_what_mistakes_cost_says_which_threshold_is_cheapest(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, head="h1")
    unfold(app, "probabilities")
    app.number_input(key="false_alarm_h1").set_value(0.0).run()
    assert "Cheapest from **0.50** on" in said(app) or ": 0 for these" in said(app)
    app.number_input(key="miss_h1").set_value(0.0).run()
    assert "Cheapest from **0.50** on: 0 for these rows" in said(app)
    assert "Expected calibration error" in said(app)
    assert "Brier score" in said(app)


def test_errors_are_drawn_over_any_input(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, head="h0")
    unfold(app, "errors_over", "points_again")
    for place in (0, 8):
        app.selectbox(key="errors_over_h0").set_value(place).run()
        assert not app.error
    frames = [part.value for part in app.dataframe]
    assert any({"site", "Actual", "Predicted"} <= set(f.columns) for f in frames)


def test_segments_come_worst_first_or_by_one_column(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = unfold(open_page("results", run=trained.first, head="h0"), "segments")
    found = next(p.value for p in app.dataframe if "Worse" in p.value.columns)
    assert {"X5", "site"} <= set(found["Column"])
    app.selectbox(key="segments_of_h0").set_value("site").run()
    found = next(p.value for p in app.dataframe if "Worse" in p.value.columns)
    assert sorted(found["Value"]) == ["north", "south"]
    assert found["Rows"].sum() == 60


def test_all_heads_are_looked_at_together(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, look="together")
    unfold(app, "error_pairs", "wrong_at_once_table", "joint_worst")
    assert "All heads are right at once in" in said(app)
    frames = [part.value for part in app.dataframe]
    pairs = next(frame for frame in frames if "Correlation" in frame.columns)
    assert len(pairs) == 28
    counts = next(frame for frame in frames if "Heads wrong" in frame.columns)
    assert len(counts) == 9
    worst = next(frame for frame in frames if "Heads" in frame.columns)
    assert (worst["Wrong"] >= 2).all()


def test_ranges_of_every_head_are_measured(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, look="ranges")
    unfold(app, "intervals_table")
    frame = next(p.value for p in app.dataframe if "Calibrated on" in p.value.columns)
    # A flag is a range of its own, and all heads together are a line too.
    assert len(frame) == 8 + 1 + 1
    assert (frame["Calibrated on"] <= 30).all()


def test_inputs_are_ranked_for_every_head(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, look="inputs")
    unfold(app, "importance_table")
    frame = next(p.value for p in app.dataframe if "Input" in p.value.columns)
    assert len(frame.columns) == 9
    assert any("X1 + X2" in name for name in frame["Input"])
    assert frame["heating"].max() > 10


@pytest.mark.parametrize(
    "look", ["heads", "together", "inputs", "ranges", "training", "studies"]
)
def test_a_hostile_head_name_is_shown_and_never_run(
    open_page: OpenPage, trained: TrainedHome, look: str
) -> None:
    app = open_page("results", run=trained.first, head="h1", look=look)
    assert not app.error
    assert LIVE.search(source(app)) is None
    assert not [piece for piece in pieces(app) if "<b>" in piece]
    assert HOSTILE in said(app).replace("\u2060", "")


def test_only_what_is_looked_at_is_drawn_and_no_folded_table_is_sent(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, head="h0")
    assert [tab.label for tab in app.tabs] == [
        "Each head", "All heads together", "What they rest on", "Ranges",
        "How they trained", "Twins and weights",
    ]  # fmt: skip
    assert [bool(tab.children) for tab in app.tabs] == [True] + [False] * 5
    assert len(app.get("plotly_chart")) == 2
    assert not app.dataframe
    assert len(unfold(app, "points").dataframe) == 1


def test_run_again_opens_design_with_a_draft_that_knows_its_parent(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.second)
    app.button(key=f"run_again:{trained.second}").click().run()
    assert not app.exception
    draft = Drafts(home).get(address(app, "draft"))
    assert draft.parent_run == trained.second
    assert draft.experiment["heads"][0]["weight"] == 3


def open_to_rename(open_page: OpenPage, run: str) -> AppTest:
    app = open_page("results", run=run)
    app.session_state[MORE] = True
    app.run().button(key="rename_run").click().run()
    return app


def test_a_run_is_renamed_and_deleted_by_name_and_brought_back(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    runs = RunStore(home, None)
    app = open_to_rename(open_page, trained.first)
    app.text_input(key=f"new_name:{trained.first}").set_value("The *best*")
    app.button(key="rename").click().run()
    assert runs.get(trained.first).name == "The *best*"
    assert app.title[0].value == "The \\*best\\*"
    app.button(key=f"delete_run:{trained.first}").click().run()
    app.button(key="delete").click().run()
    assert listed(home) == {trained.second}
    app.button(key="undo_deletion").click().run()
    assert listed(home) == {trained.first, trained.second}


def test_of_two_who_rename_a_run_the_second_is_told_and_the_first_name_stays(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    runs = RunStore(home, None)
    app = open_to_rename(open_page, trained.first)
    runs.rename(trained.first, "Theirs")
    app.text_input(key=f"new_name:{trained.first}").set_value("Mine")
    app.button(key="rename").click().run()
    assert runs.get(trained.first).name == "Theirs"
    assert "named this run **Theirs** meanwhile, so it is not called Mine" in said(app)
    assert app.title[0].value == "Theirs"
    app.button(key="dismiss_name_not_taken").click().run()
    assert "meanwhile" not in said(app)


def test_a_run_that_is_deleted_while_it_is_open_is_said_to_be_gone(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first)
    RunStore(home, None).delete(trained.first)
    app.run()
    assert errors(app) == [
        "The run 'Loads of all kinds' was deleted. Choose another one from the list."
    ]
    assert not app.exception
    RunStore(home, None).restore(trained.first)
    app.run()
    assert not app.error


def test_a_file_of_a_run_that_is_gone_is_one_sentence_and_leaves_the_rest(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    RunStore(home, None).artifact(trained.first, "reports.json").unlink()
    app = open_page("results", run=trained.first)
    assert {"has no 'reports.json'. It is made when" in e for e in errors(app)} == {
        True
    }
    assert not app.exception
    assert "Ask what-if" in links(app)
    assert f"run_again:{trained.first}" in [button.key for button in app.button]


def errors(app: AppTest) -> list[str]:
    """Return what the page's error boxes say."""
    return [error.value.replace("\\", "") for error in app.error]


def listed(home: Home) -> set[str]:
    """Return the runs that one who opens the store now sees, with nothing in memory."""
    return {run.id for run in RunStore(home, None).list()}


def test_predictions_come_in_the_files_order_with_formulas_defused(
    home: Home, trained: TrainedHome
) -> None:
    workspace = open_workspace(home)
    content = predictions_csv(workspace, workspace.runs.get(trained.first))
    lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [int(line["row"]) for line in lines] == list(range(ROWS))
    assert {line["part"] for line in lines} == {"train", "validation", "test"}
    assert {line["size: actual"] for line in lines} == {"small", "medium", "'=large"}
    assert lines[0][f"{HOSTILE}: actual"] == ""
    assert float(lines[0]["heating: actual"]) > 0
    for line in lines:
        low, high = (float(line[f"heating: {end} 90 %"]) for end in ("low", "high"))
        assert low <= float(line["heating"]) <= high
        assert line["size"] in line["size: set 90 %"].split("; ")


def test_a_run_that_never_finished_leads_to_where_it_is(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    runs = RunStore(home, None)
    experiment = runs.get(trained.first).experiment
    waiting = runs.create(experiment, trained.dataset, dataset_name="loads.csv")
    app = open_page("results", run=waiting)
    assert "has not finished yet" in said(app)
    assert "Watch it train" in links(app)


def test_an_unknown_run_gets_one_plain_sentence(open_page: OpenPage) -> None:
    app = open_page("results", run="0" * 32)
    assert len(app.error) == 1
    assert not app.exception


def test_without_a_run_the_finished_ones_are_listed(open_page: OpenPage) -> None:
    app = open_page("results")
    assert {"Loads of all kinds", "Heating counts more"} <= set(links(app))


def test_whole_numbers_stand_in_tables_without_decimals() -> None:
    frame = pd.DataFrame({"whole": [3.0, np.nan, 0.0], "parts": [3.0, 2.5, 1.0]})
    formats = column_formats(frame)
    written = {name: found["type_config"]["format"] for name, found in formats.items()}
    assert written == {"whole": "%.0f", "parts": "%.3f"}
