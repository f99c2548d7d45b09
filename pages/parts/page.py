"""How every page begins: `with open_page("Train") as page:`."""

from __future__ import annotations

from types import TracebackType

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import Address, PageName, is_view, read_address
from pages.parts.boundary import ErrorBoundary
from pages.parts.deletion import show_undo
from pages.parts.frame import show_banner, show_links, show_steps
from pages.parts.renaming import show_name_not_taken
from pages.parts.server import active_runs, this_workspace
from pages.parts.state import last_address
from pages.parts.style import LOGO, MARK, apply_style
from pages.parts.viewing import show_view_notice


class OpenPage:
    """A page while it is drawn.

    Args:
        name: Which page it is.

    Attributes:
        workspace: Data sets, drafts, runs and the workers behind them.
        address: The ids in the address bar.
    """

    def __init__(self, name: PageName) -> None:
        self.name = name
        self._boundary = ErrorBoundary()
        self._sidebar = st.sidebar.empty()
        self._steps = st.empty()
        self._active: tuple[Run, ...] = ()
        self._drawings = 0
        self.workspace: Workspace
        self.address: Address

    def __enter__(self) -> OpenPage:
        with ErrorBoundary():
            self.workspace = this_workspace()
            self.address = read_address()
            self._active = active_runs(self.workspace)
            known = last_address(self.address)
            if known.run is None or known.dataset is not None:
                self._draw_links(known)
            if is_view():
                show_view_notice(self.name, known.run)
            else:
                show_banner(self.name, self.address, self._active)
                show_undo(self.workspace)
                show_name_not_taken()
            return self
        return st.stop()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not self._drawings:
            # The page did not come to say what it is about.
            self._draw_links(last_address(Address()))
        return self._boundary.__exit__(kind, error, trace)

    def is_about(self, address: Address) -> None:
        """Tell the links to other pages what this page turned out to be about.

        Args:
            address: All ids that are known, such as the data set of the page's run.
        """
        before = last_address(Address())
        known = last_address(address)
        if known != before or not self._drawings:
            self._draw_links(known)

    def _draw_links(self, known: Address) -> None:
        with self._sidebar.container():
            show_links(known)
        if self.name != "Home":
            with self._steps.container():
                show_steps(self.name, known, self._active, self._drawings)
        self._drawings += 1


def open_page(name: PageName) -> OpenPage:
    """Set up a page and draw its frame; use it as a context manager.

    Inside, any error becomes a sentence with a reference, and Streamlit's own control
    flow passes. Fragments, dialogs and callbacks run outside of it: give them an
    `ErrorBoundary` of their own.
    """
    title = "Branchboard" if name == "Home" else f"{name} · Branchboard"
    st.set_page_config(page_title=title, page_icon=MARK, layout="wide")
    st.logo(LOGO, size="large", icon_image=MARK)
    apply_style()
    return OpenPage(name)
