"""DuckDB as this package uses it: bounded, offline, and with names that are safe."""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY_LIMIT = "1GB"


def connect(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection that fetches nothing and stays within its memory.

    Rows keep their order, a long list of values in a question or not: DuckDB would take
    such a list for a table to join with, and a join shuffles rows.

    Args:
        folder: Where queries that outgrow the memory put what they cannot hold.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "disabled_optimizers": "in_clause",
        "memory_limit": MEMORY_LIMIT,
        "preserve_insertion_order": True,
    }
    if folder is not None:
        settings["temp_directory"] = str(folder)
    return duckdb.connect(config=settings)


def quoted(name: str) -> str:
    """Return a column's name as an identifier, whatever it holds.

    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def text_literal(text: str) -> str:
    """Return a text as a literal of SQL, whatever it holds.

    >>> text_literal("it's")
    "'it''s'"
    """
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def file_literal(path: Path) -> str:
    """Return a path as a literal that is never taken for a pattern of many files."""
    plain = "".join(f"[{c}]" if c in "*?[" else c for c in str(path))
    return text_literal(plain)
