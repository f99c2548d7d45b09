"""Do the mistakes of different heads come together?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.style import (
    BAD,
    DATA,
    GOOD,
    MEDIUM,
    NEUTRAL,
    blank_chart,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full
from mtcore.evaluation.joint import JointReport
from mtcore.evaluation.wording import count_text

_ROW_PX, _AROUND_PX, _MOST_HEIGHT = 40, 190, 900
_NAME_LENGTH = 18
_MOST_WITH_NUMBERS = 14


def error_correlations(report: JointReport) -> go.Figure:
    """Return heads by heads: are the rows that are hard for one hard for another?

    Args:
        report: Of two or more heads.
    """
    size = len(report.heads)
    figure = blank_chart(
        "Are the same rows hard for several heads?",
        "Correlation of the heads' losses row by row. Above 0: hard together.",
        height=max(MEDIUM, min(_AROUND_PX + _ROW_PX * size, _MOST_HEIGHT)),
        revision="error correlations",
    )
    names = distinct_labels(list(report.heads), _NAME_LENGTH)
    values = np.asarray(
        [[np.nan if v is None else v for v in line] for line in report.correlations]
    )
    figure.add_trace(
        go.Heatmap(
            x=names,
            y=names,
            z=values,
            zmin=-1.0,
            zmax=1.0,
            colorscale=[
                [0.0, tint(GOOD, 0.9)],
                [0.5, tint(DATA, 0.04)],
                [1.0, tint(BAD, 0.9)],
            ],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertext=[
                [_sentence(report, row, place) for place in range(size)]
                for row in range(size)
            ],
            hoverinfo="text",
        )
    )
    if size <= _MOST_WITH_NUMBERS:
        _write_values(figure, values)
    figure.update_xaxes(type="category", side="bottom")
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return name_axes(figure, "Head", "Other head")


def wrong_at_once(report: JointReport) -> go.Figure:
    """Return rows by how many heads get them wrong, beside what chance would give.

    Args:
        report: Of two or more heads.
    """
    figure = blank_chart(
        "Rows by how many heads are wrong",
        "Bars: counted. Circles: were the heads' mistakes independent.",
        height=MEDIUM,
        revision="wrong at once",
    )
    name_axes(figure, "Heads that are wrong", "Rows")
    if not report.complete:
        return say_nothing_to_show(figure, "No row carries a label for every head.")
    heads = [str(count) for count in range(len(report.counts))]
    figure.add_trace(
        go.Bar(
            x=heads,
            y=np.asarray(report.counts),
            marker={"color": tint(DATA, 0.75), "line": {"color": DATA, "width": 1}},
            hovertext=[
                f"{count_text(count, 'row')} of {report.complete:,} are wrong<br>in "
                f"{count_text(place, 'head')}; {expected:,.0f} were mistakes "
                "independent."
                for place, (count, expected) in enumerate(
                    zip(report.counts, report.expected, strict=True)
                )
            ],
            hoverinfo="text",
            showlegend=False,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=heads,
            y=np.asarray(report.expected),
            mode="markers",
            marker={
                "symbol": "circle-open",
                "size": 12,
                "color": NEUTRAL,
                "line": {"width": 2},
            },
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.update_xaxes(type="category")
    return figure


def _sentence(report: JointReport, row: int, place: int) -> str:
    value = report.correlations[row][place]
    if row == place:
        return f"<b>{full(report.heads[row])}</b>: with itself."
    both = f"<b>{full(report.heads[row])}</b> and <b>{full(report.heads[place])}</b>"
    if value is None:
        return f"{both}: too few rows carry both labels."
    return f"{both}:<br>their losses correlate by {value:.2f}."


def _write_values(figure: go.Figure, values: np.ndarray) -> None:
    """Write each value in the page's own colour, which Plotly can't guess."""
    figure.update_layout(
        annotations=[
            {
                "x": place,
                "y": row,
                "text": in_page_colour(f"{values[row, place]:.2f}"),
                "showarrow": False,
                "font": {"size": 12},
            }
            for row in range(len(values))
            for place in range(len(values))
            if np.isfinite(values[row, place])
        ]
    )
