"""A network described layer by layer, for people and drawings."""

from __future__ import annotations

from mtcore.spec.base import Frozen


class LayerDescription(Frozen):
    """One layer, or several alike that are easier seen as one.

    Args:
        id: Unique in the description.
        name: What people call it: a column, or what the layer does.
        kind: `Input`, `Encoding`, `Concatenate`, `Dense`, `Dropout` or `Output`.
        output_shape: Without the batch: `(units,)`.
        parameters: Trained numbers in it.
        inputs: Ids of the layers it reads.
        head: The head it belongs to, by name; None where all heads share it.
    """

    id: str
    name: str
    kind: str
    output_shape: tuple[int, ...]
    parameters: int
    inputs: tuple[str, ...] = ()
    head: str | None = None


class Description(Frozen):
    """A whole network, from columns to heads.

    Args:
        layers: In an order in which each layer comes after those it reads.
        parameters: Trained numbers of the whole network.
    """

    layers: tuple[LayerDescription, ...]
    parameters: int
