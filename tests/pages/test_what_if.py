"""What-if: a real row, changed, and what all heads answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtcore.evaluation.importance import ImportanceSheet
from mtcore.home import Home
from mtcore.runs.store.file_names import IMPORTANCE_FILE
from mtcore.runs.store.store import RunStore
from mtcore.runs.workspace import open_workspace
from mtcore.spec import TargetEncoding
from pages.parts.run_words import in_steps_of
from pages.parts.what_if.question import far_words, label_words
from tests.conftest import end_cluster
from tests.pages.opened import (
    LIVE,
    OpenPage,
    address,
    changing,
    links,
    on_cards,
    said,
    source,
    unfold,
)
from tests.pages.trained import TrainedHome, loads_of_all_kinds

pytestmark = [pytest.mark.engine, pytest.mark.cluster]


@pytest.fixture(scope="module")
def home(
    trained: TrainedHome, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    """One home for all tests here, as its workers take seconds to start."""
    made = trained.copy(tmp_path_factory.mktemp("what_if") / "home")
    workspace = open_workspace(made)
    # The first answer takes as long as TensorFlow to be imported.
    workspace.predict(trained.first, [{}])
    workspace.close()
    yield made
    end_cluster(made)


@pytest.fixture
def page(open_page: OpenPage, trained: TrainedHome) -> AppTest:
    return open_page("what_if", run=trained.first, row="5")


def slider(app: AppTest, column: str) -> str:
    """Return the key of an input's slider."""
    return next(s.key for s in app.slider if s.key.endswith(f":{column}"))


def answers(app: AppTest) -> list[str]:
    return on_cards(app, "value")


def test_every_head_answers_for_the_row_as_it_is(page: AppTest) -> None:
    assert not page.error
    assert len(answers(page)) == 8
    assert on_cards(page, "beside") == ["no change"] * 7
    assert on_cards(page, "moved") == []
    assert "The row itself has no label here." in said(page)
    assert LIVE.search(source(page)) is None


def test_a_changed_input_moves_the_answers_and_can_be_taken_back(page: AppTest) -> None:
    before = answers(page)
    for column in ("X5", "X7"):
        control = page.slider(key=slider(page, column))
        control.set_value(control.min if control.value > control.min else control.max)
        control.run()
    assert answers(page) != before
    assert "2 inputs changed." in said(page)
    page.button(key="take_change_back").click().run()
    assert "1 input changed." in said(page)
    page.button(key="reset_changes").click().run()
    assert answers(page) == before


def test_slider_and_number_show_the_same_value(page: AppTest) -> None:
    page.slider(key=slider(page, "X3")).set_value(300.0).run()
    number = slider(page, "X3").replace(":slider:", ":number:")
    assert page.number_input(key=number).value == 300.0
    page.number_input(key=number).set_value(250.0).run()
    assert page.slider(key=slider(page, "X3")).value == 250.0


def test_a_typed_value_may_leave_the_training_range_and_is_flagged(
    page: AppTest,
) -> None:
    number = slider(page, "X3").replace(":slider:", ":number:")
    page.number_input(key=number).set_value(9_999.0).run()
    assert "the range that was trained on: the answer is a guess" in said(page)
    assert (
        page.slider(key=slider(page, "X3")).value
        == page.slider(key=slider(page, "X3")).max
    )
    assert not page.error


def test_a_missing_value_is_answered(page: AppTest) -> None:
    before = answers(page)
    number = slider(page, "X3").replace(":slider:", ":number:")
    page.number_input(key=number).set_value(None).run()
    assert not page.error
    assert answers(page) != before


def test_the_starting_row_is_in_the_address(
    page: AppTest, trained: TrainedHome
) -> None:
    page.number_input(key="what_if_row").set_value(7).run()
    assert address(page, "row") == "7"
    page.button(key="random_row").click().run()
    assert address(page, "run") == trained.first
    assert "is a test row" in said(page)


def test_a_followed_input_has_a_curve_and_its_table(page: AppTest) -> None:
    follow = next(box for box in page.selectbox if box.key.endswith(":follow"))
    follow.set_value("X7").run()
    unfolded = unfold(page, "response_table")
    table = next(t.value for t in unfolded.dataframe if "X7" in t.value.columns)
    assert "heating" in table.columns
    assert len(table) > 10


def test_a_data_set_is_compared_scored_and_offered_for_download(
    page: AppTest, trained: TrainedHome
) -> None:
    box = next(b for b in page.selectbox if b.label == "Or a data set of the library")
    box.set_value(trained.dataset).run()
    assert "The rows look like those that were trained on." in said(page)
    page.selectbox(key=f"score_level:{trained.first}").set_value(0.9).run()
    page.button(key="score_dataset").click().run()
    assert "Scored 400 rows of loads.csv." in said(page)
    assert len(page.get("download_button")) == 1
    scored = page.dataframe[-1].value
    assert {"heating: low 90 %", "size: set 90 %"} <= set(scored.columns)


def test_a_file_that_lacks_a_column_and_has_a_new_class_is_told_and_scored(
    open_page: OpenPage, home: Home, trained: TrainedHome, tmp_path: Path
) -> None:
    path = tmp_path / "next_month.csv"
    table = loads_of_all_kinds().drop(columns="X3").head(30)
    table.assign(site="moon").to_csv(path, index=False)
    workspace = open_workspace(home)
    other = workspace.import_file(path).id
    page = open_page("what_if", run=trained.first, row="5")
    box = next(b for b in page.selectbox if b.label == "Or a data set of the library")
    box.set_value(other).run()
    [warning] = [part.value.replace("\\", "") for part in page.warning]
    assert "Column 'X3' is missing. The model answers as if all" in warning
    assert "'moon'" in warning
    page.button(key="score_dataset").click().run()
    assert "Scored 30 rows of next_month.csv." in said(page)
    assert not page.error
    workspace.library.delete(other)
    workspace.close()


def test_every_head_has_a_range_of_the_level_that_was_chosen(page: AppTest) -> None:
    ranges = [note for note in on_cards(page, "note") if note.startswith("90 % ")]
    assert len(ranges) == 8
    assert sum(" to " in words for words in ranges) == 4
    page.selectbox(key="what_if_level").set_value(0.95).run()
    assert sum(note.startswith("95 % ") for note in on_cards(page, "note")) == 8
    page.toggle(key="what_if_joint").set_value(True).run()
    assert not page.error


def test_scenarios_are_kept_side_by_side_with_the_effect_of_each_change(
    page: AppTest,
) -> None:
    for wall, height in ((260.0, 4.0), (400.0, 6.0)):
        page.slider(key=slider(page, "X3")).set_value(wall).run()
        page.slider(key=slider(page, "X5")).set_value(height).run()
        page.button(key="keep_scenario").click().run()
    assert not page.error
    frames = [part.value for part in page.dataframe]
    kept = next(f for f in frames if any(c.startswith("2: row 5") for c in f.columns))
    assert len(kept.columns) == 3
    effects = next(frame for frame in frames if "Scenario" in frame.columns)
    assert list(effects["Scenario"]) == ["1", "1", "2", "2"]
    page.button(key="forget_scenarios").click().run()
    assert not any("Scenario" in part.value.columns for part in page.dataframe)


def test_a_goal_is_reached_or_its_closest_miss_is_told(
    page: AppTest, trained: TrainedHome
) -> None:
    assert "What is to come out" not in said(page)
    unfold(page, "goal")
    free = page.multiselect(key=f"goal_free:{trained.first}")
    kept = RunStore(trained.home, None).artifact(trained.first, IMPORTANCE_FILE)
    sheet = ImportanceSheet.model_validate_json(kept.read_bytes())
    assert set(free.value) == set(sheet.leading_columns()[:6])
    page.multiselect(key=f"goal_outputs:{trained.first}").set_value([0]).run()
    page.number_input(key=f"goal_limit:{trained.first}:0").set_value(1e6).run()
    page.button(key="seek_goal").click().run()
    assert "No change within these bounds reaches the goal." in said(page)
    assert "lower than wanted" in said(page)
    higher = float(answers(page)[0]) + 1.0
    page.number_input(key=f"goal_limit:{trained.first}:0").set_value(higher).run()
    page.button(key="seek_goal").click().run()
    ways = next(p.value for p in page.dataframe if "Changes" in p.value.columns)
    assert 1 <= len(ways) <= 5
    assert not page.error
    page.button(key="take_edit_0").click().run()
    assert " changed." in said(page)
    assert float(answers(page)[0]) >= higher - 0.01


def test_a_row_like_no_other_is_flagged(page: AppTest) -> None:
    assert "taken together" not in said(page)
    for column, value in (("X1", 0.98), ("X5", 7.0), ("X4", 0.0), ("X3", 9_999.0)):
        number = slider(page, column).replace(":slider:", ":number:")
        page.number_input(key=number).set_value(value).run()
    assert "All inputs taken together, this is farther from every" in said(page)


def test_a_link_for_looking_answers_and_has_no_button_that_changes_something(
    open_page: OpenPage, page: AppTest, trained: TrainedHome
) -> None:
    assert "Score a file of new rows" in said(page)
    looked_at = open_page("what_if", run=trained.first, view="1")
    assert not looked_at.error
    assert len(answers(looked_at)) == 8
    assert changing(looked_at) == set()
    assert "It is no lock" in said(looked_at)
    assert "Score a file of new rows" not in said(looked_at)


def test_a_deleted_data_set_gets_one_plain_sentence(
    open_page: OpenPage, home: Home, trained: TrainedHome
) -> None:
    runs = RunStore(home, None)
    orphan = runs.create(
        runs.get(trained.first).experiment, "0" * 16, dataset_name="gone.csv"
    )
    runs.fail(orphan, "Its data set is gone.")
    app = open_page("what_if", run=orphan)
    assert "came to no model" in said(app)
    assert "See why" in links(app)


def test_answers_have_the_digits_that_matter_beside_the_spread() -> None:
    assert in_steps_of(23.4567, 8.8) == "23.46"
    assert in_steps_of(-0.0001, 8.8) == "0.00"
    assert in_steps_of(float("nan"), 8.8) == "—"


def test_a_rows_own_count_is_a_whole_number() -> None:
    calls = TargetEncoding(mean=(3.0,), scale=(2.5,), constant=(3.0,), labelled=9)
    assert label_words(calls, [1204.0], whole=True) == "1,204"
    assert label_words(calls, [1.0], whole=False) == "1.00"
    assert label_words(calls, [float("nan")], whole=True) == ""


def test_a_row_farther_than_all_others_is_not_told_by_a_share_of_them() -> None:
    assert "than any are from each other" in far_words(1.0)
    assert "than 97.0 % of those are from" in far_words(0.97).replace("\xa0", " ")
