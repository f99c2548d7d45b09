"""A run as a link, and as a line for the command line."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from mtcore.runs.store.run import Run
from pages.parts.address import ON, VIEW, view_address

VIEW_LINK = "view_link"
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", None})


def show_link(run: Run) -> None:
    """Draw the address of the run's results, and say who can open it."""
    st.subheader("A link", anchor=False)
    here = st.context.url or ""
    st.code(results_address(here, run.id), language=None)
    st.caption(
        "It opens these results, what-if questions and the comparison with other runs, "
        "without the buttons that train, change, rename or delete. A link to a chosen "
        "head, rows or weighting is on Results, one to chosen runs on Compare. "
        + _who_can_open(here)
    )
    st.subheader("From the command line", anchor=False)
    command = f"python -m mtcore export {run.id} --to html --out report.html"
    st.code(command, language="sh")


def show_view_link() -> None:
    """Draw a link to what the page shows now, for others to look at."""
    with st.popover(
        "Link to this view", icon=":material/link:", key=VIEW_LINK, on_change="rerun"
    ) as box:
        if not box.open:
            return
        here = st.context.url or ""
        st.code(view_address(here), language=None)
        st.caption(f"For looking: nothing can be changed by it. {_who_can_open(here)}")


def results_address(here: str, run_id: str) -> str:
    """Return the address of a run's results, for looking, on the server of some page.

    Examples:
        >>> results_address("http://host:8501/share?run=a&x=1", "b")
        'http://host:8501/results?run=b&view=1'
    """
    parts = urlsplit(here)
    path = parts.path.rsplit("/", 1)[0] + "/results"
    query = urlencode({"run": run_id, VIEW: ON})
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _who_can_open(here: str) -> str:
    if urlsplit(here).hostname in _OWN_MACHINE:
        return (
            "This server listens on this machine alone, so the link is for you; send "
            "others the report."
        )
    return (
        "It is no lock: whoever reaches this server can open all of it, and train and "
        "delete as you can. Send those who should not the report."
    )
