"""The branched model as it is built, drawn from left to right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from mtcore.charts.graph_edges import colour_of, edges_of
from mtcore.charts.graph_layout import Box, Layout, lay_out
from mtcore.charts.graph_nodes import Node, summarise
from mtcore.charts.style import (
    HEAD_SYMBOLS,
    NEUTRAL,
    blank_chart,
    head_symbol,
    in_page_colour,
    say_nothing_to_show,
    tint,
)
from mtcore.evaluation.wording import count_text
from mtcore.spec.description import Description

_ROW_PX, _TIGHT_ROW_PX = 64, 46
_MANY_ROWS = 6  # more leave a box two lines
_LEAST_ROWS = 3.2
_NARROW, _NARROWEST = 6.5, 9.2
_CROWDED, _FEW_LETTERS = 10.4, 13
_SIGNS = dict(zip(HEAD_SYMBOLS, "●■◆▲✚★▼⬢", strict=True))


def model_graph(description: Description, head_names: Sequence[str]) -> go.Figure:
    """Return a drawing of the model with the parameter count of every layer.

    Args:
        description: As the engine gives it.
        head_names: In the experiment's order, which decides their colours.
    """
    inputs = sum(layer.kind == "Input" for layer in description.layers)
    nodes = summarise(description)
    size = count_text(description.parameters, "parameter")
    if description.networks > 1:
        size = f"the mean of {description.networks} networks of {size} each"
    figure = blank_chart(
        f"The model: {size}",
        f"{count_text(inputs, 'input')} on the left, "
        f"{count_text(len(head_names), 'head')} on the right, one colour a head. "
        "The number in a box: its parameters."
        + (" Trees, blended in later, are not drawn." if description.trees else ""),
        revision="model_graph",
    )
    figure.update_xaxes(visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    if not nodes:
        return say_nothing_to_show(figure, "There is no layer to draw yet.")
    layout = lay_out(nodes, head_names)
    if layout.width > _CROWDED:
        nodes = summarise(description, letters=_FEW_LETTERS)
    rows = max(float(layout.rows), _LEAST_ROWS)
    position = {name: place for place, name in enumerate(head_names)}
    edges = [edge for node in nodes for edge in edges_of(node, layout, position)]
    # All at once, as Plotly looks at every earlier shape again for each one added.
    figure.update_layout(
        shapes=edges + [_box_shape(node, layout, position) for node in nodes],
        annotations=[_box_words(node, layout, position) for node in nodes],
    )
    figure.add_trace(_hover_points(nodes, layout))
    centre = (layout.rows - 1) / 2.0
    figure.update_xaxes(range=[-0.05, layout.width + 0.05])
    figure.update_yaxes(range=[centre + rows / 2.0, centre - rows / 2.0])
    figure.update_layout(
        height=90 + round(rows * (_ROW_PX if rows <= _MANY_ROWS else _TIGHT_ROW_PX)),
        dragmode=False,
        showlegend=False,
    )
    return figure


def _box_shape(
    node: Node, layout: Layout, position: Mapping[str, int]
) -> dict[str, object]:
    colour = colour_of(node, position)
    strong = node.role == "output"
    return {
        "type": "path",
        "path": _rounded(layout.boxes[node.id]),
        "fillcolor": tint(colour, 0.28 if strong else 0.13),
        "line": {"color": tint(colour, 1.0 if strong else 0.6), "width": 1.25},
        "layer": "below",
    }


def _box_words(
    node: Node, layout: Layout, position: Mapping[str, int]
) -> dict[str, object]:
    x, y = layout.boxes[node.id].middle
    words = _words(node, position, tight=layout.rows > _MANY_ROWS)
    return {
        "x": x,
        "y": y,
        "text": in_page_colour(words),
        "textangle": -90 if node.role == "join" else 0,
        "showarrow": False,
        "font": {"size": _font_px(layout.width)},
        "align": "center",
    }


def _words(node: Node, position: Mapping[str, int], *, tight: bool) -> str:
    """Return a box's lines; parameters as a bare number, so that they fit."""
    title, size = f"<b>{node.title}</b>", f"{node.parameters:,}"
    match node.role:
        case "join":
            return node.title
        case "input":
            lines = [title, size if node.parameters else node.note]
        case "layer" | "experts" | "gate":
            lines = [title, size] if tight else [title, node.note, size]
        case "output":
            sign = _SIGNS[head_symbol(position.get(node.head or "", 0))]
            lines = [f"{sign} {title}", f"{node.note}, {size}"]
    return "<br>".join(line for line in lines if line)


def _font_px(columns: float) -> int:
    if columns > _NARROWEST:
        return 10
    return 11 if columns > _NARROW else 12


def _hover_points(nodes: Sequence[Node], layout: Layout) -> go.Scatter:
    """Return unseen points over the boxes, as drawn shapes can't answer the mouse."""
    spots, words = [], []
    for node in nodes:
        box = layout.boxes[node.id]
        x, y = box.middle
        inner = np.linspace(box.left, box.right, 5)[1:-1]
        for place in [x] if node.role == "join" else inner:
            spots.append((float(place), y))
            words.append(node.hover)
    return go.Scatter(
        x=np.asarray([x for x, _ in spots]),
        y=np.asarray([y for _, y in spots]),
        mode="markers",
        marker={"size": 34, "symbol": "square", "opacity": 0.0, "color": NEUTRAL},
        hovertext=words,
        hoverinfo="text",
    )


def _rounded(box: Box) -> str:
    """Return the path of a box with round corners."""
    across, down = min(0.07, (box.right - box.left) / 3.0), 0.14
    left, right, top, bottom = box.left, box.right, box.top, box.bottom
    return (
        f"M {left + across:.3f},{top:.3f} L {right - across:.3f},{top:.3f} "
        f"Q {right:.3f},{top:.3f} {right:.3f},{top + down:.3f} "
        f"L {right:.3f},{bottom - down:.3f} "
        f"Q {right:.3f},{bottom:.3f} {right - across:.3f},{bottom:.3f} "
        f"L {left + across:.3f},{bottom:.3f} "
        f"Q {left:.3f},{bottom:.3f} {left:.3f},{bottom - down:.3f} "
        f"L {left:.3f},{top + down:.3f} "
        f"Q {left:.3f},{top:.3f} {left + across:.3f},{top:.3f} Z"
    )
