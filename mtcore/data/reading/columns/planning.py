"""What a column's cells are to be read as, judged by a sample of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from mtcore.data.reading.columns.plans import (
    BooleanPlan,
    DatePlan,
    NumberPlan,
    Plan,
    TextPlan,
)
from mtcore.data.reading.notations.booleans import spellings_of
from mtcore.data.reading.notations.dates import DateFormats, epoch_of, formats_of_dates
from mtcore.data.reading.notations.markers import (
    SURE,
    is_missing_in_numbers,
    is_missing_in_texts,
)
from mtcore.data.reading.notations.numbers import (
    NumberFormat,
    NumberFormats,
    formats_of_numbers,
    is_infinite,
    is_like_a_number,
    with_unit,
)
from mtcore.data.reading.notations.phrases import phrases_of
from mtcore.data.reading.notations.scales import without_scales
from mtcore.data.values.month_names import english_dates

_CODE = re.compile(r"[+-]?0\d+")
_WHOLE = re.compile(r"[+-]?\d+")
_SOLID_DATE = "%Y%m%d"
_EXACT = 2**53  # whole numbers beyond it are not exact as float64
_MOST_JUDGED = 1000  # different cells; all others are checked in the end
_MOST_DATES = 300  # different cells that are tried as dates

Counts = Mapping[str, int]
"""How often each cell occurs in a sample, empty ones left out."""


def plan_columns(
    samples: Mapping[str, Counts], decimal: str | None, hint: str, *, complete: bool
) -> tuple[list[Plan], str]:
    """Return a plan for each column, and the file's decimal mark.

    Args:
        samples: The cells of each column by its name.
        decimal: The mark that a person named; None to find it.
        hint: The likelier mark where no column tells.
        complete: Whether the samples are all cells of their columns.
    """
    found = [_plan(name, counts) for name, counts in samples.items()]
    open_formats = [f for f in found if isinstance(f, NumberFormats)]
    seen = [next(iter(f.decimals)) for f in open_formats if len(f.decimals) == 1]
    commas = seen.count(",")
    usual = decimal or ("," if commas > len(seen) - commas else "." if seen else hint)
    shown = usual if decimal or seen else "."
    told = decimal is not None or bool(seen)
    plans: list[Plan] = []
    for formats, counts in zip(found, samples.values(), strict=True):
        if not isinstance(formats, NumberFormats):
            plans.append(_with_markers(formats, counts) if complete else formats)
            continue
        written = formats.with_decimal(usual)
        against = written.decimal == "," and "." in seen and decimal is None
        grouped = any(fmt.group == "," for fmt in formats.formats)
        undecided = len(formats.decimals) > 1 and grouped and not told
        plans.append(NumberPlan(written, against or undecided))
        shown = usual if undecided else shown
    return plans, shown


def _with_markers(plan: Plan, counts: Counts) -> Plan:
    """Return a plan of texts that looks for the markers that occur and no others."""
    if not isinstance(plan, TextPlan):
        return plan
    markers = frozenset(cell for cell in counts if is_missing_in_texts(cell))
    return replace(plan, markers=markers)


def _plan(name: str, counts: Counts) -> Plan | NumberFormats:
    present = {cell: n for cell, n in counts.items() if not is_missing_in_numbers(cell)}
    certain = {cell: n for cell, n in counts.items() if cell.casefold() not in SURE}
    if spellings := spellings_of(certain) or spellings_of(present):
        return BooleanPlan(spellings)
    present = dict(islice(present.items(), _MOST_JUDGED))
    if not present:
        return TextPlan()
    numbers = formats_of_numbers(present)
    if numbers.formats and _is_tolerable(present, numbers.formats[0]):
        if code := _code_reason(present):
            return TextPlan(code)
        if _are_solid_dates(present):
            return DatePlan(formats_of_dates(_first(present)))
        epoch = epoch_of(name, present)
        return DatePlan(epoch) if epoch else numbers
    dates = _dates(present)
    if dates.share >= 0.9 or (dates.share >= 0.75 and len(present) <= 4):
        return DatePlan(dates)
    numbers_beside = _with_scales(present) or _with_units(present)
    return numbers_beside or TextPlan(phrases=phrases_of(present))


def _dates(counts: Counts) -> DateFormats:
    """Return how dates are written, their months in any of a few languages."""
    english = english_dates(counts)
    if not english:
        return formats_of_dates(_first(counts))
    turned: dict[str, int] = {}
    for cell, times in counts.items():
        date = english.get(cell, cell)
        turned[date] = turned.get(date, 0) + times
    found = formats_of_dates(_first(turned))
    return replace(found, foreign=True, example=next(iter(english)))


def _with_scales(counts: Counts) -> NumberFormats | None:
    """Return how numbers before K, M or B are written; None where there are none."""
    bare = without_scales(counts)
    if bare is None:
        return None
    numbers = formats_of_numbers(bare)
    if not numbers.formats or not _is_tolerable(bare, numbers.formats[0]):
        return None
    formats = tuple(replace(written, scaled=True) for written in numbers.formats)
    return NumberFormats(formats, numbers.share)


def _with_units(counts: Counts) -> NumberFormats | None:
    """Return how numbers beside a unit are written; None where there are none."""
    found = with_unit(counts)
    if found is None:
        return None
    unit, bare = found
    numbers = formats_of_numbers(bare)
    if not numbers.formats or not _is_tolerable(bare, numbers.formats[0]):
        return None
    formats = tuple(replace(written, suffix=unit) for written in numbers.formats)
    return NumberFormats(formats, numbers.share)


def _is_tolerable(counts: Counts, written: NumberFormat) -> bool:
    """Return whether so few cells are no numbers that they are slips."""
    reads = written.matcher()
    total = sum(counts.values())
    bad = {c: n for c, n in counts.items() if not reads(c) and not is_infinite(c)}
    words = {
        cell: n
        for cell, n in bad.items()
        if is_like_a_number(cell) or not any(letter.isdigit() for letter in cell)
    }
    in_words = sum(words.values())
    with_digits = sum(bad.values()) - in_words
    if with_digits > 0.02 * total:
        return False
    return in_words <= 0.1 * total or (in_words <= 0.25 * total and len(words) <= 3)


def _code_reason(counts: Counts) -> str:
    """Return why whole numbers are codes; empty where they are quantities."""
    whole = [cell for cell in counts if _WHOLE.fullmatch(cell)]
    if len(whole) < 0.9 * len(counts):
        return ""
    zeros = sum(counts[cell] for cell in whole if _CODE.fullmatch(cell))
    same_width = len({len(cell) for cell in whole}) == 1
    if zeros and (same_width or zeros >= 0.01 * sum(counts.values())):
        return "digits with leading zeros, so codes and no quantities"
    if 2 * sum(abs(int(cell)) >= _EXACT for cell in whole) > len(whole):
        return "digits too long to be exact as numbers"
    return ""


def _are_solid_dates(counts: Counts) -> bool:
    if len(counts) < 3 or any(len(cell) != 8 for cell in counts):
        return False
    found = formats_of_dates(_first(counts))
    return found.formats == (_SOLID_DATE,) and found.share == 1.0


def _first(counts: Counts) -> dict[str, int]:
    """Return some cells; none where the first few show that they are no dates."""
    few = dict(islice(counts.items(), 30))
    if formats_of_dates(few).share < 0.5:
        return few
    return dict(islice(counts.items(), _MOST_DATES))
