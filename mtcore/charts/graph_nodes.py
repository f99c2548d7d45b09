"""A described network as few enough boxes for the eye."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from mtcore.charts.text import distinct_labels, full, label
from mtcore.evaluation.wording import count_text
from mtcore.spec.description import Description, LayerDescription

MAX_INPUTS = 8  # more are drawn as groups
MAX_SHARED = 4  # a longer chain is cut in the middle
MAX_BRANCH = 2
LETTERS = 16
_NAMED = 12  # inputs of a group that its hover text names

Role = Literal["input", "join", "layer", "experts", "gate", "output"]


@dataclass(frozen=True, slots=True)
class Node:
    """One box.

    Args:
        id: Unique.
        role: "join" puts inputs side by side and is drawn as a bar.
        title: First line, escaped.
        parameters: Trained numbers of all layers it stands for.
        note: What else stands on the second line, escaped.
        hover: Sentences, escaped.
        inputs: Ids of the boxes it reads.
        head: The head it belongs to; None where all heads share it.
        skips: Ids of the boxes from which a linear layer leads past others to it.
        listens: Ids of the outputs of other heads that its branch reads.
    """

    id: str
    role: Role
    title: str
    parameters: int
    note: str
    hover: str
    inputs: tuple[str, ...] = ()
    head: str | None = None
    skips: tuple[str, ...] = ()
    listens: tuple[str, ...] = ()


def summarise(description: Description, letters: int = LETTERS) -> tuple[Node, ...]:
    """Return the boxes of a network, each after those it reads.

    Many inputs become a box a kind of input, dropout a remark on the layer before it,
    the middle of a long chain of layers one box, a linear skip a way past the others,
    and what a branch reads of other heads a way between outputs.

    Args:
        description: As the engine gives it.
        letters: Most letters of a name in a box.
    """
    columns = [layer for layer in description.layers if layer.kind == "Input"]
    layers = [layer for layer in description.layers if layer.kind != "Input"]
    titles = {
        layer.id: title
        for kind in ("Input", "Output")
        for layer, title in _titled(description, kind, letters)
    }
    inputs, alias = _inputs(columns, titles)
    nodes = [*inputs]
    skips = {layer.id: layer for layer in layers if layer.kind == "Skip"}
    outputs = {layer.id for layer in layers if layer.kind == "Output"}
    listens: dict[str | None, tuple[str, ...]] = {}
    for layer in layers:
        known = dict.fromkeys(alias.get(below, below) for below in layer.inputs)
        heard = tuple(name for name in known if name in outputs)
        if heard:
            listens[layer.head] = (*listens.get(layer.head, ()), *heard)
        reads = tuple(name for name in known if name not in outputs | skips.keys())
        if layer.kind == "Dropout" and len(reads) == 1:
            alias[layer.id] = reads[0]
            place = next(i for i, node in enumerate(nodes) if node.id == reads[0])
            nodes[place] = _with_dropout(nodes[place], layer)
            continue
        if layer.kind == "Skip":
            continue
        node = _layer_node(layer, reads, titles)
        if layer.kind == "Gate":
            node = replace(node, inputs=_shown_of_gate(reads, nodes))
        if layer.kind == "Output":
            past = [skips[name] for name in known if name in skips]
            node = _with_skips(node, past)
            node = _with_listening(node, listens.get(layer.head, ()), titles)
        nodes.append(node)
    return tuple(_cut_chains(nodes))


def _shown_of_gate(reads: tuple[str, ...], nodes: Sequence[Node]) -> tuple[str, ...]:
    """Return what a gate mixes; what it looks at too, where no expert reads that."""
    looked_at, *experts = reads
    read = {name for node in nodes if node.id in experts for name in node.inputs}
    return tuple(experts) if looked_at in read else reads


def _with_skips(output: Node, skips: Sequence[LayerDescription]) -> Node:
    if not skips:
        return output
    counted = sum(layer.parameters for layer in skips)
    return replace(
        output,
        parameters=output.parameters + counted,
        skips=tuple(name for layer in skips for name in layer.inputs),
        hover=f"{output.hover}<br>A linear layer of all features is added: "
        f"{count_text(counted, 'parameter')}.",
    )


def _with_listening(
    output: Node, heard: tuple[str, ...], titles: Mapping[str, str]
) -> Node:
    if not heard:
        return output
    named = ", ".join(titles[name] for name in heard)
    return replace(
        output,
        listens=heard,
        hover=f"{output.hover}<br>Its branch reads the output of {named}.",
    )


def _titled(
    description: Description, kind: str, letters: int
) -> Iterator[tuple[LayerDescription, str]]:
    """Yield layers with names cut so that no two look the same."""
    layers = [layer for layer in description.layers if layer.kind == kind]
    names = distinct_labels([layer.name for layer in layers], letters)
    yield from zip(layers, names, strict=True)


def _inputs(
    columns: Sequence[LayerDescription], titles: Mapping[str, str]
) -> tuple[list[Node], dict[str, str]]:
    if len(columns) <= MAX_INPUTS:
        return [_input_node(layer, titles) for layer in columns], {}
    groups: dict[str, list[LayerDescription]] = {}
    for layer in columns:
        groups.setdefault(_group(layer), []).append(layer)
    nodes, alias = [], {}
    for place, (name, members) in enumerate(groups.items()):
        group_id = f"inputs {place}"
        alias.update({layer.id: group_id for layer in members})
        nodes.append(_group_node(group_id, name, members))
    return nodes, alias


def _input_node(layer: LayerDescription, titles: Mapping[str, str]) -> Node:
    width = layer.output_shape[0]
    return Node(
        id=layer.id,
        role="input",
        title=titles[layer.id],
        parameters=layer.parameters,
        note=count_text(width, "feature"),
        hover=f"<b>{full(layer.name)}</b><br>{full(layer.detail or 'as it is')}."
        f"<br>It becomes {count_text(width, 'feature')}.",
    )


def _group_node(group_id: str, name: str, members: list[LayerDescription]) -> Node:
    width = sum(layer.output_shape[0] for layer in members)
    named = [label(layer.name, 40) for layer in members[:_NAMED]]
    if len(members) > _NAMED:
        named.append(f"and {len(members) - _NAMED:,} more")
    return Node(
        id=group_id,
        role="input",
        title=count_text(len(members), *name.split("/")),
        parameters=sum(layer.parameters for layer in members),
        note=count_text(width, "feature"),
        hover=f"They become {count_text(width, 'feature')}:<br>" + "<br>".join(named),
    )


def _group(layer: LayerDescription) -> str:
    """Return what inputs are called together: one of them, and several."""
    detail = layer.detail
    if detail.startswith("embedding"):
        return "embedding/embeddings"
    if detail.startswith("one-hot"):
        return "category/categories"
    return "moment/moments" if "time of" in detail else "number/numbers"


def _layer_node(
    layer: LayerDescription, reads: tuple[str, ...], titles: Mapping[str, str]
) -> Node:
    units = layer.output_shape[-1]
    counted = count_text(layer.parameters, "parameter")
    match layer.kind:
        case "Concatenate":
            role: Role = "join"
            title, note = count_text(units, "feature"), ""
            hover = f"All inputs side by side: {count_text(units, 'feature')} a row."
        case "Output":
            role, title = "output", titles[layer.id]
            note = label(layer.detail.split(",")[0], 16)
            hover = (
                f"<b>{full(layer.name)}</b><br>{count_text(units, 'output')}: "
                f"{full(layer.detail)}.<br>{counted}."
            )
        case "Gate":
            role, title, note = "gate", label(layer.name, 18), ""
            reader = f"head {full(layer.head)}" if layer.head else "the next level"
            hover = (
                f"<b>Gate</b>: it looks at its input and {full(layer.detail)} for "
                f"{reader}.<br>{counted}."
            )
        case _:
            role = "experts" if layer.kind == "Experts" else "layer"
            title, note = label(layer.name, 18), label(layer.detail, 16)
            if role == "experts":
                note = ""
            owner = f"only head {full(layer.head)}" if layer.head else "all heads"
            hover = (
                f"<b>{full(layer.name)}</b>, {full(layer.detail)}<br>"
                f"It serves {owner}.<br>{counted}."
            )
    return Node(
        id=layer.id, role=role, title=title, parameters=layer.parameters, note=note,
        hover=hover, inputs=reads, head=layer.head,
    )  # fmt: skip


def _with_dropout(node: Node, dropout: LayerDescription) -> Node:
    return replace(
        node,
        note=f"{node.note}, dropout" if node.note else "dropout",
        hover=f"{node.hover}<br>Dropout: {full(dropout.detail)}.",
    )


def _cut_chains(nodes: list[Node]) -> list[Node]:
    """Replace the middle of each long chain of layers by one box."""
    chains: dict[str | None, list[Node]] = {}
    for node in nodes:
        if node.role == "layer":
            chains.setdefault(node.head, []).append(node)
    for head, chain in chains.items():
        most = MAX_SHARED if head is None else MAX_BRANCH
        if len(chain) > most and _is_chain(chain):
            nodes = _cut(nodes, chain, most)
    return nodes


def _is_chain(chain: Sequence[Node]) -> bool:
    return all(later.inputs == (earlier.id,) for earlier, later in pairwise(chain))


def _cut(nodes: list[Node], chain: Sequence[Node], most: int) -> list[Node]:
    """Keep the first and last layers of a chain and make one box of those between."""
    first = most // 2
    gone = chain[first : len(chain) - (most - first - 1)]
    gone_ids = {node.id for node in gone}
    middle = Node(
        id=gone[-1].id,  # so that what follows still reads it
        role="layer",
        title=f"+ {len(gone)} layers",
        parameters=sum(node.parameters for node in gone),
        note="",
        hover="<br>".join(f"{node.title}, {node.note}" for node in gone[:20]),
        inputs=gone[0].inputs,
        head=gone[0].head,
    )
    kept: list[Node] = []
    for node in nodes:
        if node.id == gone[0].id:
            kept.append(middle)
        elif node.id not in gone_ids:
            kept.append(node)
    return kept
