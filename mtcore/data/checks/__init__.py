"""What is wrong with an experiment, held against the file it is meant for."""

from __future__ import annotations

from pathlib import Path

from mtcore.data.checks.drafts import read_draft
from mtcore.data.checks.giveaways import giveaway_problems
from mtcore.data.checks.inputs import input_problems
from mtcore.data.checks.leaks import leak_problems
from mtcore.data.checks.problem import Fix, Problem
from mtcore.data.checks.rows import row_problems
from mtcore.data.checks.shared_rows import shared_row_problems
from mtcore.data.checks.targets import target_problems
from mtcore.data.profile.profile import Profile
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment

__all__ = ["Fix", "Problem", "check", "find_problems", "read_draft"]


def find_problems(
    experiment: Experiment, profile: Profile, parquet: Path | None = None
) -> tuple[Problem, ...]:
    """Return everything a person should know before training, errors first.

    Args:
        experiment: A whole experiment; for one that is still being written see
            `read_draft`.
        profile: Of the columns it is meant for.
        parquet: The table itself, to look for inputs that give a target away (some
            0.1 s; left out without it).
    """
    found = [
        *target_problems(experiment, profile),
        *input_problems(experiment, profile),
        *row_problems(experiment, profile),
    ]
    errors = [problem for problem in found if problem.severity == "error"]
    if not errors and parquet is not None:
        leaks = list(leak_problems(experiment, profile, parquet))
        told = [problem.where for problem in leaks]
        found += leaks
        found += giveaway_problems(experiment, profile, parquet, told)
        found += shared_row_problems(experiment, profile, parquet)
    warnings = [problem for problem in found if problem.severity == "warning"]
    return (*errors, *warnings)


def check(experiment: Experiment, profile: Profile) -> None:
    """Refuse an experiment that can't be trained on these columns.

    Raises:
        ExperimentError: With the first error's sentence.
    """
    for problem in find_problems(experiment, profile):
        if problem.severity == "error":
            raise ExperimentError(problem.sentence, where=problem.where)
