"""What our source imports, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMPORTING_CALLS = frozenset({"import_module", "__import__"})


def source_files(*folders: str) -> list[Path]:
    """Return app.py and every Python file of some folders of the project."""
    found = [path for name in folders for path in sorted((ROOT / name).rglob("*.py"))]
    return [ROOT / "app.py", *found]


def imports_of(source: str) -> Iterator[str]:
    """Yield the dotted name of everything that a source text imports.

    `from a import b` gives `a.b`, as b may be a module, `import_module("a.b")` gives
    `a.b` as well, and a relative import keeps its dots.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = "." * level + (module or "")
                yield from (f"{base}.{alias.name}" for alias in names)
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called),
                args=[ast.Constant(value=str(name)), *_],
            ) if called in IMPORTING_CALLS:
                yield name
