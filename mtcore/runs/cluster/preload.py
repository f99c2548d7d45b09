"""What each scheduler and worker process does first; Dask calls `dask_setup`."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from distributed import Scheduler, Worker

from mtcore.runs.cluster.processes import OWN_WORKER
from mtcore.runs.cluster.warmth import warm_up

LOG_BYTES = 2_000_000
LOGGERS = ("distributed", "mtcore")
LOOK_EVERY_S = 3.0
# A file that a person waits for is read first.
WARM_UP_AFTER_S = {"train": 0.5, "ask": 1.5}
# The page goes before an answer, and an answer before a training on all cores.
NICENESS = {"train": 10, "ask": 5}


def dask_setup(process: Scheduler | Worker) -> None:
    """Write logs of bounded size, and get a worker ready for its first task."""
    log = Path(os.environ["BRANCHBOARD_LOG"])
    _log_to_file(log)
    if isinstance(process, Scheduler):
        _end_without_home(process)
    if isinstance(process, Worker):
        role = os.environ[OWN_WORKER]
        # All threads of the worker are started by this one, and are as patient as it.
        os.nice(NICENESS[role])
        # Importing would hold up what makes the worker known to the scheduler.
        process.loop.call_later(
            WARM_UP_AFTER_S[role], warm_up, log.with_name("warming.lock")
        )


def _end_without_home(scheduler: Scheduler) -> None:
    """Close the scheduler, and the workers with it, once its home was deleted.

    Its own file tells, as a worker that starts makes folders anew.
    """
    if not Path(scheduler.scheduler_file).exists():
        scheduler.loop.add_callback(scheduler.close, reason="home is gone")
        return
    scheduler.loop.call_later(LOOK_EVERY_S, _end_without_home, scheduler)


def _log_to_file(path: Path) -> None:
    handler = RotatingFileHandler(
        path, maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
    )
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO)
