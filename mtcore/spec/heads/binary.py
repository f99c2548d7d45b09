"""Heads that predict which of two classes holds."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import ExperimentError
from mtcore.spec.base import Text
from mtcore.spec.heads.base import (
    FOCUS,
    ClassWeight,
    HeadBase,
    LossSettings,
    OutputActivation,
    RawTargets,
    TargetKind,
)
from mtcore.spec.heads.labels import (
    class_shares,
    distinct_values,
    positions,
    positive_value,
    require_classes,
    require_labels,
    shown,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

BinaryLoss = Literal["binary_crossentropy", "focal"]
BinaryMetric = Literal[
    "accuracy", "auc", "average_precision", "log_loss", "brier", "f1"
]


class BinaryHead(HeadBase):
    """Predicts the probability of the positive one of two classes.

    Args:
        positive: The positive class; None = found by its word, such as "yes".
        loss: The focal loss turns from rows that are easy, by Lin and others (2017).
        class_weight: `balanced`, or a weight a class; None = all rows count alike.
        label_smoothing: Share of each label spread over both classes, in [0, 0.5), by
            Szegedy and others (2016).
        focus: Of the focal loss: 0 = cross-entropy, more = hard rows count more.
    """

    kind: Literal["binary"] = "binary"
    positive: Text | None = None
    loss: BinaryLoss = "binary_crossentropy"
    class_weight: ClassWeight = None
    label_smoothing: float = Field(default=0.0, ge=0.0, lt=0.5)
    focus: float = Field(default=FOCUS, ge=0.0, le=10.0)
    metrics: tuple[BinaryMetric, ...] = ("auc", "accuracy")

    label: ClassVar[str] = "Two classes"
    losses: ClassVar[tuple[str, ...]] = ("binary_crossentropy", "focal")
    available_metrics: ClassVar[tuple[str, ...]] = (
        "accuracy", "auc", "average_precision", "log_loss", "brier", "f1",
    )  # fmt: skip
    activation: ClassVar[OutputActivation] = "sigmoid"
    target_kind: ClassVar[TargetKind] = "category"
    one_column: ClassVar[bool] = True

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return (negative, positive) and the positive share."""
        column = self.columns[0]
        values = distinct_values(raw[0])
        require_classes(self.name, column, values, wanted="two")
        if len(values) > 2:
            msg = (
                f"Head '{self.name}' is binary but column '{column}' holds "
                f"{len(values)} values ({shown(values)}). Use a multiclass head or "
                "pick another column."
            )
            raise ExperimentError(msg, where=self.name)
        positive = positive_value(values) if self.positive is None else self.positive
        if positive not in values:
            msg = (
                f"Head '{self.name}' calls '{positive}' positive but column '{column}' "
                f"holds {shown(values)}. Choose one of these."
            )
            raise ExperimentError(msg, where=self.name)
        classes = (next(value for value in values if value != positive), positive)
        codes = positions(raw[0], classes)
        require_labels(self.name, column, codes, train_rows)
        shares, labelled = class_shares(codes[train_rows], 2)
        return TargetEncoding(
            classes=classes, constant=shares[1:], prior=shares, labelled=labelled
        )

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return 1 for the positive class and 0 for the negative, `(rows, 1)`."""
        return positions(raw[0], encoding.classes)[:, np.newaxis]

    def width(self, encoding: TargetEncoding) -> int:
        """Return 1: the probability of the positive class."""
        return 1

    def loss_settings(self) -> LossSettings:
        """Return smoothing and focus."""
        return LossSettings(smoothing=self.label_smoothing, focus=self.focus)

    def decode(
        self, outputs: FloatArray, encoding: TargetEncoding
    ) -> dict[str, NDArray[Any]]:
        """Return the likelier class as `<head>` and both probabilities."""
        chance = outputs[:, 0]
        names = np.asarray(encoding.classes, dtype=object)
        negative, positive = encoding.classes
        return {
            self.name: names[(chance >= 0.5).astype(np.int64)],
            f"{self.name}: {negative}": 1.0 - chance,
            f"{self.name}: {positive}": chance,
        }
