"""Inputs that give a target away: the same quantity in another guise."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from mtcore.data.checks.problem import Problem, Problems, without_column
from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.queries.connection import connect, file_literal, quoted
from mtcore.data.suggestions.inputs import taken_columns, usable_inputs
from mtcore.spec import Experiment, Head, Input

NEARLY_THE_SAME = 0.98
SAMPLE_ROWS = 100_000
MOST_VALUES = 50
MOST_PAIRS = 2_000

_Pair = tuple[Input, Head, ColumnProfile]


def leak_problems(experiment: Experiment, profile: Profile, parquet: Path) -> Problems:
    """Yield a warning for each input that nearly is a target.

    Numbers are compared by their correlation, categories by whether the input alone
    decides the class in every row. Large tables are judged by a sample.

    Args:
        experiment: What to look at.
        profile: Of all columns.
        parquet: The table itself.
    """
    pairs = _pairs(experiment, profile)[:MOST_PAIRS]
    if not pairs:
        return
    terms = [
        _correlation(given, target, experiment)
        if given.kind == "number"
        else _undecided(given, target)
        for given, _, target in pairs
    ]
    with connect() as connection:
        row = connection.execute(
            f"SELECT {', '.join(terms)} FROM (SELECT * FROM "
            f"read_parquet({file_literal(parquet)}) LIMIT {SAMPLE_ROWS})"
        ).fetchone()
    for (given, head, target), found in zip(pairs, row or (), strict=True):
        if found is None or abs(found) <= NEARLY_THE_SAME:
            continue
        how = (
            f"goes with column '{target.name}' almost exactly (|r| = {abs(found):.3f})"
            if given.kind == "number"
            else f"alone decides column '{target.name}' in every row"
        )
        yield Problem(
            "warning",
            given.column,
            f"Input '{given.column}' {how}, which head '{head.name}' predicts. If it "
            "is not known when predictions are made, leave it out.",
            without_column(experiment, given.column),
        )


def _pairs(experiment: Experiment, profile: Profile) -> list[_Pair]:
    """Return inputs and targets that can be compared, each pair once."""
    known = {column.name: column for column in profile.columns}
    inputs = experiment.inputs
    if inputs is None:
        inputs = usable_inputs(profile, taken_columns(experiment))
    targets = {
        name: (head, known[name])
        for head in experiment.heads
        for name in head.columns
        if name in known and known[name].distinct > 1
    }
    pairs = []
    for given, (head, target) in product(inputs, targets.values()):
        column = known.get(given.column)
        if column is None or column.distinct < 2:
            continue
        numbers = given.kind == column.kind == target.kind == "number"
        classes = (
            given.kind in ("category", "boolean")
            and head.target_kind == "category"
            and target.distinct <= column.distinct <= MOST_VALUES
        )
        if numbers or classes:
            pairs.append((given, head, target))
    return pairs


def _correlation(given: Input, target: ColumnProfile, experiment: Experiment) -> str:
    """Return SQL for r of two number columns, in [-1, 1], missing markers left out."""
    left, right = (
        _without_markers(name, experiment) for name in (given.column, target.name)
    )
    varied = f"var_pop({left}) > 0 AND var_pop({right}) > 0"
    return f"CASE WHEN {varied} THEN corr({left}, {right}) END"


def _without_markers(name: str, experiment: Experiment) -> str:
    cell = f"CAST({quoted(name)} AS DOUBLE)"
    for marker in experiment.missing:
        try:
            cell = f"NULLIF({cell}, {float(marker)!r}::DOUBLE)"
        except ValueError:
            continue
    return cell


def _undecided(given: Input, target: ColumnProfile) -> str:
    """Return SQL for 1 where each value of the input goes with one class, else 0."""
    left, right = quoted(given.column), quoted(target.name)
    return (
        f"(count(DISTINCT CASE WHEN {right} IS NOT NULL AND {left} IS NOT NULL "
        f"THEN ({left}::VARCHAR, {right}::VARCHAR) END) = "
        f"count(DISTINCT CASE WHEN {right} IS NOT NULL THEN {left} END))::DOUBLE"
    )
