"""Rows that are much alike, on both sides of a split that was drawn at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.checks.giveaways import first_rows
from mtcore.data.checks.problem import Problem, Problems, changed
from mtcore.data.profile.profile import Profile
from mtcore.data.suggestions.grouping import (
    group_column,
    group_reason,
    part_column,
    time_columns,
)
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, Head, RandomSplit, StratifiedSplit, plain_data

ALIKE = 0.8  # correlation of a target with itself one row later
_FEWEST_ROWS = 100
_SORTED = 0.99  # share of rows that are no earlier than the row before


def shared_row_problems(
    experiment: Experiment, profile: Profile, parquet: Path
) -> Problems:
    """Yield a warning where a split at random would flatter, with the split that fits.

    Args:
        experiment: What to look at.
        profile: Of all columns.
        parquet: The table itself; its first rows are looked at.
    """
    if not isinstance(experiment.split, RandomSplit | StratifiedSplit):
        return
    targets = set(experiment.target_columns())
    told = part_column(profile, targets)
    if told is not None:
        yield Problem(
            "warning",
            "split",
            f"Column '{told.name}' says which rows train, choose the epoch and judge, "
            "and rows are split in another way. Split as it says, so that figures can "
            "be compared with those of others.",
            changed(
                experiment,
                f"Split as '{told.name}' says",
                split=_split(experiment, "given", told.name),
                inputs=_inputs_without(experiment, told.name),
                training=plain_data(experiment)["training"] | {"rotate": False},
            ),
        )
        return
    group = group_column(profile, targets)
    if group is not None:
        yield Problem(
            "warning",
            "split",
            group_reason(group),
            changed(
                experiment,
                f"Keep each '{group.name}' in one part",
                split=_split(experiment, "group", group.name),
                inputs=_inputs_without(experiment, group.name),
            ),
        )
        return
    dates = time_columns(profile, targets)
    numbers = [h for h in experiment.heads if h.target_kind == "number"]
    if not dates or not numbers:
        return
    when = dates[0].name
    asked = dict.fromkeys([when, *(name for head in numbers for name in head.columns)])
    known = {column.name for column in profile.columns}
    table = first_rows(parquet, [n for n in asked if n in known], experiment.missing)
    found = _most_alike(table, when, numbers)
    if found is None:
        return
    name, alike = found
    training = plain_data(experiment)["training"] | {"rotate": False}
    yield Problem(
        "warning",
        "split",
        f"Rows follow each other in time by '{when}', and column '{name}' is much like "
        f"in the row before (r = {alike:.2f}): a random split would flatter, as it "
        "judges on rows whose neighbours it was taught with. To tell later rows from "
        "earlier ones, split by time.",
        changed(
            experiment,
            f"Split by '{when}'",
            split=_split(experiment, "time", when),
            training=training,
        ),
    )


def one_row_later(values: FloatArray) -> float:
    """Return the correlation of values with those one row later; NaN missing, 0 none.

    >>> round(one_row_later(np.sin(np.arange(500) / 50.0)), 2)
    1.0
    """
    before, after = values[:-1], values[1:]
    there = ~np.isnan(before) & ~np.isnan(after)
    before, after = before[there], after[there]
    if len(before) < _FEWEST_ROWS or before.std() == 0 or after.std() == 0:
        return 0.0
    return float(np.corrcoef(before, after)[0, 1])


def _most_alike(table: Table, when: str, heads: list[Head]) -> tuple[str, float] | None:
    moments = table.timestamps(when)
    steps = np.diff(moments[~np.isnan(moments)])
    if len(steps) < _FEWEST_ROWS or (steps >= 0).mean() < _SORTED or not steps.any():
        return None
    there = set(table.column_names)
    alike = {
        name: one_row_later(table.numbers(name))
        for head in heads
        for name in head.columns
        if name in there
    }
    name = max(alike, key=lambda column: alike[column])
    return (name, alike[name]) if alike[name] >= ALIKE else None


def _split(experiment: Experiment, kind: str, column: str) -> dict[str, object]:
    split = experiment.split
    return {
        "kind": kind,
        "column": column,
        "validation": split.validation,
        "test": split.test,
    }


def _inputs_without(experiment: Experiment, column: str) -> list[object] | None:
    inputs = plain_data(experiment)["inputs"]
    if inputs is None:
        return None
    return [given for given in inputs if given["column"] != column]
