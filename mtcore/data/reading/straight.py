"""A large file's rows in one pass: read, typed and stored at once.

Reading all cells as texts and typing them afterwards takes twice as long. So lines from
all over the file are judged as a small file of their own would be, and all others are
read by what they came to. Where any cell of the file does not fit, so that it may have
to be judged anew, the file goes the long way instead: the outcome is the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from mtcore.data.reading.columns.census import Census
from mtcore.data.reading.columns.measures import measure_columns
from mtcore.data.reading.columns.planning import plan_columns
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    TextPlan,
    stored_plan,
)
from mtcore.data.reading.columns.spellings import (
    SAMPLED_ROWS,
    Marks,
    count_cells,
)
from mtcore.data.reading.columns.stored import stored_as
from mtcore.data.reading.columns.typed import (
    Cells,
    Column,
    TypedColumns,
    has_slips,
    shows_few,
    type_columns,
    typed_columns,
)
from mtcore.data.reading.files.plaintext import PlainText
from mtcore.data.reading.files.records import Format, read_records
from mtcore.data.reading.lines.body import show_cells, show_table
from mtcore.data.reading.lines.header import Head
from mtcore.data.reading.one_pass import NoRowError, OnePass, Stored, UnfitError
from mtcore.data.values.cells import text_of_number

_FEWEST_LINES = 200_000
_WIDEST = 300  # columns; a query for more takes long to plan
_PLACES = 50  # of a file that lines are looked at
_LONGEST_LINE = 1 << 16  # bytes; longer ones are not looked at


@dataclass(frozen=True, slots=True)
class Straight:
    """What came of reading a file in one pass.

    Args:
        typed: What its columns are.
        census: What was counted of their values; None where rows are not that many.
    """

    typed: TypedColumns
    census: Census | None


def load_straight(  # noqa: PLR0913
    text: PlainText,
    written: Format,
    head: Head,
    cells: Cells,
    marks: Marks,
    target: Path,
) -> Straight | None:
    """Store a large file's rows as typed Parquet and show them as the view `body`.

    Args:
        text: The file's text.
        written: How its lines are taken apart.
        head: Where the table begins.
        cells: The names of its columns; the rows are those that it should have.
        marks: What a person counts as missing.
        target: The Parquet file to write.

    Returns:
        None where the file is small or has a cell that must be judged with all others.
    """
    apart = written.delimiter not in (None, " ") and not head.pads
    if cells.rows < _FEWEST_LINES or head.width > _WIDEST or not apart:
        return None
    sample = _sample(text, written, head)
    if len(sample) < min(SAMPLED_ROWS, cells.rows) // 2:
        return None
    judged = _judge(cells, sample, marks)
    if judged.dropped or not _tells_names(judged, head):
        return None
    for sure in (True, False):  # with all plain numbers read as such, or as texts
        reading = OnePass(text, written, head, judged.columns, marks, sure=sure)
        try:
            stored = reading.store(cells.connection, target)
        except NoRowError:
            return None
        except (UnfitError, duckdb.Error, pa.ArrowException):
            continue
        except OSError as error:
            # The disk's errors have numbers, those of cells on their way have none.
            if error.errno is not None:
                raise
            continue
        show_cells(cells.connection, target)
        typed = _checked(cells, judged, stored, head.names)
        return Straight(typed, stored.census) if typed else None
    return None


def _sample(text: PlainText, written: Format, head: Head) -> list[list[str]]:
    """Return the cells of lines from all over a file, those of the table's width."""
    rows: list[list[str]] = []
    most = SAMPLED_ROWS // _PLACES
    size = text.path.stat().st_size
    with text.path.open("rb") as file:
        for _ in range(head.first - 1):
            file.readline()
        begin = file.tell()
        for place in range(_PLACES):
            file.seek(begin + place * (size - begin) // _PLACES)
            if place:
                file.readline(_LONGEST_LINE)
            lines = [
                file.readline(_LONGEST_LINE).decode(errors="replace").rstrip("\n")
                for _ in range(most)
            ]
            records = read_records(lines, written, head.width)
            rows += [r.cells for r in records if len(r.cells) == head.width]
    return rows


def _judge(cells: Cells, sample: list[list[str]], marks: Marks) -> TypedColumns:
    """Return what the columns of a sample are."""
    columns = [
        pa.array([cell or None for cell in column], pa.string())
        for column in zip(*sample, strict=True)
    ]
    show_table(cells.connection, columns)
    return type_columns(replace(cells, rows=len(sample)), marks)


def _tells_names(judged: TypedColumns, head: Head) -> bool:
    """Return whether a line with the names once more would not pass for a row."""
    return not head.names or any(
        not isinstance(column.plan, TextPlan)
        and not any(letter.isdigit() for letter in head.names[column.index])
        for column in judged.columns
        if column.index < len(head.names)
    )


def _checked(
    cells: Cells,
    judged: TypedColumns,
    stored: Stored,
    names: Collection[str],
) -> TypedColumns | None:
    """Return what the columns are; None where all their cells tell otherwise."""
    plans = {}
    for column in judged.columns:
        as_text = isinstance(column.plan, NumberPlan) and stored_as(column) == "text"
        plans[column.index] = column.plan if as_text else stored_plan(column.plan)
    unread = {index: tally.unread() for index, tally in stored.tallies.items()}
    measures = stored.census.measures(plans) if stored.census else {}
    others = {index: plan for index, plan in plans.items() if index not in measures}
    measures |= measure_columns(cells.connection, others, Marks(), cells.rows)
    for index, slips in unread.items():
        filled = measures[index].read + sum(slip.times for slip in slips)
        measures[index] = replace(measures[index], filled=filled)
    typed = typed_columns(cells, plans, measures, unread, judged.decimal)
    if typed.dropped:
        return None
    for before, column in zip(judged.columns, typed.columns, strict=True):
        if stored_as(before) != stored_as(column):
            return None
        all_seen = before.measure.distinct == column.measure.distinct
        few = shows_few(column.plan, column.measure) and not all_seen
        doubtful = few or has_slips(column.plan, column.unread)
        if doubtful and not _stays(cells, column, names):
            return None
    return typed


def _stays(cells: Cells, column: Column, names: Collection[str]) -> bool:
    """Return whether a column is what it was, with all its spellings known.

    Plain numbers are spelled as they were stored, which is near enough to tell.
    """
    plan = column.plan
    match plan:
        case NumberPlan():
            if not plan.written.is_plain or not plan.stored:
                return False
            # Decimals among whole numbers, or the names of the columns once more.
            reads = plan.written.matcher()
            if any(reads(slip.cell) or slip.cell in names for slip in column.unread):
                return False
        case TextPlan():
            pass
        case DatePlan() | BooleanPlan():
            return False
    counts = {slip.cell: slip.times for slip in column.unread}
    stored = count_cells(cells.connection, column.index, plan, Marks())
    for value, times in stored.items():
        text = text_of_number(value) if isinstance(value, float | int) else value
        counts[text] = times
    hint = cells.decimal or cells.hint
    (found,), _ = plan_columns({column.name: counts}, hint, hint, complete=False)
    match found:
        case NumberPlan():
            return isinstance(plan, NumberPlan) and found.written == plan.written
        case TextPlan():
            return isinstance(plan, TextPlan) and found.code == plan.code
        case DatePlan() | BooleanPlan():
            return False
