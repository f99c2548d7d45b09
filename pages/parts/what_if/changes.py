"""What was changed about a row: kept in the tab, and undone step by step."""

from __future__ import annotations

from mtcore.whatif.ranges import Cell
from pages.parts.state import recall, remember

Changes = dict[str, Cell]
"""Inputs that differ from the starting row, by column."""

_MOST_STEPS = 50


def changes_of(run_id: str, row: int) -> Changes:
    """Return what is changed about a row now."""
    steps = _steps(run_id, row)
    return dict(steps[-1]) if steps else {}


def change_input(run_id: str, row: int, column: str, value: Cell, start: Cell) -> None:
    """Change one input; an input that is back where it started counts as unchanged.

    Args:
        run_id: Whose model is asked.
        row: The starting row.
        column: Which input.
        value: What it holds from now on.
        start: What it holds in the row.
    """
    changes = changes_of(run_id, row)
    before = dict(changes)
    changes.pop(column, None)
    if value != start:
        changes[column] = value
    if changes != before:
        _keep(run_id, row, changes)


def set_changes(run_id: str, row: int, changes: Changes) -> None:
    """Change these inputs and no others; `take_change_back` undoes it."""
    if changes_of(run_id, row) != changes:
        _keep(run_id, row, dict(changes))


def reset_changes(run_id: str, row: int) -> None:
    """Go back to the row as it is; `take_change_back` brings the changes back."""
    if changes_of(run_id, row):
        _keep(run_id, row, {})


def can_take_change_back(run_id: str, row: int) -> bool:
    """Return whether anything was changed in this tab."""
    return bool(_steps(run_id, row))


def take_change_back(run_id: str, row: int) -> None:
    """Undo the last change."""
    remember(_name(run_id, row), _steps(run_id, row)[:-1])


def _keep(run_id: str, row: int, changes: Changes) -> None:
    steps = [*_steps(run_id, row), changes]
    remember(_name(run_id, row), steps[-_MOST_STEPS:])


def _steps(run_id: str, row: int) -> list[Changes]:
    found: list[Changes] = recall(_name(run_id, row), [])
    return found


def _name(run_id: str, row: int) -> str:
    return f"changes of row {row} for {run_id}"
