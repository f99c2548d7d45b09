"""Beginning with what may have been begun before, and telling why it failed."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from mtcore.errors import BranchboardError, MissingError
from mtcore.runs.store.run import ACTIVE, Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.tasks.failures import LOST_WORKERS, failure_sentence

# So often may a run end its worker without getting further.
MOST_ATTEMPTS = 3
_log = logging.getLogger(__name__)


def taken_up(store: RunStore, run_id: str) -> Run | None:
    """Return a run or study to be worked on now, this attempt counted.

    None where it has ended or was thrown away meanwhile, or ends its workers over and
    over.
    """
    try:
        run = store.get(run_id)
    except MissingError:
        return None
    return run if run.status in ACTIVE and _may_begin(store, run) else None


@contextlib.contextmanager
def failures_told(store: RunStore, run_id: str) -> Iterator[None]:
    """End a run with the reason for what goes wrong inside; bugs are raised on."""
    try:
        yield
    except Exception as error:
        if store.status(run_id) != "KILLED":
            store.fail(run_id, failure_sentence(error))
        if not isinstance(error, BranchboardError | MemoryError | OSError):
            raise
        _log.warning("Run %s failed: %s", run_id, error)


def _may_begin(store: RunStore, run: Run) -> bool:
    """Count this attempt; refuse a run that ends its workers over and over."""
    count, reached = store.attempts(run.id)
    epoch = run.progress.epoch if run.progress is not None else 0
    if epoch > reached:
        count = 0
    if count >= MOST_ATTEMPTS:
        store.fail(run.id, LOST_WORKERS.format(count=count))
        return False
    store.set_attempts(run.id, count + 1, epoch)
    return True
