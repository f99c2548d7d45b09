"""Where the boxes of a drawn network stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtcore.charts.graph_nodes import Node

_WIDTH = {
    "input": 1.4, "join": 0.3, "layer": 1.25, "experts": 1.5, "gate": 0.75,
    "output": 1.75,
}  # fmt: skip
_GAP = 0.38
_GAP_A_ROW, _WIDEST_GAP = 0.045, 0.9  # many branches need room to part
_HALF_ROW = 0.36
# How far ways between outputs bend to the right, and further for each row between.
_BEND, _BEND_A_ROW, _MOST_BEND = 0.22, 0.07, 0.9


@dataclass(frozen=True, slots=True)
class Box:
    """A place: x in columns from the left, y in rows from above."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return (self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Boxes by node, and the size of the whole.

    Args:
        boxes: By the node's id.
        width: Columns.
        rows: Rows of boxes.
        widest_gap: Columns between the shared layers and the branches.
        bend: Columns to the right of the outputs for ways between them.
    """

    boxes: dict[str, Box]
    width: float
    rows: int
    widest_gap: float
    bend: float = 0.0


def lay_out(nodes: Sequence[Node], head_names: Sequence[str]) -> Layout:
    """Return where each box stands: inputs, shared layers, then a row a head.

    Where shared boxes and those of heads stand in one column, the shared ones have a
    row of their own above the heads.

    Args:
        nodes: Each after those it reads.
        head_names: In the order of their rows.
    """
    columns = _columns(nodes)
    mixed = any(_is_mixed(column) for column in columns)
    tallest = max(len([n for n in column if n.head is None]) for column in columns)
    rows = max(len(head_names) + mixed, tallest, 1)
    centre = (rows - 1) / 2.0
    first_head = centre - (len(head_names) + mixed - 1) / 2.0 + mixed
    row_of = {name: first_head + place for place, name in enumerate(head_names)}
    boxes: dict[str, Box] = {}
    left = 0.0
    parting = min(_GAP + _GAP_A_ROW * max(len(head_names) - 2, 0), _WIDEST_GAP)
    parted = False
    for column in columns:
        branching = any(node.head is not None for node in column)
        if boxes and branching and (not parted or _is_mixed(column)):
            left, parted = left - _GAP + parting, True
        shared = [node for node in column if node.head is None]
        width = max(_WIDTH[node.role] for node in column)
        middle = first_head - 1.0 if _is_mixed(column) else centre
        for place, node in enumerate(shared):
            y = middle + place - (len(shared) - 1) / 2.0
            boxes[node.id] = _box(left, width, y)
        for node in column:
            if node.head is not None:
                boxes[node.id] = _box(left, width, row_of.get(node.head, centre))
        _stretch_joins(column, boxes)
        left += width + _GAP
    bend = _bend(nodes, boxes)
    return Layout(boxes, left - _GAP + bend, rows, parting, bend)


def bend_between(one: Box, other: Box) -> float:
    """Return how far the way between two outputs bends to the right."""
    between = abs(one.middle[1] - other.middle[1])
    return min(_BEND + _BEND_A_ROW * between, _MOST_BEND)


def _is_mixed(column: Sequence[Node]) -> bool:
    return len({node.head is None for node in column}) == 2


def _bend(nodes: Sequence[Node], boxes: dict[str, Box]) -> float:
    return max(
        (
            bend_between(boxes[name], boxes[node.id])
            for node in nodes
            for name in node.listens
        ),
        default=0.0,
    )


def _box(left: float, width: float, y: float) -> Box:
    return Box(left, left + width, y - _HALF_ROW, y + _HALF_ROW)


def _columns(nodes: Sequence[Node]) -> list[list[Node]]:
    """Return the nodes by how many steps they are from the inputs; outputs last."""
    steps: dict[str, int] = {}
    for node in nodes:
        below = [steps[name] for name in node.inputs if name in steps]
        steps[node.id] = max(below, default=-1) + 1
    last = max(steps.values(), default=0)
    columns: list[list[Node]] = [[] for _ in range(last + 1)]
    for node in nodes:
        columns[last if node.role == "output" else steps[node.id]].append(node)
    return [column for column in columns if column]


def _stretch_joins(column: Sequence[Node], boxes: dict[str, Box]) -> None:
    """Make a bar as tall as what it puts side by side."""
    for node in column:
        read = [boxes[name] for name in node.inputs if name in boxes]
        if node.role == "join" and read:
            old = boxes[node.id]
            top = min(old.top - 0.3, *(box.top for box in read))
            bottom = max(old.bottom + 0.3, *(box.bottom for box in read))
            boxes[node.id] = Box(old.left, old.right, top, bottom)
