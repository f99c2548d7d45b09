"""By how many ranks are predictions off?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.style import (
    MEDIUM,
    NO_ROWS,
    REFERENCE,
    blank_chart,
    head_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import label
from mtcore.evaluation.reports import OrdinalReport
from mtcore.evaluation.wording import count_text, percent_text


def off_by(report: OrdinalReport, position: int) -> go.Figure:
    """Return the share of rows by how many ranks too low or too high they are.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    figure = blank_chart(
        f"{label(report.head, 40)}: off by how many ranks",
        f"{percent_text(report.within(0))} of the rows are right, "
        f"{percent_text(report.within(1))} off by one rank at most.",
        height=MEDIUM,
        revision=f"off by {report.head}",
    )
    name_axes(figure, "Predicted rank minus actual rank", "Share of rows")
    counts = np.asarray(report.off_by)
    if not counts.sum():
        return say_nothing_to_show(figure, NO_ROWS)
    steps = len(counts) // 2
    ranks = np.arange(-steps, steps + 1)
    shares = counts / counts.sum()
    colour = head_colour(position)
    figure.add_trace(
        go.Bar(
            x=ranks,
            y=shares,
            marker={
                "color": [tint(colour, 0.8 if rank == 0 else 0.45) for rank in ranks],
                "line": {"color": colour, "width": 1},
            },
            hovertext=[
                f"{_way(rank)}: {count_text(count, 'row')}, {percent_text(share)}."
                for rank, count, share in zip(
                    ranks.tolist(), counts.tolist(), shares.tolist(), strict=True
                )
            ],
            hoverinfo="text",
        )
    )
    figure.add_vline(x=0.0, line=REFERENCE)
    figure.update_xaxes(dtick=max(steps // 6, 1))
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure


def _way(ranks: int) -> str:
    if ranks == 0:
        return "Right"
    return f"{count_text(abs(ranks), 'rank')} too {'high' if ranks > 0 else 'low'}"
