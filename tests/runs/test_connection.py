from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mtcore.errors import RunError
from mtcore.home import Home
from mtcore.runs.store.connection import Connection
from mtcore.runs.store.store import RunStore
from mtcore.spec import Experiment

ROOT = Path(__file__).parents[2]
OPEN_AND_CREATE = """
import sys
from pathlib import Path
from mtcore.home import Home
from mtcore.runs.store.store import RunStore
from mtcore.spec import parse_experiment

store = RunStore(Home(Path(sys.argv[1])), None)
experiment = parse_experiment("heads: [{name: y, kind: regression, columns: [y]}]")
store.create(experiment, "0" * 16, dataset_name="data.csv")
"""


def test_processes_that_open_a_fresh_home_at_once_share_one_database(
    tmp_path: Path,
) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_AND_CREATE, str(tmp_path / "home")],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [process.communicate()[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], told
    assert len(RunStore(Home(tmp_path / "home"), None).list()) == 2


def test_a_home_may_have_any_name(tmp_path: Path, short: Experiment) -> None:
    home = Home(tmp_path / "a b#c é %20?d")
    store = RunStore(home, None)
    made = store.create(short, "0" * 16, dataset_name="data.csv")
    note = tmp_path / "note.txt"
    note.write_text("kept")
    store.log_artifact(made, note)
    assert store.artifact(made, "note.txt").read_text() == "kept"
    assert store.artifact(made, "note.txt").is_relative_to(home.artifacts)


def test_a_store_may_lie_elsewhere(
    home: Home, tmp_path: Path, short: Experiment
) -> None:
    uri = f"sqlite:///{tmp_path / 'team' / 'mlflow.db'}"
    made = RunStore(home, uri).create(short, "0" * 16, dataset_name="data.csv")
    assert [run.id for run in RunStore(home, uri).list()] == [made]
    assert not home.database.exists()


def test_a_server_that_does_not_answer_is_said_so_without_its_password(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(RunError, match=r"http://127\.0\.0\.1:9 does not ans") as caught:
        Connection(home, "http://somebody:secret@127.0.0.1:9")
    assert "secret" not in caught.value.message


def test_a_home_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="can't be used"):
        RunStore(Home(tmp_path / "file" / "home"), None)
