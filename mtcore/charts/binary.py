"""How well a head tells two classes apart, threshold by threshold."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go

from mtcore.arrays import FloatArray
from mtcore.charts.style import (
    MEDIUM,
    NEUTRAL,
    NO_ROWS,
    REFERENCE,
    blank_chart,
    head_colour,
    head_symbol,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import full, label
from mtcore.evaluation.reports import BinaryReport, Curve
from mtcore.evaluation.wording import number_text, percent_text

ONE_CLASS = "The labelled rows hold one class only, so there is nothing to rank."
_SHARE_AXIS = {"range": [-0.02, 1.02], "tickformat": ".0%", "dtick": 0.25}


def roc(report: BinaryReport, position: int) -> go.Figure:
    """Return true positive over false positive rate, with the threshold 0.5 marked.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    area = report.metrics.get("auc")
    figure = blank_chart(
        f"{label(report.head, 40)}: ROC",
        f"Area {number_text(area)}; guessing is 0.5, the dotted line. Marked: the "
        "threshold 0.5.",
        height=MEDIUM,
        revision=f"roc {report.head}",
    )
    name_axes(figure, "Negative rows wrongly called positive", "Positive rows found")
    curve = report.roc
    if not curve.x:
        return say_nothing_to_show(figure, ONE_CLASS if report.labelled else NO_ROWS)
    words = [
        f"{_from(threshold)}:<br>{percent_text(found)} of the positive rows are found, "
        f"and {percent_text(wrong)} of the negative ones called positive."
        for wrong, found, threshold in zip(
            curve.x, curve.y, curve.thresholds, strict=True
        )
    ]
    _add_curve(figure, curve, position, words)
    figure.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line=REFERENCE)
    figure.update_xaxes(_SHARE_AXIS)
    figure.update_yaxes(_SHARE_AXIS)
    return figure


def precision_recall(report: BinaryReport, position: int) -> go.Figure:
    """Return precision over recall, with the threshold 0.5 marked.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    share = report.positives / report.labelled if report.labelled else None
    average = report.metrics.get("average_precision")
    figure = blank_chart(
        f"{label(report.head, 40)}: precision and recall",
        f"Average precision {number_text(average)}; guessing is {number_text(share)}, "
        "the dotted line. Marked: the threshold 0.5.",
        height=MEDIUM,
        revision=f"precision recall {report.head}",
    )
    name_axes(figure, "Recall: positive rows found", "Precision: right when positive")
    curve = report.precision_recall
    if not curve.x or share is None:
        return say_nothing_to_show(figure, ONE_CLASS if report.labelled else NO_ROWS)
    words = [
        f"{_from(threshold)}:<br>{percent_text(recall)} of the positive rows are "
        f"found, and {percent_text(precision)} of those called positive are."
        for recall, precision, threshold in zip(
            curve.x, curve.y, curve.thresholds, strict=True
        )
    ]
    _add_curve(figure, curve, position, words)
    figure.add_hline(y=share, line=REFERENCE)
    figure.update_xaxes(_SHARE_AXIS)
    figure.update_yaxes(_SHARE_AXIS)
    return figure


def threshold(report: BinaryReport, position: int, chosen: float = 0.5) -> go.Figure:
    """Return precision, recall, F1 and accuracy over the threshold.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
        chosen: A threshold to mark, 0 to 1.
    """
    figure = blank_chart(
        f"{label(report.head, 40)}: where to draw the line",
        f"A row is called {label(report.classes[1])} from the threshold on. Marked: "
        f"{chosen:.2f}.",
        height=MEDIUM,
        revision=f"threshold {report.head}",
    )
    name_axes(figure, "Threshold", "Share")
    table = report.thresholds
    if not table.threshold:
        return say_nothing_to_show(figure, NO_ROWS)
    spared, false = np.asarray(table.true_negative), np.asarray(table.false_positive)
    missed, true = np.asarray(table.false_negative), np.asarray(table.true_positive)
    lines = {
        "Precision": ("solid", _divided(true, true + false)),
        "Recall": ("dash", _divided(true, true + missed)),
        "F1": ("dot", _divided(2 * true, 2 * true + false + missed)),
        "Accuracy": ("longdashdot", (true + spared) / max(report.labelled, 1)),
    }
    for name, (dash, values) in lines.items():
        figure.add_trace(
            go.Scatter(
                x=np.asarray(table.threshold),
                y=values,
                name=name,
                mode="lines",
                line={
                    "color": NEUTRAL if name == "Accuracy" else head_colour(position),
                    "dash": dash,
                    "width": 2,
                },
                hovertemplate=f"With a threshold of %{{x:.2f}}, {name.lower()} is "
                "%{y:.1%}.<extra></extra>",
            )
        )
    figure.add_vline(x=chosen, line={"color": NEUTRAL, "width": 1})
    figure.update_xaxes(range=[0, 1], dtick=0.25)
    figure.update_yaxes(_SHARE_AXIS)
    return figure


def score_histogram(report: BinaryReport, position: int) -> go.Figure:
    """Return the probabilities that positive and negative rows were given.

    Args:
        report: Of the head.
        position: Of the head in the experiment, for its colour.
    """
    negative, positive = report.classes
    figure = blank_chart(
        f"{label(report.head, 40)}: probabilities given",
        "Each class adds up to 100 %; the less they overlap, the better.",
        height=MEDIUM,
        revision=f"scores {report.head}",
    )
    name_axes(figure, f"Probability of {label(positive)}", "Share of the class's rows")
    counted = report.histogram
    if not counted.edges:
        return say_nothing_to_show(figure, NO_ROWS)
    edges = np.asarray(counted.edges)
    groups = (
        (negative, np.asarray(counted.negative), tint(NEUTRAL, 0.45), NEUTRAL, "/"),
        (positive, np.asarray(counted.positive), tint(head_colour(position), 0.6),
         head_colour(position), ""),
    )  # fmt: skip
    for name, counts, fill, edge, pattern in groups:
        figure.add_trace(
            go.Bar(
                x=(edges[:-1] + edges[1:]) / 2.0,
                y=counts / max(counts.sum(), 1),
                width=np.diff(edges),
                name=f"really {label(name)}",
                marker={
                    "color": fill,
                    "line": {"color": edge, "width": 1},
                    "pattern": {"shape": pattern, "size": 5},
                },
                customdata=counts,
                hovertemplate=f"%{{customdata:,}} rows that are really {full(name)} "
                "were given about %{x:.0%}.<extra></extra>",
            )
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(range=[0, 1], dtick=0.25)
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure


def _add_curve(
    figure: go.Figure, curve: Curve, position: int, words: Iterable[str]
) -> None:
    colour = head_colour(position)
    figure.add_trace(
        go.Scatter(
            x=np.asarray(curve.x),
            y=np.asarray(curve.y),
            mode="lines",
            line={"color": colour, "width": 2.5},
            hovertext=list(words),
            hoverinfo="text",
            showlegend=False,
        )
    )
    known = [
        (abs(value - 0.5), place)
        for place, value in enumerate(curve.thresholds)
        if value is not None
    ]
    if known:
        _, place = min(known)
        figure.add_trace(
            go.Scatter(
                x=[curve.x[place]],
                y=[curve.y[place]],
                mode="markers",
                marker={
                    "color": colour,
                    "symbol": head_symbol(position),
                    "size": 11,
                },
                hoverinfo="skip",
                showlegend=False,
            )
        )


def _from(threshold: float | None) -> str:
    if threshold is None:
        return "Calling no row positive"
    return f"Calling rows positive from a probability of {threshold:.2f} on"


def _divided(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return shares, NaN where there is nothing to divide by."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
