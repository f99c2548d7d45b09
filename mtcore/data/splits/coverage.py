"""Which rows teach, choose and judge which heads: counts of labels, part by part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits.splits import PARTS, split_rows
from mtcore.data.tables.stored import Rows
from mtcore.spec import Experiment, GivenSplit, GroupSplit, Head, TimeSplit

BINS = 12  # about as many, as ranges begin and end at round numbers
_MOST_CLASSES = 12  # shown; all are looked for in every part
_OTHERS = "all others"
_EXACT = 1e15  # smaller whole numbers are told from their neighbours
_CLOSE = 1e-9  # of a range: so near to its end a number lies in the next

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeadCoverage:
    """The labels of one head.

    Args:
        name: The head's.
        labelled: Rows with all of its labels, by part.
        absent: Classes that a part lacks though another has them, by part.
        names: What its first column's rows are counted by: classes, or round ranges of
            equal width, each without its upper end.
        counts: Rows of each of them, by part.
        is_number: Whether they are ranges.
    """

    name: str
    labelled: Mapping[str, int]
    absent: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    counts: Mapping[str, tuple[int, ...]]
    is_number: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """The labels of all heads, and how heads go together.

    Args:
        rows: By part.
        heads: In the experiment's order.
        together: Rows that have the labels of both heads, `(heads, heads)`.
        related: How far the first columns of two heads go together: r of numbers,
            Cramér's V of classes, the correlation ratio of one of each; 0 to 1, with
            a sign for numbers, NaN where it cannot be said.
    """

    rows: Mapping[str, int]
    heads: tuple[HeadCoverage, ...]
    together: tuple[tuple[int, ...], ...]
    related: tuple[tuple[float, ...], ...]


def needed_columns(experiment: Experiment) -> tuple[str, ...]:
    """Return the columns that `count_labels` reads."""
    asked = list(experiment.target_columns())
    split = experiment.split
    if isinstance(split, GroupSplit | TimeSplit | GivenSplit):
        asked.append(split.column)
    return tuple(dict.fromkeys(asked))


def count_labels(experiment: Experiment, table: Rows) -> Coverage:
    """Return which parts of a table hold which labels.

    Args:
        experiment: Its heads and its split.
        table: All rows, with `needed_columns`.

    Raises:
        ColumnError: A column is missing or cannot be used.
        InputError: A part would be empty.
    """
    split = split_rows(experiment, table)
    part = np.full(table.rows, -1, dtype=np.int64)
    for place, name in enumerate(PARTS):
        part[split.rows(name)] = place
    read = {head.name: _columns_of(head, table) for head in experiment.heads}
    there = {
        name: np.logical_and.reduce([~np.isnan(codes) for codes, _ in columns])
        for name, columns in read.items()
    }
    heads = tuple(
        _head_coverage(head, read[head.name], there[head.name], part)
        for head in experiment.heads
    )
    names = [head.name for head in experiment.heads]
    together = tuple(
        tuple(int((there[a] & there[b]).sum()) for b in names) for a in names
    )
    firsts = [(head.target_kind, read[head.name][0][0]) for head in experiment.heads]
    related = tuple(tuple(_related(a, b) for b in firsts) for a in firsts)
    rows = {name: int((part == place).sum()) for place, name in enumerate(PARTS)}
    return Coverage(rows, heads, together, related)


def _columns_of(head: Head, table: Rows) -> list[tuple[Numbers, tuple[str, ...]]]:
    """Return each target column as numbers, and the names of its classes."""
    if head.target_kind == "number":
        return [(table.numbers(column), ()) for column in head.columns]
    return [_coded(table.categories(column)) for column in head.columns]


def _coded(cells: NDArray[Any]) -> tuple[Numbers, tuple[str, ...]]:
    """Return classes as numbers from 0, the most frequent first; NaN where missing."""
    known = np.asarray([cell for cell in cells if cell is not None], dtype=object)
    names, counts = np.unique(known.astype(str), return_counts=True)
    order = sorted(range(len(names)), key=lambda i: (-counts[i], names[i]))
    place: dict[object, float] = {str(names[i]): float(n) for n, i in enumerate(order)}
    place[None] = np.nan
    codes = np.fromiter((place[cell] for cell in cells), dtype=np.float64)
    return codes, tuple(str(names[i]) for i in order)


def _head_coverage(
    head: Head,
    columns: Sequence[tuple[Numbers, tuple[str, ...]]],
    there: NDArray[np.bool_],
    part: RowArray,
) -> HeadCoverage:
    parts = {name: part == place for place, name in enumerate(PARTS)}
    absent: dict[str, tuple[str, ...]] = {}
    for name, here in parts.items():
        lacking = [_lacking(codes[here], classes) for codes, classes in columns]
        absent[name] = tuple(dict.fromkeys(c for classes in lacking for c in classes))
    bins, names = _bins(*columns[0])
    counts = {name: _counted(bins[here], len(names)) for name, here in parts.items()}
    labelled = {name: int((there & here).sum()) for name, here in parts.items()}
    is_number = head.target_kind == "number"
    return HeadCoverage(head.name, labelled, absent, names, counts, is_number)


def _lacking(codes: Numbers, classes: Sequence[str]) -> list[str]:
    held = {int(code) for code in np.unique(codes[~np.isnan(codes)])}
    return [name for code, name in enumerate(classes) if code not in held]


def _counted(bins: RowArray, width: int) -> tuple[int, ...]:
    return tuple(int(n) for n in np.bincount(bins[bins >= 0], minlength=width))


def _bins(codes: Numbers, classes: Sequence[str]) -> tuple[RowArray, tuple[str, ...]]:
    """Return what each row is counted as, -1 where it has no label, and the names."""
    known = ~np.isnan(codes)
    bins = np.full(len(codes), -1, dtype=np.int64)
    if classes:
        shown = list(classes[:_MOST_CLASSES])
        if len(classes) > len(shown):
            shown.append(_OTHERS)
        bins[known] = np.minimum(codes[known], len(shown) - 1)
        return bins, tuple(shown)
    if not known.any():
        return bins, ()
    bins[known], names = _ranges(codes[known])
    return bins, names


def _ranges(values: Numbers) -> tuple[RowArray, tuple[str, ...]]:
    """Return the place of each number among round ranges, and the ranges' names.

    Whole numbers are counted one by one, or in ranges of as many of them each: between
    other ends some ranges would hold one more, or none.
    """
    low, high = float(values.min()), float(values.max())
    whole = bool((values == np.floor(values)).all()) and max(-low, high) < _EXACT
    if low == high:
        return np.zeros(len(values), dtype=np.int64), (f"{low:.6g}",)
    # Divided first, as the difference of the greatest numbers there are has no end.
    least = max(high / BINS - low / BINS, 1.0 if whole else 0.0)
    power = math.floor(math.log10(least))
    round_steps = (lead * 10.0**power for lead in (1, 2, 2.5, 5, 10))
    step = next(s for s in round_steps if least <= s and not (whole and s % 1))
    places = np.floor(values / step + _CLOSE)
    first = places.min()
    digits = max(4, math.floor(math.log10(max(-low, high))) - power + 2)
    starts = (first + np.arange(places.max() - first + 2)) * step
    if whole and step == 1:
        names = [f"{start:.{digits}g}" for start in starts[:-1]]
    else:
        last = starts[1:] - 1 if whole else starts[1:]
        names = [
            f"{start:.{digits}g} to {end:.{digits}g}"
            for start, end in zip(starts, last, strict=False)
        ]
    return (places - first).astype(np.int64), tuple(names)


def _related(first: tuple[str, Numbers], second: tuple[str, Numbers]) -> float:
    (kind, a), (other, b) = first, second
    there = ~np.isnan(a) & ~np.isnan(b)
    a, b = a[there], b[there]
    if len(a) < 2:
        return float("nan")
    a = _at_most_one(a) if kind == "number" else a
    b = _at_most_one(b) if other == "number" else b
    if kind == other == "number":
        return float(np.corrcoef(a, b)[0, 1]) if a.std() and b.std() else float("nan")
    if kind == other:
        return _cramers_v(a.astype(np.int64), b.astype(np.int64))
    classes, numbers = (a, b) if other == "number" else (b, a)
    return _correlation_ratio(classes.astype(np.int64), numbers)


def _at_most_one(numbers: Numbers) -> Numbers:
    """Return numbers in units of the greatest, as squares of huge ones have no end."""
    greatest = float(np.abs(numbers).max())
    return numbers / greatest if greatest else numbers


def _cramers_v(a: RowArray, b: RowArray) -> float:
    """Return Cramér's V of two columns of classes (1946), 0 to 1.

    >>> _cramers_v(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]))
    1.0
    """
    counts = np.zeros((int(a.max()) + 1, int(b.max()) + 1))
    np.add.at(counts, (a, b), 1)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    least = min(counts.shape) - 1
    if least < 1:
        return float("nan")
    wanted = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / len(a)
    squared = float(((counts - wanted) ** 2 / wanted).sum())
    return float(np.sqrt(squared / len(a) / least))


def _correlation_ratio(classes: RowArray, numbers: FloatArray) -> float:
    """Return eta, the share of a number's deviation that lies between classes."""
    sizes = np.bincount(classes)
    means = np.bincount(classes, weights=numbers) / np.maximum(sizes, 1)
    spread = float(((numbers - numbers.mean()) ** 2).sum())
    if not spread:
        return float("nan")
    between = float((sizes * (means - numbers.mean()) ** 2).sum())
    return float(np.sqrt(min(between / spread, 1.0)))
