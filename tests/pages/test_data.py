"""Data: how a file was read, and what its columns hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.data.library.library import Dataset, Library
from mtcore.home import Home
from mtcore.runs.workspace.drafts import Drafts
from mtcore.spec import Reading
from tests.data.sheets import write_workbook
from tests.data.zips import write_zip
from tests.pages.opened import LIVE, OpenPage, address, links, said, source
from tests.tables import write_building_loads

RAGGED = "a,b,c\n1,2,3\n4,5\n7,8,9\n1,5,2\n3,3,3\n"
HOSTILE = "<script>alert(1)</script>,![x](http://host.example/b.png),y\n" + "".join(
    f"{row},<b>{row % 3}</b>,{row * 2}\n" for row in range(40)
)


@pytest.fixture
def loads(home: Home, tmp_path: Path) -> Dataset:
    """Sixty buildings: ten columns of numbers."""
    return Library(home).add(write_building_loads(tmp_path, rows=60))


def add_text(home: Home, folder: Path, text: str) -> Dataset:
    path = folder / "given.csv"
    path.write_text(text, "utf-8")
    return Library(home).add(path)


def test_a_clean_file_is_said_to_be_read_without_a_doubt(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("data", dataset=loads.id)
    assert [verdict.value for verdict in app.success] == [
        "Read without a doubt: 60 rows and 10 columns."
    ]
    assert not app.error


def test_every_line_left_out_is_listed_with_its_number(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    dataset = add_text(home, tmp_path, RAGGED)
    app = open_page("data", dataset=dataset.id)
    [left_out] = [frame.value for frame in app.dataframe if "Line" in frame.value]
    assert left_out["Line"].tolist() == [3]
    assert "1 line left out" in said(app)


def test_every_column_is_in_the_table_with_its_facts(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("data", dataset=loads.id)
    [columns] = [frame.value for frame in app.dataframe if "Kind" in frame.value]
    assert columns["Column"].tolist() == list(loads.profile.kinds())
    assert set(columns["Kind"]) == {"number"}
    assert (columns["Missing"] == 0).all()


def test_choosing_a_column_shows_its_own_facts(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("data", dataset=loads.id)
    app.selectbox(key=f"column:{loads.id}").select("X5").run()
    assert "From 3.5 to 7" in said(app)


def test_a_click_takes_a_column_for_another_kind(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    rows = "".join(f"{n % 4 + 1};{n * 2.5};{n % 7}\n" for n in range(60))
    dataset = add_text(home, tmp_path, f"grade;x;y\n{rows}")
    app = open_page("data", dataset=dataset.id)
    key = f"kind:{dataset.id}:grade"
    app.button_group(key=f"{key}:number").select("category").run()
    assert not app.exception
    assert "set by hand, taken for number before" in said(app)
    assert Library(home).get(dataset.id).profile.kinds()["grade"] == "category"
    assert app.button_group(key=f"{key}:category").value == "category"


def test_a_thousand_columns_are_shown_a_page_at_a_time(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    names = ",".join(f"c{n}" for n in range(300))
    rows = "".join(",".join(str((n * k) % 7) for n in range(300)) + "\n" for k in
                   range(1, 20))  # fmt: skip
    dataset = add_text(home, tmp_path, f"{names}\n{rows}")
    app = open_page("data", dataset=dataset.id)
    assert "**c11**" in said(app)
    assert "**c12**" not in said(app)
    app.number_input(key=f"cards:{dataset.id}:25").set_value(2).run()
    assert "**c12**" in said(app)
    app.text_input(key=f"find:{dataset.id}").set_value("c29").run()
    assert "**c299**" in said(app)


def test_a_class_that_a_part_lacks_is_said_in_red(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    rows = "".join(
        f"{n % 10};{'train' if n < 40 else 'validation' if n < 50 else 'test'};"
        f"{'rare' if n == 3 else 'common' if n % 2 else 'usual'}\n"
        for n in range(60)
    )
    dataset = add_text(home, tmp_path, f"x;part;label\n{rows}")
    plain = {
        "heads": [{"name": "mood", "kind": "multiclass", "columns": ["label"]}],
        "split": {"kind": "given", "column": "part"},
    }
    draft = Drafts(home).create(dataset.id, plain)
    app = open_page("data", dataset=dataset.id, draft=draft.id)
    assert "No row of the test part is rare" in said(app)
    assert "(head mood)" in said(app)
    assert not app.error


def test_the_names_of_a_file_are_shown_and_never_interpreted(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    dataset = add_text(home, tmp_path, HOSTILE)
    app = open_page("data", dataset=dataset.id)
    assert not LIVE.search(source(app))
    app.selectbox(key=f"column:{dataset.id}").select_index(1).run()
    assert not app.exception
    assert not app.error


def test_another_delimiter_shows_at_once_what_it_would_give(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    rows = "".join(f"{n};{n % 3},5;{n % 7}\n" for n in range(40))
    path = tmp_path / "given.csv"
    path.write_text(f"a;b;c\n{rows}", "utf-8")
    dataset = Library(home).add(path, Reading(delimiter=","))
    assert len(dataset.profile.columns) == 2
    app = open_page("data", dataset=dataset.id)
    app.selectbox(key=f"Delimiter:{dataset.id}").select(";").run()
    assert "3 columns and 40 rows. Nothing has changed yet" in said(app)
    assert ["a", "b", "c"] in [list(frame.value.columns) for frame in app.dataframe]
    assert Library(home).list() == (dataset,)
    app.number_input(key=f"header:{dataset.id}").set_value(900).run()
    assert "holds no column names" in said(app)
    assert not app.exception


def test_another_sheet_or_table_shows_at_once_what_it_would_give(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    first = [["x", "y"], *([row, row % 3] for row in range(20))]
    other = [["u", "v", "w"], *([row, row % 3, row % 5] for row in range(30))]
    book = write_workbook(tmp_path / "b.xlsx", {"One": first, "Two": other})
    files = {"few.csv": "x,y\n1,2\n3,4\n", "many.csv": "u;v;w\n" + "1;2;3\n" * 30}
    for path, name, size in (
        (book, "Two", "3 columns and 30 rows"),
        (write_zip(tmp_path / "t.zip", files), "few.csv", "2 columns and 2 rows"),
    ):
        dataset = Library(home).add(path)
        app = open_page("data", dataset=dataset.id)
        app.selectbox(key=f"Sheet or table:{dataset.id}").select(name).run()
        assert f"{size}. Nothing has changed yet" in said(app)
        assert dataset in Library(home).list()
        assert app.button(key=f"read_again:{dataset.id}")
        assert not app.exception


@pytest.mark.cluster
def test_a_corrected_reading_opens_as_a_data_set_of_its_own(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    dataset = add_text(home, tmp_path, "1,2\n3,4\n5,6\n7,9\n")
    app = open_page("data", dataset=dataset.id)
    header = app.number_input(key=f"header:{dataset.id}")
    header.set_value(0 if header.value else 1).run()
    app.button(key=f"read_again:{dataset.id}").click().run()
    assert not app.error
    read = Library(home).get(address(app, "dataset"))
    assert read.id != dataset.id
    assert abs(read.rows - dataset.rows) == 1


def test_the_way_on_leads_to_design_with_this_data_set(
    open_page: OpenPage, loads: Dataset
) -> None:
    app = open_page("data", dataset=loads.id)
    app.button(key="design").click().run()
    assert address(app, "dataset") == loads.id
    assert app.button(key="train")
    assert any("loads" in label for label in links(app))
