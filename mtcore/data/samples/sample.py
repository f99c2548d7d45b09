"""What a sample is, and how numbers are written into its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.spec import Experiment

Columns = dict[str, Sequence[str]]
"""A table as it is written: each column's cells as text, by the column's name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A table to start with, and an experiment that fits it.

    Args:
        id: In addresses and on the command line.
        title: What people read on the button.
        description: One or two sentences: what is in it and what can be learned.
        experiment: Ready to train.
        best_possible: By head and metric, what the law that the data was drawn from
            would score itself over all rows; nothing beats it but by luck. Empty
            where the law is unknown.
        suffix: The end of the file's name: a table, or an archive of one and its
            pictures.
    """

    id: str
    title: str
    description: str
    experiment: Experiment
    best_possible: dict[str, dict[str, float]] = field(default_factory=dict)
    suffix: Literal[".csv", ".zip"] = ".csv"

    @property
    def file_name(self) -> str:
        """Such as `sensors.csv`."""
        return f"{self.id}{self.suffix}"


def written(values: FloatArray, decimals: int) -> list[str]:
    """Return numbers as cells, a missing one as an empty cell.

    Examples:
        >>> written(np.asarray([1.25, float("nan")]), 1)
        ['1.2', '']
    """
    return ["" if np.isnan(value) else f"{value:.{decimals}f}" for value in values]
