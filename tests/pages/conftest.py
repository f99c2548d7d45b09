"""Opening real pages over a small real library, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from filelock import FileLock
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from mtcore.home import Home
from tests.conftest import end_cluster, furnish
from tests.pages.opened import OpenPage
from tests.pages.trained import TrainedHome, train_home

ROOT = Path(__file__).parents[2]
# Long, as a shared machine stalls at times; a page that is drawn does not wait for it.
PATIENCE_S = 240


@pytest.fixture(scope="session", autouse=True)
def _look_for_components_once() -> Iterator[None]:
    """Streamlit looks through all installed packages for each page that is opened."""
    with pytest.MonkeyPatch.context() as patch:
        found = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@pytest.fixture
def open_page(
    home: Home, empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenPage]:
    """A function that opens a page of the app in an empty home of its own.

    `open_page("data", dataset="…")` gives the page as a browser would have it with
    these ids in its address; `open_page()` is Home.
    """
    monkeypatch.setenv("BRANCHBOARD_HOME", str(home.root))
    monkeypatch.chdir(ROOT)
    furnish(home, empty_database)

    def open_it(page: str | None = None, **ids: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
        for name, value in ids.items():
            app.query_params[name] = value
        if page is not None:
            app.switch_page(f"pages/{page}.py")
        return app.run()

    yield open_it
    st.cache_resource.clear()
    st.cache_data.clear()
    # A home that other tests go on with keeps its workers.
    if home.root.is_relative_to(tmp_path):
        end_cluster(home)


@pytest.fixture(scope="session")
def trained(shared_folder: Path) -> TrainedHome:
    """A home with two finished runs, trained once a session; copy it to change it."""
    with FileLock(shared_folder / "trained.lock"):
        return train_home(shared_folder / "trained")
