"""Design: a draft that is prefilled, edited, judged and never lost."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtcore.data.library.library import Dataset, Library
from mtcore.home import Home
from mtcore.runs.workspace.drafts import Drafts
from mtcore.spec import ExpertTrunk, dump_yaml, experiment_from
from tests.pages.opened import LIVE, OpenPage, address, said, source
from tests.tables import write_building_loads

Place = str | int


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A hundred and fifty buildings: ten columns of numbers."""
    folder = tmp_path_factory.mktemp("read")
    file = write_building_loads(folder, rows=150)
    return Library(Home(folder / "home")).add(file)


@pytest.fixture
def loads(home: Home, read: Dataset) -> Dataset:
    """The buildings in a home of the test's own."""
    shutil.copytree(read.folder, home.datasets / read.id)
    return Library(home).get(read.id)


def key(app: AppTest, *place: Place) -> str:
    """Return the key of the widget for a place of the draft."""
    return f"draft:{address(app, 'draft')}:{':'.join(str(part) for part in place)}"


def stored(app: AppTest, home: Home) -> dict[str, object]:
    return dict(Drafts(home).get(address(app, "draft")).experiment)


def predict(app: AppTest, *columns: str) -> AppTest:
    return app.multiselect(key=key(app, "heads")).set_value(list(columns)).run()


def test_a_data_set_opens_as_a_draft_that_can_be_trained_at_once(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    assert not app.error
    assert not app.button(key="train").disabled
    assert experiment_from(stored(app, home)).target_columns() == ("cooling",)


def test_a_small_table_comes_with_networks_in_turns_and_trees_that_can_be_changed(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    training = ("training", "seeds")
    assert app.number_input(key=key(app, *training)).value == 5
    app.number_input(key=key(app, *training)).set_value(7).run()
    app.toggle(key=key(app, "training", "rotate")).set_value(False).run()
    app.selectbox(key=key(app, "training", "blend")).set_value("none").run()
    asked = experiment_from(stored(app, home)).training
    assert (asked.seeds, asked.rotate, asked.blend) == (7, False, "none")
    app.number_input(key=key(app, *training)).set_value(1).run()
    assert app.toggle(key=key(app, "training", "rotate")).disabled


def test_networks_take_no_turns_where_the_latest_rows_judge(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    app.selectbox(key=key(app, "split", "kind")).set_value("time").run()
    training = stored(app, home)["training"]
    assert isinstance(training, dict)
    assert (training["seeds"], training["rotate"]) == (5, False)


def test_a_chosen_column_gets_a_head_and_leaves_the_inputs(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = predict(open_page("design", dataset=loads.id), "heating", "cooling")
    experiment = experiment_from(stored(app, home))
    assert [head.name for head in experiment.heads] == ["cooling", "heating"]
    assert "heating" not in [given.column for given in experiment.inputs or ()]


def test_every_edit_holds_also_the_second_in_a_row(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = predict(open_page("design", dataset=loads.id), "heating", "cooling")
    place = ("heads", 0, "weight")
    for weight in (2.0, 3.0, 2.5):
        app.number_input(key=key(app, *place)).set_value(weight).run()
        assert app.number_input(key=key(app, *place)).value == weight
        assert stored(app, home)["heads"][0]["weight"] == weight
    assert app.text_input(key=key(app, "heads", 0, "share")).value == "71%"


def test_a_draft_is_as_it_was_after_a_refresh(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    app.text_input(key=key(app, "name")).set_value("Second try").run()
    again = open_page("design", draft=address(app, "draft"))
    assert again.text_input(key=key(again, "name")).value == "Second try"
    assert address(again, "dataset") == loads.id


def test_the_last_changes_are_undone_one_by_one(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    before = stored(app, home)
    layers = app.text_input(key=key(app, "trunk", "layers")).value
    app.number_input(key=key(app, "training", "epochs")).set_value(7).run()
    app.text_input(key=key(app, "trunk", "layers")).set_value("16").run()
    app.button(key="take_back").click().run()
    assert app.text_input(key=key(app, "trunk", "layers")).value == layers
    assert app.number_input(key=key(app, "training", "epochs")).value == 7
    app.button(key="take_back").click().run()
    assert stored(app, home) == before
    assert app.button(key="take_back").disabled


def test_losses_follow_the_task(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = predict(open_page("design", dataset=loads.id), "X5")
    app.selectbox(key=key(app, "heads", 0, "kind")).select("binary").run()
    assert app.selectbox(key=key(app, "heads", 0, "loss")).options == [
        "Cross-entropy",
        "Focal",
    ]
    assert stored(app, home)["heads"][0]["loss"] == "binary_crossentropy"
    assert not app.button(key="train").disabled


def test_a_balance_says_what_it_does_and_costs_and_shows_its_own_settings(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    assert "hard to beat" in said(app)
    menu = app.selectbox(key=key(app, "training", "balance"))
    assert len(menu.options) == 5
    menu.select("famo").run()
    assert "Costs a second look at each batch" in said(app)
    app.number_input(key=key(app, "training", "balance_rate")).set_value(0.05).run()
    training = stored(app, home)["training"]
    assert (training["balance"], training["balance_rate"]) == ("famo", 0.05)
    assert not app.button(key="train").disabled


def opened(app: AppTest, head: int) -> AppTest:
    """Return the page with what a head has besides drawn."""
    app.session_state[key(app, "heads", head, "more")] = True
    return app.run()


def test_levels_are_typed_and_wrong_ones_stay_with_the_reason(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    app.selectbox(key=key(app, "heads", 0, "kind")).select("quantile").run()
    levels = key(app, "heads", 0, "levels")
    assert opened(app, 0).text_input(key=levels).value == "0.1, 0.5, 0.9"
    app.text_input(key=levels).set_value("0.05 0.5 0.95").run()
    assert stored(app, home)["heads"][0]["levels"] == [0.05, 0.5, 0.95]
    app.text_input(key=levels).set_value("0.9, 0.1").run()
    assert "levels are 0.9, 0.1, but must be" in said(app)
    assert app.button(key="train").disabled


def test_an_order_of_classes_is_chosen_one_after_another(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = predict(open_page("design", dataset=loads.id), "X6")
    app.selectbox(key=key(app, "heads", 0, "kind")).select("ordinal").run()
    order = key(app, "heads", 0, "order")
    values = opened(app, 0).multiselect(key=order).options
    app.multiselect(key=order).set_value(list(reversed(values))).run()
    assert stored(app, home)["heads"][0]["order"] == list(reversed(values))
    assert not app.button(key="train").disabled


def test_heavy_tails_smoothing_and_focus_are_kept(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = predict(open_page("design", dataset=loads.id), "heating", "X5")
    opened(app, 0).toggle(key=key(app, "heads", 0, "log_target")).set_value(True).run()
    assert stored(app, home)["heads"][0]["log_target"] is True
    app.selectbox(key=key(app, "heads", 1, "loss")).select("focal").run()
    opened(app, 1).number_input(key=key(app, "heads", 1, "focus")).set_value(3.5).run()
    smoothing = key(app, "heads", 1, "label_smoothing")
    app.number_input(key=smoothing).set_value(0.1).run()
    head = stored(app, home)["heads"][1]
    assert (head["focus"], head["label_smoothing"]) == (3.5, 0.1)


def test_a_wrong_task_is_named_and_put_right_with_one_click(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    app.selectbox(key=key(app, "heads", 0, "kind")).select("binary").run()
    assert app.button(key="train").disabled
    assert "Head 'cooling' is binary but column 'cooling' holds" in said(app)
    app.button(key=f"fix:{address(app, 'draft')}:0").click().run()
    assert not app.button(key="train").disabled
    assert not app.error


def test_a_trunk_of_experts_shows_its_numbers_and_says_what_it_costs(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    app.selectbox(key=key(app, "trunk", "kind")).select("experts").run()
    assert "as many times the parameters" in said(app)
    app.number_input(key=key(app, "trunk", "shared")).set_value(3).run()
    app.selectbox(key=key(app, "trunk", "levels")).select(2).run()
    app.checkbox(key=key(app, "trunk", "skip")).check().run()
    trunk = experiment_from(stored(app, home)).trunk
    assert isinstance(trunk, ExpertTrunk)
    assert (trunk.shared, trunk.levels, trunk.skip) == (3, 2, True)
    assert not app.button(key="train").disabled
    app.selectbox(key=key(app, "trunk", "kind")).select("separate").run()
    assert experiment_from(stored(app, home)).trunk.skip
    assert not app.error


def test_layers_that_are_no_numbers_stay_in_their_field_with_the_reason(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    app.text_input(key=key(app, "trunk", "layers")).set_value("64, many").run()
    assert app.text_input(key=key(app, "trunk", "layers")).value == "64, many"
    assert app.button(key="train").disabled
    assert "layers" in said(app)


def test_no_column_to_predict_is_said_and_not_an_end(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = predict(open_page("design", dataset=loads.id))
    assert app.button(key="train").disabled
    assert "Choose at least one column to predict" in said(app)
    assert not predict(app, "heating").button(key="train").disabled


def test_all_weights_at_zero_are_named_with_a_fix(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    app.number_input(key=key(app, "heads", 0, "weight")).set_value(0.0).run()
    assert "All head weights are 0" in said(app)
    app.button(key=f"fix:{address(app, 'draft')}:0").click().run()
    assert app.number_input(key=key(app, "heads", 0, "weight")).value == 1.0


def test_an_edited_text_becomes_the_draft(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    area = app.text_area(key=f"yaml:{address(app, 'draft')}")
    area.set_value(re.sub(r"(trunk:\n.*\n  layers: ).*", r"\1[8]", area.value)).run()
    assert stored(app, home)["trunk"]["layers"] == [8]
    assert app.text_input(key=key(app, "trunk", "layers")).value == "8"


def test_inputs_that_a_text_leaves_out_are_listed(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    text = "heads: [{name: cooling, kind: regression, columns: [cooling]}]"
    app.text_area(key=f"yaml:{address(app, 'draft')}").set_value(text).run()
    assert stored(app, home)["inputs"] is None
    assert "Inputs: 9 of 9 columns" in said(app)
    predict(app, "cooling", "heating")
    assert len(stored(app, home)["inputs"]) == 8


def test_a_text_that_is_no_experiment_stays_with_its_reason(
    open_page: OpenPage, home: Home, loads: Dataset
) -> None:
    app = open_page("design", dataset=loads.id)
    before = stored(app, home)
    name = f"yaml:{address(app, 'draft')}"
    app.text_area(key=name).set_value("heads: [{name: a, loss: none}]").run()
    assert app.text_area(key=name).value == "heads: [{name: a, loss: none}]"
    assert "Head 'a'" in said(app)
    assert stored(app, home) == before
    app.button(key="discard_yaml").click().run()
    assert app.text_area(key=name).value == dump_yaml(experiment_from(before))


def test_names_of_columns_are_data(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "hostile.csv"
    rows = "".join(f"{row},{row % 7},{row * 2}\n" for row in range(120))
    path.write_text("<script>x</script>,b,![x](http://host.example)\n" + rows)
    app = open_page("design", dataset=Library(home).add(path).id)
    assert not app.exception
    assert not LIVE.search(source(app))


def test_a_table_without_anything_to_predict_says_so(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    path = tmp_path / "one.csv"
    path.write_text("a\n" + "".join(f"{row % 9}\n" for row in range(50)))
    app = open_page("design", dataset=Library(home).add(path).id)
    assert not app.error
    assert "has no two columns" in said(app)
