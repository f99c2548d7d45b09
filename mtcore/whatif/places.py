"""The places that a goal seek has looked at, and what the heads answered there."""

from __future__ import annotations

import math
from typing import final

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.tables.table import Table
from mtcore.data.values.moments import seconds_since_1970, text_of_seconds
from mtcore.errors import InputError
from mtcore.whatif.goals import Edit, Free, Goal
from mtcore.whatif.ranges import Cell
from mtcore.whatif.scenarios import Predict

# A change of one more input counts as a fiftieth of the bounds of one.
_A_CHANGE = 0.02

Places = tuple[NDArray[np.bool_], FloatArray]
"""Which free inputs are changed and to what, `(rows, free)` each."""


@final
class Search:
    """All places looked at so far; the row itself is the first.

    Numbers and moments are numbers, a class is its place among the choices.
    """

    def __init__(self, predict: Predict, goal: Goal) -> None:
        self.goal = goal
        self._predict = predict
        # One row, copied as often as places are asked about.
        self._row = Table.from_records([goal.row], goal.missing)
        self.start = np.asarray(
            [_number_of(free, goal.row[free.column]) for free in goal.free]
        )
        self.changed = np.zeros((0, len(goal.free)), dtype=np.bool_)
        self.values = np.zeros((0, len(goal.free)))
        self.misses = np.zeros((0, len(goal.conditions)))
        self.outputs: list[dict[str, FloatArray]] = []
        self.ask(np.zeros((1, len(goal.free)), dtype=np.bool_), self.start[np.newaxis])

    @property
    def violation(self) -> FloatArray:
        """How far each place is from the goal, in the outputs' units added up."""
        units = np.asarray([condition.unit for condition in self.goal.conditions])
        return np.asarray((self.misses / units).sum(axis=1))

    @property
    def distance(self) -> FloatArray:
        """How much each place changes."""
        return self._distances(self.changed, self.values)

    def ask(self, changed: NDArray[np.bool_], values: FloatArray) -> None:
        """Look at some places."""
        if not len(changed):
            return
        values = self._allowed(values)
        # What is back where it was is no change.
        changed = changed & (values != self.start)
        outputs = self._predict(self._table(changed, values))
        misses = [
            condition.miss(self._output(outputs, condition.head, condition.output))
            for condition in self.goal.conditions
        ]
        self.changed = np.concatenate([self.changed, changed])
        self.values = np.concatenate([self.values, values])
        self.misses = np.concatenate([self.misses, np.stack(misses, axis=1)])
        self.outputs += [
            {head: answers[place] for head, answers in outputs.items()}
            for place in range(len(changed))
        ]

    def best(self, most: int) -> RowArray:
        """Return the places nearest to the goal; of those that reach it, to the row."""
        order = np.lexsort((self.distance, self.violation))
        return np.asarray(order[:most], dtype=np.int64)

    def ways(self, most: int | None) -> list[int]:
        """Return the nearest place that reaches the goal by each set of inputs."""
        distance = self.distance
        order = np.argsort(distance, kind="stable")
        reaching = [place for place in order if not self.misses[place].any()]
        nearest: dict[bytes, int] = {}
        for place in reaching:
            nearest.setdefault(self.changed[place].tobytes(), int(place))
        return list(nearest.values())[:most]

    def edit(self, place: int) -> Edit:
        """Return a place as an edit of the row."""
        changes = {
            free.column: _cell_of(free, float(self.values[place, position]))
            for position, free in enumerate(self.goal.free)
            if self.changed[place, position]
        }
        return Edit(
            changes=changes,
            distance=float(self.distance[place]),
            outputs=self.outputs[place],
            misses=tuple(float(miss) for miss in self.misses[place]),
        )

    def _distances(self, changed: NDArray[np.bool_], values: FloatArray) -> FloatArray:
        moved = np.ones_like(values)
        for position, free in enumerate(self.goal.free):
            if free.kind != "category":
                way = np.abs(values[:, position] - self.start[position])
                # From a missing cell any number is half the way.
                moved[:, position] = np.where(
                    np.isnan(way), 0.5, way / (free.high - free.low)
                )
        return np.asarray(np.where(changed, moved + _A_CHANGE, 0.0).sum(axis=1))

    def _allowed(self, values: FloatArray) -> FloatArray:
        """Return values within their bounds, whole where they must be."""
        allowed = values.copy()
        for position, free in enumerate(self.goal.free):
            column = allowed[:, position]
            if free.kind == "category":
                column = np.clip(np.round(column), 0, len(free.choices) - 1)
            else:
                column = np.clip(column, free.low, free.high)
                if free.whole:
                    column = np.clip(
                        np.round(column), math.ceil(free.low), math.floor(free.high)
                    )
            allowed[:, position] = column
        return allowed

    def _table(self, changed: NDArray[np.bool_], values: FloatArray) -> Table:
        table = self._row.take(np.zeros(len(changed), dtype=np.int64))
        for position, free in enumerate(self.goal.free):
            own = self.goal.row[free.column]
            cells = [
                _cell_of(free, float(value)) if other else own
                for other, value in zip(
                    changed[:, position], values[:, position], strict=True
                )
            ]
            table = table.with_cells(free.column, cells)
        return table

    @staticmethod
    def _output(outputs: dict[str, FloatArray], head: str, place: int) -> FloatArray:
        if head not in outputs or place >= outputs[head].shape[1]:
            named = ", ".join(f"'{name}'" for name in outputs)
            msg = (
                f"There is no output {place} of a head '{head}'. The heads are {named}."
            )
            raise InputError(msg, where=head)
        return outputs[head][:, place]


def _number_of(free: Free, cell: Cell) -> float:
    """Return where a cell lies; NaN where it is missing or no choice."""
    match free.kind:
        case "category":
            known = cell is not None and str(cell) in free.choices
            return float(free.choices.index(str(cell))) if known else math.nan
        case "datetime":
            return math.nan if cell is None else seconds_since_1970(str(cell))
        case "number":
            return float(cell) if isinstance(cell, int | float) else math.nan


def _cell_of(free: Free, value: float) -> Cell:
    match free.kind:
        case "category":
            return free.choices[int(value)]
        case "datetime":
            return text_of_seconds(round(value))
        case "number":
            return value
