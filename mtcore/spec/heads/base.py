"""What every kind of head answers for itself, with nothing but NumPy."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator

from mtcore.arrays import FloatArray, RowArray
from mtcore.spec.base import Frozen, Text, Texts
from mtcore.spec.heads.target_encoding import TargetEncoding
from mtcore.spec.trunk import Units

OutputActivation = Literal[
    "linear", "sigmoid", "softmax", "exponential", "rising", "chained"
]
TargetKind = Literal["number", "category"]
ClassWeight = Literal["balanced"] | dict[Text, float] | None
RawTargets = Sequence[NDArray[Any]]
FOCUS = 2.0


@dataclass(frozen=True, slots=True)
class LossSettings:
    """What a loss depends on besides targets and outputs.

    Args:
        smoothing: Share of a class's label that is spread over all classes.
        focus: How strongly the focal loss turns from easy rows, 0 or more.
        levels: Of the quantiles, rising.
    """

    smoothing: float = 0.0
    focus: float = FOCUS
    levels: tuple[float, ...] = ()


class HeadBase(Frozen):
    """One output of the network: what it predicts and how it is judged.

    Args:
        name: What people call it; unique in the experiment.
        columns: The target columns.
        weight: Its part in the total loss, 0 or more, relative to the other heads.
        layers: Units of Dense layers of its own, between trunk and output.
        own_trunk: Whether it reads a chain of its own, of the same layers as the
            trunk, and not the one that the others share. Only beside a shared trunk.
        reads: Other heads whose raw outputs it reads beside the trunk's. It learns
            from what they say and does not change them.
        metrics: What to show first; every metric of the kind is computed.
    """

    name: Text = Field(min_length=1, max_length=300)
    columns: Texts
    weight: float = Field(default=1.0, ge=0.0)
    layers: tuple[Units, ...] = ()
    own_trunk: bool = False
    reads: Texts = ()

    label: ClassVar[str]
    losses: ClassVar[tuple[str, ...]]
    available_metrics: ClassVar[tuple[str, ...]]
    activation: ClassVar[OutputActivation]
    target_kind: ClassVar[TargetKind]
    one_column: ClassVar[bool] = False

    @field_validator("columns")
    @classmethod
    def _name_columns(
        cls, columns: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        name = info.data.get("name", "")
        if not columns:
            msg = f"Head '{name}' predicts no column. Choose at least one for it."
            raise ValueError(msg)
        if len(set(columns)) < len(columns):
            msg = f"Head '{name}' names a column twice. Name each column once."
            raise ValueError(msg)
        if cls.one_column and len(columns) > 1:
            msg = (
                f"Head '{name}' is of a kind that predicts one column but names "
                f"{len(columns)}. Make one head a column."
            )
            raise ValueError(msg)
        return columns

    @abstractmethod
    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return what the targets are made of.

        Args:
            raw: One array `(rows,)` a column: float64 with NaN where `target_kind`
                is "number", object of `str | None` where it is "category".
            train_rows: The rows that statistics may be taken from.

        Raises:
            ExperimentError: No row is labelled, or the values do not fit the kind.
        """

    @abstractmethod
    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return the targets as numbers, `(rows, k)`, NaN where there is no label.

        regression, count, quantile: the columns in their units. binary: 0 or 1.
        multiclass, ordinal: the position of the class in `encoding.classes`.
        multilabel: 0 or 1 a column.
        """

    @abstractmethod
    def width(self, encoding: TargetEncoding) -> int:
        """Return how many outputs a row has, as people get them."""

    def units(self, encoding: TargetEncoding) -> int:
        """Return the units of the last layer, which the outputs are made from."""
        return self.width(encoding)

    @abstractmethod
    def decode(
        self, outputs: FloatArray, encoding: TargetEncoding
    ) -> dict[str, NDArray[Any]]:
        """Return outputs `(rows, width)` as named columns `(rows,)` for people."""

    def learned_targets(
        self, targets: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        """Return encoded targets `(rows, k)` on the scale that the network learns."""
        del encoding
        return targets

    def learned_units(self, encoding: TargetEncoding) -> tuple[float, ...]:
        """Return what 1 on the network's scale is in the unit of each target."""
        del encoding
        return (1.0,) * len(self.columns)

    def loss_settings(self) -> LossSettings:
        """Return what the loss depends on besides targets and outputs."""
        return LossSettings()

    def constant_outputs(self, encoding: TargetEncoding) -> FloatArray:
        """Return the best constant prediction, `(width,)`, as outputs are given."""
        return np.asarray(encoding.constant, dtype=np.float64)
