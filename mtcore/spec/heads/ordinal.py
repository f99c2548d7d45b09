"""Heads that predict one of several classes that have an order."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo, field_validator

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import ExperimentError
from mtcore.spec.base import Texts
from mtcore.spec.heads.base import HeadBase, OutputActivation, RawTargets, TargetKind
from mtcore.spec.heads.labels import (
    distinct_values,
    fit_classes,
    positions,
    require_classes,
    shown,
)
from mtcore.spec.heads.target_encoding import TargetEncoding

OrdinalMetric = Literal["mae", "qwk", "accuracy"]
MOST_RANKS = 30


class OrdinalHead(HeadBase):
    """Predicts a probability for every class, knowing which classes are neighbours.

    By Shi, Cao and Raschka, Deep neural networks for rank-consistent ordinal
    regression based on conditional probabilities (2021).

    Args:
        order: The classes from the lowest to the highest; None = numbers by their
            size, texts by the alphabet.
    """

    kind: Literal["ordinal"] = "ordinal"
    loss: Literal["corn"] = "corn"
    order: Texts | None = None
    metrics: tuple[OrdinalMetric, ...] = ("mae", "qwk")

    label: ClassVar[str] = "Ordered classes"
    losses: ClassVar[tuple[str, ...]] = ("corn",)
    available_metrics: ClassVar[tuple[str, ...]] = ("mae", "qwk", "accuracy")
    activation: ClassVar[OutputActivation] = "chained"
    target_kind: ClassVar[TargetKind] = "category"
    one_column: ClassVar[bool] = True

    @field_validator("order")
    @classmethod
    def _name_each_once(
        cls, order: tuple[str, ...] | None, info: ValidationInfo
    ) -> tuple[str, ...] | None:
        if order is not None and len(set(order)) < len(order):
            msg = (
                f"Head '{info.data.get('name', '')}' names a class twice in its order. "
                "Name each class once."
            )
            raise ValueError(msg)
        return order

    def fit_targets(self, raw: RawTargets, train_rows: RowArray) -> TargetEncoding:
        """Return the classes from the lowest to the highest, and their shares."""
        column = self.columns[0]
        values = distinct_values(raw[0])
        require_classes(self.name, column, values)
        classes = values if self.order is None else self.order
        left_out = tuple(value for value in values if value not in classes)
        if left_out:
            msg = (
                f"Head '{self.name}' orders {shown(classes)}, but column '{column}' "
                f"holds {shown(left_out)} too. Add what is missing to the order."
            )
            raise ExperimentError(msg, where=self.name)
        if len(classes) > MOST_RANKS:
            msg = (
                f"Head '{self.name}' would have {len(classes):,} ranks, more than the "
                f"{MOST_RANKS} it can tell apart. Use a regression head for column "
                f"'{column}'."
            )
            raise ExperimentError(msg, where=self.name)
        return fit_classes(self.name, column, raw[0], classes, train_rows)

    def encode_targets(self, raw: RawTargets, encoding: TargetEncoding) -> FloatArray:
        """Return each row's class as its rank from 0, `(rows, 1)`."""
        return positions(raw[0], encoding.classes)[:, np.newaxis]

    def width(self, encoding: TargetEncoding) -> int:
        """Return one output a class."""
        return len(encoding.classes)

    def units(self, encoding: TargetEncoding) -> int:
        """Return one unit a step from a class to the next."""
        return len(encoding.classes) - 1

    def decode(
        self, outputs: FloatArray, encoding: TargetEncoding
    ) -> dict[str, NDArray[Any]]:
        """Return the class at the likely rank as `<head>`, and all probabilities.

        `<head>: rank` is that rank, counted from 1, where no class has this name.
        """
        names = np.asarray(encoding.classes, dtype=object)
        ranks = likely_ranks(outputs)
        columns: dict[str, NDArray[Any]] = {
            self.name: names[ranks],
            f"{self.name}: rank": ranks + 1,
        }
        for place, name in enumerate(encoding.classes):
            columns[f"{self.name}: {name}"] = outputs[:, place]
        return columns


def likely_ranks(chances: FloatArray) -> RowArray:
    """Return the rank, from 0, that as many as not lie above: the median.

    It is the rank that CORN predicts, the number of steps whose chance of being
    passed is above a half; no other is off by fewer ranks on average.

    Args:
        chances: Probability of each rank, `(rows, ranks)`.

    Examples:
        >>> likely_ranks(np.array([[0.4, 0.2, 0.4], [0.6, 0.2, 0.2]])).tolist()
        [1, 0]
    """
    passed = 1.0 - np.cumsum(chances, axis=1)[:, :-1]
    ranks: RowArray = (passed > 0.5).sum(axis=1).astype(np.int64)
    return ranks
