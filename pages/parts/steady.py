"""A part of a page that is drawn anew often, without flickering while it is."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# Streamlit fades what a rerun has not reached yet; twice a second that is a flicker.
_RULE = """<style>[class*="st-key-steady_"] [data-stale="true"] {
  opacity: 1 !important; transition: none !important; }</style>"""


def steady_container(name: str) -> DeltaGenerator:
    """Return a container whose content keeps its colour while it is replaced.

    Args:
        name: Unlike that of any other on the page.
    """
    st.html(_RULE)
    return st.container(key=f"steady_{name}")
