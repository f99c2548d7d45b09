"""Pages opened by a link that is for looking alone: what is there, and what is not."""

from __future__ import annotations

import streamlit as st

from pages.parts.address import PageName, is_view, leave_view, link_to

VIEWED: tuple[PageName, ...] = ("Train", "Results", "What-if", "Compare", "Share")
"""Pages that have something to look at; the others are there to change something."""


def shown_pages(pages: tuple[PageName, ...]) -> tuple[PageName, ...]:
    """Return those of some pages that this visit leads to."""
    return tuple(page for page in pages if not is_view() or page in VIEWED)


def show_view_notice(page: PageName, run: str | None) -> None:
    """Say what a link for looking alone is; a page that only changes things ends here.

    Args:
        page: Which page it is.
        run: What the link is about, if it is about a run.
    """
    with st.container(key="view_notice", horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/visibility: This link is for looking: ask what-if and download, "
            "nothing else. It is no lock, as whoever reaches this server can open all "
            "of it."
        )
        st.button(
            "Open all of it",
            key="leave_view",
            type="tertiary",
            icon=":material/edit:",
            on_click=leave_view,
        )
    if page not in VIEWED:
        st.info(
            f"{page} is there to change things, so this link leaves it out.",
            icon=":material/visibility:",
        )
        link_to("Results", "Go to the results", icon=":material/insights:", run=run)
        st.stop()
