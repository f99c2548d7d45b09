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
from pages.parts.text import plain

LOG_FILE = "server.log"
LOG_BYTES = 2_000_000


class ErrorBoundary(ContextDecorator):
    """Shows an error in place of what failed, and lets the rest of the page go on.

    `open_page` puts every page inside one. What Streamlit runs outside of the page
    needs one of its own: fragments, dialogs and callbacks, as a decorator
    `@ErrorBoundary()` below Streamlit's. Streamlit's own control flow (rerun, stop,
    switch page) passes.
    """

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
        _show(error, log_error(error))
        return True


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


def _show(error: Exception, reference: str) -> None:
    if isinstance(error, BranchboardError):
        st.error(plain(error.message), icon=":material/error:")
    else:
        st.error(
            "Something went wrong here, and it is not your doing. Nothing that was "
            "saved is lost: reload the page to try again.",
            icon=":material/error:",
        )
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
