"""The network's shape: what is built, drawn, written as code and compiled once.

Scales, bin edges and vocabularies are no part of it, so that another seed or split of
the same table asks for the same network.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from mtcore.engine.plans.encoder_plans import ImagePlan, TextPlan
from mtcore.spec.heads.base import LossSettings, OutputActivation
from mtcore.spec.reads import reading_order
from mtcore.spec.trunk import Activation

# So many heads of one shape run together; fewer are faster one by one.
MANY_ALIKE = 32


@dataclass(frozen=True, slots=True)
class CategoryPlan:
    """A column of codes: 0 unknown, 1 missing, 2 and more a value.

    Args:
        values: Values there is room for.
        units: Width of the embedding; 0 = one-hot.
    """

    values: int
    units: int

    @property
    def width(self) -> int:
        """Features the column becomes; an unknown value is all zeros in one-hot."""
        return self.units or self.values + 1


@dataclass(frozen=True, slots=True)
class TrunkPlan:
    """What stands between the features and the heads.

    Args:
        kind: Whether heads share layers, mix experts, or have layers of their own.
        layers: Units of each Dense layer: of the trunk, of an expert, of a head's own.
        shared: Experts a level that all heads mix.
        private: Experts a level that one head alone mixes.
        levels: Levels of experts.
        skip: Whether a linear layer leads from the features to every head.
    """

    kind: Literal["shared", "experts", "separate"]
    layers: tuple[int, ...]
    shared: int = 0
    private: int = 0
    levels: int = 1
    skip: bool = False


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """One branch of the network.

    Args:
        id: `h0`, `h1`, …
        kind: The head's kind.
        layers: Units of its own Dense layers.
        width: Units of its last layer.
        activation: What makes its outputs of these.
        loss: The loss's name.
        targets: Numbers that a row's target is made of.
        reads: Ids of the heads whose raw outputs it reads.
        own_trunk: Whether it reads a chain of its own beside the shared trunk.
        settings: What the loss depends on besides.
    """

    id: str
    kind: str
    layers: tuple[int, ...]
    width: int
    activation: OutputActivation
    loss: str
    targets: int
    reads: tuple[str, ...] = ()
    own_trunk: bool = False
    settings: LossSettings = field(default_factory=LossSettings)


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """Everything that decides the shapes of a network, and nothing else.

    Args:
        features: Plain numbers a row: scaled quantities, missing flags, cycles.
        bins: Room for bins of each quantity, in order; 0 = none.
        categories: The columns of codes, in order.
        trunk: What stands between features and heads.
        activation: Of trunk and head layers.
        dropout: Share of trunk units dropped while training.
        heads: The branches, in the experiment's order.
        texts: The columns of texts, in order.
        images: The columns of pictures, in order.
    """

    features: int
    bins: tuple[int, ...]
    categories: tuple[CategoryPlan, ...]
    trunk: TrunkPlan
    activation: Activation
    dropout: float
    heads: tuple[HeadPlan, ...]
    texts: tuple[TextPlan, ...] = ()
    images: tuple[ImagePlan, ...] = ()

    @property
    def binned(self) -> tuple[int, ...]:
        """The bins of the quantities that have any."""
        return tuple(bins for bins in self.bins if bins > 0)

    @property
    def dense_width(self) -> int:
        """Numbers a row: features, then a position for each binned quantity."""
        return self.features + len(self.binned)

    @property
    def codes_width(self) -> int:
        """Codes a row: of categories, then of words, then of pictures."""
        words = sum(text.length for text in self.texts)
        return len(self.categories) + words + sum(image.codes for image in self.images)

    @property
    def input_width(self) -> int:
        """Features that the first layer reads."""
        codes = sum(category.width for category in self.categories)
        words = sum(text.width for text in self.texts)
        pixels = sum(image.units for image in self.images)
        return self.features + sum(self.bins) + codes + words + pixels

    @property
    def learns_features(self) -> bool:
        """Whether something is learned between the inputs and the first layer."""
        embedded = any(category.units > 0 for category in self.categories)
        return embedded or bool(self.texts or self.images)

    @property
    def has_own_trunks(self) -> bool:
        """Whether some head reads a chain of its own beside the shared trunk."""
        return any(head.own_trunk for head in self.heads)

    @property
    def has_own_features(self) -> bool:
        """Whether each head learns features of its own, as nothing is shared."""
        return self.trunk.kind == "separate" and self.learns_features

    @property
    def trunk_width(self) -> int:
        """Numbers that the trunk gives each head."""
        return self.trunk.layers[-1] if self.trunk.layers else self.input_width

    def branch_width(self, head: HeadPlan) -> int:
        """Return the numbers that a head's first layer reads."""
        widths = {other.id: other.width for other in self.heads}
        return self.trunk_width + sum(widths[other] for other in head.reads)

    def alike(self) -> tuple[tuple[int, ...], ...]:
        """Return the places of the heads, together where they can run as one.

        That is where many differ in nothing but their id, and read no others.
        """
        groups: dict[HeadPlan, list[int]] = {}
        for place, head in enumerate(self.heads):
            groups.setdefault(replace(head, id=""), []).append(place)
        together: list[tuple[int, ...]] = []
        for head, places in groups.items():
            if len(places) < MANY_ALIKE or head.reads:
                together += [(place,) for place in places]
            else:
                together.append(tuple(places))
        return tuple(together)

    def reading_order(self) -> tuple[int, ...]:
        """Return the places of the heads, each after those it reads."""
        places = {head.id: place for place, head in enumerate(self.heads)}
        ordered = reading_order({head.id: head.reads for head in self.heads})
        return tuple(places[name] for name in ordered)
