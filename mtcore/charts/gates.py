"""How much each head listens to each expert."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.style import DATA, blank_chart, in_page_colour, name_axes, tint
from mtcore.charts.text import distinct_labels, full
from mtcore.evaluation.wording import percent_text
from mtcore.spec.gates import GateReading, GateReport

_ROW_PX, _AROUND_PX = 34, 150
_MOST_HEIGHT = 900
_MOST_CELLS_WITH_NUMBERS = 240
_NAME_LENGTH = 22


def gate_weights(report: GateReport, level: int, network: int = 1) -> go.Figure:
    """Return a table of heads by experts, the darker the more an expert weighs.

    Args:
        report: What the gates weigh.
        level: Of the experts, counted from 1.
        network: Of those that are averaged, counted from 1.
    """
    readings = report.level(level, network)
    levels, networks = len(report.levels), len(report.networks)
    title = "What each head listens to"
    if levels > 1:
        title += f", level {level} of {levels}"
    if networks > 1:
        title += f", network {network} of {networks}"
    figure = blank_chart(
        title,
        "Mean weight of each expert in a head's mixture; each row adds up to 100 %.",
        height=min(_AROUND_PX + _ROW_PX * len(readings), _MOST_HEIGHT),
        revision=f"gates {level} {network}",
    )
    names = distinct_labels([one.head for one in readings], _NAME_LENGTH)
    means = np.asarray([one.means for one in readings])
    figure.add_trace(
        go.Heatmap(
            x=list(report.experts),
            y=names,
            z=means,
            zmin=0.0,
            zmax=1.0,
            colorscale=[[0.0, tint(DATA, 0.04)], [1.0, tint(DATA, 0.95)]],
            showscale=False,
            xgap=2,
            ygap=2,
            hovertext=[_sentences(one, report.experts) for one in readings],
            hoverinfo="text",
        )
    )
    if means.size <= _MOST_CELLS_WITH_NUMBERS:
        _write_weights(figure, means)
    figure.update_xaxes(type="category", side="bottom")
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return name_axes(figure, "Expert", "Head")


def _sentences(reading: GateReading, experts: Sequence[str]) -> list[str]:
    return [
        f"<b>{full(reading.head)}</b> takes {percent_text(mean)} of its mixture from "
        f"{expert},<br>give or take {percent_text(deviation)} from row to row."
        for expert, mean, deviation in zip(
            experts, reading.means, reading.deviations, strict=True
        )
    ]


def _write_weights(figure: go.Figure, means: np.ndarray) -> None:
    """Write each weight in the page's own colour, which Plotly can't guess."""
    figure.update_layout(
        annotations=[
            {
                "x": column,
                "y": row,
                "text": in_page_colour(percent_text(float(means[row, column]))),
                "showarrow": False,
                "font": {"size": 12},
            }
            for row in range(means.shape[0])
            for column in range(means.shape[1])
        ]
    )
