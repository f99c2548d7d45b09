"""Opening real pages over a small real library, without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from mlflow.tracking import MlflowClient
from streamlit.testing.v1 import AppTest

from mtcore.home import Home
from mtcore.runs.connection import database_uri
from tests.pages.opened import OpenPage
from tests.pages.trained import TrainedHome, train_home

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MLflow database without an experiment: making one takes seconds."""
    path = tmp_path_factory.mktemp("database") / "runs.db"
    MlflowClient(database_uri(path)).search_experiments()
    return path


@pytest.fixture
def open_page(
    home: Home, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenPage]:
    """A function that opens a page of the app in an empty home of its own.

    `open_page("data", dataset="…")` gives the page as a browser would have it with
    these ids in its address; `open_page()` is Home.
    """
    monkeypatch.setenv("BRANCHBOARD_HOME", str(home.root))
    monkeypatch.chdir(ROOT)
    home.root.mkdir(parents=True, exist_ok=True)
    if not home.database.exists():
        shutil.copyfile(empty_database, home.database)

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


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainedHome:
    """A home with two finished runs, trained once a session; copy it to change it."""
    return train_home(tmp_path_factory.mktemp("trained") / "home")
