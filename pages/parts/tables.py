"""Tables under charts, and tables whose rows can be ticked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from mtcore.arrays import FloatArray
from mtcore.charts.responses import HeadResponse
from mtcore.whatif.ranges import Cell
from pages.parts.boundary import ErrorBoundary
from pages.parts.state import held
from pages.parts.text import count_of, visible

_MOST_ROWS, _MOST_HEIGHT = 10, 388
_MOST_DECIMALS = 8


def show_table(
    frame: pd.DataFrame, label: str, key: str, *, expanded: bool = False
) -> None:
    """Draw a table folded away under a chart.

    Args:
        frame: What the chart is drawn from.
        label: Constant words for the fold and for those who cannot see.
        key: Unlike that of any other table on the page.
        expanded: Begin unfolded.
    """
    show_folded(
        f"Table: {label}",
        key,
        lambda: show_frame(frame, label, key),
        expanded=expanded,
    )


@st.fragment
@ErrorBoundary()
def show_folded(
    label: str,
    key: str,
    show: Callable[[], None],
    *,
    expanded: bool = False,
    icon: str = ":material/table:",
) -> None:
    """Draw something folded away; it is made and sent when it is unfolded.

    Args:
        label: Constant words for the fold.
        key: Unlike that of any other on the page.
        show: Draws what is inside.
        expanded: Begin unfolded.
        icon: Of the fold.
    """
    fold = st.expander(
        label,
        expanded=expanded,
        icon=icon,
        key=fold_key(key),
        on_change="rerun",
    )
    if fold.open:
        with fold:
            show()


def fold_key(key: str) -> str:
    """Return the key of a fold, by that of what is inside."""
    return f"fold_{key}"


def show_frame(frame: pd.DataFrame, label: str, key: str) -> None:
    """Draw a table, numbers with the decimals that matter in their column."""
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        height=fitting_height(len(frame)),
        column_config=column_formats(frame),
        placeholder="—",
        alt=f"{label}, {count_of(len(frame), 'row')}",
    )


def fitting_height(rows: int, most: int = _MOST_ROWS) -> int | Literal["content"]:
    """Return the height of a table: all of it, or about ten rows to scroll through."""
    return "content" if rows <= most else _MOST_HEIGHT


def apart(names: Sequence[str]) -> list[str]:
    """Return names as they are shown, numbered where two would look the same.

    A table cannot have two columns of one name.

    Examples:
        >>> apart(["Row", "a", "Row"])
        ['Row', 'a', 'Row (2)']
    """
    shown: list[str] = []
    for name in names:
        words, number = visible(name, 60), 2
        while words in shown:
            words = f"{visible(name, 60)} ({number})"
            number += 1
        shown.append(words)
    return shown


def picked_places(key: str) -> list[int]:
    """Return the places of the ticked rows of a table, rising; for its callback."""
    state: dict[str, dict[str, list[int]]] | None = held(key, None)
    return sorted(state["selection"]["rows"]) if state else []


def column_formats(frame: pd.DataFrame) -> dict[str, ColumnConfig]:
    """Return how numbers with decimals are written, each column by its typical one."""
    formats = {}
    for column in frame.columns:
        if not pd.api.types.is_float_dtype(frame[column]):
            continue
        sizes = np.abs(frame[column].to_numpy(np.float64))
        decimals = _decimals(sizes[np.isfinite(sizes) & (sizes > 0)])
        written = st.column_config.NumberColumn(format=f"%.{decimals}f")
        formats[column] = written
    return formats


def _decimals(sizes: FloatArray) -> int:
    """Return how many decimals matter in a column of such numbers, none if all whole.

    Args:
        sizes: Without signs, above 0 and finite.
    """
    if sizes.size and (sizes == np.round(sizes)).all():
        return 0
    size = int(np.floor(np.log10(np.median(sizes)))) if sizes.size else 0
    return min(max(3 - size if size >= 0 else 2 - size, 0), _MOST_DECIMALS)


def responses_frame(
    column: str, values: Sequence[Cell], responses: Sequence[HeadResponse]
) -> pd.DataFrame:
    """Return a line a value of an input, with the answers of every head."""
    names, cells = [column], [list(values)]
    for response in responses:
        for line, answers in response.lines.items():
            several = len(response.lines) > 1 or response.chances
            names.append(f"{response.head}: {line}" if several else response.head)
            cells.append(answers.tolist())
    return pd.DataFrame(dict(zip(apart(names), cells, strict=True)))
