"""What-if: a real row, changed input by input, and what all heads answer."""

from __future__ import annotations

import streamlit as st

from pages.parts.address import Address, is_view
from pages.parts.page import open_page
from pages.parts.run_choice import show_finished_runs, show_not_finished
from pages.parts.run_facts import show_run_title
from pages.parts.what_if.question import ask_what_if
from pages.parts.what_if.row import choose_row
from pages.parts.what_if.scoring import score_new_rows

with open_page("What-if") as page:
    if page.address.run is None:
        st.title("What if?")
        show_finished_runs("What-if", page.workspace.runs.list())
    else:
        run = page.workspace.runs.get(page.address.run)
        page.is_about(Address(dataset=run.dataset_id, run=run.id))
        show_run_title(run)
        if run.status != "FINISHED":
            show_not_finished(run)
        else:
            rows = page.workspace.library.get(run.dataset_id).rows
            ask_what_if(page.workspace, run, choose_row(page.workspace, run, rows))
            if not is_view():
                st.divider()
                score_new_rows(page.workspace, run)
