"""How several models are made one, and what that costs."""

from __future__ import annotations

import streamlit as st

from mtcore.spec.training import MOST_SEEDS
from pages.parts.design_draft import Editing
from pages.parts.design_fields import Field, Limits, edit_number

_NETWORKS_EXPLAINED = (
    "Networks that start from different seeds, trained one after another. The mean of "
    "their answers is better than any of them; the time in training grows with their "
    "number, compiling takes no longer."
)


def edit_recipe(editing: Editing) -> None:
    """Draw how many networks are averaged."""
    networks, _, _ = st.columns(3)
    with networks:
        field = Field("Networks averaged", ("training", "seeds"), _NETWORKS_EXPLAINED)
        edit_number(editing, field, Limits(1, MOST_SEEDS))
