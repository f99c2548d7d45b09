"""A file's text as UTF-8 with plain line ends, in bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mtcore.data.reading.files.encoding import (
    Encoding,
    guess_encoding,
    interesting_bytes,
    is_broken_utf_8,
    marked_encoding,
    named_encoding,
)
from mtcore.data.reading.files.records import BLANKS
from mtcore.errors import ReadingError

LONGEST_LINE = 1 << 24  # letters
_BLOCK = 1 << 22
_SAMPLE = 1 << 16
_HEAD = 1 << 12
_ODD_BLANKS = BLANKS.replace(" ", "")
_ODD_BYTES = tuple(blank.encode() for blank in _ODD_BLANKS)


@dataclass(frozen=True, slots=True)
class PlainText:
    """A file of UTF-8 with LF line ends.

    Args:
        path: The file itself where nothing had to be changed, or a copy.
        encoding: What the file was written in.
        lines: How many lines it has; a last one need not be ended.
        odd_blanks: Whether blanks other than spaces occur, tabs among them.
        warnings: What was changed on the way, in sentences.
    """

    path: Path
    encoding: Encoding
    lines: int
    odd_blanks: bool
    warnings: tuple[str, ...]


def plain_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a plain text without their ends, each held in memory alone.

    Args:
        path: UTF-8 with LF, as `plain_text` gives it.

    Raises:
        ReadingError: A line is longer than any of a table.
    """
    with path.open(encoding="utf-8", newline="\n") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE and not line.endswith("\n"):
                message = (
                    f"Line {number:,} is longer than {LONGEST_LINE:,} letters, more "
                    "than can be looked at. Take it out of the file, or see whether "
                    "its line ends are lost."
                )
                raise ReadingError(message, where=f"line {number}")
            yield line.removesuffix("\n")


def plain_text(source: Path, folder: Path, encoding: str | None) -> PlainText:
    """Return a file's text in a form that every later step understands.

    NULs and a final Ctrl-Z are dropped, every kind of line end becomes LF, and bytes
    that the encoding does not know become U+FFFD; the last two are told.

    Args:
        source: The file.
        folder: Where a copy may be put.
        encoding: What a person said it is written in; None to find it.

    Raises:
        ReadingError: There is no such encoding.
    """
    with source.open("rb") as file:
        head = file.read(_HEAD)
    given = named_encoding(encoding) if encoding else marked_encoding(head)
    if given is None or given.name == "utf-8":
        survey = _survey(source)
        if survey.is_plain:
            return PlainText(
                source, Encoding("utf-8"), survey.lines, survey.odd_blanks, ()
            )
        if given is None:
            given = survey.encoding
    return _rewritten(source, folder / "text.csv", given)


@dataclass(slots=True)
class _Survey:
    """What the bytes of a file are, were they UTF-8."""

    lines: int = 0
    is_plain: bool = True
    high: bytes = b""
    is_utf_8: bool = True
    odd_blanks: bool = False

    @property
    def encoding(self) -> Encoding:
        if self.is_utf_8 or is_broken_utf_8(self.high):
            return Encoding("utf-8")
        return guess_encoding(self.high)


def _survey(source: Path) -> _Survey:
    survey = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    last = b""
    for block in _blocks(source):
        survey.lines += block.count(b"\n")
        if b"\r" in block or b"\0" in block or b"\x1a" in block:
            survey.is_plain = False
        plain = block.isascii()
        if not survey.odd_blanks:
            odd = (b"\t",) if plain else _ODD_BYTES
            survey.odd_blanks = any(blank in block for blank in odd)
        if not plain and len(survey.high) < _SAMPLE:
            survey.high += interesting_bytes(block, _SAMPLE)
        if not plain or decoder.getstate()[0]:
            survey.is_utf_8 = survey.is_utf_8 and _feeds(decoder, block)
        last = block[-1:]
    survey.is_utf_8 = survey.is_utf_8 and _feeds(decoder, b"", final=True)
    survey.is_plain = survey.is_plain and survey.is_utf_8
    survey.lines += last not in (b"\n", b"")
    return survey


def _feeds(
    decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False
) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _rewritten(source: Path, target: Path, encoding: Encoding) -> PlainText:
    decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
    lines = nuls = unknown = 0
    first_nul = first_unknown = 0
    returns = _only_returns(source, encoding)
    last, odd_blanks = "", False
    with target.open("w", encoding="utf-8", newline="") as file:
        for text in _texts(source, decoder):
            plain = _with_plain_ends(text, returns=returns)
            if "\0" in plain:
                first_nul = first_nul or lines + 1 + plain[: plain.find("\0")].count(
                    "\n"
                )
                nuls += plain.count("\0")
                plain = plain.replace("\0", "")
            if "\ufffd" in plain:
                before = plain[: plain.find("\ufffd")]
                first_unknown = first_unknown or lines + 1 + before.count("\n")
                unknown += plain.count("\ufffd")
            odd_blanks = odd_blanks or any(blank in plain for blank in _ODD_BLANKS)
            lines += plain.count("\n")
            last = plain[-1:] or last
            file.write(plain)
    lines += last not in ("\n", "")
    warnings = []
    if nuls:
        warnings.append(
            f"{nuls:,} NUL characters were dropped, the first on line {first_nul:,}."
        )
    if unknown:
        warnings.append(
            f"{unknown:,} characters are no {encoding.name}, the first on line "
            f"{first_unknown:,}; they are shown as \ufffd."
        )
    return PlainText(target, encoding, lines, odd_blanks, tuple(warnings))


def _texts(source: Path, decoder: codecs.IncrementalDecoder) -> Iterator[str]:
    """Yield decoded text, never cut between a return and a line feed."""
    held = ""
    started = False
    for block in _blocks(source):
        text = held + decoder.decode(block)
        if not started and text:
            text, started = text.removeprefix("\ufeff"), True
        kept = text.rstrip("\r\x1a")
        held = text[len(kept) :]
        yield kept
    yield (held + decoder.decode(b"", True)).rstrip("\x1a")


def _with_plain_ends(text: str, *, returns: bool) -> str:
    if "\r" not in text:
        return text
    if returns:
        return text.replace("\r", "\n")
    while "\r\r\n" in text:
        text = text.replace("\r\r\n", "\r\n")
    return text.replace("\r\n", "\n").replace("\r", " ")


def _only_returns(source: Path, encoding: Encoding) -> bool:
    """Return whether lines end in returns alone, as on an old Mac."""
    decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
    seen = False
    for block in _blocks(source):
        text = decoder.decode(block)
        if "\n" in text:
            return False
        seen = seen or "\r" in text
    return seen


def _blocks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
