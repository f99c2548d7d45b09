"""The look that all charts share: colours of heads, fonts, grid and margins.

Backgrounds are transparent and no text has a colour of its own, so that the page's
theme, light or dark, decides both.
"""

from __future__ import annotations

import textwrap
from typing import Literal

import plotly.graph_objects as go

# Okabe and Ito's palette for all kinds of colour vision (2008), in an order whose first
# colours differ most. Its yellow is too pale for a white page and its black for a dark
# one: a grey that both pages show takes their place.
HEAD_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#888888",
)  # fmt: skip
# Eight symbols and seven colours: 56 heads before a pair comes again.
HEAD_SYMBOLS = (
    "circle", "square", "diamond", "triangle-up", "cross", "star", "triangle-down",
    "hexagon",
)  # fmt: skip
NEUTRAL = "#888888"
DATA = "#7286A8"  # of columns that no head has claimed
FAINT = "rgba(128, 128, 128, 0.22)"
REFERENCE = {"color": NEUTRAL, "width": 1, "dash": "dot"}
"""A line that what is drawn is held against."""
GOOD = HEAD_COLOURS[2]
BAD = HEAD_COLOURS[1]

NO_ROWS = "No row of this part carries a label of this head."
SHORT, MEDIUM, TALL = 260, 360, 480
_TITLE_LINE, _LINE = 45, 56  # letters that a phone shows, in what is unfolded too
POINTS_FOR_GL = 10_000

# What short labels and a title take beside an axis. Plotly widens a margin that is too
# narrow, but then draws the whole chart, each of its dots too, a second time.
ROOM_FOR_AXES = {"l": 66, "b": 60}

Dash = Literal["solid", "dash", "dot"]

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "Source Sans, system-ui, sans-serif", "size": 13,
                 "color": "#767b85"},
        "title": {"x": 0.0, "xanchor": "left", "font": {"size": 16}},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {"gridcolor": FAINT, "zerolinecolor": FAINT, "linecolor": FAINT,
                  "showgrid": False, "zeroline": False, "automargin": True,
                  "separatethousands": True},
        "yaxis": {"gridcolor": FAINT, "zerolinecolor": FAINT, "linecolor": FAINT,
                  "zeroline": False, "automargin": True, "separatethousands": True},
        "hoverlabel": {"align": "left", "namelength": -1},
        "colorway": list(HEAD_COLOURS),
    }
)  # fmt: skip


def head_colour(position: int) -> str:
    """Return the colour of the head at a position in the experiment.

    Args:
        position: From 0; after 7 the colours come again, with other symbols.
    """
    return HEAD_COLOURS[position % len(HEAD_COLOURS)]


def head_symbol(position: int) -> str:
    """Return the marker symbol of the head at a position in the experiment."""
    return HEAD_SYMBOLS[position % len(HEAD_SYMBOLS)]


def tint(colour: str, opacity: float) -> str:
    """Return a colour let through, so that it suits light and dark pages.

    Args:
        colour: As `#rrggbb`.
        opacity: From 0, nothing, to 1, all of it.

    Examples:
        >>> tint("#0072B2", 0.2)
        'rgba(0, 114, 178, 0.2)'
    """
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"


def blank_chart(
    title: str, subtitle: str = "", *, height: int = MEDIUM, revision: str = ""
) -> go.Figure:
    """Return an empty figure in the common look.

    Args:
        title: What is shown, already escaped.
        subtitle: One sentence on how to read it, already escaped. Both are broken into
            lines that a phone shows whole.
        height: In pixels; it stays the same when the data changes.
        revision: What zoom and hidden lines belong to; the title by default.
    """
    titles = textwrap.wrap(title, _TITLE_LINE, break_long_words=False)
    # A percent sign would stand alone on its line.
    together = subtitle.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = textwrap.wrap(together, _LINE, break_long_words=False)
    more = 21 * max(len(titles) - 1, 0) + 17 * max(len(lines) - 1, 0)
    # Given whole: a layout that is updated afterwards takes ten times as long.
    return go.Figure(
        layout={
            "template": TEMPLATE,
            "title": {
                "text": "<br>".join(titles),
                "subtitle": {"text": "<br>".join(lines), "font": {"size": 13}},
                "x": 0.0,
                "y": 1.0,
                "yanchor": "top",
                "yref": "container",
                "pad": {"t": 10},
            },
            "height": height,
            "margin": {
                "l": 8,
                "r": 24,
                "t": (70 if lines else 46) + more,
                "b": 8,
            },
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hovermode": "closest",
            "uirevision": revision or title,
            "legend": {
                "orientation": "h",
                "x": 0.0,
                "y": 0.0,
                "yref": "container",
                "yanchor": "bottom",
            },
        }
    )


def name_axes(figure: go.Figure, x: str, y: str) -> go.Figure:
    """Give both axes of a figure their titles, already escaped, and return it."""
    figure.update_xaxes(title={"text": x, "standoff": 14})
    figure.update_yaxes(title={"text": y, "standoff": 18})
    figure.update_layout(margin=ROOM_FOR_AXES)
    return figure


def in_page_colour(text: str) -> str:
    """Return a text, already escaped, that is drawn in the page's own text colour.

    Letters on a coloured ground need more contrast than the grey that Streamlit gives
    to labels, and Plotly knows no page.
    """
    return f'<span style="color:currentColor">{text}</span>'


def scatter_kind(points: int) -> type[go.Scatter] | type[go.Scattergl]:
    """Return the trace for so many points: drawn by the graphics card when many."""
    trace: type[go.Scatter] | type[go.Scattergl]
    trace = go.Scattergl if points > POINTS_FOR_GL else go.Scatter
    return trace


def say_nothing_to_show(figure: go.Figure, sentence: str) -> go.Figure:
    """Write a sentence where a chart has nothing to draw, and return the figure."""
    figure.add_annotation(
        text=sentence, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False,
        font={"size": 14},
    )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure
