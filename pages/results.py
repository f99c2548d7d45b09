"""Results: is each head good enough to use, first in words, then in charts."""

from __future__ import annotations

import streamlit as st

from pages.parts.address import Address
from pages.parts.page import open_page
from pages.parts.results.actions import show_actions
from pages.parts.results.judgement import show_judgement
from pages.parts.results.looks import show_looks
from pages.parts.run_choice import (
    show_finished_runs,
    show_not_finished,
    show_study_link,
)
from pages.parts.run_facts import show_run_title

with open_page("Results") as page:
    if page.address.run is None:
        st.title("Results")
        show_finished_runs("Results", page.workspace.runs.list())
    else:
        run = page.workspace.runs.get(page.address.run)
        page.is_about(Address(dataset=run.dataset_id, run=run.id))
        show_run_title(run)
        if run.study is not None:
            show_study_link(run)
        elif run.status != "FINISHED":
            show_not_finished(run)
        else:
            show_actions(page.workspace, run)
            show_judgement(page.workspace, run)
            show_looks(page.workspace, run)
