"""What every test may rely on."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from mtcore.home import Home

# Before TensorFlow is first imported: its notes about the processor are no warnings.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# No test may ask a tracking server or a cluster that this machine happens to name.
for _name in (
    "BRANCHBOARD_DATA", "BRANCHBOARD_HOME", "BRANCHBOARD_SCHEDULER",
    "MLFLOW_TRACKING_URI",
):  # fmt: skip
    os.environ.pop(_name, None)

# `make test-deep` sets it: slow checks at their full size.
DEEP = bool(os.environ.get("DEEP"))
# Tests that run beside others get a core each: threads of several processes that wait
# for one another on few cores take several times as long.
if "PYTEST_XDIST_WORKER" in os.environ:
    for _name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"):
        os.environ.setdefault(_name, "1")
# A quarter of what XLA takes to compile is spent on code that is faster on more rows
# than tests have.
if not DEEP:
    os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0")

# A shared machine stalls at times, so an example has no deadline of its own; the same
# examples each time, so that a failure is found again.
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=50 if DEEP else 25
)
hypothesis.settings.load_profile("steady")


# The files that take longest come first, so that two processes end at about the same
# time. One process trains the home of the pages' tests while the other opens pages
# that need none.
TESTS = Path(__file__).parent
LONGEST = (
    *("pages/test_results.py", "pages/test_home.py", "pages/test_design.py"),
    *("pages/test_data.py", "pages/test_share.py", "pages/test_what_if.py"),
    *("browser/test_journey.py", "browser/test_samples.py", "browser/test_studies.py"),
    *("browser/test_bad_input.py", "runs/test_workspace.py"),
    *("browser/test_contents.py", "browser/test_report.py", "test_imports.py"),
    *("runs/test_remote_store.py", "runs/test_serving.py", "runs/test_processes.py"),
    *("cli/test_run_commands.py", "export/test_script.py"),
    *("export/test_whole_model.py", "engine/test_texts.py", "engine/test_trainer.py"),
    *("engine/test_blocks.py", "engine/test_kinds.py", "runs/test_training.py"),
    *("engine/test_trunk_training.py", "test_why_not_sequential.py"),
    *("test_documents.py", "engine/test_description.py", "test_no_phone_home.py"),
)


# Where `make browser` looks for tests, and `make pages`.
WITH_WORKERS = {"browser", "pages", "runs", "test_imports.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    places = {TESTS / name: place for place, name in enumerate(LONGEST)}
    assert all(path.is_file() for path in places), "LONGEST names a file that is gone"
    items.sort(key=lambda item: places.get(item.path, len(places)))
    for item in items:
        if item.get_closest_marker("cluster"):
            found = item.path.relative_to(TESTS).parts[0]
            assert found in WITH_WORKERS, f"no part runs {item.nodeid}"


def pytest_collection_finish() -> None:
    """Have what was imported left out whenever memory is looked through."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this session that is the same for all processes that run tests."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def empty_database(shared_folder: Path) -> Path:
    """An MLflow database without an experiment: making one takes seconds."""
    from mlflow.tracking import MlflowClient

    from mtcore.runs.store.connection import database_uri

    path = shared_folder / "empty.db"
    with FileLock(f"{path}.lock"):
        MlflowClient(database_uri(path)).search_experiments()
    return path


def furnish(home: Home, database: Path) -> Home:
    """Put an empty database into a home that has none, and return the home."""
    home.root.mkdir(parents=True, exist_ok=True)
    if not home.database.exists():
        shutil.copyfile(database, home.database)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home of its own; a cluster started in it is ended afterwards."""
    made = Home(tmp_path / "home")
    yield made
    end_cluster(made)


def end_cluster(home: Home) -> None:
    """End the scheduler and workers of a home, if any were started there."""
    if home.cluster.is_dir():
        from mtcore.runs.cluster.cluster import Cluster

        Cluster(home, None).stop()
