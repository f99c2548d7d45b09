"""Heads that predict how many."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import ExperimentError
from mtcore.spec.heads.base import HeadBase, OutputActivation, RawTargets, TargetKind
from mtcore.spec.heads.numbers import (
    known_numbers,
    labelled_rows,
    stacked,
    standard_deviation,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

# Beyond it not every whole number can be told from its neighbours.
LARGEST_COUNT = 2.0**53

CountMetric = Literal["mae", "poisson_deviance", "d2"]


class CountHead(HeadBase):
    """Predicts the mean number of things, always above 0, by a logarithmic link."""

    kind: Literal["count"] = "count"
    loss: Literal["poisson"] = "poisson"
    metrics: tuple[CountMetric, ...] = ("mae", "d2")

    label: ClassVar[str] = "Count"
    losses: ClassVar[tuple[str, ...]] = ("poisson",)
    available_metrics: ClassVar[tuple[str, ...]] = ("mae", "poisson_deviance", "d2")
    activation: ClassVar[OutputActivation] = "exponential"
    target_kind: ClassVar[TargetKind] = "number"
    one_column: ClassVar[bool] = True

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return mean and deviation; the mean is the best constant too.

        Raises:
            ExperimentError: Besides what every kind refuses: a number is negative or
                not whole.
        """
        column = self.columns[0]
        targets = stacked(raw)
        values = targets[:, 0]
        present = values[~np.isnan(values)]
        whole = (present >= 0.0) & (present == np.floor(present))
        wrong = present[~whole | (present > LARGEST_COUNT)]
        if wrong.size:
            msg = (
                f"Head '{self.name}' counts whole numbers from 0 to 2^53, but column "
                f"'{column}' holds {wrong[0]:g}. Use a regression head or pick another "
                "column."
            )
            raise ExperimentError(msg, where=self.name)
        known = known_numbers(self.name, column, values, train_rows)
        mean = float(known.mean())
        return TargetEncoding(
            mean=(mean,),
            scale=(standard_deviation(known),),
            constant=(mean,),
            labelled=labelled_rows(targets[train_rows]),
        )

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return the counts, `(rows, 1)`."""
        return stacked(raw)

    def width(self, encoding: TargetEncoding) -> int:
        """Return 1: the mean count."""
        return 1

    def decode(
        self, outputs: FloatArray, encoding: TargetEncoding
    ) -> dict[str, NDArray[Any]]:
        """Return the mean count as `<head>`."""
        return {self.name: outputs[:, 0]}
