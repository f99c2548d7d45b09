"""`inspect` and `suggest`: what a file holds and what can be done with it."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from mtcore.cli.files import Data, named_data, write_file
from mtcore.cli.reading_options import ReadingOptions, reading_options
from mtcore.cli.text import as_json, as_table, safe
from mtcore.data.library.keeping import keep_pictures
from mtcore.data.profile.profile import Profile, profile_table
from mtcore.data.reading import ReadingReport, read_and_count
from mtcore.data.reading.files.wrapped import is_archive
from mtcore.data.suggestions.suggest import Suggestion, suggest_experiment
from mtcore.errors import ReadingError
from mtcore.home import Home
from mtcore.spec import dump_yaml

MOST_LINES = 10


def inspect_data(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Tell what is in a file; nothing is kept."""
    del home
    data, options = named_data(asked.data, asked.pictures), reading_options(asked)
    try:
        report, _ = _read(data, options)
    except ReadingError as error:
        if asked.json:
            print(as_json(_rejected(error.message)), file=output)
        raise
    lines = [as_json(report.to_json())] if asked.json else _describe(data.path, report)
    print("\n".join(lines), file=output)
    return 0


def suggest(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Write a complete experiment for a file, with the reasons as comments."""
    del home
    data, options = named_data(asked.data, asked.pictures), reading_options(asked)
    report, profile = _read(data, options)
    markers = (*report.suggested_missing, *(options.missing or ()))
    report = replace(report, suggested_missing=tuple(dict.fromkeys(markers)))
    columns = [column.name for column in profile.columns]
    suggestion = suggest_experiment(
        profile,
        report,
        take_apart(asked.predict, columns),
        take_apart(asked.inputs, columns) if asked.inputs else None,
        name=asked.name or data.path.stem,
    )
    text = _commented(suggestion)
    if asked.out is None:
        print(text, end="", file=output)
        return 0
    out = write_file(asked.out, text.encode())
    lines = [f"Wrote {safe(str(out))}.", *map(safe, suggestion.reasons)]
    print("\n".join(lines), file=output)
    return 0


def take_apart(names: Sequence[str], columns: Sequence[str]) -> tuple[str, ...]:
    """Return names, those that no column has taken apart at their commas.

    Examples:
        >>> take_apart(["Y1,Y2", "a,b"], ["Y1", "Y2", "a,b"])
        ('Y1', 'Y2', 'a,b')
    """
    found: list[str] = []
    for name in names:
        if name in columns:
            found.append(name)
        else:
            found += [part.strip() for part in name.split(",") if part.strip()]
    return tuple(found)


def _read(data: Data, options: ReadingOptions) -> tuple[ReadingReport, Profile]:
    """Return what a file holds, read into a folder that is gone afterwards."""
    path = data.path
    with tempfile.TemporaryDirectory() as folder:
        parquet = Path(folder) / "table.parquet"
        read = read_and_count(
            path, parquet, options.reading, options.missing or (), file_name=path.name
        )
        place = data.pictures or (path if is_archive(path) else None)
        report = keep_pictures(place, parquet, read.report)
        return report, profile_table(parquet, report, read.census)


def _rejected(sentence: str) -> dict[str, object]:
    """Return the object for a file that holds no table."""
    nothing = dict.fromkeys(
        ("encoding", "delimiter", "quote", "decimal", "header_line")
    )
    return {
        "rows": 0,
        "outcome": "reject",
        "dialect": nothing,
        "columns": [],
        "left_out": [],
        "warnings": [sentence],
        "choices": [],
    }


def _describe(path: Path, report: ReadingReport) -> list[str]:
    """Return the report as lines for people."""
    dialect = report.dialect
    header = dialect.header_line
    facts = [
        f"{name} {value!r}"
        for name, value in (
            ("encoding", dialect.encoding),
            ("delimiter", dialect.delimiter),
            ("quote", dialect.quote),
            ("decimal mark", dialect.decimal),
            ("sheet", dialect.sheet),
        )
        if value is not None
    ]
    if facts:
        facts.append("no header" if header is None else f"names on line {header}")
    lines = [
        f"{safe(path.name)}: {report.rows:,} rows, {len(report.columns):,} columns",
        ", ".join(facts),
        "",
        *as_table(
            ("column", "kind", "missing", "distinct", "why"),
            [
                (column.name, column.kind, f"{column.missing:,}",
                 f"{column.distinct:,}", column.reason)
                for column in report.columns
            ],
        ),
    ]  # fmt: skip
    if report.left_out:
        lines += ["", f"{len(report.left_out):,} lines left out:"]
        lines += [
            f"  line {left.line}: {safe(left.reason)}"
            for left in report.left_out[:MOST_LINES]
        ]
        more = len(report.left_out) - MOST_LINES
        lines += [f"  … and {more:,} more (see --json)"] if more > 0 else []
    if report.warnings or report.choices:
        lines.append("")
    lines += [f"Warning: {safe(warning)}" for warning in report.warnings]
    lines += [
        f"Choice: {safe(choice.about)} Taken: {safe(choice.taken)}. "
        f"Else: {safe(', '.join(choice.others))}."
        for choice in report.choices
    ]
    return lines


def _commented(suggestion: Suggestion) -> str:
    """Return the experiment as YAML, the reasons above it."""
    reasons = [f"# {safe(reason)}" for reason in suggestion.reasons]
    return "\n".join([*reasons, dump_yaml(suggestion.experiment)])
