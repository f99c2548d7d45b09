"""Making what people take away while nobody waits: files, and the script's check."""

from __future__ import annotations

import logging
import time

from mtcore.errors import BranchboardError
from mtcore.runs.store.takeaways import Takeaway, TakeawayName, keep_takeaway
from mtcore.runs.tasks.failures import failure_sentence
from mtcore.runs.tasks.held import home_at
from mtcore.runs.tasks.takeaways.checking import check_script
from mtcore.runs.tasks.takeaways.exporting import export_run

_BUG = "Something went wrong that is not your doing. The log of the workers tells more."
_log = logging.getLogger(__name__)


def make_takeaway(
    run_id: str, name: TakeawayName, home_root: str, tracking_uri: str | None = None
) -> None:
    """Make one thing of a finished run, and tell how that went.

    Args:
        run_id: A finished run.
        name: What to make.
        home_root: See the package.
        tracking_uri: See the package.
    """
    begun = time.monotonic()

    def keep(made: Takeaway) -> None:
        told = made.model_copy(update={"seconds": time.monotonic() - begun})
        keep_takeaway(home_at(home_root), run_id, name, told)

    try:
        if name == "check":
            keep(check_script(run_id, home_root, tracking_uri))
            return
        written = export_run(run_id, name, home_root, tracking_uri, packed=True)
        keep(Takeaway(file=written.path.name, notes=written.notes))
    except Exception as error:
        expected = isinstance(error, BranchboardError | MemoryError | OSError)
        keep(Takeaway(failure=failure_sentence(error) if expected else _BUG))
        if not expected:
            raise
        _log.warning("Run %s: %s could not be made: %s", run_id, name, error)
