"""The drawn model: nothing lost, nothing crowded, every branch in its head's colour."""

from __future__ import annotations

import re
from itertools import combinations

import plotly.graph_objects as go
import pytest

from mtcore.charts.graph_layout import lay_out
from mtcore.charts.graph_nodes import summarise
from mtcore.charts.model_graph import model_graph
from mtcore.charts.style import head_colour, tint
from mtcore.spec.description import Description
from tests.charts.networks import head_names, network, wired

SIZES = [(1, 0, 1, 0), (5, 2, 2, 1), (8, 4, 4, 2), (200, 7, 14, 4), (1_000, 1, 1, 0)]


def words(figure: go.Figure) -> str:
    return "\n".join(annotation.text for annotation in figure.layout.annotations)


@pytest.mark.parametrize("size", SIZES)
def test_boxes_account_for_every_parameter(size: tuple[int, int, int, int]) -> None:
    description = network(*size)
    nodes = summarise(description)
    assert sum(node.parameters for node in nodes) == description.parameters
    figure = model_graph(description, head_names(size[2]))
    assert f"{description.parameters:,} parameters" in figure.layout.title.text


@pytest.mark.parametrize("size", SIZES)
def test_every_box_reads_boxes_that_stand_left_of_it(
    size: tuple[int, int, int, int],
) -> None:
    nodes = summarise(network(*size))
    layout = lay_out(nodes, head_names(size[2]))
    for node in nodes:
        for name in node.inputs:
            assert layout.boxes[name].right < layout.boxes[node.id].left


@pytest.mark.parametrize("size", SIZES)
def test_no_box_covers_another(size: tuple[int, int, int, int]) -> None:
    layout = lay_out(summarise(network(*size)), head_names(size[2]))
    for one, other in combinations(layout.boxes.values(), 2):
        apart = one.right <= other.left or other.right <= one.left
        assert apart or one.bottom < other.top or other.bottom < one.top


def test_many_inputs_are_drawn_as_groups_of_a_kind() -> None:
    nodes = summarise(network(200, 1, 1))
    groups = [node for node in nodes if node.role == "input"]
    assert [node.title for node in groups] == ["172 numbers", "28 embeddings"]
    assert groups[1].parameters == 28 * 9
    assert "and 160 more" in groups[0].hover


def test_a_few_inputs_are_drawn_one_by_one() -> None:
    nodes = summarise(network(8, 1, 1))
    assert len([node for node in nodes if node.role == "input"]) == 8


def test_a_long_chain_is_cut_in_its_middle() -> None:
    nodes = summarise(network(3, 9, 2, 5))
    shared = [node for node in nodes if node.role == "layer" and node.head is None]
    assert len(shared) == 4
    assert shared[2].title == "+ 6 layers"
    branch = [n for n in nodes if n.role == "layer" and n.head == head_names(1)[0]]
    assert [node.title for node in branch] == ["Dense 8", "+ 4 layers"]


def test_dropout_is_a_remark_on_the_layer_before_it() -> None:
    nodes = summarise(network(3, 2, 1))
    assert not [node for node in nodes if "Dropout" in node.title]
    assert nodes[-2].note == "relu, dropout"


@pytest.mark.parametrize("heads", [1, 2, 14])
def test_every_head_has_a_row_and_a_colour_of_its_own(heads: int) -> None:
    names = head_names(heads)
    description = network(4, 2, heads)
    figure = model_graph(description, names)
    fills = [shape.fillcolor for shape in figure.layout.shapes]
    for place in range(min(heads, 7)):
        assert tint(head_colour(place), 0.28) in fills
    layout = lay_out(summarise(description), names)
    rows = [layout.boxes[f"h{place}"].middle[1] for place in range(heads)]
    assert rows == sorted(set(rows))


def test_the_drawing_is_as_tall_as_its_heads_need() -> None:
    heights = [
        model_graph(network(4, 2, heads), head_names(heads)).layout.height
        for heads in (1, 5, 14)
    ]
    assert heights == sorted(heights)
    assert heights[-1] < 800


def test_counts_stand_on_every_layer() -> None:
    shown = words(model_graph(network(4, 2, 1), head_names(1)))
    for count in ("104", "72", "18"):
        assert re.search(rf"\b{count}</span>", shown)


def test_nothing_to_draw_is_said() -> None:
    figure = model_graph(Description(layers=(), parameters=0), ["y"])
    assert "no layer to draw" in words(figure)


def test_heads_that_begin_alike_are_still_told_apart() -> None:
    nodes = summarise(network(2, 1, 14), letters=10)
    titles = [node.title for node in nodes if node.role == "output"]
    assert len(set(titles)) == 14


@pytest.mark.parametrize("levels", [1, 2])
def test_experts_and_gates_stand_apart_in_rows_of_their_heads(levels: int) -> None:
    description = wired(levels, 4)
    nodes = summarise(description)
    assert sum(node.parameters for node in nodes) == description.parameters
    layout = lay_out(nodes, head_names(4))
    for one, other in combinations(layout.boxes.values(), 2):
        apart = one.right <= other.left or other.right <= one.left
        assert apart or one.bottom < other.top or other.bottom < one.top
    for node in nodes:
        for name in node.inputs:
            assert layout.boxes[name].right < layout.boxes[node.id].left
        if node.head is not None:
            row = layout.boxes[f"h{head_names(4).index(node.head)}"].middle[1]
            assert layout.boxes[node.id].middle[1] == row


def test_a_gate_is_drawn_from_its_experts_and_not_from_what_it_looks_at() -> None:
    nodes = {node.id: node for node in summarise(wired(2, 2))}
    assert nodes["h0_gate_0"].inputs == ("experts_0", "h0_experts_0")
    assert nodes["h1_gate_1"].inputs == ("experts_1", "h1_experts_1")


def test_skips_and_reads_lead_past_the_boxes() -> None:
    figure = model_graph(wired(1, 3), head_names(3))
    plain = model_graph(network(3, 1, 3), head_names(3))
    dotted = [shape for shape in figure.layout.shapes if shape.line.dash == "dot"]
    assert len(dotted) == 3
    assert not [shape for shape in plain.layout.shapes if shape.line.dash == "dot"]
    nodes = {node.id: node for node in summarise(wired(1, 3))}
    assert [nodes[f"h{k}"].listens for k in range(3)] == [(), ("h0",), ("h1",)]
    assert lay_out([*nodes.values()], head_names(3)).bend > 0.0
