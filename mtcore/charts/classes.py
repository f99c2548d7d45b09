"""Which classes are taken for which, and how well each is recognised."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mtcore.charts.style import (
    NO_ROWS,
    SHORT,
    blank_chart,
    head_colour,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label
from mtcore.evaluation.reports import (
    BinaryReport,
    ClassScores,
    LabelScores,
    MulticlassReport,
    MultilabelReport,
    OrdinalReport,
)
from mtcore.evaluation.wording import count_text, percent_text

MAX_LINES = 40
MAX_NUMBERED = 12  # classes whose counts still fit into their cells
_NAME_LENGTH = 18


def confusion(
    report: MulticlassReport | OrdinalReport | BinaryReport,
    position: int,
    threshold: float = 0.5,
) -> go.Figure:
    """Return actual against predicted classes, coloured by the share of the actual.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
        threshold: For two classes: from which probability on a row is positive.
    """
    match report:
        case MulticlassReport() | OrdinalReport():
            names: Sequence[str] = report.confusion.classes
            counts = np.asarray(report.confusion.counts, dtype=np.int64)
            together = report.confusion.together
        case BinaryReport():
            names, together = report.classes, 0
            counts = _at_threshold(report, threshold)
    size = len(names) if counts.size else 0
    figure = blank_chart(
        f"{label(report.head, 40)}: what is taken for what",
        "Each row adds up to 100 %; what is right lies on the diagonal."
        + (f" The last class stands for {together}." if together else ""),
        height=SHORT + int(np.clip(size, 3, 30)) * 24,
        revision=f"confusion {report.head}",
    )
    name_axes(figure, "Predicted", "Actual")
    if not size or not counts.sum():
        return say_nothing_to_show(figure, NO_ROWS)
    figure.add_trace(_heatmap(names, counts, head_colour(position)))
    if size <= MAX_NUMBERED:
        _write_counts(figure, counts)
    figure.update_yaxes(autorange="reversed", showgrid=False, type="category", ticks="")
    figure.update_xaxes(type="category", ticks="", autotickangles=[0, -40, -90])
    return figure


def per_class(
    report: MulticlassReport | OrdinalReport | MultilabelReport, position: int
) -> go.Figure:
    """Return precision, recall and F1 of each class or label, the worst on top.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    match report:
        case MulticlassReport() | OrdinalReport():
            entries: Sequence[ClassScores | LabelScores] = report.per_class
            noun = "class"
        case MultilabelReport():
            entries, noun = report.labels, "label"
    ranked = sorted(entries, key=lambda e: (e.f1 is None, e.f1 or 0.0))
    shown = [entry for entry in ranked if entry.f1 is not None][:MAX_LINES]
    left_out = len(entries) - len(shown)
    figure = blank_chart(
        f"{label(report.head, 40)}: {noun} by {noun}",
        "The worst on top, number of rows in brackets."
        + (f" {count_text(left_out, noun)} not shown." if left_out else ""),
        height=165 + 26 * max(min(len(entries), MAX_LINES), 3),
        revision=f"per class {report.head}",
    )
    name_axes(figure, "Share", noun.capitalize())
    if not shown or not report.labelled:
        return say_nothing_to_show(figure, NO_ROWS)
    _add_lines(figure, shown, position)
    figure.update_xaxes(range=[-0.02, 1.02], tickformat=".0%", showgrid=True)
    figure.update_yaxes(range=[len(shown) - 0.5, -0.5], type="category", dtick=1)
    return figure


def _at_threshold(report: BinaryReport, threshold: float) -> NDArray[np.int64]:
    table = report.thresholds
    if not table.threshold:
        return np.zeros((0, 0), dtype=np.int64)
    place = int(np.argmin(np.abs(np.asarray(table.threshold) - threshold)))
    return np.asarray(
        [
            [table.true_negative[place], table.false_positive[place]],
            [table.false_negative[place], table.true_positive[place]],
        ],
        dtype=np.int64,
    )


def _heatmap(
    names: Sequence[str], counts: NDArray[np.int64], colour: str
) -> go.Heatmap:
    actual = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(actual, 1)
    labels = distinct_labels(names, _NAME_LENGTH)
    words = [
        [
            f"{counts[row, column]:,} of {actual[row, 0]:,} rows that are really "
            f"{full(names[row])}<br>were called {full(names[column])}: "
            f"{percent_text(shares[row, column])}."
            for column in range(len(names))
        ]
        for row in range(len(names))
    ]
    return go.Heatmap(
        x=labels,
        y=labels,
        z=shares,
        zmin=0.0,
        zmax=1.0,
        colorscale=[[0.0, tint(colour, 0.03)], [1.0, tint(colour, 0.6)]],
        showscale=False,
        xgap=2,
        ygap=2,
        hovertext=words,
        hoverinfo="text",
    )


def _write_counts(figure: go.Figure, counts: NDArray[np.int64]) -> None:
    """Write each cell's count in the page's own colour, which Plotly can't guess."""
    figure.update_layout(
        annotations=[
            {
                "x": column,
                "y": row,
                "text": in_page_colour(f"{count:,}"),
                "showarrow": False,
            }
            for (row, column), count in np.ndenumerate(counts)
        ]
    )


def _add_lines(
    figure: go.Figure, shown: Sequence[ClassScores | LabelScores], position: int
) -> None:
    names = distinct_labels([f"{entry.name}" for entry in shown], 24)
    places = [
        f"{name} ({entry.support:,})" for name, entry in zip(names, shown, strict=True)
    ]
    colour = head_colour(position)
    figure.update_layout(
        shapes=[
            {
                "type": "line",
                "x0": entry.precision,
                "x1": entry.recall,
                "y0": place,
                "y1": place,
                "line": {"color": tint(colour, 0.5), "width": 2},
                "layer": "below",
            }
            for place, entry in zip(places, shown, strict=True)
            if entry.precision is not None and entry.recall is not None
        ]
    )
    marks = (
        ("Precision", "triangle-right", [entry.precision for entry in shown]),
        ("Recall", "triangle-left", [entry.recall for entry in shown]),
        ("F1", "circle", [entry.f1 for entry in shown]),
    )
    for name, symbol, values in marks:
        figure.add_trace(
            go.Scatter(
                x=np.asarray(values, dtype=np.float64),
                y=places,
                mode="markers",
                name=name,
                marker={"color": colour, "symbol": symbol, "size": 10},
                hovertext=[
                    _sentence(name, value, entry)
                    for value, entry in zip(values, shown, strict=True)
                ],
                hoverinfo="text",
            )
        )


def _sentence(name: str, value: float | None, entry: ClassScores | LabelScores) -> str:
    shown = percent_text(value)
    match name:
        case "Precision":
            return f"Of the rows called {full(entry.name)}, {shown} are."
        case "Recall":
            return f"Of the rows that are {full(entry.name)}, {shown} are found."
        case _:
            return f"{full(entry.name)}: F1 is {shown}."
