"""What a column's cells can be read as, and the SQL that reads them so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mtcore.data.queries.connection import text_literal
from mtcore.data.reading.notations.dates import DateFormats
from mtcore.data.reading.notations.markers import (
    OPEN,
    SURE,
    is_missing_in_numbers,
    is_missing_in_texts,
)
from mtcore.data.reading.notations.numbers import NumberFormat
from mtcore.data.reading.notations.phrases import Phrases

_FIRST_LETTERS = ", ".join(
    sorted({str(ord(c)) for word in SURE | OPEN for c in word[0] + word[0].upper()})
)


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """Cells are numbers of one format.

    Args:
        written: How they are written.
        unsettled: Whether a comma in them may mean something else.
        stored: Whether cells were read already, and are values or NULL.
    """

    written: NumberFormat
    unsettled: bool = False
    stored: bool = False

    def expression(self, cell: str) -> str:
        """Return SQL for the value; NULL where it cannot be read."""
        return f"{cell}::DOUBLE" if self.stored else self.written.expression(cell)

    def is_missing(self, cell: str) -> bool:
        """Return whether a cell that cannot be read stands for nothing."""
        return is_missing_in_numbers(cell)


@dataclass(frozen=True, slots=True)
class DatePlan:
    """Cells are moments of a few formats.

    Args:
        written: How they are written.
        stored: Whether cells were read already, and are values or NULL.
    """

    written: DateFormats
    stored: bool = False

    def expression(self, cell: str) -> str:
        """Return SQL for the value; NULL where it cannot be read."""
        return cell if self.stored else self.written.expression(cell)

    def is_missing(self, cell: str) -> bool:
        """Return whether a cell that cannot be read stands for nothing."""
        return is_missing_in_numbers(cell)


@dataclass(frozen=True, slots=True)
class BooleanPlan:
    """Cells are noes and yeses.

    Args:
        spellings: The column's own spelling by the cell in small letters, no first.
        stored: Whether cells were read already, and are values or NULL.
    """

    spellings: Mapping[str, str]
    stored: bool = False

    def expression(self, cell: str) -> str:
        """Return SQL for the value; NULL where it cannot be read."""
        if self.stored:
            return cell
        cases = " ".join(
            f"WHEN {text_literal(word)} THEN {text_literal(spelled)}"
            for word, spelled in self.spellings.items()
        )
        return f"CASE lower({cell}) {cases} END"

    def is_missing(self, cell: str) -> bool:
        """Return whether a cell that cannot be read stands for nothing."""
        return is_missing_in_numbers(cell)


@dataclass(frozen=True, slots=True)
class TextPlan:
    """Cells are texts.

    Args:
        code: Why cells of digits are texts all the same; empty where they are not.
        markers: The missing markers that occur; None where any may.
        phrases: The words of some of them; None where each is a word or a code.
    """

    code: str = ""
    markers: frozenset[str] | None = None
    phrases: Phrases | None = field(default=None, compare=False)

    def expression(self, cell: str) -> str:
        """Return SQL for the value; NULL where it stands for nothing."""
        if self.markers is not None:
            words = ", ".join(text_literal(word) for word in sorted(self.markers))
            return (
                f"CASE WHEN {cell} NOT IN ({words}) THEN {cell} END" if words else cell
            )
        # As a pattern, since so many literals take megabytes for each column, and only
        # where the first letter is one of theirs, as patterns take long.
        words = "|".join(re.escape(word) for word in sorted(SURE | OPEN))
        pattern = text_literal(f"(?i)(?:{words})")
        fits = f"CASE WHEN NOT regexp_full_match({cell}, {pattern}) THEN {cell} END"
        return (
            f"CASE WHEN ascii({cell}) IN ({_FIRST_LETTERS}) THEN {fits} ELSE {cell} END"
        )

    def is_missing(self, cell: str) -> bool:
        """Return whether a cell stands for nothing."""
        return is_missing_in_texts(cell)


Plan = NumberPlan | DatePlan | BooleanPlan | TextPlan


def stored_plan(plan: Plan) -> Plan:
    """Return a plan for a column whose cells were read by it already."""
    match plan:
        case TextPlan():
            return replace(plan, markers=frozenset())
        case _:
            return replace(plan, stored=True)
