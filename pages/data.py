"""Data: how a file was read, and what its columns hold."""

from __future__ import annotations

import streamlit as st

from pages.parts.data.cards import show_cards
from pages.parts.data.columns import look_at_column, show_columns
from pages.parts.data.correction import correct_reading
from pages.parts.data.pictures import show_pictures
from pages.parts.data.preview import show_header, show_preview
from pages.parts.data.reading import show_left_out, show_verdict
from pages.parts.data.targets import show_targets
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
    show_verdict(page.workspace, dataset, report)
    show_left_out(report)
    if not correct_reading(page.workspace, dataset, report):
        show_preview(page.workspace, dataset, profile)
    show_pictures(dataset, report)
    st.subheader("Columns")
    cards, table = st.tabs(["Cards", "Table"])
    with cards:
        show_cards(page.workspace, dataset, profile)
    with table:
        show_columns(profile)
        look_at_column(dataset, profile)
    show_targets(page.workspace, dataset, page.address)
