"""Home: where everything begins, and where everything is found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.data.library.library import Library
from mtcore.data.samples import SAMPLES, Sample
from mtcore.home import Home
from mtcore.runs.store.store import RunStore
from mtcore.runs.workspace.drafts import Drafts
from tests.pages.opened import OpenPage, address, links, said
from tests.tables import write_building_loads


def test_an_empty_home_offers_an_upload_and_every_sample(open_page: OpenPage) -> None:
    app = open_page()
    assert [part.label for part in app.get("file_uploader")] == ["Upload a CSV"]
    assert {button.key for button in app.button} == {f"sample:{s.id}" for s in SAMPLES}
    assert "Recent runs" not in [heading.value for heading in app.subheader]


def test_a_sample_says_the_best_score_that_is_possible(open_page: OpenPage) -> None:
    assert "temperature R² 0.954" in said(open_page())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_one_click_on_a_sample_opens_design_ready_to_train(
    open_page: OpenPage, home: Home, sample: Sample
) -> None:
    app = open_page()
    app.button(key=f"sample:{sample.id}").click().run()
    assert not app.error
    assert not app.button(key="train").disabled
    draft = Drafts(home).get(address(app, "draft"))
    assert draft.dataset_id == address(app, "dataset")
    assert draft.experiment["name"] == sample.experiment.name


def test_a_data_set_is_deleted_by_name_and_brought_back(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    library = Library(home)
    dataset = library.add(write_building_loads(tmp_path, rows=60))
    app = open_page()
    app.button(key=f"delete:{dataset.id}").click().run()
    assert "**loads.csv**" in said(app)
    assert library.list() == (dataset,)
    app.button(key="delete").click().run()
    assert library.list() == ()
    assert "Deleted the data set **loads.csv**" in said(app)
    app.button(key="undo_deletion").click().run()
    assert library.list() == (dataset,)
    assert "Deleted" not in said(app)


def test_deleted_data_sets_are_removed_for_good_after_they_were_named(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    library = Library(home)
    library.delete(library.add(write_building_loads(tmp_path, rows=60)).id)
    app = open_page()
    app.button(key="purge").click().run()
    assert "**loads.csv**" in said(app)
    assert library.deleted()
    app.button(key="remove_deleted").click().run()
    assert library.deleted() == ()
    assert "purge" not in {button.key for button in app.button}


def test_a_deleted_run_can_be_undone_from_another_page(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    dataset = Library(home).add(write_building_loads(tmp_path, rows=60))
    runs = RunStore(home, None)
    run_id = runs.create(SAMPLES[0].experiment, dataset.id, dataset_name=dataset.name)
    runs.kill(run_id)
    app = open_page()
    app.button(key=f"delete:{run_id}").click().run()
    app.button(key="delete").click().run()
    assert runs.list() == ()
    app.switch_page("pages/data.py").run()
    app.button(key="undo_deletion").click().run()
    assert [run.id for run in runs.list()] == [run_id]


def test_a_run_in_progress_is_shown_with_a_link(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    dataset = Library(home).add(write_building_loads(tmp_path, rows=60))
    RunStore(home, None).create(
        SAMPLES[0].experiment, dataset.id, dataset_name=dataset.name
    )
    app = open_page("data", dataset=dataset.id)
    assert any("1 run waiting" in label for label in links(app))


def test_names_of_data_sets_are_not_read_as_markdown(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    path = write_building_loads(tmp_path, rows=60)
    Library(home).add(path, name="![x](http://host.example/b.png)")
    [label] = [label for label in links(open_page()) if "host" in label]
    assert label.startswith(r"\!\[x\]\(")


def test_an_unknown_failure_shows_a_reference_and_no_trace(
    open_page: OpenPage, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Library) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Library, "list", fail)
    app = open_page()
    assert not app.exception
    assert "Reference" in said(app)
    assert "secret detail" not in said(app)
    assert "secret detail" in (home.logs / "server.log").read_text("utf-8")


def test_an_id_that_no_id_can_be_gets_one_plain_sentence(open_page: OpenPage) -> None:
    app = open_page("data", dataset="../../etc")
    assert not app.exception
    assert "The address names a data set that cannot exist" in said(app)


@pytest.mark.parametrize("page", ["data", "design"])
def test_a_data_set_that_is_gone_gets_one_plain_sentence(
    open_page: OpenPage, page: str
) -> None:
    app = open_page(page, dataset="0123456789abcdef")
    assert [error.value.replace("\\", "")[:21] for error in app.error] == [
        "There is no data set "
    ]


@pytest.mark.parametrize("page", ["data", "design"])
def test_a_page_without_data_says_what_to_do(open_page: OpenPage, page: str) -> None:
    app = open_page(page)
    assert not app.error
    assert "There is no data" in said(app)


@pytest.mark.cluster
def test_an_uploaded_file_opens_on_the_data_page(
    open_page: OpenPage, home: Home, tmp_path: Path
) -> None:
    content = write_building_loads(tmp_path, rows=60).read_bytes()
    app = open_page()
    app.file_uploader[0].set_value(("loads.csv", content, "text/csv")).run()
    assert not app.error
    [dataset] = Library(home).list()
    assert (dataset.id, dataset.name) == (address(app, "dataset"), "loads.csv")
    assert list(home.uploads.iterdir()) == []


@pytest.mark.cluster
def test_a_file_that_is_no_table_gets_one_sentence_and_leaves_nothing(
    open_page: OpenPage, home: Home
) -> None:
    app = open_page()
    for content in (b"", b"\x89PNG\r\n\x1a\n" + bytes(200)):
        app.file_uploader[0].set_value(("given.csv", content, "text/csv")).run()
        assert not app.exception
        [error] = app.error
        assert error.value.endswith("\\.")
        assert len(app.run().error) == 1  # until another file is given
    assert Library(home).list() == ()
    assert list(home.uploads.iterdir()) == []


@pytest.mark.cluster
def test_a_file_in_the_operators_folder_is_opened_with_a_click(
    open_page: OpenPage, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "served"
    folder.mkdir()
    write_building_loads(folder, rows=60)
    assert "file on the server" not in said(open_page())
    monkeypatch.setenv("BRANCHBOARD_DATA", str(folder))
    app = open_page()
    [offered] = app.selectbox(key="shared_file").options
    assert offered.startswith("loads.csv (")
    app.button(key="open_shared").click().run()
    assert not app.error
    [dataset] = Library(home).list()
    assert (dataset.name, address(app, "dataset")) == ("loads.csv", dataset.id)
