"""What one column alone says about a target, by a tree that may ask nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.checks.problem import Problem, Problems, without_column, without_head
from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.queries.connection import connect, file_literal, quoted
from mtcore.data.suggestions.inputs import taken_columns, usable_inputs
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, Head, Input

NEARLY_ALL = 0.98
SAME_ORDER = 0.95
SAMPLE_ROWS = 20_000
_FEWEST_ROWS = 100
_ROWS_A_LEAF = 5
_MOST_LEAVES = 128
_MOST_INPUTS = 200
_MOST_TARGETS = 20
_EXACTLY = 1.0 - 1e-6
_DIGITS = re.compile(r"\d+")


def giveaway_problems(
    experiment: Experiment, profile: Profile, parquet: Path, told: Sequence[str]
) -> Problems:
    """Yield a warning for each column that nearly decides a target by itself.

    A tree with 256 leaves at most is grown on each input alone; what it explains is the
    share of a number's variance, or of the errors of always saying the usual class.

    Args:
        experiment: What to look at.
        profile: Of all columns.
        parquet: The table itself; its first rows are looked at.
        told: Inputs that were warned of already.
    """
    known = {column.name: column for column in profile.columns}
    targets = _targets(experiment, known)
    inputs = [given for given in _inputs(experiment, profile) if given.column in known]
    asked = dict.fromkeys([*targets, *(given.column for given in inputs)])
    if not targets:
        return
    table = first_rows(parquet, list(asked), experiment.missing)
    values = {name: _codes_of(table, head, name) for name, head in targets.items()}
    for given in inputs:
        if given.column in told:
            continue
        order = _order_of(table, given, known[given.column])
        if order is None:
            continue
        if known[given.column].kind == "id":
            yield from _ordered_id(experiment, given, order, targets, values)
        else:
            yield from _given_away(experiment, given, order, targets, values)
    yield from _derived_targets(experiment, targets, table)


def first_rows(parquet: Path, columns: Sequence[str], missing: Sequence[str]) -> Table:
    """Return the first rows of some columns of a table in its file."""
    listed = ", ".join(quoted(name) for name in columns)
    with connect() as connection:
        cells = connection.sql(
            f"SELECT {listed} FROM read_parquet({file_literal(parquet)}) "
            f"LIMIT {SAMPLE_ROWS}"
        ).to_arrow_table()
    return Table(cells.rename_columns(list(columns)), missing)


def explained(leaf: RowArray, values: FloatArray, *, classes: bool) -> float:
    """Return what the leaves of a tree say about values, 0 to 1.

    Args:
        leaf: The leaf that each row falls into, `(rows,)`.
        values: Numbers, or classes as numbers from 0; NaN where missing.
        classes: Whether they are classes.

    >>> explained(np.array([0, 0, 1, 1]), np.array([1.0, 1.0, 5.0, 5.0]), classes=False)
    1.0
    """
    there = ~np.isnan(values)
    leaf, values = leaf[there], values[there]
    if len(values) < 2:
        return 0.0
    if classes:
        counts = np.zeros((int(leaf.max()) + 1, int(values.max()) + 1))
        np.add.at(counts, (leaf, values.astype(np.int64)), 1)
        usual = counts.sum(axis=0).max()
        wrong = len(values) - usual
        return float((counts.max(axis=1).sum() - usual) / wrong) if wrong else 0.0
    sizes = np.bincount(leaf)
    sums = np.bincount(leaf, weights=values)
    means = sums / np.maximum(sizes, 1)
    spread = float(((values - values.mean()) ** 2).sum())
    left = float(((values - means[leaf]) ** 2).sum())
    return 1.0 - left / spread if spread > 0 else 0.0


def _targets(
    experiment: Experiment, known: Mapping[str, ColumnProfile]
) -> dict[str, Head]:
    found = {
        name: head
        for head in experiment.heads
        for name in head.columns
        if name in known and known[name].distinct > 1
    }
    return dict(list(found.items())[:_MOST_TARGETS])


def _inputs(experiment: Experiment, profile: Profile) -> Sequence[Input]:
    inputs = experiment.inputs
    if inputs is None:
        inputs = usable_inputs(profile, taken_columns(experiment))
    return inputs[:_MOST_INPUTS]


def _codes_of(table: Table, head: Head, name: str) -> FloatArray:
    """Return a target as numbers, its classes numbered; NaN where it is missing."""
    if head.target_kind == "number":
        return table.numbers(name)
    return _numbered(table, name)


def _numbered(table: Table, name: str) -> FloatArray:
    cells = table.categories(name)
    place: dict[object, float] = {None: np.nan}
    return np.asarray([place.setdefault(cell, len(place) - 1) for cell in cells])


def _order_of(table: Table, given: Input, column: ColumnProfile) -> FloatArray | None:
    """Return an input as numbers that a tree can ask about; None where it cannot."""
    match given.kind:
        case "number":
            return table.numbers(given.column)
        case "category" | "boolean":
            if column.kind == "id":
                return _numbers_in(table, given.column)
            return _numbered(table, given.column)
        case "datetime":
            return table.timestamps(given.column)
        case _:
            return None


def _numbers_in(table: Table, name: str) -> FloatArray:
    """Return the last number in each cell of an id, such as 17 of `A-17`."""
    found = [_DIGITS.findall(str(cell or "")) for cell in table.categories(name)]
    return np.asarray([float(digits[-1]) if digits else np.nan for digits in found])


def _given_away(
    experiment: Experiment,
    given: Input,
    order: FloatArray,
    targets: Mapping[str, Head],
    values: Mapping[str, FloatArray],
) -> Iterator[Problem]:
    leaf = _leaves(order, grouped=given.kind in ("category", "boolean"))
    for name, head in targets.items():
        if leaf is None or (~np.isnan(values[name])).sum() < _FEWEST_ROWS:
            return
        classes = head.target_kind == "category"
        share = explained(leaf, values[name], classes=classes)
        if share <= NEARLY_ALL:
            continue
        yield Problem(
            "warning",
            given.column,
            f"Input '{given.column}' alone tells nearly all about column '{name}' "
            f"({share:.1%} of it by a tree that asks nothing else), which head "
            f"'{head.name}' predicts. If it is not known when predictions are made, "
            "leave it out.",
            without_column(experiment, given.column),
        )
        return


def _ordered_id(
    experiment: Experiment,
    given: Input,
    order: FloatArray,
    targets: Mapping[str, Head],
    values: Mapping[str, FloatArray],
) -> Iterator[Problem]:
    """Yield a warning where the numbers in an id rise or fall with a target."""
    for name, head in targets.items():
        there = ~np.isnan(order) & ~np.isnan(values[name])
        if head.target_kind != "number" or there.sum() < _FEWEST_ROWS:
            continue
        first, second = (
            np.argsort(np.argsort(cells[there])) for cells in (order, values[name])
        )
        same = float(np.corrcoef(first, second)[0, 1])
        if abs(same) > SAME_ORDER:
            yield Problem(
                "warning",
                given.column,
                f"The numbers in '{given.column}' are in the order of column '{name}' "
                f"(rank correlation {same:.2f}), which head '{head.name}' predicts: "
                "they tell the rows' order and nothing about new rows. Leave it out.",
                without_column(experiment, given.column),
            )
            return


def _leaves(order: FloatArray, *, grouped: bool) -> RowArray | None:
    """Return the leaf of each row: between cuts, or one for each value.

    A missing value is a leaf of its own. None where leaves would hold too few rows.
    """
    known = order[~np.isnan(order)]
    leaves = min(len(known) // _ROWS_A_LEAF, _MOST_LEAVES)
    if leaves < 2:
        return None
    values = np.unique(known)
    if len(values) > leaves:
        if grouped:
            return None
        # As many rows in each, and cuts at equal widths where values lie far apart.
        even = np.quantile(known, np.linspace(0, 1, leaves + 1)[1:])
        wide = np.linspace(known.min(), known.max(), leaves + 1)[1:]
        values = np.unique([*even, *wide])
    place = np.searchsorted(values, np.where(np.isnan(order), np.inf, order))
    return np.asarray(place, dtype=np.int64)


def _derived_targets(
    experiment: Experiment, targets: Mapping[str, Head], table: Table
) -> Iterator[Problem]:
    """Yield a warning for each number target that others add up to."""
    names = [name for name, head in targets.items() if head.target_kind == "number"]
    if len(names) < 2:
        return
    numbers = np.stack([table.numbers(name) for name in names], axis=1)
    numbers = numbers[~np.isnan(numbers).any(axis=1)]
    if len(numbers) < _FEWEST_ROWS:
        return
    numbers = numbers - numbers.mean(axis=0)
    for place, name in enumerate(names):
        others = np.delete(numbers, place, axis=1)
        spread = float((numbers[:, place] ** 2).sum())
        weights, *_ = np.linalg.lstsq(others, numbers[:, place], rcond=None)
        left = float(((numbers[:, place] - others @ weights) ** 2).sum())
        if spread > 0 and 1.0 - left / spread > _EXACTLY:
            used = [
                other
                for other, weight in zip(_without(names, name), weights, strict=True)
                if abs(weight) > 1e-6
            ]
            listed = " and ".join(f"'{other}'" for other in used[:3])
            head = targets[name]
            yield Problem(
                "warning",
                head.name,
                f"Column '{name}' of head '{head.name}' can be computed from {listed}, "
                "which other heads predict: there is nothing to learn besides, and "
                "their answers may contradict each other. Compute it afterwards.",
                without_head(experiment, head) if len(head.columns) == 1 else None,
            )
            return


def _without(names: Sequence[str], name: str) -> list[str]:
    return [other for other in names if other != name]
