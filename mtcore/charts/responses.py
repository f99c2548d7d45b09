"""How every head's answer goes with one input."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.charts.panels import add_panels, panel_of
from mtcore.charts.style import (
    NEUTRAL,
    Dash,
    blank_chart,
    head_colour,
    head_symbol,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label
from mtcore.data.values.moments import seconds_since_1970
from mtcore.spec import Experiment, TargetEncoding

Value = float | str | None
MAX_LINES = 4
_PANEL_PX = 230
_NAMES_PX = 100  # room for the names of lines on the right
_COLUMNS = 2  # as many as a phone or half a page shows
_APART = 0.1  # least distance of two names, as a share of the lines' range
_DASHES: tuple[Dash, ...] = ("solid", "dash", "dot")


@dataclass(frozen=True, slots=True)
class HeadResponse:
    """One head's answers to the values of an input.

    Args:
        head: The head's name.
        position: Of the head in the experiment.
        lines: Answers `(values,)` by what they are of: a column or a class.
        chances: Whether the answers are probabilities.
    """

    head: str
    position: int
    lines: Mapping[str, FloatArray]
    chances: bool


def head_responses(
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    outputs: Mapping[str, FloatArray],
) -> tuple[HeadResponse, ...]:
    """Return what to draw for each head.

    Args:
        experiment: Its heads, in their order.
        encodings: What each head learned about its targets, by name.
        outputs: Decoded outputs `(values, width)` by name, as `whatif` gives them.
    """
    responses = []
    for position, head in enumerate(experiment.heads):
        values = outputs[head.name]
        match head.kind:
            case "regression" | "count":
                names: Sequence[str] = head.columns
            case "binary":
                names = encodings[head.name].classes[1:]
            case "multiclass" | "multilabel" | "ordinal":
                names = encodings[head.name].classes
            case "quantile":
                names = [f"{100.0 * level:g} % level" for level in head.levels]
        lines = {name: values[:, place] for place, name in enumerate(names)}
        responses.append(
            HeadResponse(head.name, position, lines, head.target_kind == "category")
        )
    return tuple(responses)


def response_curves(
    column: str,
    values: Sequence[Value],
    responses: Sequence[HeadResponse],
    current: Value = None,
    *,
    moments: bool = False,
) -> go.Figure:
    """Return a panel a head, all over the values of one input.

    Heads with one line stand side by side, those with several below, a row each.

    Args:
        column: The input that was changed.
        values: What it was set to: numbers, or texts for classes and moments.
        responses: One a head. Of many classes the four that move most are drawn.
        current: What the row itself holds; marked where it is among the values.
        moments: Whether the values are moments in ISO form.
    """
    ordered, wide = _narrow_first(responses)
    columns = min(len(responses), _COLUMNS) or 1
    rows = math.ceil((len(ordered) - wide) / columns) + wide
    figure = blank_chart(
        f"What each head says as {label(column, 40)} changes",
        "All other inputs stay as they are." + _marked(values, current),
        height=100 + _PANEL_PX * max(rows, 1),
        revision=f"response {column}",
    )
    if not responses or not values:
        return say_nothing_to_show(figure, "This input has no values to go through.")
    titles = distinct_labels([response.head for response in ordered], 34)
    add_panels(figure, titles, columns, wide=wide)
    if any(len(response.lines) > 1 for response in ordered):
        figure.layout.margin.r = _NAMES_PX
    along = value_axis(values, moments=moments)
    marked = values.index(current) if current in values else None
    narrow = len(ordered) - wide
    for place, response in enumerate(ordered):
        spot = panel_of(place, columns)
        if place >= narrow:
            spot = {"row": rows - len(ordered) + place + 1, "col": 1}
        _draw(figure, response, along, full(column), spot)
        if marked is not None:
            _mark(figure, response, along, marked, spot)
    # Once, at the very bottom, as all panels have this axis.
    words = {"text": label(column), "font": {"size": 12}, "standoff": 6}
    return figure.update_xaxes(title=words, row=rows)


def _narrow_first(
    responses: Sequence[HeadResponse],
) -> tuple[list[HeadResponse], int]:
    """Return in which order heads are drawn, and how many of the last need a row.

    Names beside several lines would lie over the axis of a panel to their right, and
    the last of an odd number of small panels would leave a hole.
    """
    narrow = [response for response in responses if len(response.lines) == 1]
    wide = [response for response in responses if len(response.lines) > 1]
    odd = len(narrow) % _COLUMNS if len(responses) > 1 else 0
    return [*narrow, *wide], len(wide) + odd


def _draw(
    figure: go.Figure,
    response: HeadResponse,
    along: NDArray[Any],
    column: str,
    spot: Mapping[str, int],
) -> None:
    classes = along.dtype == object
    colour, symbol = head_colour(response.position), head_symbol(response.position)
    drawn = _most_moving(response.lines)
    for order, name in enumerate(drawn):
        answers = response.lines[name]
        faint = 1.0 - 0.18 * order
        words = full(name) if not response.chances else f"probability of {full(name)}"
        form = "%{y:.1%}" if response.chances else "%{y:,.4~g}"
        figure.add_trace(
            go.Scatter(
                x=along,
                y=answers,
                mode="markers" if classes else "lines",
                line={
                    "color": tint(colour, faint),
                    "dash": _DASHES[order % len(_DASHES)],
                    "width": 2.5,
                },
                marker={"color": tint(colour, faint), "symbol": symbol, "size": 10},
                hovertemplate=f"With {column} at %{{x}},<br>{words} is {form}."
                "<extra></extra>",
            ),
            **spot,
        )
    if len(drawn) > 1:
        _name_lines(figure, {name: response.lines[name] for name in drawn}, spot)
    title = "Probability" if response.chances else "Value"
    if not response.chances and len(drawn) == 1:
        title = label(drawn[0], 20)
    figure.update_yaxes(
        title={"text": title, "font": {"size": 12}, "standoff": 14}, **spot
    )
    if response.chances:
        figure.update_yaxes(tickformat=".0%", rangemode="tozero", **spot)
    if classes:
        figure.update_xaxes(type="category", **spot)


def _name_lines(
    figure: go.Figure, lines: Mapping[str, FloatArray], spot: Mapping[str, int]
) -> None:
    """Write what each line is beside its end, without one name over another."""
    ends = {name: float(answers[-1]) for name, answers in lines.items()}
    values = np.concatenate(list(lines.values()))
    apart = float(np.ptp(values)) * _APART
    lowest = -math.inf
    for name in sorted(ends, key=lambda name: ends[name]):
        lowest = max(ends[name], lowest + apart)
        figure.add_annotation(
            x=1.0, y=lowest, text=label(name, 14), showarrow=False, xanchor="left",
            xshift=4, font={"size": 11}, xref="x domain", **spot,
        )  # fmt: skip


def _mark(
    figure: go.Figure,
    response: HeadResponse,
    along: NDArray[Any],
    place: int,
    spot: Mapping[str, int],
) -> None:
    lines = [response.lines[name] for name in _most_moving(response.lines)]
    figure.add_trace(
        go.Scatter(
            x=np.repeat(along[place], len(lines)),
            y=np.asarray([answers[place] for answers in lines]),
            mode="markers",
            marker={
                "symbol": "circle-open",
                "size": 15,
                "color": NEUTRAL,
                "line": {"width": 2},
            },
            hoverinfo="skip",
        ),
        **spot,
    )


def _most_moving(lines: Mapping[str, FloatArray]) -> list[str]:
    """Return the names of the few lines that move most, in their order."""
    ranges = {name: float(np.ptp(answers)) for name, answers in lines.items()}
    chosen = sorted(ranges, key=lambda name: -ranges[name])[:MAX_LINES]
    return [name for name in lines if name in chosen]


def value_axis(values: Sequence[Value], *, moments: bool) -> NDArray[Any]:
    """Return numbers, moments, or texts to be drawn as classes.

    Args:
        values: What an input is set to.
        moments: Whether the values are moments in ISO form.
    """
    if moments:
        seconds = np.asarray([seconds_since_1970(str(value)) for value in values])
        return np.round(seconds * 1e3).astype("datetime64[ms]")
    if all(isinstance(value, int | float) for value in values):
        return np.asarray(values, dtype=np.float64)
    shown = ["missing" if value is None else str(value) for value in values]
    return np.asarray(distinct_labels(shown, 16), dtype=object)


def _marked(values: Sequence[Value], current: Value) -> str:
    return " The circle marks the row as it is." if current in values else ""
