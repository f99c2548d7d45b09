"""What a person is told about a column's cells, in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mtcore.data.reading.columns.kinds import Kind
from mtcore.data.reading.columns.measures import Measure
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    Plan,
    TextPlan,
)
from mtcore.data.reading.columns.sentinels import Sentinel
from mtcore.data.reading.columns.spellings import Unread
from mtcore.data.reading.notations.numbers import is_infinite
from mtcore.data.reading.report import Choice
from mtcore.data.values.cells import text_of_number

LineOf = Callable[[int], int]
_SHOWN_LINES = 3
_SHOWN_CELLS = 3
_LONGEST = 40


def unreadable_warning(
    name: str, plan: Plan, unread: Sequence[Unread], line_of: LineOf
) -> str | None:
    """Return what to say about cells that a column's kind cannot hold.

    Args:
        name: The column.
        plan: What its cells are read as.
        unread: The spellings without a value.
        line_of: Returns the line that a row begins on.
    """
    slips = [u for u in unread if not plan.is_missing(u.cell)]
    slips = [u for u in slips if not is_infinite(u.cell)]
    if not slips or isinstance(plan, TextPlan):
        return None
    match plan:
        case NumberPlan():
            what = "number"
        case DatePlan():
            what = "moment"
        case BooleanPlan():
            what = "yes or no"
    times = sum(u.times for u in slips)
    shown = ", ".join(f"'{shorten(u.cell)}'" for u in slips[:_SHOWN_CELLS])
    more = ", …" if len(slips) > _SHOWN_CELLS else ""
    verb = "cell is no" if times == 1 else "cells are no"
    counted = "counts" if times == 1 else "count"
    return (
        f"Column '{name}': {times:,} {verb} {what} and {counted} as missing: "
        f"{shown}{more} ({_lines(slips, line_of)})."
    )


def infinite_warning(
    name: str, unread: Sequence[Unread], line_of: LineOf
) -> str | None:
    """Return what to say about infinite numbers; None where there are none."""
    endless = [u for u in unread if is_infinite(u.cell)]
    if not endless:
        return None
    times = sum(u.times for u in endless)
    return (
        f"Column '{name}': {times:,} infinite "
        f"{'value counts' if times == 1 else 'values count'} as missing "
        f"({_lines(endless, line_of)})."
    )


def unsure_days_warning(name: str, plan: DatePlan) -> str | None:
    """Return what to say about cells that could be two different days."""
    unsure = plan.written.unsure
    if not unsure:
        return None
    order = "day" if plan.written.day_first else "month"
    shown = ", ".join(f"'{cell}'" for cell in unsure[:_SHOWN_CELLS])
    return (
        f"Column '{name}' mixes ways of writing dates: {shown} could be two different "
        f"days and {'was' if len(unsure) == 1 else 'were'} read with the {order} first."
    )


def open_days_choice(name: str, plan: DatePlan) -> Choice | None:
    """Return the choice that a column leaves between day and month first."""
    if not plan.written.order_is_open:
        return None
    orders = ("the day first", "the month first")
    taken, other = orders if plan.written.day_first else orders[::-1]
    return Choice(f"dates in column '{name}'", taken, (other,))


def decimal_choice(name: str, plan: NumberPlan) -> Choice | None:
    """Return the choice that a column leaves about its commas."""
    if not plan.unsettled:
        return None
    marks = ("before decimals", "between thousands")
    taken, other = marks if plan.written.decimal == "," else marks[::-1]
    return Choice(f"the comma in column '{name}' stands", taken, (other,))


def marker_choice(marker: str, names: Sequence[str]) -> Choice:
    """Return the choice about a marker that was taken as missing among texts."""
    return Choice(
        f"'{marker}' in {_columns(names)}",
        "a missing value",
        ("a value of its own",),
    )


def sentinel_choice(sentinel: Sentinel, names: Sequence[str]) -> Choice:
    """Return the choice about a number that may stand for a missing value."""
    marker = text_of_number(sentinel.value)
    return Choice(
        f"missing marker {marker} in {_columns(names)}",
        "a number",
        ("a missing value",),
    )


def useless_warning(names: Sequence[str], columns: int) -> str:
    """Return what to say where most columns hold one value or none."""
    return (
        f"{len(names)} of {columns} columns hold one value or none at all, so nothing "
        f"can be learnt from them: {_columns(names)}."
    )


def unnamed_warning(name: str, kind: Kind) -> str | None:
    """Return what to say about a column that the header gives no name."""
    if kind.kind == "id":
        return None
    return f"A column without a name is called '{name}'."


def rare_warning(name: str, measure: Measure, once: Sequence[str]) -> str:
    """Return what to say about classes that occur in one row only."""
    shown = ", ".join(f"'{shorten(cell)}'" for cell in once[:_SHOWN_CELLS])
    more = ", …" if len(once) > _SHOWN_CELLS else ""
    return (
        f"Column '{name}': {len(once)} of {measure.distinct} classes "
        f"{'occurs' if len(once) == 1 else 'occur'} in one row only ({shown}{more}), "
        "too few to learn or to judge."
    )


def pictures_warning(name: str, outside: int, first: str) -> str:
    """Return what to say about pictures that lie outside the file's folder."""
    return (
        f"Column '{name}': {outside:,} "
        f"{'picture lies' if outside == 1 else 'pictures lie'} outside the file's own "
        f"folder, such as '{shorten(first)}', and will be looked for by name only."
    )


def shorten(cell: str) -> str:
    """Return a cell on one line, cut where it is long."""
    line = " ".join(cell.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _lines(unread: Sequence[Unread], line_of: LineOf) -> str:
    times = sum(u.times for u in unread)
    rows = sorted(row for u in unread for row in u.rows)[:_SHOWN_LINES]
    shown = ", ".join(f"{line_of(row):,}" for row in rows)
    more = ", …" if times > len(rows) else ""
    return f"line{'s' if times > 1 else ''} {shown}{more}"


def _columns(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:5])
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"column{'s' if len(names) > 1 else ''} {shown}{more}"
