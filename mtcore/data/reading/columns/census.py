"""What the values of every column come to, counted while the rows go by.

Asking for it afterwards takes about as long as reading the file, as every question goes
over all rows once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.data.queries.looking import PART_ROWS
from mtcore.data.queries.spreads import (
    NO_SPREAD,
    Ends,
    Spread,
    Top,
    measured,
    spread_of,
    top_of,
    top_of_counts,
)
from mtcore.data.reading.columns.counting import CountsSoFar, NumbersSoFar
from mtcore.data.reading.columns.measures import FEW_VALUES, PICTURE, SHARE, Measure
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    Plan,
    TextPlan,
)
from mtcore.data.values.cells import is_moment

_MIXER = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)

Bits = NDArray[np.uint64]


@final
class Census:
    """Counts the values of a table's columns while its rows go by in batches.

    Ends, means, and the different values of columns with few of them are those of all
    rows. Quantiles come from some rows, drawn from all over the table, and a share of
    the values tells how many different ones a column of very many has.

    Args:
        rows: How many rows there will be.
        columns: How many columns there are.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self._rows = rows
        self._columns = [_Column() for _ in range(columns)]
        self._parts: list[pa.RecordBatch] = []
        self._seen = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the next rows."""
        numbers = np.arange(self._seen, self._seen + len(batch), dtype=np.uint64)
        self._seen += len(batch)
        chosen = np.flatnonzero(_are_in_share(numbers, PART_ROWS / self._rows))
        self._parts.append(batch.take(pa.array(chosen)))
        for column, cells in zip(self._columns, batch.columns, strict=True):
            column.add(cells.drop_null())

    def measures(self, plans: Mapping[int, Plan]) -> dict[int, Measure]:
        """Return what columns come to, those left out that must be asked for.

        Args:
            plans: What the cells are that were counted, by the column's place among
                those that were counted.
        """
        found = {index: self._columns[index].measure(plans[index]) for index in plans}
        return {index: measure for index, measure in found.items() if measure}

    def looks(self) -> Iterator[tuple[Spread, Top]]:
        """Yield how each column is spread and its most frequent values, in order."""
        part = pa.Table.from_batches(self._parts)
        scale = self._seen / max(len(part), 1)
        for column, cells in zip(self._columns, part.columns, strict=True):
            known = column.ends()
            spread = spread_of(cells, known, scale) if known else NO_SPREAD
            counted = column.counted(cells.type)
            yield spread, top_of_counts(counted) if counted else top_of(cells, scale)


@final
@dataclass(slots=True)
class _Column:
    """One column's values so far.

    Args:
        read: How many there are.
        numbers: What they come to as numbers.
        counts: How often each came; None once too many differ.
        share: Those of the share, of numbers and moments of which very many differ.
    """

    read: int = 0
    numbers: NumbersSoFar | None = None
    counts: CountsSoFar | None = field(default_factory=CountsSoFar)
    share: list[Bits] = field(default_factory=list)

    def add(self, cells: pa.Array) -> None:
        if not len(cells):
            return
        self.read += len(cells)
        numbers = measured(cells)
        if numbers is not None:
            self.numbers = self.numbers or NumbersSoFar()
            self.numbers.add(numbers)
        keys = _keys(cells, numbers)
        if self.counts is None:
            self._add_share(keys)
            return
        self.counts.add(keys)
        if len(self.counts.times) > FEW_VALUES:
            self._add_share(self.counts.values, self.counts.times)
            self.counts = None

    def _add_share(
        self, keys: pa.Array, times: NDArray[np.int64] | None = None
    ) -> None:
        if self.numbers is None:
            return  # a text's share is asked for afterwards
        bits = keys.to_numpy().view(np.uint64)
        chosen = _are_in_share(bits, 1 / SHARE)
        found = bits[chosen]
        self.share.append(found if times is None else np.repeat(found, times[chosen]))

    def ends(self) -> Ends | None:
        return self.numbers.ends() if self.numbers else None

    def counted(self, kind: pa.DataType) -> pa.Table | None:
        """Return each value and how often it came; None where very many differ."""
        if self.counts is None or not self.read:
            return None
        values = pc.cast(self.counts.values, kind)
        return pa.table({"value": values, "times": self.counts.times})

    def measure(self, plan: Plan) -> Measure | None:
        distinct = self._distinct()
        if distinct is None:
            return None
        match plan:
            case NumberPlan() if self.numbers:
                low, high, whole = (
                    self.numbers.low,
                    self.numbers.high,
                    self.numbers.whole,
                )
                return Measure(self.read, self.read, distinct, low, high, whole)
            case NumberPlan() if self.read:
                return None  # stored as texts
            case NumberPlan() | DatePlan() | BooleanPlan():
                return Measure(self.read, self.read, distinct)
            case TextPlan():
                return self._text_measure(distinct)

    def _distinct(self) -> int | None:
        if not self.read:
            return 0
        if self.counts is not None:
            return len(self.counts.times)
        if not self.share:
            return None
        values = np.concatenate(self.share)
        different = len(np.unique(values))
        if different == len(values):  # no value of the share came twice
            return self.read
        return min(SHARE * different, self.read)

    def _text_measure(self, distinct: int) -> Measure | None:
        if self.counts is None:
            return None
        if not self.read:
            return Measure(0, 0, 0)
        texts, times = self.counts.values, self.counts.times
        blanks = _added_up(pc.count_substring(texts, " "), times)
        letters = _added_up(pc.utf8_length(texts), times)
        pictures = _added_up(pc.match_substring_regex(texts, PICTURE), times)
        return Measure(
            self.read,
            self.read,
            distinct,
            words=blanks / self.read + 1,
            letters=letters / self.read,
            pictures=pictures,
        )


def _keys(cells: pa.Array, numbers: FloatArray | None) -> pa.Array:
    """Return values that are equal where their bits are, 0 and -0 among them."""
    if numbers is None:
        return cells
    return pc.cast(cells, pa.int64()) if is_moment(cells) else pa.array(numbers + 0.0)


def _are_in_share(bits: Bits, share: float) -> NDArray[np.bool_]:
    """Return which of some values are in a share of all: the same ones every time."""
    mixed = bits ^ (bits >> _HALF)
    mixed *= _MIXER
    mixed ^= mixed >> _HALF
    mixed *= _MIXER
    most = np.uint64(min(share, 1.0) * (2**64 - 2**11))
    chosen: NDArray[np.bool_] = mixed <= most
    return chosen


def _added_up(of_each: pa.Array, times: NDArray[np.int64]) -> int:
    return int(np.sum(pc.cast(of_each, pa.int64()).to_numpy() * times))
