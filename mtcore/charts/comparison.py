"""Heads beside what simpler models reach, and how the loss is shared out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from mtcore.charts.style import (
    NEUTRAL,
    REFERENCE,
    blank_chart,
    head_colour,
    head_symbol,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label
from mtcore.evaluation.metrics import Metric
from mtcore.evaluation.wording import number_text, percent_text

_LEAST_WRITTEN = 0.06
LOWEST_SKILL = -0.5  # further left every point stands at the edge


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of one head beside its baselines, over the same rows.

    Args:
        head: The head's name.
        position: Of the head in the experiment.
        metric: Which metric.
        model: The network's value; None where it cannot be computed.
        constant: The best constant prediction's.
        boosted: Gradient-boosted trees'; None while they are not known.
    """

    head: str
    position: int
    metric: Metric
    model: float | None
    constant: float | None
    boosted: float | None = None


def metric_comparison(comparisons: Sequence[Comparison]) -> go.Figure:
    """Return each head's way from the constant answer to a perfect one.

    Args:
        comparisons: A line each, in this order from above.
    """
    figure = blank_chart(
        "Each head beside its baselines",
        "0 %: no better than a constant answer. 100 %: perfect. Open diamonds: "
        "gradient-boosted trees.",
        height=150 + 34 * max(len(comparisons), 2),
        revision="metric_comparison",
    )
    name_axes(figure, "Share of the constant answer's error removed", "")
    drawn = [
        entry
        for entry in comparisons
        if entry.metric.skill(entry.model, entry.constant) is not None
    ]
    if not drawn:
        return say_nothing_to_show(figure, "No metric of any head could be computed.")
    heads = distinct_labels([entry.head for entry in drawn], 22)
    names = [
        f"{head} · {entry.metric.name}"
        for head, entry in zip(heads, drawn, strict=True)
    ]
    for place, entry in zip(names, drawn, strict=True):
        _add_entry(figure, place, entry)
    figure.add_vline(x=0.0, line=REFERENCE)
    figure.update_xaxes(
        range=[min(-0.04, *_lefts(drawn)), 1.04], tickformat=".0%", showgrid=True
    )
    figure.update_yaxes(
        type="category", categoryarray=names, range=[len(names) - 0.5, -0.5], dtick=1,
        showgrid=False,
    )  # fmt: skip
    figure.update_layout(showlegend=False)
    return figure


def loss_shares(
    weights: Mapping[str, float], losses: Mapping[str, float] | None = None
) -> go.Figure:
    """Return how the total loss is shared out between the heads.

    Args:
        weights: Each head's weight, 0 or more, by its name in the experiment's order.
        losses: Each head's normalised loss, 1 = the constant answer; then a second bar
            shows what weight times loss really adds to the total.
    """
    figure = blank_chart(
        "Who steers the shared layers",
        "Each bar adds up to 100 %.",
        height=190 if losses is None else 230,
        revision="loss_shares",
    )
    name_axes(figure, "Share", "")
    bars: dict[str, Mapping[str, float]] = {"weight": weights}
    if losses is not None:
        bars["weight x loss"] = {
            name: weight * losses.get(name, 0.0) for name, weight in weights.items()
        }
    if not any(sum(shares.values()) > 0.0 for shares in bars.values()):
        return say_nothing_to_show(figure, "No head has a weight above 0.")
    labels = distinct_labels(list(weights))
    starts = [0.0] * len(bars)
    for position, (head, name) in enumerate(zip(weights, labels, strict=True)):
        shares = [part[head] / (sum(part.values()) or 1.0) for part in bars.values()]
        _write_shares(figure, list(bars), shares, starts)
        starts = [start + share for start, share in zip(starts, shares, strict=True)]
        colour = head_colour(position)
        figure.add_trace(
            go.Bar(
                x=shares,
                y=list(bars),
                orientation="h",
                name=name,
                marker={"color": tint(colour, 0.6), "line": {"color": colour}},
                hovertext=[
                    f"{full(head)} has {percent_text(share)} of the {bar}."
                    for bar, share in zip(bars, shares, strict=True)
                ],
                hoverinfo="text",
            )
        )
    figure.update_layout(barmode="stack", bargap=0.35)
    figure.update_layout(legend={"traceorder": "normal"})
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _write_shares(
    figure: go.Figure, bars: list[str], shares: list[float], starts: list[float]
) -> None:
    """Write each share in the page's own colour, where it has room."""
    for bar, share, start in zip(bars, shares, starts, strict=True):
        if share >= _LEAST_WRITTEN:
            words = in_page_colour(percent_text(share))
            figure.add_annotation(
                x=start + share / 2, y=bar, text=words, showarrow=False
            )


def _add_entry(figure: go.Figure, place: str, entry: Comparison) -> None:
    ours = entry.metric.skill(entry.model, entry.constant)
    trees = entry.metric.skill(entry.boosted, entry.constant)
    if ours is None:
        return
    colour = head_colour(entry.position)
    what = f"{full(entry.head)}: {label(entry.metric.label, 40).lower()}"
    figure.add_shape(
        type="line", x0=0.0, x1=_seen(ours), y0=place, y1=place, layer="below",
        line={"color": tint(colour, 0.45), "width": 4},
    )  # fmt: skip
    beside = f"a constant answer's is {number_text(entry.constant)}"
    figure.add_trace(
        go.Scatter(
            x=[_seen(ours)],
            y=[place],
            mode="markers+text",
            marker={"color": colour, "symbol": head_symbol(entry.position), "size": 13},
            text=[f"  {number_text(entry.model)}"],
            textposition="top center",
            hovertext=f"{what} is {number_text(entry.model)};<br>{beside}.",
            hoverinfo="text",
        )
    )
    if trees is None:
        return
    figure.add_trace(
        go.Scatter(
            x=[_seen(trees)],
            y=[place],
            mode="markers",
            marker={
                "color": NEUTRAL,
                "symbol": "diamond-open",
                "size": 11,
                "line": {"width": 2},
            },
            hovertext=f"{what} of gradient-boosted trees is "
            f"{number_text(entry.boosted)};<br>{beside}.",
            hoverinfo="text",
        )
    )


def _seen(skill: float) -> float:
    return max(skill, LOWEST_SKILL)


def _lefts(drawn: Sequence[Comparison]) -> list[float]:
    skills = [
        entry.metric.skill(value, entry.constant)
        for entry in drawn
        for value in (entry.model, entry.boosted)
    ]
    return [_seen(skill) - 0.04 for skill in skills if skill is not None]
