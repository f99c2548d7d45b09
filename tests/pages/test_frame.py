"""What stands around every page: links, the way, and the one error boundary."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mtcore.data.library.library import Dataset, Library
from mtcore.home import Home
from pages.parts.address import PAGES, Address
from pages.parts.frame import standing_of
from tests.pages.opened import OpenPage, links, said
from tests.tables import write_building_loads


@pytest.fixture
def loads(home: Home, tmp_path: Path) -> Dataset:
    """Sixty buildings."""
    return Library(home).add(write_building_loads(tmp_path, rows=60))


def test_the_sidebar_links_to_every_page(open_page: OpenPage) -> None:
    assert set(PAGES) <= set(links(open_page()))


def test_links_carry_the_data_set_on(open_page: OpenPage, loads: Dataset) -> None:
    app = open_page("data", dataset=loads.id)
    app.switch_page("app.py")
    del app.query_params["dataset"]
    carried = [link.proto.query_string for link in app.run().get("page_link")]
    assert f"dataset={loads.id}" in carried


@pytest.mark.parametrize(
    ("known", "step", "missing"),
    [
        (Address(), "Data", "Missing: data"),
        (Address(), "Design", "Missing: data"),
        (Address(dataset="d"), "Train", "Missing: a run"),
        (Address(dataset="d", draft="e"), "Results", "Missing: a run"),
    ],
)
def test_a_step_that_cannot_be_taken_says_what_is_missing(
    known: Address, step: str, missing: str
) -> None:
    standing, reason = standing_of(step, known, ())
    assert standing == "missing"
    assert str(reason).startswith(missing)


def test_every_step_is_open_once_a_run_has_ended() -> None:
    known = Address(dataset="d", draft="e", run="r")
    steps = ("Data", "Design", "Train", "Results", "What-if", "Compare", "Share")
    assert [standing_of(step, known, ())[1] for step in steps] == [None] * 7


def test_an_error_of_ours_is_shown_whole_and_the_rest_of_the_page_goes_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRANCHBOARD_HOME", str(home.root))

    def page() -> None:
        import streamlit as st

        from mtcore.errors import TrainingError
        from pages.parts.boundary import ErrorBoundary

        with ErrorBoundary():
            raise TrainingError("Head 'a*b' became NaN. Lower the learning rate.")
        st.text("still here")

    app = AppTest.from_function(page).run()
    assert "Head 'a*b' became NaN. Lower the learning rate." in said(app)
    assert [text.value for text in app.text] == ["still here"]
    reference = said(app).split("Reference ")[1][:8]
    assert reference in (home.logs / "server.log").read_text("utf-8")


def test_the_boundary_lets_streamlits_own_control_flow_pass() -> None:
    def page() -> None:
        import streamlit as st

        from pages.parts.boundary import ErrorBoundary

        with ErrorBoundary():
            st.text("before")
            st.stop()
        st.text("after")

    app = AppTest.from_function(page).run()
    assert not app.error
    assert [text.value for text in app.text] == ["before"]
