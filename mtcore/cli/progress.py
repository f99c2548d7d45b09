"""What happens while a run trains: a bar on a terminal, and a way to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from mtcore.runs.store.store import RunStore

BAR = 24
LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a run is.

    Args:
        stage: What it does.
        epoch: Epochs done.
        epochs: Epochs at most.
        seconds_left: An estimate, or None.
    """

    stage: str
    epoch: int
    epochs: int
    seconds_left: float | None


def bar_line(seen: Seen) -> str:
    """Return one line for a terminal.

    Examples:
        >>> bar_line(Seen("train", 50, 100, 3.2))
        'train [############------------] 50/100, 3 s left'
    """
    done = round(BAR * seen.epoch / max(seen.epochs, 1))
    left = "" if seen.seconds_left is None else f", {seen.seconds_left:.0f} s left"
    return (
        f"{seen.stage} [{'#' * done}{'-' * (BAR - done)}] "
        f"{seen.epoch}/{seen.epochs}{left}"
    )


def work_watched(
    store: RunStore, run_id: str, work: Callable[[], None], errors: TextIO
) -> bool:
    """Do a run's work in this process and return whether Ctrl-C has stopped it.

    Args:
        store: Tells how far the run is.
        run_id: Which run.
        work: Ends when the run has; a second Ctrl-C throws the run away.
        errors: Gets a bar where it is a terminal.
    """

    def look() -> Seen | None:
        progress = store.get(run_id).progress
        if progress is None:
            return None
        return Seen(
            progress.stage, progress.epoch, progress.epochs, progress.seconds_left
        )

    try:
        with watched(look, lambda: store.request_stop(run_id), errors) as stopped:
            work()
    except KeyboardInterrupt:
        store.kill(run_id)
        raise
    return stopped.is_set()


@contextmanager
def watched(
    look: Callable[[], Seen | None], stop: Callable[[], None], errors: TextIO
) -> Iterator[threading.Event]:
    """Draw a bar while the body runs, and stop it well on Ctrl-C.

    The first Ctrl-C asks the run to stop, so that its best epoch is kept; the second
    ends it at once.

    Args:
        look: Says how far the run is; called twice a second on a terminal.
        stop: Asks the run to stop.
        errors: Gets the bar where it is a terminal.

    Yields:
        An event that is set once Ctrl-C was pressed.
    """
    asked, ended = threading.Event(), threading.Event()

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    def watch() -> None:
        told = False
        while not ended.wait(LOOK_S):
            if asked.is_set() and not told:
                told = True
                stop()
            if errors.isatty():
                seen = look()
                if seen is not None:
                    line = bar_line(seen)
                    errors.write(f"\r\x1b[K{line}{' (stopping)' if told else ''}")
                    errors.flush()
        if errors.isatty():
            errors.write("\r\x1b[K")
            errors.flush()

    before = signal.signal(signal.SIGINT, interrupt)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield asked
    finally:
        ended.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)
