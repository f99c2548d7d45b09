"""Columns that a file does not have."""

from __future__ import annotations

import difflib

from mtcore.data.checks.problem import Fix, Problem
from mtcore.data.profile.profile import Profile

SHOWN = 8


def unknown_column(
    beginning: str, column: str, profile: Profile, fix: Fix | None
) -> Problem:
    """Return the error that names what the file holds instead.

    Args:
        beginning: Who asks for the column, as the sentence begins.
        column: The name that is not there.
        profile: Of all columns.
        fix: The change that does without it.
    """
    names = [known.name for known in profile.columns]
    near = difflib.get_close_matches(column, names, n=1)
    if near:
        hint = f"Did you mean '{near[0]}'?"
    else:
        rest = ", …" if len(names) > SHOWN else ""
        hint = f"The columns are {', '.join(names[:SHOWN])}{rest}."
    sentence = f"{beginning}, which the file does not have. {hint}"
    return Problem("error", column, sentence, fix)
