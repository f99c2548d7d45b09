"""Several small charts of one look in one figure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

_GAP_PX = 62  # room for the ticks of one panel and the title of the next
_TITLE_PX = 22
# Room between columns, as a share of the width; axes of their own have ticks there.
_SHARED_AXIS, _OWN_AXES = 0.05, 0.16


def add_panels(
    figure: go.Figure,
    titles: Sequence[str],
    columns: int,
    *,
    share_y: bool = False,
    wide: int = 0,
) -> go.Figure:
    """Divide an empty figure into panels, row by row, and return it.

    Args:
        figure: Of a fixed height, without traces.
        titles: One a panel, already escaped.
        columns: Panels side by side.
        share_y: Whether all panels have the same vertical axis.
        wide: How many of the last panels have a row each, across all columns.
    """
    narrow = len(titles) - wide
    rows = math.ceil(narrow / columns) + wide
    figure.layout.margin.t += _TITLE_PX
    inside = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    figure.set_subplots(
        rows=rows,
        cols=columns,
        specs=[_row_of_panels(row, narrow, columns) for row in range(rows)],
        subplot_titles=list(titles),
        shared_yaxes="all" if share_y else False,
        vertical_spacing=min(_GAP_PX / inside, 0.9 / max(rows - 1, 1)),
        horizontal_spacing=_SHARED_AXIS if share_y else _OWN_AXES,
    )
    figure.update_annotations(font={"size": 12}, xanchor="center")
    figure.update_layout(showlegend=False)
    return figure


def _row_of_panels(row: int, narrow: int, columns: int) -> list[dict[str, int] | None]:
    """Return what `set_subplots` makes of a row: a panel a cell, or one across all."""
    if row * columns >= narrow:
        return [{"colspan": columns}, *[None] * (columns - 1)]
    return [{} if row * columns + place < narrow else None for place in range(columns)]


def panel_of(position: int, columns: int) -> dict[str, int]:
    """Return the place of a panel as `add_trace` takes it.

    Examples:
        >>> panel_of(5, 4)
        {'row': 2, 'col': 2}
    """
    return {"row": position // columns + 1, "col": position % columns + 1}


def name_panels(
    figure: go.Figure, x: str, y: str | None, columns: int, panels: int
) -> go.Figure:
    """Give the lowest panels a title below and the first ones a title on the left.

    Args:
        figure: With panels.
        x: Below, already escaped.
        y: On the left, already escaped; None leaves the panels' own.
        columns: Panels side by side.
        panels: How many there are.
    """
    for place in range(columns):
        lowest = (panels - 1 - place) // columns
        if lowest >= 0:
            figure.update_xaxes(
                title={"text": x, "font": {"size": 12}, "standoff": 6},
                row=lowest + 1,
                col=place + 1,
            )
    if y is None:
        return figure
    for row in range(math.ceil(panels / columns)):
        figure.update_yaxes(
            title={"text": y, "font": {"size": 12}, "standoff": 14}, row=row + 1, col=1
        )
    return figure
