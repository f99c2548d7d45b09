"""No process of ours looks up or connects to anything outside this machine.

The browser tests watch the server, its workers and the pages in the same way.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.server import GUARD
from tests.fresh_python import fresh_python
from tests.tables import write_building_loads

# 192.0.2.0/24 is set aside for examples: nothing is ever there.
CALL_OUTSIDE = """
import socket, urllib.request

for attempt in (
    lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    lambda: urllib.request.urlopen("http://dashboard.example/used", timeout=1),
):
    try:
        attempt()
    except OSError:
        print("refused")
"""

CALL_OURSELVES = """
import socket

with socket.create_server(("127.0.0.1", 0)) as server:
    for host in ("127.0.0.1", "localhost"):
        socket.create_connection((host, server.getsockname()[1])).close()
"""

RUN_COMMANDS = """
import io, json
from contextlib import redirect_stdout
from mtcore.cli import main

def branchboard(*words):
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert main(words) == 0
    return printed.getvalue()

branchboard("suggest", "loads.csv", "--predict", "heating,cooling", "--out", "e.yaml")
quick = ("--json", "--set", "training.epochs=2", "--set", "training.seeds=1")
trained = branchboard("train", "e.yaml", "--data", "loads.csv", *quick)
run = json.loads(trained)["run"]
branchboard("predict", run, "--data", "loads.csv", "--out", "predicted.csv")
print(trained)
"""


def calls_that_left(home: Path) -> list[str]:
    """Return a line for every call to the outside that was refused under a home."""
    record = home / "outside_calls.txt"
    return record.read_text("utf-8").splitlines() if record.exists() else []


def test_a_call_to_the_outside_is_refused_and_recorded(tmp_path: Path) -> None:
    printed = fresh_python(
        "-W", "ignore", "-c", CALL_OUTSIDE, folder=tmp_path, home=tmp_path, guard=GUARD
    )
    assert printed.split() == ["refused"] * 3
    recorded = "\n".join(calls_that_left(tmp_path))
    assert "192.0.2.1" in recorded
    assert "dashboard.example" in recorded


def test_a_call_to_this_machine_is_let_through(tmp_path: Path) -> None:
    fresh_python("-c", CALL_OURSELVES, folder=tmp_path, home=tmp_path, guard=GUARD)
    assert calls_that_left(tmp_path) == []


@pytest.mark.engine
def test_a_run_from_the_command_line_asks_no_outside_address(tmp_path: Path) -> None:
    write_building_loads(tmp_path, rows=200)
    home = tmp_path / "home"
    said = fresh_python("-c", RUN_COMMANDS, folder=tmp_path, home=home, guard=GUARD)
    # Neither TensorFlow nor any other library says anything beside the one object.
    assert json.loads(said)["status"] == "FINISHED"
    assert (tmp_path / "predicted.csv").exists()
    assert calls_that_left(home) == []
