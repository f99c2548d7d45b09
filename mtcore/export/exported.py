"""Something that people can take away from a run, once it is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Args:
        path: The file or folder.
        notes: Sentences for people: what it holds, and how to use it.
    """

    path: Path
    notes: tuple[str, ...]
