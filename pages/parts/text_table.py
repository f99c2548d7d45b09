"""A small table of texts as one element, which a browser draws at once.

Streamlit's own table is a canvas that sorts, searches and downloads; that is for data.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.parts.text import visible


def show_text_table(frame: pd.DataFrame, label: str, *, names: int = 1) -> None:
    """Draw a table whose cells are texts.

    Args:
        frame: Texts; any of them may come from a file.
        label: Constant words for those who cannot see.
        names: How many columns, from the left, hold names; the others hold numbers,
            which stand at the right.
    """
    header = _row("th", [str(column) for column in frame.columns], names)
    lines = "".join(
        _row("td", [str(cell) for cell in line], names)
        for line in frame.itertuples(index=False)
    )
    st.html(
        f'<div class="text-table" role="region" tabindex="0" aria-label="{label}">'
        f"<table><thead>{header}</thead><tbody>{lines}</tbody></table></div>"
    )


def _row(tag: str, cells: Sequence[str], names: int) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    drawn = [
        f"<{tag}{scope}{'' if place < names else ' class=number'}>"
        f"<bdi>{html.escape(visible(cell))}</bdi></{tag}>"
        for place, cell in enumerate(cells)
    ]
    return f"<tr>{''.join(drawn)}</tr>"
