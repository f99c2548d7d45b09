"""Heads that predict quantities."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from mtcore.arrays import FloatArray, RowArray
from mtcore.spec.heads.base import HeadBase, OutputActivation, RawTargets, TargetKind
from mtcore.spec.heads.log_scale import fit_log_scale
from mtcore.spec.heads.numbers import (
    known_numbers,
    labelled_rows,
    stacked,
    standard_deviation,
    standardised,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

RegressionLoss = Literal["mse", "mae", "huber", "log_cosh", "gaussian_nll"]
RegressionMetric = Literal["mae", "rmse", "r2", "rrmse"]


class RegressionHead(HeadBase):
    """Predicts one or several numbers, in the units of their columns.

    Args:
        loss: `gaussian_nll` learns a standard deviation for every row besides.
        log_target: Draw heavy tails together while learning. What is predicted stays
            in the column's unit: the mean by `mse`, and by the other losses a value
            with about as many rows above as below, exactly so by `mae`.
    """

    kind: Literal["regression"] = "regression"
    loss: RegressionLoss = "mse"
    log_target: bool = False
    metrics: tuple[RegressionMetric, ...] = ("mae", "r2")

    label: ClassVar[str] = "Regression"
    losses: ClassVar[tuple[str, ...]] = (
        "mse", "mae", "huber", "log_cosh", "gaussian_nll",
    )  # fmt: skip
    available_metrics: ClassVar[tuple[str, ...]] = ("mae", "rmse", "r2", "rrmse")
    activation: ClassVar[OutputActivation] = "linear"
    target_kind: ClassVar[TargetKind] = "number"

    @model_validator(mode="after")
    def _choose_one_way(self) -> Self:
        if self.log_target and self.gives_deviation:
            msg = (
                f"Head '{self.name}' can't learn deviations of a log target. Set "
                "log_target to false, or choose another loss than gaussian_nll."
            )
            raise ValueError(msg)
        return self

    @property
    def gives_deviation(self) -> bool:
        """Whether a standard deviation stands behind every predicted number."""
        return self.loss == "gaussian_nll"

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return mean, deviation and the best constant of every column."""
        targets = stacked(raw)
        known = [
            known_numbers(self.name, column, targets[:, place], train_rows)
            for place, column in enumerate(self.columns)
        ]
        means = tuple(float(values.mean()) for values in known)
        scales = tuple(standard_deviation(values) for values in known)
        medians = tuple(float(np.median(values)) for values in known)
        logs = tuple(fit_log_scale(values) for values in known)
        return TargetEncoding(
            mean=means,
            scale=scales,
            logs=logs if self.log_target else (),
            constant=(medians if self.loss == "mae" else means)
            + (scales if self.gives_deviation else ()),
            labelled=labelled_rows(targets[train_rows]),
        )

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return the columns side by side; infinities count as missing."""
        return stacked(raw)

    def learned_targets(
        self, targets: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        """Return the columns standardised, so that their losses compare."""
        if not encoding.logs:
            return standardised(targets, encoding)
        drawn = [log.learned(targets[:, k]) for k, log in enumerate(encoding.logs)]
        return np.stack(drawn, axis=1)

    def learned_units(self, encoding: TargetEncoding) -> tuple[float, ...]:
        """Return each column's standard deviation."""
        return encoding.scale

    def width(self, encoding: TargetEncoding) -> int:
        """Return one output a column, and as many deviations where there are any."""
        return len(self.columns) * (1 + self.gives_deviation)

    def decode(
        self,
        outputs: FloatArray,
        encoding: TargetEncoding,
    ) -> dict[str, NDArray[Any]]:
        """Return `<head>`, or `<head>: <column>` where there are several columns.

        Behind them their standard deviations, as `<head>: deviation` and so on.
        """
        names = [self.name]
        if len(self.columns) > 1:
            names = [f"{self.name}: {column}" for column in self.columns]
        if self.gives_deviation:
            names += [f"{name}: deviation" for name in names]
        return {name: outputs[:, place] for place, name in enumerate(names)}
