"""A team's MLflow server as the run store, artifacts included."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.runs.store.run import RunProgress
from mtcore.runs.store.store import RunStore
from mtcore.spec import Experiment
from tests.browser.server import free_port
from tests.runs.conditions import wait_until

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def server(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a real MLflow server that keeps artifacts itself."""
    folder = tmp_path_factory.mktemp("server")
    shutil.copyfile(empty_database, folder / "runs.db")
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "mlflow", "server", "--workers", "1"),
                *("--host", "127.0.0.1", "--port", str(port)),
                *("--backend-store-uri", f"sqlite:///{folder / 'runs.db'}"),
                *("--artifacts-destination", str(folder / "artifacts")),
            ],
            cwd=folder,
            env={**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers(f"{address}/health"))
        yield address
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    # All that the network refuses, and a server too busy to answer.
    except OSError:
        return False


def test_everything_about_a_run_is_kept_by_the_server(
    server: str, home: Home, tmp_path: Path, short: Experiment
) -> None:
    ours, theirs = RunStore(home, server), RunStore(Home(tmp_path / "b"), server)
    made = ours.create(short, "0" * 16, dataset_name="sensors.csv")
    progress = RunProgress(stage="train", epoch=2, epochs=3)
    ours.start(made, RunProgress(stage="reading"))
    ours.log_epochs(made, {"train/h0/loss": [(1, 0.9), (2, np.nan)]}, progress)
    run = theirs.get(made)
    assert (run.experiment, run.progress, run.status) == (short, progress, "RUNNING")
    steps, values = theirs.history(made)["train/h0/loss"]
    assert steps.tolist() == [1, 2]
    assert np.isnan(values[1])
    theirs.request_stop(made)
    assert ours.stop_requested(made)
    assert [found.id for found in theirs.list()] == [made]

    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_bytes(b"\0\1")
    (tmp_path / "summary.json").write_text("{}")
    ours.log_artifact(made, tmp_path / "model")
    ours.log_artifact(made, tmp_path / "summary.json", "reports")
    assert theirs.artifact(made, "model/weights").read_bytes() == b"\0\1"
    assert theirs.artifact(made, "model").is_dir()
    assert theirs.artifact(made, "reports/summary.json").read_text() == "{}"
    assert not home.database.exists()

    for missing in ("reports.json", "model/nothing", "nothing/at/all"):
        assert not theirs.has_artifact(made, missing)
    with pytest.raises(MissingError, match="There is no run"):
        theirs.get("nothing")
