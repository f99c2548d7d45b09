"""The pictures that a column names: some of them, and those that cannot be seen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.pictures.album import album_of
from mtcore.data.queries.parquet_rows import read_rows
from mtcore.data.reading.report import ColumnSummary, PictureSummary, ReadingReport
from mtcore.data.tables.table import Table
from pages.parts.text import count_of, plain, visible

_SHOWN = 10
_LOOKED_AT = 200  # rows that pictures to show are taken from
_WIDTH_PX = 88


def show_pictures(dataset: Dataset, report: ReadingReport) -> None:
    """Draw a card a column of pictures; nothing where there is none."""
    for column in report.columns:
        if column.pictures is not None:
            with st.container(border=True):
                _show_card(dataset, column, column.pictures)


def _show_card(dataset: Dataset, column: ColumnSummary, found: PictureSummary) -> None:
    height, width = found.size
    st.markdown(f"**Pictures of {plain(column.name, 60)}**")
    facts = [
        f"{count_of(found.seen, 'row')} with a picture, {width} by {height} pixels"
    ]
    if found.missing:
        facts.append(f":orange[:material/warning: {found.missing:,} not there]")
    if found.broken:
        facts.append(f":orange[:material/warning: {found.broken:,} cannot be read]")
    st.caption(" · ".join(facts))
    first = Table(
        read_rows(dataset.parquet, 0, _LOOKED_AT), album=album_of(dataset.parquet)
    )
    pixels = first.pictures(column.name, height, width)
    seen = [picture for picture in pixels if picture.any()][:_SHOWN]
    if seen:
        st.image(seen, width=_WIDTH_PX)
    if found.unseen:
        _list_unseen(column, found)


def _list_unseen(column: ColumnSummary, found: PictureSummary) -> None:
    count = found.missing + found.broken
    with st.expander(f"{count_of(count, 'picture')} that cannot be seen"):
        frame = pd.DataFrame(
            [
                (unseen.row, visible(unseen.name, 80), unseen.reason)
                for unseen in found.unseen
            ],
            columns=["Row", "Picture", "Why"],
        )
        st.dataframe(
            frame,
            hide_index=True,
            key=f"unseen:{column.name}",
            alt="Rows whose picture cannot be seen, and why.",
        )
        if count > len(found.unseen):
            st.caption(f"The first {len(found.unseen):,} of them.")
