"""The look that themes cannot say: a little constant CSS, and the mark."""

from __future__ import annotations

import streamlit as st

from mtcore.charts.style import HEAD_COLOURS

_BRANCHES = (
    '<path d="M4 16h7M11 16c6 0 5-9 12-9M11 16h12M11 16c6 0 5 9 12 9" '
    'stroke="#7274f5" fill="none" stroke-linecap="round" stroke-width="2.6"/>'
    f'<circle cx="26" cy="7" r="3" fill="{HEAD_COLOURS[0]}"/>'
    f'<circle cx="26" cy="16" r="3" fill="{HEAD_COLOURS[4]}"/>'
    f'<circle cx="26" cy="25" r="3" fill="{HEAD_COLOURS[2]}"/>'
)
MARK = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{_BRANCHES}</svg>'
"""A trunk and three heads; drawn here, as nothing is fetched from elsewhere."""

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 182 32">'
    "<style>text{font:600 19px 'Source Sans 3','Segoe UI',system-ui,sans-serif;"
    "fill:#1c2233}@media(prefers-color-scheme:dark){text{fill:#e7eaf2}}</style>"
    f'{_BRANCHES}<text x="38" y="22.5">Branchboard</text></svg>'
)
"""The mark and the name beside it, in the ink of the page's theme."""

# A row a head: its colour at the edge, and labels above the first row only where the
# window is wide enough for the fields to stand side by side. On a phone two fields
# stand side by side, and what is said about a run or data set follows its name. The
# drawn model keeps its boxes readable there and is moved sideways, and so are charts of
# three panels a row and more. The colour of what moved is that of the theme's links,
# which style sheets cannot ask for.
_HEAD_COLOURS = "".join(
    f"[class*='st-key-head_row_'][class*='_of_{place}']"
    f"{{border-left:3px solid {colour}}}"
    for place, colour in enumerate(HEAD_COLOURS)
)
_MANY_CURVES = ".st-key-learning_curves:has(.x5y5)"
_STYLE = f"""<style>
.block-container, [data-testid="stBottomBlockContainer"] {{
  max-width: 1560px; padding-left: 2.5rem; padding-right: 2.5rem; }}
[data-testid="stBottomBlockContainer"] {{ padding-top: .6rem; padding-bottom: .9rem;
  border-top: 1px solid rgba(128, 132, 150, .25); }}
@media (max-width: 640px) {{
  .st-key-average_curves, {_MANY_CURVES} {{ overflow-x: auto; }}
  :is(.st-key-average_curves, {_MANY_CURVES}) > div {{ min-width: 38rem; }}
  .block-container, [data-testid="stBottomBlockContainer"] {{
    padding-left: 1rem; padding-right: 1rem; }}
}}
[class*="st-key-steps_"] {{ row-gap: 0; padding-bottom: .35rem;
  border-bottom: 1px solid rgba(128, 132, 150, .25); }}
[class*="st-key-steps_"] [data-testid="stPageLink"] a {{ padding: .15rem .5rem; }}
[class*="st-key-steps_"] [data-testid="stPageLink"] p {{ font-size: .9rem; }}
[class*="st-key-current_step_"] a {{ background: rgba(114, 116, 245, .16); }}
[class*="st-key-current_step_"] p {{ font-weight: 600; }}
.st-key-upload [data-testid="stFileUploaderDropzone"] button {{
  background: #5557f0; border-color: #5557f0; color: #fff; }}
.st-key-upload [data-testid="stFileUploaderDropzone"] button:hover {{
  background: #4446d8; border-color: #4446d8; color: #fff; }}
[class*="st-key-yaml"] textarea {{ font-family: "Source Code Pro", monospace;
  font-size: .82rem; }}
.st-key-undo, .st-key-view_notice {{ background: rgba(114, 116, 245, .12);
  border-radius: .5rem; padding: .35rem .9rem; }}
[class*="st-key-list_row_"] {{ border-bottom: 1px solid rgba(128, 132, 150, .18); }}
[class*="st-key-head_row_"] {{ padding-left: .6rem; }}
{_HEAD_COLOURS}
.st-key-model_drawing {{ overflow-x: auto; }}
.st-key-model_drawing > div {{ min-width: 34rem; }}
@media (min-width: 1100px) {{
  [class*="st-key-head_row_"]:not([class*="st-key-head_row_0_"])
    [data-testid="stWidgetLabel"] {{ display: none; }}
}}
@media (max-width: 640px) {{
  [class*="st-key-list_row_"] [data-testid="stColumn"] {{ min-width: 0 !important;
    width: auto !important; flex: 0 1 auto !important; }}
  [class*="st-key-list_row_"] [data-testid="stColumn"]:first-child {{
    flex: 1 0 100% !important; }}
  [class*="st-key-head_row_"] [data-testid="stColumn"],
  .st-key-settings [data-testid="stColumn"] {{
    min-width: calc(50% - .5rem) !important; flex: 1 1 40% !important; }}
}}
.head-cards {{ display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }}
.head-card {{ border: 1px solid rgba(128, 132, 150, .28); border-left-width: 4px;
  border-radius: .5rem; padding: .9rem 1rem; overflow-wrap: anywhere; }}
.head-card-top {{ display: flex; justify-content: space-between; gap: .75rem;
  align-items: baseline; margin-bottom: .6rem; font-size: 1.1rem; }}
.head-card-about, .head-card-beside, .head-card-note {{ font-size: .875rem;
  opacity: .72; }}
.head-card-value {{ font-size: 1.45rem; line-height: 1.4; }}
.head-card-moved {{ font-size: .875rem; color: light-dark(#3f41cf, #a3a5ff); }}
.head-card-table {{ width: 100%; border-collapse: collapse; font-size: .92rem;
  font-variant-numeric: tabular-nums; }}
.head-card-table th {{ font-weight: 400; opacity: .72; text-align: left; }}
.head-card-table :is(th, td) {{ padding: .15rem 0; }}
.head-card-table :is(th, td) + :is(th, td) {{ padding-left: .75rem;
  text-align: right; white-space: nowrap; }}
.head-card-sentence {{ margin-top: .7rem; line-height: 1.55; }}
.head-card-note {{ margin-top: .4rem; }}
.head-badge {{ flex: none; font-size: .875rem; border-radius: .4rem;
  padding: .1rem .5rem; background: rgba(128, 132, 150, .2); }}
.head-badge-good {{ background: rgba(0, 158, 115, .2); }}
.head-badge-fair {{ background: rgba(0, 114, 178, .2); }}
.head-badge-weak {{ background: rgba(230, 159, 0, .25); }}
.head-badge-useless {{ background: rgba(213, 60, 40, .22); }}
.text-table {{ overflow: auto; max-height: 34rem; border-radius: .5rem;
  border: 1px solid rgba(128, 132, 150, .28); }}
.text-table table {{ width: 100%; border-collapse: collapse; font-size: .92rem; }}
.text-table th, .text-table td {{ padding: .4rem .75rem; text-align: left;
  border-top: 1px solid rgba(128, 132, 150, .2); }}
.text-table td:nth-child(2) {{ min-width: 8rem; }}
.text-table thead th {{ border-top: 0; font-weight: 500; white-space: nowrap;
  background: rgba(128, 132, 150, .1); }}
.text-table .number {{ text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }}
@media (prefers-reduced-motion: reduce) {{
  * {{ animation-duration: .01s !important; animation-iteration-count: 1 !important;
    transition-duration: .01s !important; }}
}}
</style>"""


def apply_style() -> None:
    """Put the style sheet on the page; it takes no room."""
    st.html(_STYLE)


def head_row_key(position: int) -> str:
    """Return the key of the container that shows a head as a row, in its colour."""
    return f"head_row_{position}_of_{position % len(HEAD_COLOURS)}"
