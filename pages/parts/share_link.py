"""A run as a link, and as a line for the command line."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from mtcore.runs.run import Run

_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]", "::1", None})


def show_link(run: Run) -> None:
    """Draw the address of the run's results, and say who can open it."""
    st.subheader("A link", anchor=False)
    here = st.context.url or ""
    st.code(results_address(here, run.id), language=None)
    st.caption(
        "It opens these results, what-if questions and the comparison with other runs. "
        + _who_can_open(here)
    )
    st.subheader("From the command line", anchor=False)
    command = f"python -m mtcore export {run.id} --to html --out report.html"
    st.code(command, language="sh")


def results_address(here: str, run_id: str) -> str:
    """Return the address of a run's results on the server of some page.

    Examples:
        >>> results_address("http://host:8501/share?run=a&x=1", "b")
        'http://host:8501/results?run=b'
    """
    parts = urlsplit(here)
    path = parts.path.rsplit("/", 1)[0] + "/results"
    query = urlencode({"run": run_id})
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _who_can_open(here: str) -> str:
    if urlsplit(here).hostname in _OWN_MACHINE:
        return (
            "This server listens on this machine alone, so the link is for you; send "
            "others the report."
        )
    return (
        "Whoever reaches this server can open it, and can train and delete as you "
        "can; send others the report."
    )
