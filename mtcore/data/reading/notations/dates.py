"""How moments are written in a column, and how DuckDB reads them back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mtcore.data.queries.connection import text_literal
from mtcore.data.reading.notations.numbers import is_like_a_number
from mtcore.data.values.moments import day_comes_first, formats_of, has_date, has_zone
from mtcore.data.values.month_names import english_expression

_MOST_FORMATS = 6
_EPOCHS = {  # microseconds each
    "seconds since 1970": 1_000_000,
    "milliseconds since 1970": 1_000,
    "microseconds since 1970": 1,
}
_FROM, _TO = 631_152_000, 2_524_608_000  # 1990 to 2050, in seconds
_NAMED_LIKE_MOMENTS = re.compile(
    r"time|date|epoch|unix|stamp|created|updated|modified|moment|\bwhen\b|\bts\b|_ts\b"
    r"|_at\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{9,16}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class DateFormats:
    """The formats of a column of moments, those that read most cells first.

    Args:
        formats: For `strptime`; a cell is read by the first that fits.
        share: The share of the column's cells that they read, 0 to 1.
        order_is_open: Whether no cell tells if the day or the month comes first.
        unsure: Cells that could be two different days although others are sure.
        example: A cell that is read.
        foreign: Whether the names of months are to be turned to English first.
    """

    formats: tuple[str, ...]
    share: float
    order_is_open: bool = False
    unsure: tuple[str, ...] = ()
    example: str = ""
    foreign: bool = False

    @property
    def day_first(self) -> bool | None:
        """Whether the day comes before the month; None where nothing tells."""
        for fmt in self.formats:
            if (order := day_comes_first(fmt)) is not None:
                return order
        return None

    def expression(self, cell: str) -> str:
        """Return SQL that gives the moment in a cell, or NULL where it is none.

        Args:
            cell: SQL that gives the cell's text, trimmed.
        """
        if self.foreign:
            cell = english_expression(cell)
        parts = []
        for fmt in self.formats:
            literal = text_literal(fmt)
            if fmt in _EPOCHS:
                micros = f"TRY_CAST({cell} AS DOUBLE) * {_EPOCHS[fmt]}"
                parts.append(f"make_timestamp(TRY_CAST(round({micros}) AS BIGINT))")
            elif has_zone(fmt):
                parts.append(
                    f"make_timestamp(epoch_us(try_strptime({cell}, {literal})))"
                )
            elif has_date(fmt):
                parts.append(f"try_strptime({cell}, {literal})")
            else:  # DuckDB sets a time alone in 1900
                parts.append(f"(try_strptime({cell}, {literal}) + INTERVAL 25567 DAY)")
        return parts[0] if len(parts) == 1 else f"COALESCE({', '.join(parts)})"


def formats_of_dates(counts: Mapping[str, int]) -> DateFormats:
    """Return the formats that read the most cells of a column.

    Args:
        counts: How often each cell occurs, missing ones left out.

    >>> formats_of_dates({"13/02/2004": 1, "01/03/2004": 5}).formats
    ('%d/%m/%Y',)
    """
    fitting = {cell: formats_of(cell) for cell in counts}
    votes: Counter[str] = Counter()
    for cell, formats in fitting.items():
        votes.update(dict.fromkeys(formats, counts[cell]))
    if not votes:
        return DateFormats((), 0.0)
    sure: Counter[bool] = Counter()
    for formats in fitting.values():
        orders = {day_comes_first(fmt) for fmt in formats} - {None}
        sure.update(order for order in orders if len(orders) == 1 and order is not None)
    unsure = tuple(cell for cell, formats in fitting.items() if _is_open(formats))
    day_first = _order(sure, unsure, fitting)
    ranked = sorted(votes, key=lambda fmt: _rank(fmt, votes, day_first=day_first))
    chosen: list[str] = []
    left = {cell for cell, formats in fitting.items() if formats}
    for fmt in ranked[: 4 * _MOST_FORMATS]:
        reads = {cell for cell in left if fmt in fitting[cell]}
        if reads and len(chosen) < _MOST_FORMATS:
            chosen.append(fmt)
            left -= reads
    read = sum(counts[c] for c, formats in fitting.items() if formats and c not in left)
    orders_seen = {day_comes_first(fmt) for fmt in chosen}
    order_is_open = bool(unsure) and not sure and orders_seen <= {True, False}
    return DateFormats(
        tuple(chosen),
        read / sum(counts.values()),
        order_is_open,
        () if order_is_open or (sure and len(sure) == 1) else unsure,
        next(cell for cell, formats in fitting.items() if formats),
    )


def epoch_of(name: str, counts: Mapping[str, int]) -> DateFormats | None:
    """Return the unit of numbers that count from 1970; None where they are quantities.

    The name has to speak of time, and every number has to be a moment between 1990 and
    2050: what people count or measure is hardly ever both.

    Args:
        name: The column's.
        counts: How often each cell occurs, missing ones left out.

    >>> epoch_of("created_at", {"1700000000": 1, "1700003600": 1}).formats
    ('seconds since 1970',)
    >>> epoch_of("population", {"1700000000": 1}) is None
    True
    """
    if not _NAMED_LIKE_MOMENTS.search(name):
        return None
    cells = [cell for cell in counts if is_like_a_number(cell)]
    if not cells or not all(map(_NUMBER.fullmatch, cells)):
        return None
    numbers = [float(cell) for cell in cells]
    for unit, micros in _EPOCHS.items():
        seconds = micros / 1e6
        if min(numbers) * seconds >= _FROM and max(numbers) * seconds < _TO:
            return DateFormats((unit,), 1.0, example=cells[0])
    return None


def is_epoch(written: DateFormats) -> bool:
    """Return whether moments are numbers that count from 1970."""
    return any(unit in _EPOCHS for unit in written.formats)


def _is_open(formats: Sequence[str]) -> bool:
    orders = {day_comes_first(fmt) for fmt in formats}
    return {True, False} <= orders


def _rank(fmt: str, votes: Counter[str], *, day_first: bool) -> tuple[bool, int, str]:
    other_order = day_comes_first(fmt) is (not day_first)
    return (other_order, -votes[fmt], fmt)


def _order(
    sure: Counter[bool], unsure: Sequence[str], fitting: Mapping[str, Sequence[str]]
) -> bool:
    """Return whether the day comes first in the cells that do not tell."""
    if sure:
        return sure[True] >= sure[False]
    if not unsure:
        return True
    spans = {order: _span(order, fitting) for order in (True, False)}
    return spans[True] <= spans[False]


def _span(order: bool, fitting: Mapping[str, Sequence[str]]) -> float:
    """Return the seconds from the first to the last moment of a column."""
    seconds = []
    for cell, formats in fitting.items():
        for fmt in formats:
            if day_comes_first(fmt) is not (not order) and not has_zone(fmt):
                seconds.append(datetime.strptime(cell, fmt).timestamp())
                break
    return max(seconds, default=0.0) - min(seconds, default=0.0)
