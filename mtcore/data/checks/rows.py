"""Can the rows be split and weighted as the experiment asks?"""

from __future__ import annotations

from mtcore.data.checks.columns import unknown_column
from mtcore.data.checks.problem import Problem, Problems, changed
from mtcore.data.profile.held import held_values
from mtcore.data.profile.profile import Profile
from mtcore.spec import (
    Experiment,
    GivenSplit,
    GroupSplit,
    RandomSplit,
    StratifiedSplit,
    TimeSplit,
)

FEW_ROWS = 100
FEWEST_ROWS = 3


def row_problems(experiment: Experiment, profile: Profile) -> Problems:
    """Yield what is wrong with the split, the row weights and the number of rows."""
    if profile.rows < FEWEST_ROWS:
        yield Problem(
            "error",
            "rows",
            f"The file holds {profile.rows} row(s); at least {FEWEST_ROWS} are needed "
            "to train, to choose the epoch and to judge. Use a file with more rows.",
        )
    elif profile.rows < FEW_ROWS:
        yield Problem(
            "warning",
            "rows",
            f"The file holds {profile.rows} rows only: figures on so few rows are "
            "mostly luck. Collect more before you rely on them.",
        )
    yield from _weight_problems(experiment, profile)
    yield from _split_problems(experiment, profile)


def _weight_problems(experiment: Experiment, profile: Profile) -> Problems:
    name = experiment.row_weight
    if name is None:
        return
    fix = changed(experiment, "Weigh all rows the same", row_weight=None)
    column = next((known for known in profile.columns if known.name == name), None)
    if column is None:
        yield unknown_column(
            f"Rows are weighted by column '{name}'", name, profile, fix
        )
    elif column.kind not in ("number", "constant") or column.minimum is None:
        yield Problem(
            "error",
            name,
            f"Rows are weighted by column '{name}', which holds a {column.kind}. Pick "
            "a column of numbers, 0 or more.",
            fix,
        )
    elif column.minimum < 0 and _number_left(str(column.minimum), experiment):
        yield Problem(
            "error",
            name,
            f"Rows are weighted by column '{name}', which holds {column.minimum:g}. "
            "Weights must be 0 or more: correct the column or pick another.",
            fix,
        )


def _number_left(number: str, experiment: Experiment) -> bool:
    """Return whether a number is no missing marker."""
    for marker in experiment.missing:
        try:
            if float(marker) == float(number):
                return False
        except ValueError:
            continue
    return True


def _split_problems(experiment: Experiment, profile: Profile) -> Problems:
    split = experiment.split
    if isinstance(split, RandomSplit | StratifiedSplit):
        return
    name = split.column
    fix = changed(
        experiment,
        "Split at random",
        split={
            "kind": "random", "validation": split.validation, "test": split.test,
        },
    )  # fmt: skip
    column = next((known for known in profile.columns if known.name == name), None)
    if column is None:
        yield unknown_column(
            f"The {split.kind} split goes by column '{name}'", name, profile, fix
        )
        return
    held = held_values(column, experiment.missing)
    sentence = None
    match split:
        case TimeSplit() if column.kind not in ("datetime", "number", "id"):
            sentence = (
                f"The time split goes by column '{name}', which holds a {column.kind}. "
                "Pick a column of dates, times or numbers."
            )
        case TimeSplit() | GroupSplit() if held.distinct < FEWEST_ROWS:
            sentence = (
                f"The {split.kind} split needs at least {FEWEST_ROWS} different "
                f"values, but column '{name}' holds {held.distinct}. Use a random "
                "split or another column."
            )
        case GivenSplit() if held.distinct > 2 * FEWEST_ROWS or held.distinct < 3:
            sentence = (
                f"The given split needs a column that holds train, validation or test, "
                f"but column '{name}' holds {held.distinct:,} different values. Use a "
                "random split or another column."
            )
        case _:
            return
    if sentence is not None:
        yield Problem("error", name, sentence, fix)
