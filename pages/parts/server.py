"""What the server's process keeps for all its visitors."""

from __future__ import annotations

import os
import threading

import streamlit as st
from streamlit import runtime

from mtcore.errors import BranchboardError
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace, open_workspace
from pages.parts.boundary import log_error, server_home
from pages.parts.sockets import send_at_once

ACTIVE_AGE_S = 1.5


def this_workspace() -> Workspace:
    """Return the data sets, drafts, runs and workers that this server shows."""
    return _workspace(
        str(server_home().root),
        os.environ.get("MLFLOW_TRACKING_URI"),
        os.environ.get("BRANCHBOARD_SCHEDULER"),
    )


def is_served() -> bool:
    """Return whether a server shows the page.

    A page that none shows starts no workers unasked: in a test of Streamlit's,
    something else stands for the server, and says that it is one.
    """
    return runtime.exists() and type(runtime.get_instance()) is runtime.Runtime


def active_runs(workspace: Workspace) -> tuple[Run, ...]:
    """Return the runs that wait or train, newest first, 1.5 s old at most."""
    return _active_runs(workspace, str(workspace.home.root))


def forget_active_runs() -> None:
    """Have the next `active_runs` look again, as a run was just started or ended."""
    _active_runs.clear()


@st.cache_resource(show_spinner=False, on_release=Workspace.close)
def _workspace(root: str, tracking_uri: str | None, scheduler: str | None) -> Workspace:
    del root
    home = server_home()
    workspace = open_workspace(home, tracking_uri=tracking_uri, scheduler=scheduler)
    if is_served():
        send_at_once()
        # Runs that a server before this one had accepted go on; nobody waits for that.
        threading.Thread(target=_recover, args=(workspace,), daemon=True).start()
    return workspace


def _recover(workspace: Workspace) -> None:
    try:
        workspace.recover()
    except BranchboardError as error:
        log_error(error)


@st.cache_resource(ttl=ACTIVE_AGE_S, show_spinner=False)
def _active_runs(_workspace: Workspace, root: str) -> tuple[Run, ...]:
    del root
    return _workspace.runs.active()
