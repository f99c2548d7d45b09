"""A complete experiment for a file, from the names of what is to be predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtcore.data.grouping import (
    group_column,
    group_reason,
    part_column,
    time_columns,
)
from mtcore.data.held import Held, held_values, holds_numbers
from mtcore.data.hints import number_hint
from mtcore.data.inputs import usable_input, with_inputs
from mtcore.data.profile import ColumnProfile, Profile
from mtcore.data.reading.report import ReadingReport
from mtcore.data.recipes import recipe_for
from mtcore.errors import ColumnError
from mtcore.spec import (
    BinaryHead,
    CategoryInput,
    Experiment,
    GroupSplit,
    Head,
    ImageInput,
    Input,
    MulticlassHead,
    NumberInput,
    RandomSplit,
    Reading,
    RegressionHead,
    Split,
    StratifiedSplit,
    experiment_from,
)
from mtcore.spec.heads.labels import positive_value

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
    reasons: list[str] = []
    heads: list[Head] = []
    for target in predict:
        column = profile.column(target)
        head, reason = _suggest_head(column, held_values(column, missing))
        heads.append(head)
        reasons.append(reason)
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


def _suggest_head(column: ColumnProfile, held: Held) -> tuple[Head, str]:
    """Return the head that fits a target column, and why.

    Raises:
        ColumnError: There is nothing to learn in the column.
    """
    name = column.name
    if held.distinct < 2:
        what = f"only '{held.values[0]}'" if held.values else "no value"
        msg = (
            f"Column '{name}' holds {what}, so there is nothing to predict. Pick "
            "another column."
        )
        raise ColumnError(msg, where=name)
    if held.distinct == 2 and held.complete:
        first, second = sorted(held.values)
        positive = positive_value((first, second))
        return (
            BinaryHead(name=name, columns=(name,), positive=positive),
            f"Head '{name}' is binary, as its column holds '{first}' and '{second}'; "
            f"'{positive}' is taken as the positive one.",
        )
    match column.kind:
        case "number":
            hint = number_hint(column, held)
            return (
                RegressionHead(name=name, columns=(name,)),
                f"Head '{name}' is a regression, as its column holds numbers.{hint}",
            )
        case "category" | "boolean":
            return (
                MulticlassHead(name=name, columns=(name,)),
                f"Head '{name}' is multiclass, as its column holds {held.distinct:,} "
                "different values.",
            )
        case "datetime" | "text" | "image" | "id" | "constant":
            held_here = {"datetime": "dates", "id": "ids"}.get(column.kind, column.kind)
            msg = (
                f"Column '{name}' can't be predicted, as it holds {held_here} "
                f"({column.reason}). Pick a column of numbers or categories."
            )
            raise ColumnError(msg, where=name)


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
    reasons = tuple(
        f"Column '{column.name}' is left out ({column.kind}): {column.reason}"
        for column in unused
    )
    return names, reasons


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
