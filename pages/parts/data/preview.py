"""The data set's name, the way on, and its first rows."""

from __future__ import annotations

import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.profile.profile import Profile
from mtcore.runs.workspace import Workspace
from pages.parts.address import go_to
from pages.parts.data.columns import is_time_of_day
from pages.parts.dataset import preview_of
from pages.parts.text import count_of, plain

_ROWS = 100
_HEIGHT_PX = 248


def show_header(dataset: Dataset) -> None:
    """Draw the name and the page's one primary button."""
    with st.container(key="data_header", horizontal=True, vertical_alignment="center"):
        st.title(plain(dataset.name, 80), anchor=False)
        st.space("stretch")
        if st.button(
            "Design a model",
            key="design",
            type="primary",
            icon=":material/arrow_forward:",
            icon_position="right",
        ):
            go_to("Design", dataset=dataset.id)


def show_preview(workspace: Workspace, dataset: Dataset, profile: Profile) -> None:
    """Draw the first rows as they were read."""
    frame = preview_of(workspace, dataset, _ROWS)
    st.subheader(f"The first {count_of(len(frame), 'row')}", anchor=False)
    times = [column.name for column in profile.columns if is_time_of_day(column)]
    st.dataframe(
        frame,
        height=_HEIGHT_PX,
        hide_index=True,
        column_config={
            name: st.column_config.DatetimeColumn(format="HH:mm:ss") for name in times
        },
        alt="The first rows of the data set as they were read.",
    )
