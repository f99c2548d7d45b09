"""What each input held while training, so that a question can stay within it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.profile.profile import ColumnProfile, Profile
from mtcore.data.tables.table import Table
from mtcore.data.values.moments import seconds_since_1970, text_of_seconds
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment, Input
from mtcore.spec.base import Frozen

MAX_CHOICES = 1_000
_STEPS = 100  # about so many stops of a slider over the range

Cell = float | str | None
"""What an input holds: a number, a category or a moment as text, None = missing."""


class InputRange(Frozen):
    """One input's values among the training rows.

    Args:
        column: The input.
        kind: What it is read as; texts and pictures have no range.
        minimum: The least number or moment (seconds since 1970 UTC); None for classes
            and where no row has a value.
        maximum: The greatest.
        step: A round number, about a hundredth of the range; 1 at least where all
            values are whole. None for classes and moments.
        choices: The values of classes, the most frequent 1,000 first.
        complete: Whether `choices` holds every value.
        typical: The median, the middle moment in ISO form, or the most frequent value.
        size: Height and width that pictures are brought to, in pixels.
    """

    column: str
    kind: Literal["number", "category", "boolean", "datetime", "text", "image"]
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    complete: bool = True
    typical: Cell = None
    size: tuple[int, int] | None = None


def input_ranges(experiment: Experiment, training: Table) -> tuple[InputRange, ...]:
    """Return the range of every input over the rows of a table.

    Args:
        experiment: Its inputs must be listed.
        training: The rows that were trained on, such as `table.take(split.train)`.

    Raises:
        ExperimentError: The experiment does not list its inputs.
        ColumnError: The table lacks an input.
    """
    return tuple(_range_in(given, training) for given in _listed(experiment))


def profile_ranges(experiment: Experiment, profile: Profile) -> tuple[InputRange, ...]:
    """Return the range of every input over all rows, as the profile knows it.

    The profile lists the 20 most frequent values of a category only, and knows nothing
    of the experiment's missing markers.

    Raises:
        ExperimentError: The experiment does not list its inputs.
        ColumnError: The profile lacks an input.
    """
    return tuple(
        _range_of(given, profile.column(given.column)) for given in _listed(experiment)
    )


def outside(known: InputRange, value: Cell) -> bool:
    """Return whether a value was never met, or lies beyond all that were.

    Args:
        known: The input's range.
        value: A number, a text, a moment in ISO form, or None for a missing cell, which
            is never outside.
    """
    if value is None:
        return False
    match known.kind:
        case "number" | "datetime":
            number = _number(known, value)
            if number is None or known.minimum is None or known.maximum is None:
                return True
            return not known.minimum <= number <= known.maximum
        case "text" | "image":
            return False
        case "category" | "boolean":
            return known.complete and str(value) not in known.choices


def _listed(experiment: Experiment) -> Sequence[Input]:
    if experiment.inputs is None:
        msg = "The experiment doesn't list its inputs. Add `inputs` to it."
        raise ExperimentError(msg, where="inputs")
    return experiment.inputs


def _range_in(given: Input, training: Table) -> InputRange:
    match given.kind:
        case "number":
            return _numbers(given.column, training.numbers(given.column))
        case "datetime":
            return _moments(given.column, training.timestamps(given.column))
        case "text":
            return InputRange(column=given.column, kind="text")
        case "image":
            return InputRange(column=given.column, kind="image", size=given.size)
        case "category" | "boolean":
            cells = training.categories(given.column)
            known = np.asarray([str(cell) for cell in cells if cell is not None])
            values, counts = np.unique(known, return_counts=True)
            order = np.argsort(-counts, kind="stable")
            choices = tuple(str(values[place]) for place in order)
            return _classes(given, choices, len(choices))


def _range_of(given: Input, column: ColumnProfile) -> InputRange:
    match given.kind:
        case "number" | "datetime":
            if column.minimum is None or column.maximum is None:
                return InputRange(column=column.name, kind=given.kind)
            # The middle of these is the column's median.
            known = np.asarray([column.minimum, *column.quantiles, column.maximum])
            if given.kind == "datetime":
                return _moments(column.name, known)
            shown = [*column.examples, *(value for value, _ in column.top)]
            whole = all(_is_whole(text) for text in shown)
            return _numbers(column.name, known, whole=whole)
        case "text":
            return InputRange(column=given.column, kind="text")
        case "image":
            return InputRange(column=given.column, kind="image", size=given.size)
        case "category" | "boolean":
            values = tuple(value for value, _ in column.top)
            return _classes(given, values, column.distinct)


def _numbers(
    column: str, values: FloatArray, *, whole: bool | None = None
) -> InputRange:
    known = values[np.isfinite(values)]
    if not known.size:
        return InputRange(column=column, kind="number")
    low, high = float(known.min()), float(known.max())
    if whole is None:
        whole = bool((known == np.round(known)).all())
    middle = np.quantile(known, 0.5, method="nearest" if whole else "linear")
    return InputRange(
        column=column,
        kind="number",
        minimum=low,
        maximum=high,
        step=_round_step(high - low, whole=whole),
        typical=float(middle),
    )


def _moments(column: str, seconds: FloatArray) -> InputRange:
    known = seconds[np.isfinite(seconds)]
    if not known.size:
        return InputRange(column=column, kind="datetime")
    middle = float(np.quantile(known, 0.5, method="nearest"))
    return InputRange(
        column=column,
        kind="datetime",
        minimum=float(known.min()),
        maximum=float(known.max()),
        typical=text_of_seconds(middle),
    )


def _classes(given: Input, choices: tuple[str, ...], distinct: int) -> InputRange:
    kind: Literal["category", "boolean"]
    kind = "boolean" if given.kind == "boolean" else "category"
    return InputRange(
        column=given.column,
        kind=kind,
        choices=choices[:MAX_CHOICES],
        complete=distinct <= min(len(choices), MAX_CHOICES),
        typical=choices[0] if choices else None,
    )


def _round_step(width: float, *, whole: bool) -> float:
    """Return 1, 2 or 5 times a power of ten, about a hundredth of a width.

    Examples:
        >>> _round_step(37.0, whole=True), _round_step(0.25, whole=False)
        (1.0, 0.002)
    """
    least = 1.0 if whole else 0.0
    if not width > 0.0 or not math.isfinite(width):
        return max(least, 0.01)
    power = math.floor(math.log10(width / _STEPS))
    lead = width / _STEPS / 10.0**power
    step = next(s for s in (1.0, 2.0, 5.0, 10.0) if lead <= s * 1.5)
    return max(float(f"{step}e{power}"), least)


def _is_whole(text: str) -> bool:
    try:
        return float(text).is_integer()
    except ValueError:
        return False


def _number(known: InputRange, value: float | str) -> float | None:
    if isinstance(value, str):
        read = seconds_since_1970(value) if known.kind == "datetime" else math.nan
        return read if math.isfinite(read) else None
    return value if math.isfinite(value) else None
