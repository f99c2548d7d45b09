"""Can the model be given the columns that the experiment names as inputs?"""

from __future__ import annotations

from mtcore.data.checks.columns import unknown_column
from mtcore.data.checks.problem import (
    Problem,
    Problems,
    changed,
    plain_inputs,
    without_column,
)
from mtcore.data.profile.held import Held, held_values, holds_numbers
from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.suggestions.inputs import taken_columns, usable_inputs
from mtcore.spec import (
    BooleanInput,
    CategoryInput,
    DatetimeInput,
    Experiment,
    ImageInput,
    Input,
    NumberInput,
)

MANY_CATEGORIES = 1_000


def input_problems(experiment: Experiment, profile: Profile) -> Problems:
    """Yield what keeps columns from being inputs, and which are of little use."""
    known = {column.name: column for column in profile.columns}
    for name in experiment.exclude:
        if name not in known:
            rest = [other for other in experiment.exclude if other != name]
            fix = changed(experiment, f"Forget '{name}'", exclude=rest)
            yield Problem(
                "warning",
                name,
                f"Column '{name}' is excluded but the file does not have it. Take it "
                "off the list.",
                fix,
            )
    if experiment.inputs is None:
        if not usable_inputs(profile, taken_columns(experiment)):
            yield Problem(
                "error",
                "inputs",
                "No input is left: every column is predicted, excluded, an id or the "
                "same in all rows. Leave a column to learn from.",
            )
        return
    for given in experiment.inputs:
        if given.column not in known:
            yield unknown_column(
                f"The experiment has an input '{given.column}'",
                given.column,
                profile,
                without_column(experiment, given.column),
            )
            continue
        column = known[given.column]
        held = held_values(column, experiment.missing)
        found = _kind_problem(experiment, given, column, held)
        yield from (found,) if found else _use_warnings(experiment, given, column, held)


def _kind_problem(
    experiment: Experiment, given: Input, column: ColumnProfile, held: Held
) -> Problem | None:
    """Return the error of a kind that the column's cells can't be read as."""
    match given:
        case ImageInput() if column.pictures is None:
            needed = "a picture"
            if column.kind == "image":
                sentence = (
                    f"Input '{column.name}' names pictures, but none came with the "
                    "file. Import a ZIP archive of the table and its pictures, or "
                    "leave the column out."
                )
                fix = without_column(experiment, column.name)
                return Problem("error", column.name, sentence, fix)
        case NumberInput() if column.kind != "number" and not holds_numbers(column):
            needed = "a number"
        case DatetimeInput() if column.kind not in ("datetime", "constant"):
            needed = "a date"
        case BooleanInput() if held.distinct > 2:
            needed = "one of two values"
        case _:
            return None
    sentence = (
        f"Input '{column.name}' is to be {needed}, but its cells hold a {column.kind} "
        f"such as {_examples(held)}. Give it another kind or leave it out."
    )
    if column.kind not in ("number", "category", "boolean", "datetime"):
        return Problem(
            "error", column.name, sentence, without_column(experiment, column.name)
        )
    inputs = [
        {"kind": column.kind, "column": column.name}
        if entry["column"] == column.name
        else entry
        for entry in plain_inputs(experiment.inputs or ())
    ]
    fix = changed(experiment, f"Read '{column.name}' as {column.kind}", inputs=inputs)
    return Problem("error", column.name, sentence, fix)


def _use_warnings(
    experiment: Experiment, given: Input, column: ColumnProfile, held: Held
) -> Problems:
    sentence = None
    if held.distinct < 2:
        sentence = (
            f"Input '{column.name}' is the same in every row, so nothing can be "
            "learned from it. Leave it out."
        )
    elif column.kind == "id":
        sentence = (
            f"Input '{column.name}' looks like an id: a model can learn rows by heart "
            "from it and fail on new ones. Leave it out."
        )
    elif isinstance(given, CategoryInput) and held.distinct > MANY_CATEGORIES:
        sentence = (
            f"Input '{column.name}' has {held.distinct:,} different values, most of "
            "them in a few rows each. Leave it out if it is a name or an id."
        )
    elif given.column in taken_columns(experiment):
        sentence = (
            f"Input '{column.name}' also decides how rows are split or weighted, or is "
            "excluded, so a model may learn the split instead of the task. Leave it "
            "out."
        )
    if sentence is not None:
        fix = without_column(experiment, column.name)
        yield Problem("warning", column.name, sentence, fix)


def _examples(held: Held) -> str:
    shown = [f"'{value[:40]}'" for value in held.values[:2]]
    return " and ".join(shown) or "nothing"
