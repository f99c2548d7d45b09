"""The scheduler and workers of this machine: started, found again, and ended.

They are processes of their own session, so that a training outlives the server that
asked for it. They listen on loopback only, over TLS, without any web page.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import orjson
import psutil

from mtcore.errors import ClusterError
from mtcore.home import Home

ROOT = Path(__file__).parents[3]
STARTS_WITHIN_S = 30.0
ENDS_WITHIN_S = 5.0
LOOK_S = 0.02
# A scheduler without work for so long ends itself and its workers.
IDLE = "1 hour"
# Shares of this machine's memory. A worker that takes more is ended, and its run says
# so; the rest is left to the server and to others.
TRAIN_MEMORY, ASK_MEMORY = 0.6, 0.3
# Two people may ask at once while something slow is worked on in the background.
ASK_THREADS, BACKGROUND_THREADS = 2, 1
OWN_WORKER = "BRANCHBOARD_OWN_WORKER"
# Questions are answered from few rows, and leave a GPU's memory to who trains.
NO_GPU = {"CUDA_VISIBLE_DEVICES": "-1"}
_COMMANDS: dict[str, list[str]] = {
    "scheduler": [
        *("dask_scheduler", "--port", "0", "--idle-timeout", IDLE),
    ],
    "train": [
        *("dask_worker", "--name", "train", "--nworkers", "1", "--nthreads", "1"),
        *("--memory-limit", str(TRAIN_MEMORY), "--resources", "train=1"),
        *("--death-timeout", "30"),
    ],
    "ask": [
        *("dask_worker", "--name", "ask", "--nworkers", "1"),
        *("--nthreads", str(ASK_THREADS + BACKGROUND_THREADS)),
        *("--memory-limit", str(ASK_MEMORY), "--resources"),
        f"ask={ASK_THREADS},background={BACKGROUND_THREADS}",
        *("--death-timeout", "30"),
    ],
}

# When this process read its code; of two servers with other code, the later one stays.
READ_CODE = time.time()

Record = dict[str, Any]
_children: list[subprocess.Popen[bytes]] = []


def find_scheduler(home: Home) -> str | None:
    """Return the address of this home's scheduler, None where something is amiss.

    Processes that run other code than ours, as Branchboard was updated meanwhile, are
    as good as none.
    """
    record = _read_record(home)
    if record.get("code") != code_version() or _missing(record):
        return None
    address = _written_address(home)
    return address if address is not None and listens(address) else None


def start_processes(home: Home, key: Path, certificate: Path) -> str:
    """Start what is missing of scheduler and workers; return the scheduler's address.

    Call it while holding the lock of `home.cluster`.

    Raises:
        ClusterError: The scheduler did not come up, or a server that was started later
            has other code and uses the workers.
    """
    record = _read_record(home)
    _refuse_to_take_over(record)
    address = _written_address(home)
    missing = _missing(record)
    found = address is not None and listens(address)
    if record.get("code") != code_version() or "scheduler" in missing or not found:
        end_processes(home)
        missing = list(_COMMANDS)
        record = {"code": code_version(), "read": READ_CODE, "processes": {}}
    home.logs.mkdir(parents=True, exist_ok=True)
    options = [
        *("--protocol", "tls", "--host", "127.0.0.1"),
        *("--tls-ca-file", str(certificate), "--tls-cert", str(certificate)),
        *("--tls-key", str(key)),
        *("--scheduler-file", str(_scheduler_file(home))),
        *("--no-dashboard", "--dashboard-address", "127.0.0.1:0"),
        *("--preload", "mtcore.runs.cluster.preload"),
    ]
    for name in missing:
        words = [*_COMMANDS[name], *options]
        if name != "scheduler":
            words += ["--local-directory", str(home.cluster / "work")]
        child = _start(name, words, home)
        created = psutil.Process(child.pid).create_time()
        record["processes"][name] = {"pid": child.pid, "created": created}
    _write_record(home, record)
    return _wait_for_address(home)


def end_processes(home: Home) -> None:
    """End this home's scheduler and workers, if any are alive."""
    processes = _read_record(home).get("processes", {})
    ours = [int(entry["pid"]) for entry in processes.values() if _is_alive(entry)]
    for stop in (signal.SIGTERM, signal.SIGKILL):
        for group in ours:
            # Each leads a session of its own, so its group is all that it started.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, stop)
        deadline = time.monotonic() + ENDS_WITHIN_S
        while any(map(_group_lives, ours)) and time.monotonic() < deadline:
            time.sleep(LOOK_S)
    _record_file(home).unlink(missing_ok=True)
    _scheduler_file(home).unlink(missing_ok=True)


def listens(address: str) -> bool:
    """Return whether anything answers at an address such as `tls://host:8786`."""
    try:
        place = urlparse(address)
        with socket.create_connection((place.hostname or "", place.port or 0), 1.0):
            return True
    except (OSError, ValueError):
        return False


def code_version() -> str:
    """Return a text that changes when any of our source files does."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "mtcore").rglob("*.py")):
        state = path.stat()
        digest.update(f"{path} {state.st_mtime_ns} {state.st_size}\n".encode())
    return digest.hexdigest()[:16]


def _refuse_to_take_over(record: Record) -> None:
    """See to it that two servers of other code don't end each other's workers for ever.

    Raises:
        ClusterError: A server that read its code later than we did uses the workers.
    """
    other = record.get("code") != code_version()
    if other and record.get("read", 0.0) > READ_CODE and not _missing(record):
        msg = (
            "A server with other code of Branchboard, started later than this one, "
            "uses the workers of this home. Go on there, or restart this server to "
            "have them here; BRANCHBOARD_HOME gives each a home of its own."
        )
        raise ClusterError(msg)


def _start(name: str, words: list[str], home: Home) -> subprocess.Popen[bytes]:
    module, *arguments = words
    with (home.logs / f"{name}.out").open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            cwd=home.cluster,
            env=_environment(name, home),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children.append(child)
    return child


def _environment(name: str, home: Home) -> dict[str, str]:
    cores = os.cpu_count() or 1
    threads = max(cores if name == "train" else cores // 2, 1)
    numeric = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    searched = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path for path in searched if path),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "BRANCHBOARD_LOG": str(home.logs / f"{name}.log"),
        OWN_WORKER: name,
        **({} if name == "train" else NO_GPU),
        "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
        "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
        # A run that kills its workers is ended by our own count, which does not blame
        # those that wait behind it.
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1000",
        "DASK_DISTRIBUTED__SCHEDULER__ACTIVE_MEMORY_MANAGER__START": "False",
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
        # Compiled programs are never given back, so a worker that paused would never
        # go on. It ends at the limit, and before that between two tasks.
        "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
        "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
        "DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE": "False",
        # Looking at oneself many times a second keeps five idle processes busy.
        "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
        "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "60s",
        "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
        "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "500ms",
        "DASK_DISTRIBUTED__SCHEDULER__WORK_STEALING": "False",
        "DASK_DISTRIBUTED__NANNY__PRE_SPAWN_ENVIRON": str(
            {"MALLOC_TRIM_THRESHOLD_": 65536, **dict.fromkeys(numeric, threads)}
        ),
    }


def _wait_for_address(home: Home) -> str:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        address = _written_address(home)
        if address is not None:
            return address
        if "scheduler" in _missing(_read_record(home)):
            break
        time.sleep(LOOK_S)
    end_processes(home)
    msg = (
        "The scheduler of the workers did not start. Its log, "
        f"'{home.logs / 'scheduler.out'}', tells why."
    )
    raise ClusterError(msg)


def _written_address(home: Home) -> str | None:
    try:
        return str(orjson.loads(_scheduler_file(home).read_bytes())["address"])
    except (OSError, orjson.JSONDecodeError):
        return None


def _missing(record: Record) -> list[str]:
    """Return the names of processes that ended or were never started."""
    there: dict[str, Any] = record.get("processes", {})
    return [
        name for name in _COMMANDS if name not in there or not _is_alive(there[name])
    ]


def _is_alive(entry: dict[str, float]) -> bool:
    """Return whether the very process that was started still lives."""
    for child in _children:
        # A child that has ended stays listed until somebody asks for its exit code.
        child.poll()
    try:
        found = psutil.Process(int(entry["pid"]))
        same = abs(found.create_time() - entry["created"]) < 2.0
        return same and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _group_lives(group: int) -> bool:
    for child in _children:
        child.poll()
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _read_record(home: Home) -> Record:
    try:
        record: Record = orjson.loads(_record_file(home).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return record


def _write_record(home: Home, record: Record) -> None:
    beside = _record_file(home).with_suffix(".new")
    beside.write_bytes(orjson.dumps(record))
    beside.replace(_record_file(home))


def _record_file(home: Home) -> Path:
    return home.cluster / "processes.json"


def _scheduler_file(home: Home) -> Path:
    return home.cluster / "scheduler.json"
