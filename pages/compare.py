"""Compare: runs side by side, held against a pinned baseline."""

from __future__ import annotations

import streamlit as st

from pages.parts.address import Address
from pages.parts.compare.archive import archive_button, show_archive_undo
from pages.parts.compare.curves import show_curves
from pages.parts.compare.files import download_button
from pages.parts.compare.filter import filter_runs
from pages.parts.compare.runs import (
    pick_runs,
    pin_baseline,
    read_comparison,
    show_chosen,
)
from pages.parts.compare.view import (
    show_nothing_to_compare,
    show_score_table,
    show_settings,
)
from pages.parts.page import open_page
from pages.parts.run_link import show_view_link
from pages.parts.run_words import names_apart

with open_page("Compare") as page:
    st.title("Compare runs")
    show_archive_undo(page.workspace)
    runs = page.workspace.runs.list(include_archived=True)
    about = next((run for run in runs if run.id == page.address.run), None)
    if about is not None:
        page.is_about(Address(dataset=about.dataset_id, run=about.id))
    comparison = read_comparison(runs, about)
    if comparison is None:
        show_nothing_to_compare(runs)
    else:
        names = names_apart(comparison.runs)
        ordered = comparison.in_order()
        found = filter_runs(runs)
        pick_runs(found, runs, comparison)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            pin_baseline(comparison, names)
            archive_button(page.workspace, comparison.runs)
            download_button(found)
            show_view_link()
        show_chosen(page.workspace, comparison, names)
        show_score_table(page.workspace, ordered, names, comparison.baseline)
        show_settings(ordered, names)
        show_curves(page.workspace, ordered, names)
