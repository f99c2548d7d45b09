"""The options of every command that reads a file."""

from __future__ import annotations

import argparse
import codecs
from dataclasses import dataclass

from mtcore.errors import InputError
from mtcore.spec import Reading

NAMED_DELIMITERS = {
    "tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How the person wants a file read.

    Args:
        reading: Fields left out are None.
        missing: Markers given, or None where none was.
    """

    reading: Reading
    missing: tuple[str, ...] | None

    def over(self, reading: Reading | None) -> Reading:
        """Return another reading with what was asked for here put over it."""
        asked = self.reading.model_dump(exclude_none=True)
        return (reading or Reading()).model_copy(update=asked)

    @property
    def any(self) -> bool:
        """Whether anything was asked for."""
        return self.missing is not None or self.reading != Reading()


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Give a command `--delimiter` and the like."""
    group = parser.add_argument_group(
        "reading the file", "found by itself where left out"
    )
    group.add_argument("--delimiter", help="one character, or tab", metavar="C")
    group.add_argument("--encoding", help="such as utf-8 or latin-1", metavar="NAME")
    group.add_argument("--decimal", choices=(".", ","), help="mark before decimals")
    group.add_argument(
        "--header-line",
        type=int,
        metavar="N",
        help="the line that holds the names, from 1; 0 = there is none",
    )
    group.add_argument("--sheet", help="the sheet of an Excel workbook", metavar="NAME")
    group.add_argument(
        "--pictures",
        metavar="PATH",
        help="a folder or ZIP archive of the pictures that the table names (default: "
        "those in its archive, or beside it)",
    )
    group.add_argument(
        "--missing",
        action="append",
        metavar="TEXT",
        help="a cell that counts as missing; repeat for several",
    )


def reading_options(asked: argparse.Namespace) -> ReadingOptions:
    """Return the reading options that were given.

    Raises:
        InputError: One of them can't be.
    """
    delimiter = asked.delimiter
    if delimiter is not None:
        delimiter = NAMED_DELIMITERS.get(delimiter, delimiter)
        if len(delimiter) != 1:
            msg = (
                f"--delimiter is '{delimiter}', but must be one character such as , ; "
                "or tab."
            )
            raise InputError(msg)
    if asked.encoding is not None:
        _require_encoding(asked.encoding)
    if asked.header_line is not None and asked.header_line < 0:
        msg = (
            f"--header-line is {asked.header_line}, but must be a line's number from "
            "1, or 0 where no line holds names."
        )
        raise InputError(msg)
    reading = Reading(
        delimiter=delimiter,
        encoding=asked.encoding,
        decimal=asked.decimal,
        header_line=asked.header_line,
        sheet=asked.sheet or None,
    )
    return ReadingOptions(reading, asked.missing and tuple(asked.missing))


def _require_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError as error:
        msg = (
            f"--encoding is '{name}', which is not known. Use a name such as utf-8, "
            "utf-16, latin-1 or cp1252."
        )
        raise InputError(msg) from error
