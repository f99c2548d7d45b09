"""Heads that predict quantities."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import ExperimentError
from mtcore.spec.heads.base import HeadBase, OutputActivation, RawTargets, TargetKind
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
        means, scales, constants = [], [], []
        for column, values in zip(self.columns, raw, strict=True):
            known = np.asarray(values, dtype=np.float64)[train_rows]
            known = known[np.isfinite(known)]
            if known.size == 0:
                msg = (
                    f"Head '{self.name}' has no labelled row to learn from: column "
                    f"'{column}' holds no number in the training rows. Pick another "
                    "column or another split."
                )
                raise ExperimentError(msg, where=self.name)
            deviation = float(known.std())
            if not deviation > 0.0:
                msg = (
                    f"Head '{self.name}' has nothing to learn: column '{column}' is "
                    f"{known[0]:g} in every labelled training row. Pick another column."
                )
                raise ExperimentError(msg, where=self.name)
            means.append(float(known.mean()))
            scales.append(deviation)
            constants.append(
                float(np.median(known)) if self.loss == "mae" else means[-1]
            )
        labelled = ~np.isnan(self._stack(raw)[train_rows]).all(axis=1)
        return TargetEncoding(
            mean=tuple(means),
            scale=tuple(scales),
            constant=tuple(constants),
            labelled=int(labelled.sum()),
        )

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return the columns side by side; infinities count as missing."""
        return self._stack(raw)

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

    def _stack(self, raw: RawTargets) -> FloatArray:
        stacked = np.stack([np.asarray(values, np.float64) for values in raw], axis=1)
        return np.where(np.isfinite(stacked), stacked, np.nan)
