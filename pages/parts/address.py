"""The address bar: which data set, draft and run a page is about, and ways between.

All that a link must carry is in the address, so that a refresh, a second tab or a
colleague sees the same thing. Nothing else reads or writes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, NoReturn
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.errors import StreamlitAPIException

from mtcore.errors import MissingError

PageName = Literal[
    "Home", "Data", "Design", "Train", "Results", "What-if", "Compare", "Share"
]
PAGES: dict[PageName, str] = {
    "Home": "app.py",
    "Data": "pages/data.py",
    "Design": "pages/design.py",
    "Train": "pages/train.py",
    "Results": "pages/results.py",
    "What-if": "pages/what_if.py",
    "Compare": "pages/compare.py",
    "Share": "pages/share.py",
}
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
VIEW, ON = "view", "1"


@dataclass(frozen=True, slots=True)
class Address:
    """The ids that a page was opened with; None where there is none."""

    dataset: str | None = None
    draft: str | None = None
    run: str | None = None

    def parameters(self) -> dict[str, str]:
        """Return the ids that are there, by name."""
        return {name: value for name, value in asdict(self).items() if value}


def read_address() -> Address:
    """Return the ids in the address.

    Raises:
        MissingError: An id holds characters that no id has.
    """
    return Address(
        dataset=_read_id("dataset", "data set"),
        draft=_read_id("draft", "draft"),
        run=_read_id("run", "run"),
    )


def write_address(**ids: str | None) -> None:
    """Put ids into the address without leaving the page; None takes one out."""
    for name, value in ids.items():
        write_parameter(name, value)


def read_parameter(name: str) -> str | None:
    """Return one further parameter of the address, such as a chosen view."""
    value = st.query_params.get(name)
    return value or None


def read_parameters(name: str) -> tuple[str, ...]:
    """Return all values of a parameter that may stand there several times."""
    return tuple(st.query_params.get_all(name))


def write_parameter(name: str, value: str | Sequence[str] | None) -> None:
    """Set a further parameter, or take it out; nothing happens if it is so already."""
    if value is None or not value:
        if name in st.query_params:
            del st.query_params[name]
        return
    values = [value] if isinstance(value, str) else list(value)
    if st.query_params.get_all(name) != values:
        st.query_params[name] = values


def is_view() -> bool:
    """Return whether the page was opened by a link that is for looking alone.

    Every link and way from such a page keeps it so. It hides what changes something
    and bars nobody: it is a courtesy, as whoever can open it can leave it out.
    """
    return st.query_params.get(VIEW) == ON


def view_address(here: str) -> str:
    """Return the address of what is shown now, with all choices, for looking alone.

    Args:
        here: The address of this page, as the browser has it.

    Examples:
        >>> view_address("http://host:8501/results")
        'http://host:8501/results?view=1'
    """
    parts = urlsplit(here)
    given = {name: st.query_params.get_all(name) for name in st.query_params}
    query = urlencode({**given, VIEW: [ON]}, doseq=True)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def leave_view() -> None:
    """Make the page one like any other again."""
    write_parameter(VIEW, None)


def go_to(page: PageName, **ids: str | None) -> NoReturn:
    """Open another page, with ids such as `run="…"` in its address."""
    st.switch_page(PAGES[page], query_params=_given(ids))


def link_to(
    page: PageName,
    label: str,
    *,
    icon: str | None = None,
    reason_against: str | None = None,
    **ids: str | None,
) -> None:
    """Draw a link to a page.

    Args:
        page: Where it leads.
        label: Markdown; text from a file goes through `plain` first.
        icon: Such as `:material/home:`.
        reason_against: Why it cannot be followed yet; the link is then greyed.
        ids: What the page's address carries, such as `run="…"`.
    """
    try:
        st.page_link(
            PAGES[page],
            label=label,
            icon=icon,
            disabled=reason_against is not None,
            help=reason_against,
            query_params=_given(ids),
        )
    except StreamlitAPIException:
        # A page that is run by itself, as tests do, knows no other pages.
        st.markdown(label)


def _given(ids: dict[str, str | None]) -> dict[str, str]:
    found = {name: value for name, value in ids.items() if value}
    return {**found, VIEW: ON} if is_view() else found


def _read_id(name: str, noun: str) -> str | None:
    value = st.query_params.get(name)
    if not value:
        return None
    if not _ID.fullmatch(value):
        msg = (
            f"The address names a {noun} that cannot exist. Open it again from Home, "
            "where every data set and run is listed."
        )
        raise MissingError(msg)
    return value
