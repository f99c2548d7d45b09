"""Data: how a file was read, and what its columns hold."""

from __future__ import annotations

import streamlit as st

from pages.parts.data_columns import look_at_column, show_columns
from pages.parts.data_pictures import show_pictures
from pages.parts.data_preview import show_header, show_preview
from pages.parts.data_reading import correct_reading, show_left_out, show_verdict
from pages.parts.dataset import ask_for_dataset, profile_of, report_of
from pages.parts.page import open_page

with open_page("Data") as page:
    if page.address.dataset is None:
        st.title("Data", anchor=False)
        ask_for_dataset(page.workspace, "Data", "to look at")
        st.stop()
    dataset = page.workspace.library.get(page.address.dataset)
    report, profile = report_of(dataset), profile_of(dataset)
    show_header(dataset)
    show_verdict(report)
    show_left_out(report)
    show_preview(page.workspace, dataset, profile)
    show_pictures(dataset, report)
    st.subheader("Columns")
    show_columns(profile)
    look_at_column(dataset, profile)
    st.subheader("How it was read")
    correct_reading(page.workspace, dataset, report)
