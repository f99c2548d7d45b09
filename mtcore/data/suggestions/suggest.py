"""A complete experiment for a file, from the names of what is to be predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtcore.data.profile.held import held_values, holds_numbers
from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.reading.report import ReadingReport
from mtcore.data.suggestions.grouping import (
    group_column,
    group_reason,
    part_column,
    time_columns,
)
from mtcore.data.suggestions.head_kinds import suggest_head
from mtcore.data.suggestions.inputs import usable_input, with_inputs
from mtcore.data.suggestions.reasons import Reason, told_together
from mtcore.data.suggestions.recipes import recipe_for
from mtcore.errors import ColumnError
from mtcore.spec import (
    CategoryInput,
    Experiment,
    GroupSplit,
    Head,
    ImageInput,
    Input,
    NumberInput,
    RandomSplit,
    Reading,
    Split,
    StratifiedSplit,
    experiment_from,
)

# A class with fewer rows than this may be missing from a part drawn at random.
RARE_CLASS_ROWS = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An experiment and why it is as it is.

    Args:
        experiment: Complete and ready to train or to edit.
        reasons: A sentence for each choice that people may want to change.
    """

    experiment: Experiment
    reasons: tuple[str, ...]


def suggest_experiment(
    profile: Profile,
    report: ReadingReport,
    predict: Sequence[str],
    inputs: Sequence[str] | None = None,
    name: str = "Untitled",
) -> Suggestion:
    """Return a complete experiment that predicts the given columns.

    Args:
        profile: Of all columns of the file.
        report: How the file was read.
        predict: The target columns; each becomes a head of its own.
        inputs: The input columns; by default every other one that is of use.
        name: Of the experiment.

    Raises:
        ColumnError: A column is unknown or can't be predicted or be an input.
        ExperimentError: A column is asked for twice, or none is left to learn from.
    """
    missing = report.suggested_missing
    columns = [profile.column(target) for target in predict]
    suggested = [
        suggest_head(column, held_values(column, missing)) for column in columns
    ]
    heads = [head for head, _ in suggested]
    reasons = told_together([reason for _, reason in suggested])
    left_out, why = _left_out(profile, predict) if inputs is None else ((), ())
    split, split_reason = _suggest_split(profile, heads, missing, inputs)
    experiment = experiment_from(
        {
            "name": name,
            "reading": _reading_of(report),
            "inputs": None if inputs is None else _chosen(profile, inputs),
            "exclude": left_out,
            "missing": missing,
            "heads": tuple(heads),
            "split": split,
        }
    )
    experiment = with_inputs(experiment, profile)
    recipe = recipe_for(profile.rows, experiment.inputs or ())
    taught = {"trunk": recipe.trunk, "training": recipe.training}
    experiment = experiment.model_copy(update=taught)
    if missing:
        reasons.append(f"Cells that hold {_listed(missing)} count as missing.")
    reasons += [*why, *split_reason, *_seen(experiment), *recipe.reasons(profile.rows)]
    return Suggestion(experiment, tuple(reasons))


def _left_out(
    profile: Profile, predict: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return columns that are of no use as inputs, and why, in the file's order."""
    unused = [
        column
        for column in profile.columns
        if column.name not in predict and usable_input(column) is None
    ]
    names = tuple(column.name for column in unused)
    reasons = told_together(
        Reason(
            column.name,
            f"Column {{}} is left out ({column.kind}): {column.reason}",
            f"Columns {{}} are left out ({column.kind}): {column.reason}",
        )
        for column in unused
    )
    return names, tuple(reasons)


def _seen(experiment: Experiment) -> list[str]:
    """Return what is done to pictures, and when better not."""
    return [
        f"Pictures of '{given.column}' are moved a little each time that they are "
        "learned from, which teaches that place matters little; leave that out where a "
        "few pixels decide."
        for given in experiment.inputs or ()
        if isinstance(given, ImageInput) and "shift" in given.augment
    ]


def _chosen(profile: Profile, names: Sequence[str]) -> tuple[Input, ...]:
    return tuple(_chosen_input(profile.column(name)) for name in names)


def _chosen_input(column: ColumnProfile) -> Input:
    """Return a column that a person asked for, ids and constants included."""
    usable = usable_input(column)
    if usable is not None:
        return usable
    if column.kind == "image":
        msg = (
            f"Column '{column.name}' names pictures, but none came with the file. "
            "Import a ZIP archive of the table and its pictures."
        )
        raise ColumnError(msg, where=column.name)
    if holds_numbers(column):
        return NumberInput(column=column.name)
    return CategoryInput(column=column.name)


def _suggest_split(
    profile: Profile,
    heads: Sequence[Head],
    missing: Sequence[str],
    inputs: Sequence[str] | None,
) -> tuple[Split, tuple[str, ...]]:
    targets = [name for head in heads for name in head.columns]
    group = group_column(profile, [*targets, *(inputs or ())])
    if group is not None:
        reason = (
            f"{group_reason(group)} So each '{group.name}' stays in one part, and is "
            "no input."
        )
        return GroupSplit(column=group.name), (reason,)
    dates = time_columns(profile, targets)
    told = part_column(profile, targets)
    hint = tuple(
        f"If later rows are to be told from earlier ones, split by '{date.name}'."
        for date in dates[:1]
    )
    if told is not None:
        hint = (
            f"Column '{told.name}' says which rows train, choose the epoch and judge: "
            "to follow it, make the split 'given' by that column.",
        )
    for head in heads:
        if head.target_kind == "number":
            continue
        held = held_values(profile.column(head.columns[0]), missing)
        if min(count for _, count in held.frequent) < RARE_CLASS_ROWS:
            reason = (
                f"Rows are split so that every class of head '{head.name}' is in every "
                "part, as some are rare."
            )
            return StratifiedSplit(), (reason, *hint)
    return RandomSplit(), ("Rows are split at random.", *hint)


def _reading_of(report: ReadingReport) -> Reading | None:
    """Return the dialect that a file was read in, None for a Parquet file."""
    dialect = report.dialect
    if dialect.delimiter is None and dialect.sheet is None:
        return None
    return Reading(
        delimiter=dialect.delimiter,
        encoding=dialect.encoding,
        decimal=dialect.decimal,
        header_line=0 if dialect.header_line is None else dialect.header_line,
        sheet=dialect.sheet,
    )


def _listed(markers: Sequence[str]) -> str:
    return " or ".join(f"'{marker}'" for marker in markers)
