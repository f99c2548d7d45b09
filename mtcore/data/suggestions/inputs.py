"""Which columns a model is given where an experiment does not say."""

from __future__ import annotations

from collections.abc import Iterable

from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.errors import ExperimentError
from mtcore.spec import (
    BooleanInput,
    CategoryInput,
    DatetimeInput,
    Experiment,
    GivenSplit,
    ImageInput,
    Input,
    NumberInput,
    TextInput,
)

# More values than this are left to people to ask for.
MAX_CATEGORIES = 10_000
# Of texts: without it a few thousand of them are soon learned by heart.
WORD_DROPOUT = 0.5


def usable_input(column: ColumnProfile) -> Input | None:
    """Return a column as an input of its kind, or None where it is of no use."""
    match column.kind:
        case "number":
            return NumberInput(column=column.name)
        case "category":
            if column.distinct > MAX_CATEGORIES:
                return None
            return CategoryInput(column=column.name)
        case "boolean":
            return BooleanInput(column=column.name)
        case "datetime":
            return DatetimeInput(column=column.name)
        case "image" if column.pictures is not None:
            return ImageInput(
                column=column.name,
                encoder="small",
                size=column.pictures.size,
                augment=("shift",),
            )
        case "text":
            return TextInput(column=column.name, word_dropout=WORD_DROPOUT)
        case "image" | "id" | "constant":
            return None


def usable_inputs(profile: Profile, taken: Iterable[str]) -> tuple[Input, ...]:
    """Return every usable column but those taken, in the file's order.

    Args:
        profile: Of all columns.
        taken: Targets, excluded columns and those with another part to play.
    """
    not_free = set(taken)
    found = (usable_input(column) for column in profile.columns)
    return tuple(given for given in found if given and given.column not in not_free)


def with_inputs(experiment: Experiment, profile: Profile) -> Experiment:
    """Return the experiment with its inputs listed, as training needs them.

    Raises:
        ExperimentError: No column is left to be an input.
    """
    if experiment.inputs is not None:
        return experiment
    inputs = usable_inputs(profile, taken_columns(experiment))
    if not inputs:
        msg = (
            "No input is left: every column is predicted, excluded, an id or the same "
            "in all rows. Leave a column to learn from."
        )
        raise ExperimentError(msg, where="inputs")
    return experiment.model_copy(update={"inputs": inputs})


def taken_columns(experiment: Experiment) -> set[str]:
    """Return the columns that can't be inputs by themselves: targets and the like."""
    taken = {*experiment.target_columns(), *experiment.exclude}
    if experiment.row_weight is not None:
        taken.add(experiment.row_weight)
    split = experiment.split
    if isinstance(split, GivenSplit) or split.kind == "group":
        taken.add(split.column)
    return taken
