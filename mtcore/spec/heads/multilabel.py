"""Heads that predict several yes-or-no labels which may hold together."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import ExperimentError
from mtcore.spec.heads.base import HeadBase, OutputActivation, RawTargets, TargetKind
from mtcore.spec.heads.labels import (
    distinct_values,
    positions,
    positive_value,
    require_labels,
    shown,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

MultilabelMetric = Literal["macro_f1", "micro_f1", "auc", "hamming"]


class MultilabelHead(HeadBase):
    """Predicts one probability a column; each column holds two values."""

    kind: Literal["multilabel"] = "multilabel"
    loss: Literal["binary_crossentropy"] = "binary_crossentropy"
    metrics: tuple[MultilabelMetric, ...] = ("macro_f1", "micro_f1")

    label: ClassVar[str] = "Several labels"
    losses: ClassVar[tuple[str, ...]] = ("binary_crossentropy",)
    available_metrics: ClassVar[tuple[str, ...]] = (
        "macro_f1", "micro_f1", "auc", "hamming",
    )  # fmt: skip
    activation: ClassVar[OutputActivation] = "sigmoid"
    target_kind: ClassVar[TargetKind] = "category"

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return the cell that means "yes" and the positive share of every label."""
        positives, shares = [], []
        for column, cells in zip(self.columns, raw, strict=True):
            values = distinct_values(cells)
            if len(values) != 2:
                msg = (
                    f"Head '{self.name}' has a label for each column, but column "
                    f"'{column}' holds {len(values)} values ({shown(values)}) instead "
                    "of two. Leave it out or use a multiclass head for it."
                )
                raise ExperimentError(msg, where=self.name)
            positive = positive_value(values)
            codes = _label_codes(cells, positive)
            require_labels(self.name, column, codes, train_rows)
            positives.append(positive)
            shares.append(float(np.nanmean(codes[train_rows])))
        codes = self._codes(raw, tuple(positives))
        labelled = int((~np.isnan(codes[train_rows])).any(axis=1).sum())
        return TargetEncoding(
            classes=self.columns,
            positives=tuple(positives),
            constant=tuple(shares),
            prior=tuple(shares),
            labelled=labelled,
        )

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return 1 where a label holds and 0 where not, `(rows, labels)`."""
        return self._codes(raw, encoding.positives)

    def width(self, encoding: TargetEncoding) -> int:
        """Return one unit a label."""
        return len(encoding.classes)

    def decode(
        self, outputs: FloatArray, encoding: TargetEncoding
    ) -> dict[str, NDArray[Any]]:
        """Return the labels that hold, joined, and every label's probability."""
        names = encoding.classes
        joined = [
            "; ".join(name for name, chance in zip(names, row, strict=True)
                      if chance >= 0.5)
            for row in outputs
        ]  # fmt: skip
        columns: dict[str, NDArray[Any]] = {self.name: np.asarray(joined, dtype=object)}
        for index, name in enumerate(names):
            columns[f"{self.name}: {name}"] = outputs[:, index]
        return columns

    def _codes(self, raw: RawTargets, positives: tuple[str, ...]) -> FloatArray:
        codes = [
            _label_codes(cells, positive)
            for cells, positive in zip(raw, positives, strict=True)
        ]
        return np.stack(codes, axis=1)


def _label_codes(cells: NDArray[Any], positive: str) -> FloatArray:
    codes = positions(cells, (positive,))
    known = np.asarray([cell is not None for cell in cells], dtype=np.bool_)
    return np.where(known, np.where(np.isnan(codes), 0.0, 1.0), np.nan)
