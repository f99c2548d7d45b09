"""What each column holds: one table for all of them, and a closer look at one."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from mtcore.charts.columns import column_distribution
from mtcore.data.library.library import Dataset
from mtcore.data.profile.profile import ColumnProfile, Profile
from pages.parts.spec_words import KIND_WORDS
from pages.parts.tables import fitting_height
from pages.parts.text import plain, visible

_DAY_S = 86_400


def show_columns(profile: Profile) -> None:
    """Draw a row a column: kind, why, missing, distinct, range and examples."""
    st.dataframe(
        _frame(profile),
        hide_index=True,
        height=fitting_height(len(profile.columns)),
        column_config={
            "Column": st.column_config.TextColumn(pinned=True, width="medium"),
            "Missing": st.column_config.ProgressColumn(
                format="%.3g %%", min_value=0, max_value=100, width="small"
            ),
            "Distinct": st.column_config.NumberColumn(format="localized"),
            "Why": st.column_config.TextColumn(width="medium"),
        },
        alt="Every column with its kind, missing share, distinct values and range.",
    )


def look_at_column(dataset: Dataset, profile: Profile) -> None:
    """Draw a menu of columns, and the chosen one's distribution with its facts."""
    names = [column.name for column in profile.columns]
    choice, facts = st.columns((1, 2), gap="large")
    with choice:
        name = st.selectbox(
            "A closer look at",
            names,
            format_func=lambda name: visible(name, 80),
            key=f"column:{dataset.id}",
        )
        column = profile.column(name)
        _show_facts(column)
    with facts:
        st.plotly_chart(
            column_distribution(column),
            key=f"distribution:{dataset.id}",
            alt=f"How often each value of the column {visible(name, 80)} occurs.",
        )


def value_range(column: ColumnProfile) -> str:
    """Return a column's least and greatest value as a phrase, empty for texts."""
    if column.minimum is None or column.maximum is None:
        return ""
    if column.kind == "datetime":
        form = "%H:%M" if is_time_of_day(column) else "%Y-%m-%d"
        return f"{_moment(column.minimum, form)} to {_moment(column.maximum, form)}"
    return f"{column.minimum:.6g} to {column.maximum:.6g}"


def is_time_of_day(column: ColumnProfile) -> bool:
    """Return whether a column holds times without a day, kept as of 1970-01-01."""
    first, last = column.minimum, column.maximum
    if column.kind != "datetime" or first is None or last is None:
        return False
    return 0 <= first <= last < _DAY_S


def _show_facts(column: ColumnProfile) -> None:
    lines = [f"{KIND_WORDS[column.kind].capitalize()}: {plain(column.reason)}"]
    lines.append(
        f"{column.distinct:,} distinct values, {column.missing:,} of {column.rows:,} "
        "rows without one"
    )
    if value_range(column):
        lines.append(f"From {value_range(column)}")
    if column.kind == "number" and column.mean is not None:
        lines.append(
            f"Mean {column.mean:.4g}, standard deviation {column.deviation:.4g}"
        )
    st.caption("  \n".join(lines))


def _frame(profile: Profile) -> pd.DataFrame:
    columns = profile.columns
    return pd.DataFrame(
        {
            "Column": [visible(column.name, 120) for column in columns],
            "Kind": [KIND_WORDS[column.kind] for column in columns],
            "Missing": [
                100 * column.missing / max(column.rows, 1) for column in columns
            ],
            "Distinct": [column.distinct for column in columns],
            "Range": [value_range(column) for column in columns],
            "Examples": [
                visible(", ".join(column.examples), 120) for column in columns
            ],
            "Why": [visible(column.reason, 300) for column in columns],
        }
    )


def _moment(seconds: float, form: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(form)
