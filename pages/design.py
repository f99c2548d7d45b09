"""Design: which columns each head predicts, and how the network learns."""

from __future__ import annotations

import streamlit as st

from pages.parts.design_heads import edit_heads
from pages.parts.design_inputs import edit_inputs
from pages.parts.design_model import show_model
from pages.parts.design_open import choose_targets, open_draft
from pages.parts.design_problems import judge_draft, show_problems
from pages.parts.design_settings import edit_name, edit_split, edit_training, edit_trunk
from pages.parts.design_start import prepare_ahead, show_start
from pages.parts.page import open_page

with open_page("Design") as page:
    st.title("Design")
    editing = open_draft(page)
    if editing is None:
        st.stop()
    experiment, problems = judge_draft(editing)
    prepare_ahead(editing, experiment)
    choose_targets(editing)
    edit_heads(editing)
    show_problems(editing, problems)
    settings, model = st.columns((1, 1), gap="large")
    with settings:
        trunk, training, split, inputs = st.tabs(
            ["Trunk", "Training", "Split", "Inputs"]
        )
        with trunk:
            edit_trunk(editing)
        with training:
            edit_name(editing)
            edit_training(editing)
        with split:
            edit_split(editing)
        with inputs:
            edit_inputs(editing)
    with model:
        show_model(editing, experiment)
    show_start(editing, experiment, problems)
