"""A run as an MLflow model, asked in a process without our code."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtcore.runs.tasks.takeaways.serving import export_mlflow
from tests.browser.server import free_port
from tests.engine.workshop import experiment, parts, workshop
from tests.export.untrained import run_apart, untrained

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
    # What MLflow says of type hints, its own among them.
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

SERVES_WITHIN_S = 240.0
ASK = """
import sys
import mlflow, pandas as pd

folder, rows, answers = sys.argv[1:]
model = mlflow.pyfunc.load_model(folder)
kinds = {name: "str" for name in model.metadata.get_input_schema().input_names()}
kinds |= {"load (%)": float, "spikes": float, "always 7": float}
frame = pd.read_csv(rows, dtype=kinds, keep_default_na=True)[list(kinds)]
model.predict(frame).to_csv(answers, index=False)
"""


def test_mlflow_asks_it_by_the_columns_own_names(tmp_path: Path) -> None:
    asked = experiment("cost", "fault", training={"blend": "trees"})
    predictor = untrained(asked, workshop(), parts())
    table = workshop(50, seed=3)
    rows, answers = tmp_path / "rows.csv", tmp_path / "answers.csv"
    frame: pd.DataFrame = table._cells.to_pandas()
    frame.loc[3, "<b>site</b>"] = "never seen"
    frame.to_csv(rows, index=False)
    made = export_mlflow(asked, predictor, tmp_path / "model")
    assert "mlflow models serve" in made.notes[0]
    run_apart(ASK, made.path, rows, answers, folder=tmp_path)
    found = pd.read_csv(answers)
    ours = predictor.predict(table)
    known = np.arange(50) != 3
    assert np.allclose(found["cost: cost"][known], ours["cost"][known, 0], rtol=1e-5)
    chances = found[[f"fault: {name}" for name in ("belt", "leak", "none")]]
    assert np.allclose(chances.to_numpy()[known], ours["fault"][known], atol=1e-6)
    assert np.isfinite(found.to_numpy()).all()


@contextlib.contextmanager
def served(model: Path, log: Path) -> Iterator[str]:
    """Serve a model by MLflow's own command, on loopback; yield its address."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    command = ("-m", "mlflow", "models", "serve", "--env-manager", "local")
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, *command, "--model-uri", str(model)),
                *("--host", "127.0.0.1", "--port", str(port)),
            ],
            cwd=log.parent,
            env={
                **os.environ,
                "MLFLOW_DISABLE_TELEMETRY": "true",
                # It calls the web server by its name alone.
                "PATH": beside,
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + SERVES_WITHIN_S
        while not answers(f"{url}/ping"):
            assert server.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, log.read_text("utf-8")
            # The end of the process is the one wait that also notices a crash.
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.2)
        yield url
    finally:
        # The command starts others, all in its session.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def answers(url: str) -> bool:
    """Return whether a server says that it is well."""
    with (
        # All that the network refuses, and a server too busy to answer.
        contextlib.suppress(OSError),
        urllib.request.urlopen(url, timeout=5) as answer,
    ):
        return bool(answer.status == 200)
    return False


@pytest.mark.cluster
def test_mlflow_serves_what_predict_answers(tmp_path: Path) -> None:
    asked = experiment("cost", "fault")
    predictor = untrained(asked, workshop(), parts())
    table = workshop(3, seed=4)
    made = export_mlflow(asked, predictor, tmp_path / "model")
    frame: pd.DataFrame = table._cells.to_pandas()
    frame = frame[[given.column for given in asked.inputs or ()]]
    frame["when"] = frame["when"].astype(str)
    question = {"dataframe_split": json.loads(frame.to_json(orient="split"))}
    with served(made.path, tmp_path / "server.log") as url:
        request = urllib.request.Request(
            f"{url}/invocations",
            json.dumps(question).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = pd.DataFrame(json.loads(answer.read())["predictions"])
    ours = predictor.predict(table)
    deviation = np.nanstd(workshop().numbers("cost"))
    assert np.abs(found["cost: cost"] - ours["cost"][:, 0]).max() < 1e-5 * deviation
    chances = found[[f"fault: {name}" for name in ("belt", "leak", "none")]]
    assert np.abs(chances.to_numpy() - ours["fault"]).max() < 1e-5
