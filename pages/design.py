"""Design: which columns each head predicts, and how the network learns."""

from __future__ import annotations

import streamlit as st

from pages.parts.design.heads import edit_heads
from pages.parts.design.inputs import edit_inputs
from pages.parts.design.model import show_model
from pages.parts.design.open import choose_targets, open_draft, show_origin
from pages.parts.design.problems import judge_draft, show_problems
from pages.parts.design.settings import edit_settings
from pages.parts.design.start import show_start, start_if_asked
from pages.parts.page import open_page

with open_page("Design") as page:
    st.title("Design", anchor=False)
    editing = open_draft(page)
    if editing is None:
        st.stop()
    experiment, problems = judge_draft(editing)
    start_if_asked(editing, experiment)
    show_origin(editing)
    choose_targets(editing)
    edit_heads(editing)
    show_problems(editing, problems)
    settings, model = st.columns((2, 3), gap="large")
    with settings, st.container(key="settings"):
        edit_settings(editing)
    with model:
        show_model(editing, experiment)
    edit_inputs(editing)
    show_start(editing, experiment, problems)
