"""What kind of column the measured cells make, and why in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtcore.data.moments import has_date
from mtcore.data.reading.measures import Measure
from mtcore.data.reading.plans import BooleanPlan, DatePlan, NumberPlan, Plan, TextPlan
from mtcore.spec.inputs import ColumnKind

_NAMES_OF_IDS = frozenset(
    {"id", "ids", "idx", "index", "uuid", "guid", "key", "rowid", "rownum", "pk"}
)
_WHOLE_NAMES_OF_IDS = frozenset({"no", "nr", "no.", "nr.", "#", "row", "unnamed: 0"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_FEW_ROWS = 20  # fewer say nothing about a text that differs in every row


@dataclass(frozen=True, slots=True)
class Kind:
    """A column's kind and the reason for it."""

    kind: ColumnKind
    reason: str


def kind_of(name: str, plan: Plan, measure: Measure, *, counts_rows: bool) -> Kind:
    """Return the kind of a column.

    Args:
        name: The column's name.
        plan: What its cells are read as.
        measure: What they come to.
        counts_rows: Whether it stands where files put the number of a row: first,
            and without a name.
    """
    if measure.read == 0:
        return Kind("constant", "no cell has a value")
    if measure.distinct == 1:
        return Kind("constant", "every cell with a value holds the same one")
    match plan:
        case NumberPlan():
            return _number_kind(name, plan, measure, counts_rows=counts_rows)
        case BooleanPlan():
            no, yes = dict.fromkeys(plan.spellings.values())
            return Kind("boolean", f"two values, {no} and {yes}")
        case DatePlan():
            return Kind("datetime", _date_reason(plan))
        case TextPlan():
            return _text_kind(name, plan, measure)


def is_named_like_an_id(name: str) -> bool:
    """Return whether a name says that its column tells rows apart.

    >>> is_named_like_an_id("customerID"), is_named_like_an_id("humidity")
    (True, False)
    """
    words = {word.lower() for word in _WORD.findall(name)}
    return bool(words & _NAMES_OF_IDS) or name.strip().lower() in _WHOLE_NAMES_OF_IDS


def _number_kind(
    name: str, plan: NumberPlan, measure: Measure, *, counts_rows: bool
) -> Kind:
    whole = measure.whole == measure.read
    differs = measure.distinct == measure.read
    counted = measure.low in (0, 1) and measure.high - measure.low == measure.read - 1
    if whole and differs and counts_rows and counted:
        return Kind("id", "a column without a name that counts the rows")
    if whole and differs and is_named_like_an_id(name):
        return Kind("id", "named like an id, and no two rows share a value")
    written = plan.written
    how = "with a decimal comma" if written.decimal == "," and not whole else ""
    if written.group:
        how = f"{how} with thousands set apart".strip()
    if written.unit:
        how = f"{how} with a currency or percent sign".strip()
    size = "whole numbers" if whole else "numbers"
    found = f"{size} {how}".strip()
    return Kind("number", f"{found}, {measure.distinct:,} different")


def _date_reason(plan: DatePlan) -> str:
    written = plan.written
    what = "moments" if any(map(has_date, written.formats)) else "times of day"
    shown = f"{what} such as {written.example}"
    if written.day_first is None:
        return shown
    return f"{shown}, the {'day' if written.day_first else 'month'} first"


def _text_kind(name: str, plan: TextPlan, measure: Measure) -> Kind:
    share = measure.distinct / measure.read
    if measure.pictures > 0.5 * measure.read:
        return Kind("image", "names of picture files")
    long = (measure.words >= 4 and measure.letters >= 20) or measure.letters >= 60
    if long and measure.distinct > max(10, 0.3 * measure.read):
        words = round(measure.words)
        return Kind("text", f"free text, {words} words a cell on average")
    telling = bool(plan.code) or is_named_like_an_id(name) or measure.read >= _FEW_ROWS
    if share >= 0.98 and telling:
        why = f"{plan.code}, and " if plan.code else ""
        return Kind("id", f"{why}nearly every row has another value")
    why = f"{plan.code}: " if plan.code else ""
    return Kind("category", f"{why}{measure.distinct:,} different texts")
