"""Heads that predict which one of several classes holds."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import ExperimentError
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
    distinct_values,
    fit_classes,
    positions,
    require_classes,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

MulticlassLoss = Literal["categorical_crossentropy", "focal"]
MulticlassMetric = Literal["accuracy", "macro_f1", "log_loss", "auc"]
MAX_CLASSES = 5_000


class MulticlassHead(HeadBase):
    """Predicts a probability for every class; they add up to 1.

    Args:
        loss: The focal loss turns from rows that are easy, by Lin and others (2017).
        class_weight: `balanced`, or a weight a class; None = all rows count alike.
        label_smoothing: Share of each label spread over all classes, in [0, 0.5), by
            Szegedy and others (2016).
        focus: Of the focal loss: 0 = cross-entropy, more = hard rows count more.
    """

    kind: Literal["multiclass"] = "multiclass"
    loss: MulticlassLoss = "categorical_crossentropy"
    class_weight: ClassWeight = None
    label_smoothing: float = Field(default=0.0, ge=0.0, lt=0.5)
    focus: float = Field(default=FOCUS, ge=0.0, le=10.0)
    metrics: tuple[MulticlassMetric, ...] = ("accuracy", "macro_f1")

    label: ClassVar[str] = "Several classes"
    losses: ClassVar[tuple[str, ...]] = ("categorical_crossentropy", "focal")
    available_metrics: ClassVar[tuple[str, ...]] = (
        "accuracy", "macro_f1", "log_loss", "auc",
    )  # fmt: skip
    activation: ClassVar[OutputActivation] = "softmax"
    target_kind: ClassVar[TargetKind] = "category"
    one_column: ClassVar[bool] = True

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return the classes in their order, and their shares."""
        column = self.columns[0]
        classes = distinct_values(raw[0])
        require_classes(self.name, column, classes)
        if len(classes) > MAX_CLASSES:
            msg = (
                f"Head '{self.name}' would have {len(classes):,} classes, more than "
                f"the {MAX_CLASSES:,} it can tell apart. Is column '{column}' an id, "
                "or a number for a regression head?"
            )
            raise ExperimentError(msg, where=self.name)
        return fit_classes(self.name, column, raw[0], classes, train_rows)

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return each row's class as its position, `(rows, 1)`."""
        return positions(raw[0], encoding.classes)[:, np.newaxis]

    def width(self, encoding: TargetEncoding) -> int:
        """Return one unit a class."""
        return len(encoding.classes)

    def loss_settings(self) -> LossSettings:
        """Return smoothing and focus."""
        return LossSettings(smoothing=self.label_smoothing, focus=self.focus)

    def decode(
        self, outputs: FloatArray, encoding: TargetEncoding
    ) -> dict[str, NDArray[Any]]:
        """Return the likeliest class as `<head>` and every class's probability."""
        names = np.asarray(encoding.classes, dtype=object)
        columns: dict[str, NDArray[Any]] = {self.name: names[outputs.argmax(axis=1)]}
        for index, name in enumerate(encoding.classes):
            columns[f"{self.name}: {name}"] = outputs[:, index]
        return columns
