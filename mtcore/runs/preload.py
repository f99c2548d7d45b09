"""What each scheduler and worker process does first; Dask calls `dask_setup`."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler

from distributed import Scheduler, Worker

from mtcore.runs.processes import OWN_WORKER
from mtcore.runs.warmth import warm_up

LOG_BYTES = 2_000_000
LOGGERS = ("distributed", "mtcore")
# A file that a person waits for is read first.
WARM_UP_AFTER_S = {"train": 0.5, "ask": 1.5}


def dask_setup(process: Scheduler | Worker) -> None:
    """Write logs of bounded size, and get a worker ready for its first task."""
    _log_to_file(os.environ["BRANCHBOARD_LOG"])
    if isinstance(process, Worker):
        role = os.environ[OWN_WORKER]
        # Importing would hold up what makes the worker known to the scheduler.
        process.loop.call_later(WARM_UP_AFTER_S[role], warm_up)


def _log_to_file(path: str) -> None:
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
