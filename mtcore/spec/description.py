"""A network described layer by layer, for people and drawings."""

from __future__ import annotations

from typing import Literal

from mtcore.spec.base import Frozen

LayerKind = Literal[
    "Input", "Concatenate", "Dense", "Dropout", "Experts", "Gate", "Skip", "Output"
]


class LayerDescription(Frozen):
    """One layer.

    Args:
        id: Unique in the description.
        name: What people call it: a column, a head, or what the layer does.
        kind: An `Input` is a column with its encoding, an `Output` the last Dense
            layer of a head with its activation. `Experts` are several stacks of Dense
            layers, a `Gate` is a softmax layer with the mixture of experts that it
            makes, a `Skip` a linear layer that is added to a raw output.
        output_shape: Without the batch: `(units,)`, and `(experts, units)` of experts.
        parameters: Trained numbers in it.
        inputs: Ids of the layers it reads.
        head: The head it belongs to, by name; None where all heads share it.
        detail: What it does, in a few words.
    """

    id: str
    name: str
    kind: LayerKind
    output_shape: tuple[int, ...]
    parameters: int
    inputs: tuple[str, ...] = ()
    head: str | None = None
    detail: str = ""


class Description(Frozen):
    """A whole network, from columns to heads.

    Args:
        layers: In an order in which each layer comes after those it reads.
        parameters: Trained numbers of the whole network.
        networks: How many such networks are trained and averaged.
        trees: Whether trees, which are no layers, have a part in the answers.
    """

    layers: tuple[LayerDescription, ...]
    parameters: int
    networks: int = 1
    trees: bool = False

    @property
    def head_names(self) -> tuple[str, ...]:
        """The heads' names in the experiment's order, which their ids tell."""
        outputs = [layer for layer in self.layers if layer.kind == "Output"]
        return tuple(
            layer.name for layer in sorted(outputs, key=lambda layer: int(layer.id[1:]))
        )
