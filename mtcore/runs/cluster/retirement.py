"""Giving a worker's memory back: it ends itself, and its nanny starts a fresh one.

Compiled programs are never given back, so a worker grows with each new architecture.
Dask runs a task again whose worker went away, so a worker may leave before it has begun
with a task as well as between two.
"""

from __future__ import annotations

import logging
import os
import sys
import threading

import psutil
from distributed import Worker, get_worker

from mtcore.runs.cluster.processes import OWN_WORKER

MOST_PROGRAMS = 20
MOST_BYTES = 2_500_000_000
IDLE_S = 3.0
_tasks_done = 0
_log = logging.getLogger(__name__)


def leave_if_worn_out() -> None:
    """End this worker before a task begins, if it has grown too much.

    Not before its first one: a fresh worker would be no smaller.
    """
    if _tasks_done and _is_worn_out():
        _leave()


def leave_when_idle() -> None:
    """End this worker a moment later, if it has grown too much and nothing runs."""
    global _tasks_done
    _tasks_done += 1
    if _is_worn_out():
        timer = threading.Timer(IDLE_S, _leave_if_idle, [get_worker()])
        timer.daemon = True
        timer.start()


def _is_worn_out() -> bool:
    """Return whether this is a worker that we started and that has grown too much."""
    if OWN_WORKER not in os.environ:
        return False
    cache = sys.modules.get("mtcore.engine.program.program_cache")
    built = cache.programs_built() if cache is not None else 0
    size = psutil.Process().memory_info().rss
    return built >= MOST_PROGRAMS or size >= MOST_BYTES


def _leave_if_idle(worker: Worker) -> None:
    if worker.state.executing_count == 0:
        _leave()


def _leave() -> None:
    _log.info("This worker has grown and makes room for a fresh one")
    os._exit(0)
