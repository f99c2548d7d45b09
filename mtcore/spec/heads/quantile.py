"""Heads that predict a range: the value below which a given share of rows lies."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator

from mtcore.arrays import FloatArray, RowArray
from mtcore.spec.heads.base import (
    HeadBase,
    LossSettings,
    OutputActivation,
    RawTargets,
    TargetKind,
)
from mtcore.spec.heads.numbers import (
    known_numbers,
    labelled_rows,
    stacked,
    standard_deviation,
    standardised,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

QuantileMetric = Literal["pinball", "coverage", "width"]
MOST_LEVELS = 50
# Interquartile range of a normal distribution of deviation 1.
NORMAL_RANGE = 1.349


class QuantileHead(HeadBase):
    """Predicts several quantiles of one number; a higher one is never below a lower.

    Args:
        levels: Share of rows that lies below each quantile, rising, in (0, 1).
    """

    kind: Literal["quantile"] = "quantile"
    loss: Literal["pinball"] = "pinball"
    levels: Annotated[
        tuple[float, ...], Field(min_length=1, max_length=MOST_LEVELS)
    ] = (0.1, 0.5, 0.9)
    metrics: tuple[QuantileMetric, ...] = ("pinball", "coverage")

    label: ClassVar[str] = "Quantiles"
    losses: ClassVar[tuple[str, ...]] = ("pinball",)
    available_metrics: ClassVar[tuple[str, ...]] = ("pinball", "coverage", "width")
    activation: ClassVar[OutputActivation] = "rising"
    target_kind: ClassVar[TargetKind] = "number"
    one_column: ClassVar[bool] = True

    @field_validator("levels")
    @classmethod
    def _rise(
        cls, levels: tuple[float, ...], info: ValidationInfo
    ) -> tuple[float, ...]:
        inside = all(0.0 < level < 1.0 for level in levels)
        rising = all(low < high for low, high in pairwise(levels))
        if not inside or not rising:
            given = ", ".join(f"{level:g}" for level in levels)
            msg = (
                f"Head '{info.data.get('name', '')}': levels are {given}, but must be "
                "above 0, below 1 and rising, such as 0.1, 0.5, 0.9."
            )
            raise ValueError(msg)
        return levels

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return median, spread, and the quantiles that are the best constant."""
        targets = stacked(raw)
        column = self.columns[0]
        known = known_numbers(self.name, column, targets[:, 0], train_rows)
        lower, middle, upper = np.quantile(known, (0.25, 0.5, 0.75))
        # Not by the deviation: a few huge values would make all others look the same.
        spread = float(upper - lower) / NORMAL_RANGE or standard_deviation(known)
        constant = np.quantile(known, self.levels, method="inverted_cdf")
        return TargetEncoding(
            mean=(float(middle),),
            scale=(spread,),
            constant=tuple(constant.tolist()),
            levels=self.levels,
            labelled=labelled_rows(targets[train_rows]),
        )

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return the numbers, `(rows, 1)`; infinities count as missing."""
        return stacked(raw)

    def learned_targets(
        self, targets: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        """Return the numbers less their median, in spreads."""
        return standardised(targets, encoding)

    def learned_units(self, encoding: TargetEncoding) -> tuple[float, ...]:
        """Return the spread."""
        return encoding.scale

    def loss_settings(self) -> LossSettings:
        """Return the levels."""
        return LossSettings(levels=self.levels)

    def width(self, encoding: TargetEncoding) -> int:
        """Return one unit a level."""
        return len(self.levels)

    def decode(
        self, outputs: FloatArray, encoding: TargetEncoding
    ) -> dict[str, NDArray[Any]]:
        """Return the level nearest to the median as `<head>`, and every level."""
        middle = outputs[:, middle_level(self.levels)]
        columns: dict[str, NDArray[Any]] = {self.name: middle}
        for place, level in enumerate(self.levels):
            columns[f"{self.name}: q{level:g}"] = outputs[:, place]
        return columns


def middle_level(levels: tuple[float, ...]) -> int:
    """Return the place of the level that is nearest to the median.

    Examples:
        >>> middle_level((0.1, 0.5, 0.9)), middle_level((0.9, 0.99))
        (1, 0)
    """
    return min(range(len(levels)), key=lambda place: abs(levels[place] - 0.5))
