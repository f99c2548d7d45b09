"""The model as it would be built: drawn, counted, and as Keras code."""

from __future__ import annotations

import streamlit as st

from mtcore.spec import Experiment
from pages.parts.design_draft import Editing
from pages.parts.design_files import edit_as_text


def show_model(editing: Editing, experiment: Experiment | None) -> None:
    """Draw three views of the model: a drawing, its Keras code and the experiment."""
    drawing, code, text = st.tabs(["Model", "Keras code", "Experiment (YAML)"])
    if experiment is None:
        for tab in (drawing, code):
            tab.info("Put right what is named above to see the model.")
    with text:
        edit_as_text(editing)
