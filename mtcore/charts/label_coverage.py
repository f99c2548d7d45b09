"""Which heads have labels together, how they go together, and what each part holds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from mtcore.charts.style import (
    BAD,
    DATA,
    HEAD_COLOURS,
    MEDIUM,
    blank_chart,
    in_page_colour,
    name_axes,
    say_nothing_to_show,
    tint,
)
from mtcore.charts.text import distinct_labels, full, label
from mtcore.data.splits.coverage import Coverage, HeadCoverage
from mtcore.evaluation.wording import count_text, percent_text

_CELL_PX, _AROUND_PX = 44, 150
_MOST_WRITTEN = 16  # heads; of more the numbers are only told by hovering
_SCALE = [[0.0, tint(DATA, 0.06)], [1.0, tint(DATA, 0.75)]]
_SIGNED = [
    [0.0, tint(BAD, 0.75)], [0.5, tint(DATA, 0.04)], [1.0, tint(HEAD_COLOURS[0], 0.75)],
]  # fmt: skip
_PART_COLOURS = {"train": DATA, "validation": HEAD_COLOURS[4], "test": HEAD_COLOURS[5]}


def labelled_together(coverage: Coverage) -> go.Figure:
    """Return a chart of how many rows have the labels of two heads at once.

    Args:
        coverage: As `count_labels` gave it.
    """
    names = [head.name for head in coverage.heads]
    rows = max(sum(coverage.rows.values()), 1)
    shares = [[count / rows for count in line] for line in coverage.together]
    words = [
        [
            f"{full(a)} and {full(b)}<br>{count_text(count, 'row')} with labels of "
            f"both, {percent_text(count / rows)} of all."
            for b, count in zip(names, line, strict=True)
        ]
        for a, line in zip(names, coverage.together, strict=True)
    ]
    written = [[f"{count:,}" for count in line] for line in coverage.together]
    return _matrix(
        blank_chart(
            "Labelled together",
            "How many rows have the labels of both heads.",
            height=_height(len(names)),
            revision="together",
        ),
        names,
        go.Heatmap(z=shares, zmin=0.0, zmax=1.0, colorscale=_SCALE),
        (written, words),
    )


def targets_related(coverage: Coverage) -> go.Figure:
    """Return a chart of how far the targets of two heads go together.

    Args:
        coverage: As `count_labels` gave it.
    """
    names = [head.name for head in coverage.heads]
    kinds = [head.is_number for head in coverage.heads]
    written, words = [], []
    for place, line in enumerate(coverage.related):
        written.append(["" if math.isnan(r) else f"{r:.2f}" for r in line])
        words.append(
            [
                f"{full(names[place])} and {full(names[other])}<br>"
                f"{_measure(kinds[place], kinds[other])}: "
                f"{'cannot be said' if math.isnan(r) else f'{r:.3f}'}"
                for other, r in enumerate(line)
            ]
        )
    return _matrix(
        blank_chart(
            "Targets that go together",
            "Correlation of numbers, Cramér's V of classes, correlation ratio of both.",
            height=_height(len(names)),
            revision="related",
        ),
        names,
        go.Heatmap(
            z=[list(line) for line in coverage.related],
            zmin=-1.0,
            zmax=1.0,
            colorscale=_SIGNED,
        ),
        (written, words),
    )


def parts_of_head(head: HeadCoverage) -> go.Figure:
    """Return a chart of a head's labels by part: each part's shares side by side.

    Args:
        head: As `count_labels` gave it.
    """
    figure = blank_chart(
        label(head.name, 60),
        "What share of each part's labels is what, so that parts can be compared.",
        height=MEDIUM,
        revision=f"parts {head.name}",
    )
    if not head.names:
        return say_nothing_to_show(figure, "This head has no labels.")
    names = distinct_labels(list(head.names))
    for part, counts in head.counts.items():
        there = max(sum(counts), 1)
        figure.add_trace(
            go.Bar(
                x=names,
                y=[count / there for count in counts],
                name=part,
                marker={"color": tint(_PART_COLOURS[part], 0.8)},
                hovertext=[
                    f"{part}: {count_text(count, 'row')} {full(name)}, "
                    f"{percent_text(count / there)} of its labels."
                    for name, count in zip(head.names, counts, strict=True)
                ],
                hoverinfo="text",
            )
        )
    figure.update_layout(
        barmode="group", margin={"b": 48}, legend={"traceorder": "normal"}
    )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    figure.update_xaxes(type="category")
    counted = "Range" if head.is_number else "Class"
    return name_axes(figure, counted, "Share of the part")


def _matrix(
    figure: go.Figure,
    names: Sequence[str],
    heatmap: go.Heatmap,
    texts: tuple[list[list[str]], list[list[str]]],
) -> go.Figure:
    """Draw a square of heads with numbers on it."""
    written, words = texts
    shown = distinct_labels(list(names))
    figure.add_trace(
        heatmap.update(
            x=shown,
            y=shown,
            hovertext=words,
            hoverinfo="text",
            showscale=False,
            xgap=2,
            ygap=2,
        )
    )
    if len(names) <= _MOST_WRITTEN:
        for row, line in enumerate(written):
            for column, text in enumerate(line):
                figure.add_annotation(
                    x=column, y=row, text=in_page_colour(text), showarrow=False
                )
    figure.update_xaxes(type="category", tickangle=-30 if _long(shown) else 0)
    figure.update_yaxes(type="category", autorange="reversed")
    return name_axes(figure, "Head", "Head")


def _long(names: Sequence[str]) -> bool:
    return len(names) > 4 or any(len(name) > 12 for name in names)


def _height(heads: int) -> int:
    return _AROUND_PX + _CELL_PX * min(max(heads, 2), 20)


def _measure(*are_numbers: bool) -> str:
    if all(are_numbers):
        return "Correlation r"
    return "Correlation ratio" if any(are_numbers) else "Cramér's V"
