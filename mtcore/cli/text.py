"""Words and tables for a terminal."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

MOST_WIDTH = 60


def safe(text: str) -> str:
    r"""Return a text on one line, without anything that steers a terminal.

    Examples:
        >>> safe("a\x1b[31mb\nc")
        'a[31mb c'
    """
    spaced = " ".join(text.split())
    return "".join(letter for letter in spaced if letter.isprintable())


def as_json(plain: object) -> str:
    """Return plain data as JSON in ASCII, which every terminal and pipe takes."""
    return json.dumps(plain, indent=2, allow_nan=False)


def as_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with aligned columns, numbers to the right.

    Args:
        header: A title a column.
        rows: Cells of the same number.
    """
    cells = [[shortened(cell) for cell in row] for row in rows]
    widths = [
        max(len(line[index]) for line in [list(header), *cells])
        for index in range(len(header))
    ]
    right = [
        all(_is_number(row[index]) for row in cells) for index in range(len(header))
    ]
    lines = []
    for line in [list(header), *cells]:
        padded = [
            cell.rjust(width) if numbers else cell.ljust(width)
            for cell, width, numbers in zip(line, widths, right, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    return lines


def shortened(text: str) -> str:
    """Return a safe text of at most 60 letters."""
    plain = safe(text)
    return plain if len(plain) <= MOST_WIDTH else f"{plain[: MOST_WIDTH - 1]}…"


def metrics_text(metrics: Mapping[str, float | None]) -> str:
    """Return metrics as people read them.

    Examples:
        >>> metrics_text({"mae": 0.12345, "r2": None})
        'mae 0.1235, r2 -'
    """
    return ", ".join(f"{name} {number_text(value)}" for name, value in metrics.items())


def number_text(value: float | None) -> str:
    """Return a number with four digits, or a dash where there is none."""
    return "-" if value is None or math.isnan(value) else f"{value:.4g}"


def _is_number(cell: str) -> bool:
    return cell.replace(",", "").replace(".", "").lstrip("-").isdigit() or not cell
