"""Do as many rows lie below each predicted quantile as should, and how wide is that?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.agreement import SHARES, add_agreement, add_measured
from mtcore.charts.histograms import add_histogram
from mtcore.charts.style import (
    MEDIUM,
    NEUTRAL,
    NO_ROWS,
    blank_chart,
    head_colour,
    name_axes,
    say_nothing_to_show,
    scatter_kind,
    tint,
)
from mtcore.charts.text import label
from mtcore.evaluation.reports import LevelScores, QuantileReport
from mtcore.evaluation.wording import count_text, number_text, percent_text

NO_WIDTH = "A single level has no width, or all levels are the same in every row."
_MOST_BANDS = 3
_RARE = 0.01  # of the rows at either end
_MOST_HEIGHT = 2.0  # times what the other rows and all ranges take


def fan(report: QuantileReport, position: int) -> go.Figure:
    """Return actual values over their predicted ranges, rows by their middle level.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    bottom, top = _seen(report)
    beyond = sum(not bottom <= value <= top for value in report.actual)
    outside = f" {count_text(beyond, 'row')} beyond the edges." if beyond else ""
    figure = blank_chart(
        f"{label(report.column, 40)}: predicted ranges and what was there",
        f"Rows from the lowest prediction to the highest. {_sampled(report)}{outside}",
        height=MEDIUM,
        revision=f"fan {report.head}",
    )
    name_axes(figure, "Rows, by predicted middle", label(report.column))
    if not report.actual:
        return say_nothing_to_show(figure, NO_ROWS)
    along = np.arange(len(report.actual))
    quantiles = np.asarray(report.quantiles)
    colour = head_colour(position)
    for low, high in _bands(len(quantiles)):
        words = f"{_percent(report, low)} to {_percent(report, high)} of rows"
        _add_band(figure, along, quantiles[[low, high]], colour, words)
    figure.add_trace(
        go.Scatter(
            x=along,
            y=quantiles[report.middle],
            mode="lines",
            name=f"{_percent(report, report.middle)} level",
            line={"color": colour, "width": 2},
            hoverinfo="skip",
        )
    )
    figure.add_trace(_dots(report, along, quantiles))
    figure.update_xaxes(showticklabels=False)
    if beyond:
        figure.update_yaxes(range=[bottom, top])
    return figure


def _seen(report: QuantileReport) -> tuple[float, float]:
    """Return the ends of the vertical axis.

    A few rows very far off would leave no height to the ranges: where they would take
    most of it, they are left out.
    """
    if not report.actual:
        return 0.0, 0.0
    actual, quantiles = np.asarray(report.actual), np.asarray(report.quantiles)
    usual = np.quantile(actual, [_RARE, 1.0 - _RARE])
    low = min(float(usual[0]), float(quantiles.min()))
    high = max(float(usual[1]), float(quantiles.max()))
    room = 0.05 * (high - low)
    if np.ptp(actual) <= _MOST_HEIGHT * (high - low):
        return float(actual.min()), float(actual.max())
    return low - room, high + room


def level_coverage(
    name: str, levels: Sequence[LevelScores], position: int
) -> go.Figure:
    """Return the share of rows not above each level, over the share that should be.

    Args:
        name: The head's or column's.
        levels: One entry a level.
        position: Of the head in the experiment, for its colour.
    """
    figure = blank_chart(
        f"{label(name, 40)}: do the levels hold?",
        "On the dotted line they do. Bars: 95 % intervals of what was measured.",
        height=MEDIUM,
        revision=f"levels {name}",
    )
    name_axes(figure, "Level asked for", "Rows not above it")
    if not levels:
        return say_nothing_to_show(figure, NO_ROWS)
    add_measured(
        figure,
        [entry.level for entry in levels],
        (
            [entry.low for entry in levels],
            [entry.share for entry in levels],
            [entry.high for entry in levels],
        ),
        [
            f"{percent_text(entry.share)} of the rows are not above the level "
            f"{entry.level:g}<br>({percent_text(entry.low)} to "
            f"{percent_text(entry.high)}); pinball loss "
            f"{number_text(entry.pinball)}."
            for entry in levels
        ],
        position,
    )
    add_agreement(figure)
    figure.update_xaxes(SHARES)
    figure.update_yaxes(SHARES)
    return figure


def range_widths(report: QuantileReport, position: int) -> go.Figure:
    """Return how wide the predicted ranges are, in how many rows.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    figure = blank_chart(
        f"{label(report.head, 40)}: how wide the ranges are",
        "Narrower is better, as long as the levels hold. Mean width "
        f"{number_text(report.metrics.get('width'))}.",
        height=MEDIUM,
        revision=f"widths {report.head}",
    )
    name_axes(figure, "Highest minus lowest level", "Rows")
    counted = report.widths
    if not counted.counts:
        return say_nothing_to_show(figure, NO_WIDTH if report.labelled else NO_ROWS)
    add_histogram(
        figure,
        counted,
        position,
        "%{y:,} rows have a range %{customdata[0]:.3g} to %{customdata[1]:.3g} wide."
        "<extra></extra>",
    )
    return figure


def _bands(levels: int) -> list[tuple[int, int]]:
    """Return pairs of levels to draw bands between, the outermost first."""
    pairs = [(place, levels - 1 - place) for place in range(levels // 2)]
    if len(pairs) <= _MOST_BANDS:
        return pairs
    chosen = np.linspace(0, len(pairs) - 1, _MOST_BANDS).round().astype(int)
    return [pairs[place] for place in chosen]


def _add_band(
    figure: go.Figure,
    along: np.ndarray,
    ends: np.ndarray,
    colour: str,
    words: str,
) -> None:
    edge = {"color": tint(colour, 0.35), "width": 0.5}
    figure.add_trace(
        go.Scatter(
            x=along, y=ends[0], mode="lines", line=edge, hoverinfo="skip",
            showlegend=False,
        )
    )  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=along, y=ends[1], mode="lines", line=edge, hoverinfo="skip", name=words,
            fill="tonexty", fillcolor=tint(colour, 0.18),
        )
    )  # fmt: skip


def _dots(
    report: QuantileReport, along: np.ndarray, quantiles: np.ndarray
) -> go.Scatter | go.Scattergl:
    many = len(along) > 500
    held = [np.asarray(report.rows_shown), quantiles[0], quantiles[-1]]
    return scatter_kind(len(along))(
        x=along,
        y=np.asarray(report.actual),
        mode="markers",
        name="actual",
        marker={
            "color": NEUTRAL,
            "size": 4 if many else 6,
            "opacity": 0.6 if many else 0.8,
        },
        customdata=np.stack(held, axis=1),
        hovertemplate="Row %{customdata[0]:d} holds %{y:,.5~g}.<br>"
        "Lowest level %{customdata[1]:,.5~g}, highest %{customdata[2]:,.5~g}."
        "<extra></extra>",
    )


def _percent(report: QuantileReport, place: int) -> str:
    return f"{100.0 * report.levels[place].level:g} %"


def _sampled(report: QuantileReport) -> str:
    if len(report.actual) < report.labelled:
        return f"A sample of {len(report.actual):,} of {report.labelled:,} rows."
    return f"{count_text(report.labelled, 'row')}."
