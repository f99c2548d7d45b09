"""Train: a run while it waits and trains, and how it ended."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.store.run import ACTIVE
from pages.parts.address import Address
from pages.parts.page import open_page
from pages.parts.run_choice import show_study_link
from pages.parts.run_facts import show_run_title
from pages.parts.train.end import show_end
from pages.parts.train.list import show_run_list
from pages.parts.train.live import follow_run

with open_page("Train") as page:
    if page.address.run is None:
        st.title("Train")
        show_run_list(page.workspace.runs.list())
    else:
        run = page.workspace.runs.get(page.address.run)
        page.is_about(Address(dataset=run.dataset_id, run=run.id))
        show_run_title(run)
        if run.study is not None:
            show_study_link(run)
        elif run.status in ACTIVE:
            follow_run(page.workspace, run.id)
        else:
            show_end(page.workspace, run)
