"""How the lines of a file are taken apart: delimiter, quote and escape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mtcore.data.reading.files.records import Format, Record, read_records
from mtcore.data.reading.notations.booleans import LONGEST_WORD, PAIRS
from mtcore.data.reading.notations.markers import is_missing_in_numbers
from mtcore.data.reading.notations.numbers import is_like_a_number
from mtcore.data.values.moments import formats_of

_DELIMITERS = (",", ";", "\t", "|")
_RARE = (":", "^", "~", "\x01", "\x1f")
_MOST_CELLS = 4_000  # looked at for each delimiter
_TYPED_BLANKS = 0.9  # how well cells between blanks must look
_TYPED = 1.0
_WORDS = 0.8  # a cell of words: nothing against it, little for it
_TORN = 0.2  # a cell that holds another delimiter or a stray quote
_RAGGED = 0.9  # share of records of one width below which a text may be prose
_CLEAR = 0.5  # share of records of one width that leaves no doubt
_TRUTHS = frozenset(word for pair in PAIRS for word in pair)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way of taking the lines apart.

    Args:
        written: The way.
        width: How many cells most records have.
        share: The share of records with so many, from the first of them on.
        typed: How well the cells look, 0 to 1.
        score: All that speaks for it, 0 to 1.
    """

    written: Format
    width: int
    share: float
    typed: float
    score: float


@dataclass(frozen=True, slots=True)
class FoundFormat:
    """The best way and what speaks against it.

    Args:
        best: The best one.
        rivals: Delimiters that may be meant instead; empty where it is clear.
    """

    best: Candidate
    rivals: tuple[str, ...]


def find_format(lines: Sequence[str], delimiter: str | None) -> FoundFormat:
    """Return the way of taking lines apart that gives the best table.

    Args:
        lines: The first lines of a file.
        delimiter: What a person said stands between cells; None to find it.
    """
    text = "\n".join(lines)
    if delimiter is not None:
        return FoundFormat(_judge_all(lines, text, [delimiter])[0], ())
    ranked = _judge_all(lines, text, [d for d in _DELIMITERS if d in text])
    if not ranked or ranked[0].width < 2 or ranked[0].share < _CLEAR:
        rare = [d for d in (*_RARE, " ") if d in text]
        ranked = sorted(
            ranked + [c for c in _judge_all(lines, text, rare) if _is_table(c, text)],
            key=lambda candidate: -candidate.score,
        )
    if not ranked or ranked[0].width < 2:
        return FoundFormat(_judge(lines, Format(None)), ())
    best = ranked[0]
    rivals = [
        c.written.separator
        for c in ranked[1:]
        if c.width > 1 and c.score > 0.15 * best.score
    ]
    doubtful = best.share < _CLEAR and rivals
    return FoundFormat(best, tuple(dict.fromkeys(rivals)) if doubtful else ())


def _judge_all(
    lines: Sequence[str], text: str, delimiters: Sequence[str]
) -> list[Candidate]:
    judged = [
        _judge(lines, written)
        for delimiter in delimiters
        for written in _ways(text, delimiter)
    ]
    return sorted(judged, key=lambda candidate: -candidate.score)


def _is_table(candidate: Candidate, text: str) -> bool:
    """Return whether a rare delimiter gives so good a table that it can be meant.

    Blanks stand between words too, so numbers or quotes have to speak for them.
    """
    if candidate.width < 2 or candidate.score < 0.1:
        return False
    if candidate.written.delimiter != " ":
        return True
    quoted = len(re.findall(r'(?:^|\s)"[^"\n]*"(?=\s|$)', text, re.MULTILINE))
    return candidate.typed >= _TYPED_BLANKS or quoted > text.count("\n")


def _ways(text: str, delimiter: str) -> list[Format]:
    """Return the quotes and escapes that lines of a delimiter may use."""
    ways = [Format(delimiter)]
    blank = r"\s*" if delimiter == " " else r"[ \t]*"
    edge = rf"(?:^|{re.escape(delimiter)}){blank}"
    end = rf"{blank}(?:$|{re.escape(delimiter)})"
    for quote in ('"', "'"):
        opened = len(re.findall(edge + quote, text, re.MULTILINE))
        closed = len(re.findall(quote + end, text, re.MULTILINE))
        if not opened or not closed:
            continue
        if quote == "'" and min(opened, closed) < 0.5 * max(opened, closed):
            continue
        escaped = re.search(rf"{edge}{quote}[^\n]*\\{quote}", text, re.MULTILINE)
        escape = "\\" if escaped and quote * 2 not in text else None
        ways.append(Format(delimiter, quote, escape))
    return list(dict.fromkeys(ways))


def _judge(lines: Sequence[str], written: Format) -> Candidate:
    records = [r for r in read_records(lines, written) if not r.is_blank]
    if not records:
        return Candidate(written, 1, 1.0, 0.0, 0.0)
    width = table_width(records)
    table = _from_first_of(records, width)
    share = sum(len(r.cells) == width for r in table) / len(table)
    cells = [cell for r in table if len(r.cells) == width for cell in r.cells]
    credits = [_credit(cell, written) for cell in cells[:_MOST_CELLS]]
    looks = sum(credits) / len(credits)
    if share < _RAGGED and _is_prose(lines, written):
        return Candidate(written, 1, 1.0, 0.0, 0.0)
    torn = sum(r.unclosed for r in table) / len(table)
    everywhere = sum(len(r.cells) == width for r in records) / len(records)
    score = everywhere * looks * (1 - torn) * (width - 1) / width
    return Candidate(written, width, share, looks, score)


def _is_prose(lines: Sequence[str], written: Format) -> bool:
    """Return whether a delimiter is a mark between words rather than cells."""
    mark = written.delimiter or ""
    marks = sum(line.count(mark) for line in lines)
    spaced = sum(line.count(f"{mark} ") for line in lines)
    return mark not in ("", " ", "\t") and spaced >= 0.9 * marks


def table_width(records: Sequence[Record]) -> int:
    """Return how many cells most records have; of equals, what comes first."""
    widths = Counter(len(record.cells) for record in records)
    wide = {width: times for width, times in widths.items() if width > 1}
    if sum(wide.values()) < 0.2 * len(records):
        return 1
    return max(wide, key=lambda width: wide[width])


def _from_first_of(records: Sequence[Record], width: int) -> Sequence[Record]:
    """Return the records from the first to the last one of a width."""
    places = [i for i, record in enumerate(records) if len(record.cells) == width]
    return records[places[0] : places[-1] + 1] if places else records


def _is_truth(cell: str) -> bool:
    return len(cell) <= LONGEST_WORD and cell.casefold() in _TRUTHS


def _credit(cell: str, written: Format) -> float:
    if not cell or is_missing_in_numbers(cell) or _is_truth(cell):
        return _TYPED
    if is_like_a_number(cell):
        others = cell.count(",") + cell.count(" ")
        return _TYPED if others < 2 else _WORDS
    if any(mark in cell for mark in _DELIMITERS if mark != written.delimiter):
        return _TORN
    if cell[0] in "\"'" or cell[-1] in "\"'":
        return _TORN
    return _TYPED if formats_of(cell) else _WORDS
