"""What a finished run comes to: the object that `train --json` prints."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BeforeValidator

from mtcore.spec.base import Frozen


def _finite_or_none(value: object) -> object:
    """Return None for what could not be computed: JSON knows no NaN."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


Score = Annotated[float | None, BeforeValidator(_finite_or_none)]
"""A metric's value in its own unit, None where it could not be computed."""


class PartRows(Frozen):
    """Numbers of rows in the three parts of a split."""

    train: int
    validation: int
    test: int


class Seconds(Frozen):
    """How long each part of the work took, in seconds.

    Args:
        read: Loading the table and splitting it.
        compile: Building the compiled program; 0 where it was there already.
        train: Training without compiling.
        total: From the start of the work to its end.
    """

    read: float
    compile: float
    train: float
    total: float


class HeadSummary(Frozen):
    """How good one head is.

    Args:
        kind: The head's kind.
        loss: The name of its loss.
        weight: Its weight as given.
        labelled: Rows with at least one label of this head.
        validation: Metrics on the validation rows, by name.
        test: Metrics on the test rows, by name.
        baseline: The same metrics of the best constant prediction on the test rows.
        trees: The share of trees in its answers, from 0 to 1; None where none were
            asked for or can answer.
    """

    kind: str
    loss: str
    weight: float
    labelled: PartRows
    validation: dict[str, Score]
    test: dict[str, Score]
    baseline: dict[str, Score]
    trees: float | None = None


class RunSummary(Frozen):
    """One finished run in a few numbers; its JSON is a public contract.

    Args:
        run: The run's id.
        status: `FINISHED`.
        epochs: Epochs that were trained.
        best_epoch: The epoch that was kept, counted from 1.
        seconds: How long it took.
        parameters: Trained numbers in all networks.
        networks: How many were averaged.
        rows: How the rows were split.
        heads: By the head's name, in the experiment's order.
    """

    run: str
    status: str
    epochs: int
    best_epoch: int
    seconds: Seconds
    parameters: int
    networks: int = 1
    rows: PartRows
    heads: dict[str, HeadSummary]
