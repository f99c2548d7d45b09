"""The ways between the boxes of a drawn network, as Plotly's shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mtcore.charts.graph_layout import Box, Layout, bend_between
from mtcore.charts.graph_nodes import Node
from mtcore.charts.style import NEUTRAL, head_colour, tint

Shape = dict[str, object]

_PAST_PX, _PAST = 1.25, 0.44  # a skip runs between the rows of boxes
_APART = 0.12  # ways that leave an output, and ways that reach it
_TIP = 0.09


def edges_of(
    node: Node, layout: Layout, position: Mapping[str, int]
) -> Iterator[Shape]:
    """Yield the ways into a box: from what it reads, past others, and between outputs.

    Args:
        node: The box.
        layout: Where boxes stand.
        position: Each head's place, which decides its colour.
    """
    box = layout.boxes[node.id]
    colour = colour_of(node, position)
    for name in node.inputs:
        if name in layout.boxes:
            yield _curve(node, layout.boxes[name], layout, colour)
    for name in node.skips:
        yield _past(layout.boxes[name], box, layout, colour)
    for name in node.listens:
        yield from _between(layout.boxes[name], box, colour)


def colour_of(node: Node, position: Mapping[str, int]) -> str:
    """Return a head's colour, or grey for what all heads share."""
    if node.head is None or node.head not in position:
        return NEUTRAL
    return head_colour(position[node.head])


def _curve(node: Node, source: Box, layout: Layout, colour: str) -> Shape:
    box = layout.boxes[node.id]
    y0, y1 = source.middle[1], box.middle[1]
    if node.role == "join":
        y1 = min(max(y0, box.top), box.bottom)
    start = source.right
    turn = min(layout.widest_gap, box.left - start) / 2.0
    return {
        "type": "path",
        "path": f"M {start:.3f},{y0:.3f} C {start + turn:.3f},{y0:.3f} "
        f"{start + turn:.3f},{y1:.3f} {start + 2 * turn:.3f},{y1:.3f} "
        f"L {box.left:.3f},{y1:.3f}",
        "line": {
            "color": tint(colour, 0.75 if node.head else 0.5),
            "width": 2.25 if node.head else 1.5,
        },
        "layer": "below",
    }


def _past(source: Box, box: Box, layout: Layout, colour: str) -> Shape:
    """Return a dotted way from the features beside a row of boxes to an output.

    It runs on the side away from the middle, where boxes that all heads share stand.
    """
    side = -1.0 if box.middle[1] < (layout.rows - 1) / 2.0 else 1.0
    y = box.middle[1] + side * _PAST
    y0 = min(max(y, source.top), source.bottom)
    start = source.right
    turn = min(layout.widest_gap, box.left - start) / 2.0
    rise = min(turn, 0.2)
    return {
        "type": "path",
        "path": f"M {start:.3f},{y0:.3f} C {start + turn:.3f},{y0:.3f} "
        f"{start + turn:.3f},{y:.3f} {start + 2 * turn:.3f},{y:.3f} "
        f"L {box.left - rise:.3f},{y:.3f} "
        f"Q {box.left - rise / 3:.3f},{y:.3f} {box.left:.3f},{y - side * 0.24:.3f}",
        "line": {"color": tint(colour, 0.9), "width": _PAST_PX, "dash": "dot"},
        "layer": "below",
    }


def _between(source: Box, box: Box, colour: str) -> Iterator[Shape]:
    """Yield a bow from one output to another on their right, and its arrowhead."""
    down = 1.0 if box.middle[1] > source.middle[1] else -1.0
    y0 = source.middle[1] + down * _APART
    y1 = box.middle[1] - down * _APART
    right = max(source.right, box.right)
    out = right + bend_between(source, box)
    yield {
        "type": "path",
        "path": f"M {source.right:.3f},{y0:.3f} C {out:.3f},{y0:.3f} "
        f"{out:.3f},{y1:.3f} {box.right + _TIP:.3f},{y1:.3f}",
        "line": {"color": tint(colour, 0.9), "width": 2.0},
        "layer": "below",
    }
    yield {
        "type": "path",
        "path": f"M {box.right:.3f},{y1:.3f} "
        f"L {box.right + 1.4 * _TIP:.3f},{y1 - _TIP:.3f} "
        f"L {box.right + 1.4 * _TIP:.3f},{y1 + _TIP:.3f} Z",
        "fillcolor": tint(colour, 0.9),
        "line": {"width": 0},
        "layer": "below",
    }
