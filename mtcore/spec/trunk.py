"""What stands between the inputs and the heads: shared, mixed or apart."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mtcore.spec.base import Frozen

Activation = Literal["relu", "gelu", "silu", "tanh"]
Units = Annotated[int, Field(ge=1, le=8192)]


class TrunkBase(Frozen):
    """Dense layers between the inputs and the heads.

    Args:
        layers: Units of each Dense layer, first to last; may be empty.
        activation: Of every trunk layer and of every head's own hidden layers.
        dropout: Share of units dropped while training, in [0, 1).
        skip: Whether one linear layer from the features is added to every head's raw
            output, so that what is linear need not pass through the layers.
    """

    layers: tuple[Units, ...] = (64, 32)
    activation: Activation = "relu"
    dropout: float = Field(default=0.0, ge=0.0, lt=1.0)
    skip: bool = False


class SharedTrunk(TrunkBase):
    """Every head reads the last layer's output."""

    kind: Literal["shared"] = "shared"


class ExpertTrunk(TrunkBase):
    """Several stacks of layers, of which each head reads its own mixture.

    A softmax gate a head looks at the features and weighs the experts that all heads
    share and those of that head alone. MMoE (Ma et al., 2018) has no private experts,
    CGC has, and PLE (Tang et al., 2020) has two levels of them: the second reads what
    the first mixed, and a gate of its own mixes what its shared experts read.

    Args:
        shared: Experts a level that every head can read.
        private: Experts a level and head that this head alone can read.
        levels: 1 or 2.
        layers: Units of each Dense layer of an expert, first to last.
    """

    kind: Literal["experts"] = "experts"
    shared: int = Field(default=4, ge=1, le=64)
    private: int = Field(default=1, ge=0, le=16)
    levels: Literal[1, 2] = 1
    layers: tuple[Units, ...] = Field(default=(64, 32), min_length=1)


class SeparateTrunk(TrunkBase):
    """Every head has layers and embeddings of its own: nothing is shared.

    It is what sharing is measured against.
    """

    kind: Literal["separate"] = "separate"


Trunk = Annotated[
    SharedTrunk | ExpertTrunk | SeparateTrunk, Field(discriminator="kind")
]

TRUNK_KINDS: dict[str, type[SharedTrunk | ExpertTrunk | SeparateTrunk]] = {
    "shared": SharedTrunk,
    "experts": ExpertTrunk,
    "separate": SeparateTrunk,
}
