"""Where is a head weak? Its metric over the rows that hold each value of a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.tables.table import Table
from mtcore.data.values.cells import text_of_number
from mtcore.data.values.moments import text_of_seconds
from mtcore.evaluation.metrics import metrics_of
from mtcore.evaluation.row_losses import row_losses
from mtcore.spec import Head, TargetEncoding
from mtcore.spec.base import Frozen

MOST_COLUMNS = 60
_MOST_VALUES = 11  # of a category, and all others together
_PARTS = 5  # of a number or moment
_FEW_NUMBERS = 8  # different ones are values of their own
_FEWEST_ROWS = 10
# Standard errors that a segment must be worse by, so that small ones do not lead.
_SURE = 2.0
MISSING, OTHERS = "(missing)", "(all others)"

SegmentKind = Literal["number", "category", "datetime"]


class Segment(Frozen):
    """The rows that hold one value of a column.

    Args:
        column: Which column.
        value: What the rows hold, in words.
        rows: How many carry a label of the head.
        score: The head's metric over these rows; None where it cannot be computed.
        excess: How much the mean loss is above that of all rows, as a share of it.
        surely: The same, less two standard errors: above 0 it is hardly by chance.
    """

    column: str
    value: str
    rows: int
    score: float | None
    excess: float
    surely: float


class HeadSegments(Frozen):
    """One head by the values of all columns.

    Args:
        metric: The name of the metric in `score`.
        score: Over all rows.
        rows: Labelled rows that were looked at.
        segments: The surely worst first.
    """

    metric: str
    score: float | None
    rows: int
    segments: tuple[Segment, ...]


class SegmentSheet(Frozen):
    """Segments of every head, by its name.

    Args:
        heads: By the head's name.
        failure: Why there are none, in plain words.
    """

    heads: dict[str, HeadSegments]
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Parted:
    """A column whose rows are parted by what they hold.

    Args:
        column: Which column.
        codes: The part of each row, `(rows,)`.
        values: The parts in words.
    """

    column: str
    codes: RowArray
    values: tuple[str, ...]


def part_columns(table: Table, kinds: Mapping[str, SegmentKind]) -> tuple[Parted, ...]:
    """Return the rows of a table parted by each of some columns.

    Args:
        table: The rows.
        kinds: The columns and what they hold.
    """
    found = []
    for column, kind in list(kinds.items())[:MOST_COLUMNS]:
        match kind:
            case "category":
                found.append(_by_value(column, table))
            case "number":
                found.append(_by_size(column, table.numbers(column), text_of_number))
            case "datetime":
                found.append(
                    _by_size(column, table.timestamps(column), text_of_seconds)
                )
    return tuple(found)


def head_segments(
    head: Head,
    encoding: TargetEncoding,
    answers: tuple[FloatArray, FloatArray],
    parted: Sequence[Parted],
) -> HeadSegments:
    """Return a head's metric by the values of columns, the surely worst first.

    Args:
        head: Its first metric is shown.
        encoding: What it learned about its targets.
        answers: Targets `(rows, k)` and decoded outputs `(rows, width)`.
        parted: The columns, over the same rows.
    """
    targets, outputs = answers
    metric = metrics_of(head.kind)[(head.metrics or head.available_metrics)[0]]
    losses = row_losses(head, encoding, targets, outputs)
    known = np.isfinite(losses) & np.isfinite(outputs).all(axis=1)
    overall = float(losses[known].mean()) if known.any() else 0.0
    found = []
    for column in parted:
        for code, value in enumerate(column.values):
            rows = np.flatnonzero(known & (column.codes == code))
            if len(rows) < _FEWEST_ROWS or not overall > 0.0:
                continue
            excess = losses[rows] / overall - 1.0
            error = float(excess.std()) / np.sqrt(len(rows))
            mean = float(excess.mean())
            found.append(
                Segment(
                    column=column.column,
                    value=value,
                    rows=len(rows),
                    score=metric.function(targets[rows], outputs[rows], encoding),
                    excess=mean,
                    surely=mean - _SURE * error,
                )
            )
    whole = metric.function(targets[known], outputs[known], encoding)
    return HeadSegments(
        metric=metric.name,
        score=whole if known.any() else None,
        rows=int(known.sum()),
        segments=tuple(sorted(found, key=lambda one: -one.surely)),
    )


def _by_value(column: str, table: Table) -> Parted:
    cells = np.asarray(
        [MISSING if cell is None else cell for cell in table.categories(column)],
        dtype=object,
    )
    values, codes, counts = np.unique(cells, return_inverse=True, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    if len(order) <= _MOST_VALUES + 1:
        return Parted(column, codes.astype(np.int64), tuple(map(str, values)))
    place = np.full(len(values), _MOST_VALUES)
    place[order[:_MOST_VALUES]] = np.arange(_MOST_VALUES)
    names = [str(values[one]) for one in order[:_MOST_VALUES]]
    return Parted(column, place[codes], (*names, OTHERS))


def _by_size(column: str, values: FloatArray, show: Callable[[float], str]) -> Parted:
    known = ~np.isnan(values)
    distinct = np.unique(values[known])
    codes = np.zeros(len(values), dtype=np.int64)
    if len(distinct) <= _FEW_NUMBERS:
        names = [show(float(value)) for value in distinct]
        codes[known] = np.searchsorted(distinct, values[known])
    else:
        inner = np.linspace(0.0, 1.0, _PARTS + 1)[1:-1]
        edges = np.unique(np.quantile(values[known], inner))
        codes[known] = np.searchsorted(edges, values[known], side="right")
        ends = [distinct[0], *edges, distinct[-1]]
        names = [
            f"{show(_short(low))} to {show(_short(high))}"
            for low, high in pairwise(ends)
        ]
    codes[~known] = len(names)
    return Parted(column, codes, (*names, MISSING))


def _short(value: float) -> float:
    return float(f"{value:.4g}") if abs(value) < 1e8 else float(value)
