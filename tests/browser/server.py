"""A real server of the dashboard, with a home of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from mtcore.home import Home

ROOT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "guard"
STARTS_WITHIN_S = 240.0
XLA_FLAGS = "XLA_FLAGS"
# Above those that browsers refuse, below those that systems give out by themselves;
# each process has some of its own.
_ports = iter(range(12_000 + os.getpid() % 900 * 20, 32_000))


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A dashboard that answers on loopback.

    Args:
        url: Its address, without a slash at the end.
        home: Where it keeps everything.
        pid: The id of its Python process.
        outside_calls: The file its processes record forbidden calls in.
    """

    url: str
    home: Home
    pid: int
    outside_calls: Path

    def calls_that_left(self) -> list[str]:
        """Return a line for every look-up or connection that was refused."""
        if not self.outside_calls.exists():
            return []
        return self.outside_calls.read_text("utf-8").splitlines()

    def memory_bytes(self) -> int:
        """Return the resident memory of the server's process."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def mapped_files(self) -> list[str]:
        """Return the paths of the libraries loaded into the server's process."""
        return [entry.path for entry in psutil.Process(self.pid).memory_maps()]


@contextlib.contextmanager
def running_server(home: Home, port: int | None = None) -> Iterator[RunningServer]:
    """Start a server and end it afterwards; its cluster is left to the caller.

    Args:
        home: Made if it does not exist.
        port: A fixed port, so that a page finds a restarted server; else a free one.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    record = home.root / "outside_calls.txt"
    log = home.root / "server_output.txt"
    with log.open("ab") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", "app.py"),
                *("--server.port", str(port), "--server.headless", "true"),
                # A file saved while tests run must not rerun their pages.
                *("--server.fileWatcherType", "none"),
            ],
            cwd=ROOT,
            env={
                # Its workers compile as those of people do.
                **{name: os.environ[name] for name in os.environ if name != XLA_FLAGS},
                "BRANCHBOARD_HOME": str(home.root),
                "PYTHONPATH": str(GUARD),
                "OUTSIDE_CALLS": str(record),
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_it_answers(url, server, log)
        yield RunningServer(url, home, server.pid, record)
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def free_port() -> int:
    """Return a port of this machine that nothing listens on, nor will by itself.

    Those that a system gives out lie above, so nobody gets it before its server does.
    """
    for port in _ports:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("All ports that tests may take are taken.")


def _wait_until_it_answers(
    url: str, server: subprocess.Popen[bytes], log: Path
) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        with (
            # All that the network refuses, and a server too busy to answer.
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        # Waiting for the process's end is the one wait that also notices a crash.
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=0.05)
    raise AssertionError(f"The server did not start:\n{log.read_text('utf-8')}")
