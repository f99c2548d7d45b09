"""The look that themes cannot say: a little constant CSS, and the mark."""

from __future__ import annotations

import streamlit as st

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" '
    'stroke-linecap="round" stroke-width="2.6">'
    '<path d="M4 16h7M11 16c6 0 5-9 12-9M11 16h12M11 16c6 0 5 9 12 9" '
    'stroke="#7274f5"/>'
    '<circle cx="26" cy="7" r="3" fill="#0072B2"/>'
    '<circle cx="26" cy="16" r="3" fill="#E69F00"/>'
    '<circle cx="26" cy="25" r="3" fill="#009E73"/></svg>'
)
"""A trunk and three heads; drawn here, as nothing is fetched from elsewhere."""

_STYLE = """<style>
.block-container { max-width: 1500px; }
.st-key-steps { row-gap: 0; border-bottom: 1px solid rgba(128, 132, 150, .25);
  padding-bottom: .35rem; }
.st-key-steps [data-testid="stPageLink"] a { padding: .15rem .5rem; }
.st-key-steps [data-testid="stPageLink"] p { font-size: .9rem; }
[class*="st-key-current_step"] a { background: rgba(114, 116, 245, .16); }
[class*="st-key-current_step"] p { font-weight: 600; }
[class*="st-key-head_row_"] { border-bottom: 1px solid rgba(128, 132, 150, .18);
  padding-bottom: .4rem; }
@media (min-width: 1100px) {
  [class*="st-key-head_row_"]:not(.st-key-head_row_0)
    [data-testid="stWidgetLabel"] { display: none; }
}
@media (prefers-reduced-motion: reduce) {
  * { animation-duration: .01s !important; transition-duration: .01s !important; }
}
</style>"""


def apply_style() -> None:
    """Put the style sheet on the page; it takes no room."""
    st.html(_STYLE)
