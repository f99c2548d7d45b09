"""Opening real pages over a small real library, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mtcore.home import Home
from tests.pages.opened import OpenPage

ROOT = Path(__file__).parents[2]


@pytest.fixture
def open_page(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """A function that opens a page of the app in an empty home of its own.

    `open_page("data", dataset="…")` gives the page as a browser would have it with
    these ids in its address; `open_page()` is Home.
    """
    monkeypatch.setenv("BRANCHBOARD_HOME", str(home.root))
    monkeypatch.chdir(ROOT)

    def open_it(page: str | None = None, **ids: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in ids.items():
            app.query_params[name] = value
        if page is not None:
            app.switch_page(f"pages/{page}.py")
        return app.run()

    yield open_it
    st.cache_resource.clear()
    st.cache_data.clear()
