"""What a goal is: conditions on heads, and the inputs that may be changed for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.errors import InputError
from mtcore.whatif.ranges import Cell


@dataclass(frozen=True, slots=True)
class Condition:
    """Where one output of a head is to lie.

    Args:
        head: The head's name.
        output: Which of its decoded outputs, from 0.
        name: What people call the output.
        low: It is to be this at least; None = any.
        high: It is to be this at most; None = any.
        unit: What counts as far off, in the output's unit: a standard deviation, or 1
            for a probability.

    Raises:
        InputError: There is no end, or the ends are the wrong way round.
    """

    head: str
    output: int
    name: str
    low: float | None = None
    high: float | None = None
    unit: float = 1.0

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            msg = f"The condition on '{self.name}' has no limit. Give it one."
            raise InputError(msg, where=self.head)
        if self.low is not None and self.high is not None and self.low > self.high:
            msg = (
                f"'{self.name}' can't be {self.low:g} at least and {self.high:g} at "
                "most. Put the lower limit first."
            )
            raise InputError(msg, where=self.head)

    def miss(self, values: FloatArray) -> FloatArray:
        """Return how far values lie outside, in their own unit; 0 inside."""
        below = 0.0 if self.low is None else np.maximum(self.low - values, 0.0)
        above = 0.0 if self.high is None else np.maximum(values - self.high, 0.0)
        return np.asarray(below + above, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Free:
    """An input that may be changed.

    Args:
        column: Which input.
        kind: What it holds.
        low: The least number, or moment in seconds since 1970 UTC.
        high: The greatest.
        whole: Whether only whole numbers make sense.
        choices: The classes that it may be set to.

    Raises:
        InputError: The bounds leave nothing to change it to.
    """

    column: str
    kind: Literal["number", "category", "datetime"]
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind == "category":
            empty = not self.choices
        else:
            # A range of NaN is none either.
            empty = not self.low < self.high
        if empty:
            msg = (
                f"Input '{self.column}' can't be changed within its bounds. Widen "
                "them, or leave it as it is."
            )
            raise InputError(msg, where=self.column)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is looked for, and from where.

    Args:
        row: Cells of every input, by column: what is to be changed as little as can be.
        conditions: All are to hold together.
        free: The inputs that may be changed.
        missing: Cells that count as missing, as in the experiment.
        seed: The same seed looks at the same places.

    Raises:
        InputError: There is no condition, or nothing may be changed.
    """

    row: Mapping[str, Cell]
    conditions: tuple[Condition, ...]
    free: tuple[Free, ...]
    missing: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.conditions:
            msg = "The goal asks for nothing. Set a limit for at least one head."
            raise InputError(msg)
        if not self.free:
            msg = "The goal lets nothing be changed. Choose at least one input."
            raise InputError(msg)
        for free in self.free:
            if free.column not in self.row:
                msg = f"'{free.column}' is no input of the row."
                raise InputError(msg, where=free.column)


@dataclass(frozen=True, slots=True)
class Edit:
    """One way to change the row.

    Args:
        changes: The inputs that differ, and what they are set to.
        distance: How much that is: parts of the bounds, added up over the numbers, and
            1 for a class.
        outputs: What all heads answer then, `(width,)` by the head's name.
        misses: How far each condition is missed, in its output's unit; 0 = it holds.
    """

    changes: dict[str, Cell]
    distance: float
    outputs: dict[str, FloatArray]
    misses: tuple[float, ...]

    @property
    def reaches(self) -> bool:
        """Whether all conditions hold."""
        return not any(self.misses)


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found.

    Args:
        edits: Ways to reach the goal, the smallest change first; no two change the same
            inputs.
        closest: Where there is none: the edit that misses the least.
        asked: How many rows the model answered.
    """

    edits: tuple[Edit, ...]
    closest: Edit | None
    asked: int
