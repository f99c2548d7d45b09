"""What a person should know about the columns of a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from mtcore.data.queries.connection import text_literal
from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    TextPlan,
)
from mtcore.data.reading.columns.remarks import (
    decimal_choice,
    infinite_warning,
    marker_choice,
    open_days_choice,
    pictures_warning,
    rare_warning,
    sentinel_choice,
    unnamed_warning,
    unreadable_warning,
    unsure_days_warning,
    useless_warning,
)
from mtcore.data.reading.columns.sentinels import find_sentinels
from mtcore.data.reading.columns.spellings import CELLS, Marks, value_of
from mtcore.data.reading.columns.typed import Cells, Column, TypedColumns
from mtcore.data.reading.notations.markers import OPEN, ORDINARY, SURE
from mtcore.data.reading.report import Choice
from mtcore.data.values.cells import text_of_number

_MOST_CLASSES = 10
_FEWEST_ROWS = 10  # fewer say nothing about a column of one value
_ROWS_A_CLASS = 10
_MOST_MARKERS = 30
_BATCH = 25  # columns a query, as each takes megabytes however few rows there are
_OFTEN = 0.01  # of the cells; rarer markers would be a class of few rows


@dataclass(slots=True)
class Findings:
    """What was found.

    Args:
        warnings: Plain sentences.
        choices: What the reading leaves open.
        hints: Numbers that may stand for missing values: a choice of the experiment,
            not of the reading.
        suggested_missing: Cells that an experiment should count as missing.
    """

    warnings: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    hints: list[Choice] = field(default_factory=list)
    suggested_missing: tuple[str, ...] = ()


def find_out(cells: Cells, typed: TypedColumns, marks: Marks) -> Findings:
    """Return what a person should know about the columns.

    Args:
        cells: The file's cells.
        typed: What its columns are.
        marks: What a person counts as missing.
    """
    found = Findings()
    if typed.dropped:
        found.warnings.append(_dropped_warning(typed.dropped))
    if len(typed.columns) == 1:
        found.warnings.append(
            "There is one column only, so nothing can be predicted from another. If "
            "the file has more, name the delimiter."
        )
    useless = [c.name for c in typed.columns if c.kind.kind == "constant"]
    if cells.rows >= _FEWEST_ROWS and 2 * len(useless) > len(typed.columns) > 1:
        found.warnings.append(useless_warning(useless, len(typed.columns)))
    rare = _rare_classes(cells, typed.columns, marks)
    for column in typed.columns:
        _look_at(cells, column, rare.get(column.index, []), marks, found)
    markers = _markers(typed, found)
    plans = {column.index: column.plan for column in typed.columns}
    measures = {column.index: column.measure for column in typed.columns}
    names = {column.index: column.name for column in typed.columns}
    for sentinel in find_sentinels(cells.connection, plans, measures, marks):
        where = [names[index] for index in sentinel.columns]
        found.hints.append(sentinel_choice(sentinel, where))
        if not sentinel.ordinary:
            markers.append(text_of_number(sentinel.value))
    found.suggested_missing = tuple(markers[:_MOST_MARKERS])
    return found


def _look_at(
    cells: Cells,
    column: Column,
    rare: Sequence[str],
    marks: Marks,
    found: Findings,
) -> None:
    name, plan, unread = column.name, column.plan, column.unread
    said = [
        None if column.named else unnamed_warning(name, column.kind),
        unreadable_warning(name, plan, unread, cells.line_of),
        infinite_warning(name, unread, cells.line_of)
        if isinstance(plan, NumberPlan)
        else None,
        rare_warning(name, column.measure, rare) if rare else None,
        _pictures(cells, column, marks),
    ]
    choice: Choice | None = None
    if isinstance(plan, DatePlan):
        said.append(unsure_days_warning(name, plan))
        choice = open_days_choice(name, plan)
    elif isinstance(plan, NumberPlan):
        choice = decimal_choice(name, plan)
    found.warnings += [sentence for sentence in said if sentence]
    if choice:
        found.choices.append(choice)


def _markers(typed: TypedColumns, found: Findings) -> list[str]:
    """Return the markers that were applied; those among texts become choices."""
    in_texts: defaultdict[str, list[str]] = defaultdict(list)
    applied: dict[str, None] = {}
    kept: set[str] = set()
    for column in typed.columns:
        if isinstance(column.plan, BooleanPlan):
            kept |= set(column.plan.spellings)
        in_text = isinstance(column.plan, TextPlan)
        for slip in column.unread:
            folded = slip.cell.casefold()
            if folded in ORDINARY or folded not in SURE | OPEN:
                continue
            often = slip.times >= _OFTEN * column.measure.filled
            if often or not in_text:
                applied[slip.cell] = None
            if often and in_text and folded in OPEN:
                in_texts[slip.cell].append(column.name)
    found.choices += [
        marker_choice(marker, names) for marker, names in in_texts.items()
    ]
    return [marker for marker in applied if marker.casefold() not in kept]


def _rare_classes(
    cells: Cells, columns: Sequence[Column], marks: Marks
) -> dict[int, list[str]]:
    """Return the classes of one row, of columns whose other classes have many."""
    judged = [
        column
        for column in columns
        if column.kind.kind == "category"
        and column.measure.distinct <= _MOST_CLASSES
        and column.measure.read
        >= max(_ROWS_A_CLASS * column.measure.distinct, cells.rows / 2)
    ]
    found: dict[int, list[str]] = {}
    for start in range(0, len(judged), _BATCH):
        batch = judged[start : start + _BATCH]
        values = ", ".join(
            f"histogram({value_of(column.index, column.plan, marks)})"
            for column in batch
        )
        row = cells.connection.execute(f"SELECT {values} FROM {CELLS}").fetchall()[0]
        for column, counts in zip(batch, row, strict=True):
            once = sorted(value for value, times in counts.items() if times == 1)
            found[column.index] = [
                text_of_number(v) if isinstance(v, float) else v for v in once
            ]
    return found


def _pictures(cells: Cells, column: Column, marks: Marks) -> str | None:
    """Return a warning about pictures that lie outside the file's own folder."""
    if column.kind.kind != "image":
        return None
    value = value_of(column.index, column.plan, marks)
    pattern = text_literal(r"^([A-Za-z]:)?[/\\].*|^[a-z]+://.*|^(.*[/\\])?\.\.[/\\].*")
    outside, first = cells.connection.execute(
        f"SELECT count(*), any_value(v ORDER BY r) FROM (SELECT {value} AS v, r FROM "
        f"{CELLS}) WHERE regexp_full_match(v, {pattern})"
    ).fetchall()[0]
    return pictures_warning(column.name, outside, first) if outside else None


def _dropped_warning(places: tuple[int, ...]) -> str:
    shown = ", ".join(str(place + 1) for place in places[:10])
    more = ", …" if len(places) > 10 else ""
    if len(places) == 1:
        return f"Column {shown} has no name and no value, and was left out."
    return (
        f"{len(places)} columns without a name and without a value were left out: "
        f"{shown}{more}."
    )
