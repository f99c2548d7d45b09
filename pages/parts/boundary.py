"""The one place where errors are caught: people get a sentence, the log the rest."""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import ContextDecorator
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import streamlit as st

from mtcore.errors import BranchboardError
from mtcore.home import Home, find_home
from pages.parts.address import link_to
from pages.parts.state import recall, remember
from pages.parts.text import plain

LOG_FILE = "server.log"
LOG_BYTES = 2_000_000


class ErrorBoundary(ContextDecorator):
    """Shows an error in place of what failed, and lets the rest of the page go on.

    `open_page` puts every page inside one. What Streamlit runs outside of the page
    needs one of its own: fragments, dialogs and callbacks, as a decorator
    `@ErrorBoundary()` below Streamlit's. Streamlit's own control flow (rerun, stop,
    switch page) passes.

    Args:
        keep_as: A name to remember the error under, for `show_kept` in later runs.
    """

    def __init__(self, keep_as: str | None = None) -> None:
        self._keep_as = keep_as

    def __enter__(self) -> ErrorBoundary:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        kept = (_sentence_for(error), log_error(error))
        if self._keep_as is not None:
            remember(self._keep_as, kept)
        _show(*kept)
        return True


def show_kept(name: str) -> None:
    """Show the error that a boundary kept under a name in an earlier run, if any."""
    kept: tuple[str, str] | None = recall(name, None)
    if kept is not None:
        _show(*kept)


def server_home() -> Home:
    """Return the home that this server works in."""
    return find_home(os.environ, Path.cwd())


def log_error(error: Exception) -> str:
    """Write an error down, whole if it is a bug, and return its reference."""
    reference = secrets.token_hex(4)
    log = _open_log(server_home().logs)
    if isinstance(error, BranchboardError):
        log.info("%s %s: %s", reference, type(error).__name__, error.message)
    else:
        log.error("%s", reference, exc_info=error)
    return reference


def _sentence_for(error: Exception) -> str:
    if isinstance(error, BranchboardError):
        return error.message
    return (
        "Something went wrong here, and it is not your doing. Nothing that was saved "
        "is lost: reload the page to try again."
    )


def _show(sentence: str, reference: str) -> None:
    st.error(plain(sentence), icon=":material/error:")
    st.caption(
        f"Reference {reference}: the log `{LOG_FILE}` in Branchboard's home "
        "has the details."
    )
    link_to("Home", "Go to Home", icon=":material/home:")


@cache
def _open_log(folder: Path) -> logging.Logger:
    folder.mkdir(parents=True, exist_ok=True)
    log = logging.Logger("branchboard.server", logging.INFO)
    handler = RotatingFileHandler(
        folder / LOG_FILE, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    return log
