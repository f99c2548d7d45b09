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
from mtcore.charts.panels import add_panels, name_panels, panel_of
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
from mtcore.data.moments import seconds_since_1970
from mtcore.spec import Experiment, TargetEncoding

Value = float | str | None
MAX_LINES = 4
_PANEL_PX = 230
_NAMES_PX = 100  # room for the names of lines on the right
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

    Args:
        column: The input that was changed.
        values: What it was set to: numbers, or texts for classes and moments.
        responses: One a head. Of many classes the four that move most are drawn.
        current: What the row itself holds; marked where it is among the values.
        moments: Whether the values are moments in ISO form.
    """
    many = any(len(response.lines) > 1 for response in responses)
    # Beside a panel with several lines stand their names.
    columns = min(len(responses), 3 if len(responses) > 4 and not many else 2) or 1
    rows = math.ceil(len(responses) / columns)
    figure = blank_chart(
        f"What each head says as {label(column, 40)} changes",
        "All other inputs stay as they are." + _marked(values, current),
        height=100 + _PANEL_PX * max(rows, 1),
        revision=f"response {column}",
    )
    if not responses or not values:
        return say_nothing_to_show(figure, "This input has no values to go through.")
    titles = distinct_labels([response.head for response in responses], 34)
    add_panels(figure, titles, columns, between=0.28 if many else 0.11)
    if many:
        figure.layout.margin.r = _NAMES_PX
    along = value_axis(values, moments=moments)
    marked = values.index(current) if current in values else None
    for place, response in enumerate(responses):
        spot = panel_of(place, columns)
        _draw(figure, response, along, full(column), spot)
        if marked is not None:
            _mark(figure, response, along, marked, spot)
    return name_panels(figure, label(column), None, columns, len(responses))


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
