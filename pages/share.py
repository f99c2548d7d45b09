"""Share: a run as a link, as files for others, and its script put to the test."""

from __future__ import annotations

import streamlit as st

from pages.parts.address import Address
from pages.parts.page import open_page
from pages.parts.run_choice import show_finished_runs, show_not_finished
from pages.parts.run_facts import show_run_title
from pages.parts.run_link import show_link
from pages.parts.share.takeaways import show_takeaways

with open_page("Share") as page:
    if page.address.run is None:
        st.title("Share")
        show_finished_runs("Share", page.workspace.runs.list())
    else:
        run = page.workspace.runs.get(page.address.run)
        page.is_about(Address(dataset=run.dataset_id, run=run.id))
        show_run_title(run)
        if run.status != "FINISHED":
            show_not_finished(run)
        else:
            show_takeaways(page.workspace, run)
            show_link(run)
