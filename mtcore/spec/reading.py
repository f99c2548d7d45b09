"""How a file is to be read, where finding out by itself is not wanted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mtcore.spec.base import Frozen


class Reading(Frozen):
    """The dialect of a file; a field left out is found from the file itself.

    Args:
        delimiter: One character between cells.
        encoding: A Python codec's name, such as `utf-8` or `latin-1`.
        decimal: The mark before decimals.
        header_line: The line that holds the names, from 1; 0 = there is none.
        sheet: The sheet of an Excel workbook, whose rows are its lines; or the table
            of an archive that holds several.
    """

    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = Field(default=None, min_length=1)
    decimal: Literal[".", ","] | None = None
    header_line: int | None = Field(default=None, ge=0)
    sheet: str | None = Field(default=None, min_length=1)
