"""Home: bring data or try a sample, and go on with what is there."""

from __future__ import annotations

import streamlit as st

from pages.parts.home.data import show_datasets, show_disk_use
from pages.parts.home.picture import show_picture
from pages.parts.home.runs import show_runs
from pages.parts.home.start import (
    open_shared_file,
    show_samples,
    upload_data,
    warm_up_workers,
)
from pages.parts.page import open_page

with open_page("Home") as page:
    st.title("One network, several answers")
    start, picture = st.columns((3, 2), gap="large")
    with start:
        upload_data(page.workspace)
    with picture:
        show_picture()
    open_shared_file(page.workspace)
    show_samples(page.workspace)
    show_runs(page.workspace)
    show_datasets(page.workspace)
    show_disk_use(page.workspace)
    warm_up_workers(page.workspace)
