"""Heads that predict quantities."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.spec.heads.base import HeadBase, OutputActivation, RawTargets, TargetKind
from mtcore.spec.heads.numbers import (
    known_numbers,
    labelled_rows,
    stacked,
    standard_deviation,
    standardised,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

RegressionLoss = Literal["mse", "mae", "huber", "log_cosh"]
RegressionMetric = Literal["mae", "rmse", "r2", "rrmse"]


class RegressionHead(HeadBase):
    """Predicts one or several numbers, in the units of their columns."""

    kind: Literal["regression"] = "regression"
    loss: RegressionLoss = "mse"
    metrics: tuple[RegressionMetric, ...] = ("mae", "r2")

    label: ClassVar[str] = "Regression"
    losses: ClassVar[tuple[str, ...]] = ("mse", "mae", "huber", "log_cosh")
    available_metrics: ClassVar[tuple[str, ...]] = ("mae", "rmse", "r2", "rrmse")
    activation: ClassVar[OutputActivation] = "linear"
    target_kind: ClassVar[TargetKind] = "number"

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return mean, deviation and the best constant of every column."""
        targets = stacked(raw)
        means, scales, constants = [], [], []
        for place, column in enumerate(self.columns):
            known = known_numbers(self.name, column, targets[:, place], train_rows)
            means.append(float(known.mean()))
            scales.append(standard_deviation(known))
            constants.append(
                float(np.median(known)) if self.loss == "mae" else means[-1]
            )
        return TargetEncoding(
            mean=tuple(means),
            scale=tuple(scales),
            constant=tuple(constants),
            labelled=labelled_rows(targets[train_rows]),
        )

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return the columns side by side; infinities count as missing."""
        return stacked(raw)

    def learned_targets(
        self, targets: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        """Return the columns standardised, so that their losses compare."""
        return standardised(targets, encoding)

    def learned_units(self, encoding: TargetEncoding) -> tuple[float, ...]:
        """Return each column's standard deviation."""
        return encoding.scale

    def width(self, encoding: TargetEncoding) -> int:
        """Return one unit a column."""
        return len(self.columns)

    def decode(
        self,
        outputs: FloatArray,
        encoding: TargetEncoding,
    ) -> dict[str, NDArray[Any]]:
        """Return `<head>`, or `<head>: <column>` where there are several columns."""
        if len(self.columns) == 1:
            return {self.name: outputs[:, 0]}
        return {
            f"{self.name}: {column}": outputs[:, index]
            for index, column in enumerate(self.columns)
        }
