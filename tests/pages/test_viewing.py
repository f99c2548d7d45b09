"""Pages opened by a link for looking alone: all to see, nothing to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtcore.home import Home
from pages.parts.results.actions import MORE
from pages.parts.run_link import VIEW_LINK
from tests.pages.opened import OpenPage, changing, links, said
from tests.pages.trained import TrainedHome

pytestmark = pytest.mark.engine
# What-if is looked at where its workers are, beside its other tests.
FROM_A_RUN = ("train", "results", "compare", "share")


@pytest.fixture
def home(trained: TrainedHome, tmp_path: Path) -> Home:
    return trained.copy(tmp_path / "home")


@pytest.mark.parametrize("page", FROM_A_RUN)
def test_a_link_for_looking_has_no_button_that_changes_something(
    page: str, open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page(page, run=trained.first, look="studies")
    assert changing(app)
    looked_at = open_page(page, run=trained.first, look="studies", view="1")
    looked_at.session_state[MORE] = True
    looked_at.run()
    assert not looked_at.exception
    assert not looked_at.error
    assert changing(looked_at) == set()
    assert "It is no lock" in said(looked_at)


def test_every_way_on_from_it_stays_for_looking(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, view="1")
    assert not {"Home", "Data", "Design"} & set(links(app))
    carried = [link.proto.query_string for link in app.get("page_link")]
    assert all("view=1" in query for query in carried)
    others = [link.proto.query_string for link in open_page().get("page_link")]
    assert not any("view" in query for query in others)


@pytest.mark.parametrize("page", [None, "data", "design"])
def test_a_page_that_is_there_to_change_things_leads_to_the_results(
    page: str | None, open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page(page, dataset=trained.dataset, view="1")
    assert not app.exception
    assert "is there to change things" in said(app)
    assert "Go to the results" in links(app)
    assert [button.label for button in app.button] == ["Open all of it"]


def test_whoever_wants_to_change_something_can_leave_it(
    open_page: OpenPage, trained: TrainedHome
) -> None:
    app = open_page("results", run=trained.first, view="1")
    app.button(key="leave_view").click().run()
    app.session_state[VIEW_LINK] = True
    app.run()
    assert "Run" in changing(app)
    assert "view" not in app.query_params
    assert "It is no lock" not in said(app)
    # What it then says of itself is the link for others.
    assert any("view=1" in code.value for code in app.code)
