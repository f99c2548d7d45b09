"""What each head rests on: inputs by heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from mtcore.arrays import FloatArray
from mtcore.charts.style import (
    DATA,
    SHORT,
    blank_chart,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full
from mtcore.evaluation.importance import ImportanceSheet, Shuffled
from mtcore.evaluation.wording import number_text, percent_text

MOST_SHOWN = 30
_ROW_PX, _AROUND_PX = 28, 150
_MOST_CELLS_WITH_NUMBERS = 300
_NAME_LENGTH, _HEAD_LENGTH = 34, 18
_SURE = 2.0  # standard errors


def importance_sheet(sheet: ImportanceSheet, heads: Sequence[str]) -> go.Figure:
    """Return inputs by heads, the darker the more a head rests on an input.

    Each cell carries a mark that can be clicked; marks go line by line through
    `sheet.groups`, one a head.

    Args:
        sheet: As it is kept with the run.
        heads: The names of the heads, in their order.
    """
    lines = sheet.groups[:MOST_SHOWN]
    figure = blank_chart(
        "What each head rests on",
        "How much worse a head gets as an input is shuffled, in percent of the best "
        "constant prediction's loss.",
        height=max(SHORT, _AROUND_PX + _ROW_PX * len(lines)),
        revision="importance",
    )
    name_axes(figure, "Head", "Input")
    if not lines:
        return say_nothing_to_show(figure, "There is no input to shuffle.")
    names = distinct_labels([" + ".join(line.columns) for line in lines], _NAME_LENGTH)
    across = distinct_labels(list(heads), _HEAD_LENGTH)
    shares = np.asarray(
        [[_number(line.shares.get(head)) for head in heads] for line in lines]
    )
    top = np.nanmax(shares) if np.isfinite(shares).any() else 1.0
    figure.add_trace(
        go.Heatmap(
            x=across,
            y=names,
            # A head that all rests on would leave the others pale.
            z=np.sqrt(np.clip(shares, 0.0, None)),
            zmin=0.0,
            zmax=float(np.sqrt(max(top, 1e-9))),
            colorscale=[[0.0, tint(DATA, 0.03)], [1.0, tint(DATA, 0.95)]],
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
    )
    figure.add_trace(_marks(lines, heads, across, names))
    if shares.size <= _MOST_CELLS_WITH_NUMBERS:
        _write_shares(figure, shares)
    figure.update_xaxes(type="category", side="bottom")
    figure.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return figure


def _marks(
    lines: Sequence[Shuffled],
    heads: Sequence[str],
    across: Sequence[str],
    names: Sequence[str],
) -> go.Scatter:
    """Return an unseen mark a cell, which can be hovered over and clicked."""
    places = [(row, place) for row in range(len(lines)) for place in range(len(heads))]
    return go.Scatter(
        x=[across[place] for _, place in places],
        y=[names[row] for row, _ in places],
        mode="markers",
        marker={"size": 22, "symbol": "square", "opacity": 0.0},
        hovertext=[_sentence(lines[row], heads[place]) for row, place in places],
        hoverinfo="text",
        showlegend=False,
    )


def _sentence(line: Shuffled, head: str) -> str:
    share, error = line.shares.get(head), line.errors.get(head)
    names = full(" + ".join(line.columns))
    if share is None or error is None:
        return f"<b>{names}</b>: no test row carries a label of {full(head)}."
    sure = "" if abs(share) > _SURE * error else "<br>That is no more than chance."
    return (
        f"Without <b>{names}</b>, <b>{full(head)}</b> would lose<br>"
        f"{_points(share)} more, give or take {number_text(200 * error, 2)}.{sure}"
    )


def _points(share: float) -> str:
    if abs(share) < 1.0:
        return percent_text(share) if share >= 0 else f"{number_text(100 * share, 2)} %"
    return f"{number_text(100 * share, 3)} %"


def _write_shares(figure: go.Figure, shares: FloatArray) -> None:
    """Write each share in the page's own colour, which Plotly can't guess."""
    figure.update_layout(
        annotations=[
            {
                "x": column,
                "y": row,
                "text": in_page_colour(_cell(shares[row, column])),
                "showarrow": False,
                "captureevents": False,
                "font": {"size": 12},
            }
            for row in range(shares.shape[0])
            for column in range(shares.shape[1])
        ]
    )


def _cell(share: float) -> str:
    return "" if not np.isfinite(share) or share < 0.005 else f"{100 * share:.0f}"


def _number(share: float | None) -> float:
    return np.nan if share is None else share
