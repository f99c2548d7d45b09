"""Do ranges and sets hold the truth as often as they promise?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from mtcore.charts.style import (
    NEUTRAL,
    REFERENCE,
    SHORT,
    blank_chart,
    head_colour,
    head_symbol,
    name_axes,
    say_nothing_to_show,
)
from mtcore.charts.text import distinct_labels, full
from mtcore.evaluation.conformal import Measured
from mtcore.evaluation.wording import count_text, percent_text

_ROW_PX, _AROUND_PX, _MOST_HEIGHT = 30, 130, 900


@dataclass(frozen=True, slots=True)
class Held:
    """How often the ranges of one thing held.

    Args:
        name: What people call it.
        position: Of its head in the experiment; None for all heads together.
        measured: On rows apart from those that calibrated.
    """

    name: str
    position: int | None
    measured: Measured


def interval_coverage(held: Sequence[Held], level: float) -> go.Figure:
    """Return a dot a range with the 95 % interval of how often it held.

    Args:
        held: From the top to the bottom.
        level: The share of rows that was promised.
    """
    figure = blank_chart(
        f"How often {percent_text(level)} ranges held",
        "The dotted line is what was promised. Bars: 95 % intervals of what was "
        "measured.",
        height=max(SHORT, min(_AROUND_PX + _ROW_PX * len(held), _MOST_HEIGHT)),
        revision="interval coverage",
    )
    name_axes(figure, "Share of rows that a range held for", "Head")
    if not held:
        return say_nothing_to_show(figure, "Too few test rows to calibrate ranges.")
    names = distinct_labels([one.name for one in held])
    for one, name in zip(held, names, strict=True):
        found = one.measured
        together = one.position is None
        colour = NEUTRAL if one.position is None else head_colour(one.position)
        symbol = "circle" if one.position is None else head_symbol(one.position)
        figure.add_trace(
            go.Scatter(
                x=[found.share],
                y=[name],
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 10},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [found.high - found.share],
                    "arrayminus": [found.share - found.low],
                    "thickness": 1.5,
                    "width": 5,
                },
                hovertext=f"<b>{full(one.name)}</b>: {'all' if together else 'it'} "
                f"held in {percent_text(found.share)} of "
                f"{count_text(found.rows, 'row')}<br>({percent_text(found.low)} to "
                f"{percent_text(found.high)}).",
                hoverinfo="text",
                showlegend=False,
            )
        )
    figure.add_vline(x=level, line=REFERENCE)
    least = min(one.measured.low for one in held)
    figure.update_xaxes(tickformat=".0%", range=[min(least, level) - 0.03, 1.01])
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure
