"""The part of the network that all heads share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mtcore.spec.base import Frozen

Activation = Literal["relu", "gelu", "silu", "tanh"]
Units = Annotated[int, Field(ge=1, le=8192)]


class Trunk(Frozen):
    """Dense layers between the inputs and the heads.

    Args:
        kind: `shared`: every head reads the last layer's output.
        layers: Units of each Dense layer, first to last; may be empty.
        activation: Of every trunk layer and of every head's own hidden layers.
        dropout: Share of units dropped while training, in [0, 1).
    """

    kind: Literal["shared"] = "shared"
    layers: tuple[Units, ...] = (64, 32)
    activation: Activation = "relu"
    dropout: float = Field(default=0.0, ge=0.0, lt=1.0)
