"""Each head's error with the others beside its error alone, on one scale for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.style import (
    NEUTRAL,
    REFERENCE,
    blank_chart,
    head_colour,
    head_symbol,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full
from mtcore.evaluation.wording import count_text, number_text

NOTHING_YET = "The first head's twins are still being trained."
WIDEST = 1.0  # errors further away are drawn at the edge
_LEAST_WIDTH = 0.05


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """One head with the others and alone.

    Args:
        head: The head's name.
        position: Of the head in the experiment.
        error: What its error is called.
        together: Its error in each network that all heads share, one at least.
        alone: Its error in each twin, one at least; their mean is above 0.
        interval: Both ends of the interval of the change of the mean error, as shares
            of the mean error alone; None where there is none.
    """

    head: str
    position: int
    error: str
    together: tuple[float, ...]
    alone: tuple[float, ...]
    interval: tuple[float, float] | None


def sharing_dumbbells(heads: Sequence[Dumbbell]) -> go.Figure:
    """Return a line a head from its error alone to that with the others.

    Args:
        heads: In this order from above.
    """
    figure = blank_chart(
        "Each head with the others, beside itself alone",
        "Left of 0: sharing lowers the error. Bars: 95 % intervals over seeds; small "
        "marks: single networks.",
        height=160 + 44 * max(len(heads), 2),
        revision="sharing_dumbbells",
    )
    name_axes(figure, "Change of the error by sharing", "")
    if not heads:
        return say_nothing_to_show(figure, NOTHING_YET)
    names = distinct_labels([entry.head for entry in heads], 22)
    for name, entry in zip(names, heads, strict=True):
        _add_head(figure, name, entry)
    figure.add_vline(x=0.0, line=REFERENCE)
    reach = max(_LEAST_WIDTH, *(_reach(entry) for entry in heads)) * 1.08
    figure.update_xaxes(range=[-reach, reach], tickformat="+.0%", showgrid=True)
    figure.update_yaxes(
        type="category", categoryarray=names, range=[len(names) - 0.5, -0.5], dtick=1,
        showgrid=False,
    )  # fmt: skip
    return figure.update_layout(showlegend=False)


def changes_of(entry: Dumbbell) -> tuple[list[float], list[float]]:
    """Return the single networks' errors as changes from the mean error alone.

    Examples:
        >>> changes_of(Dumbbell("y", 0, "RMSE", (1.0, 2.0), (1.0, 3.0), None))
        ([-0.5, 0.0], [-0.5, 0.5])
    """
    mean = float(np.mean(entry.alone))
    together = [float(error) / mean - 1.0 for error in entry.together]
    alone = [float(error) / mean - 1.0 for error in entry.alone]
    return together, alone


def _add_head(figure: go.Figure, place: str, entry: Dumbbell) -> None:
    colour = head_colour(entry.position)
    together, alone = changes_of(entry)
    change = float(np.mean(together))
    figure.add_shape(
        type="line", x0=0.0, x1=_seen(change), y0=place, y1=place, layer="below",
        line={"color": tint(colour, 0.45), "width": 4},
    )  # fmt: skip
    for changes, ours in ((alone, False), (together, True)):
        figure.add_trace(
            go.Scatter(
                x=[_seen(value) for value in changes],
                y=[place] * len(changes),
                mode="markers",
                marker={
                    "color": tint(colour, 0.8) if ours else NEUTRAL,
                    "symbol": "line-ns-open",
                    "size": 12,
                    "line": {"width": 1.5},
                },
                hovertext=_single_words(entry, ours=ours),
                hoverinfo="text",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=[0.0],
            y=[place],
            mode="markers",
            marker={
                "color": NEUTRAL,
                "symbol": "circle-open",
                "size": 13,
                "line": {"width": 2},
            },
            hovertext=_mean_words(entry, ours=False),
            hoverinfo="text",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[_seen(change)],
            y=[place],
            mode="markers",
            marker={"color": colour, "symbol": head_symbol(entry.position), "size": 13},
            error_x=_bar(change, entry.interval, colour),
            hovertext=_mean_words(entry, ours=True),
            hoverinfo="text",
        )
    )


def _bar(
    change: float, interval: tuple[float, float] | None, colour: str
) -> dict[str, object]:
    if interval is None:
        return {"visible": False}
    low, high = interval
    return {
        "type": "data",
        "symmetric": False,
        "array": [_seen(high) - _seen(change)],
        "arrayminus": [_seen(change) - _seen(low)],
        "color": colour,
        "thickness": 2,
        "width": 6,
    }


def _single_words(entry: Dumbbell, *, ours: bool) -> list[str]:
    group = "with the others" if ours else "alone"
    errors = entry.together if ours else entry.alone
    return [
        f"{full(entry.head)} {group}, seed {seed}:<br>"
        f"{full(entry.error)} {number_text(error)}."
        for seed, error in enumerate(errors, start=1)
    ]


def _mean_words(entry: Dumbbell, *, ours: bool) -> str:
    group = "with the others" if ours else "alone"
    errors = entry.together if ours else entry.alone
    return (
        f"{full(entry.head)} {group}, mean of {count_text(len(errors), 'seed')}:<br>"
        f"{full(entry.error)} {number_text(float(np.mean(errors)))}."
    )


def _reach(entry: Dumbbell) -> float:
    together, alone = changes_of(entry)
    values = [*together, *alone, *(entry.interval or ())]
    return max(abs(_seen(value)) for value in values)


def _seen(change: float) -> float:
    return min(max(change, -WIDEST), WIDEST)
