"""What is sent to a worker: a task's name and plain data.

The scheduler unpacks what it passes on. A name costs it nothing, where a function of
the tasks would have it import the run store and more.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from mtcore.errors import BranchboardError, RunError
from mtcore.runs.cluster.retirement import leave_when_idle
from mtcore.spec.description import Description
from mtcore.spec.intervals import Wanted

TaskName = Literal[
    "average_curves",
    "count_coverage",
    "describe_experiment",
    "judge_baselines",
    "judge_importance",
    "judge_segments",
    "make_takeaway",
    "predict_records",
    "prepare_program",
    "read_file",
    "response",
    "score_dataset",
    "seek_goal",
    "tell_differences",
    "train_run_in_turn",
]
HOMES: Mapping[TaskName, str] = {
    "average_curves": "mtcore.runs.tasks.questions",
    "count_coverage": "mtcore.runs.tasks.reading",
    "describe_experiment": "mtcore.runs.tasks.training.networks",
    "judge_baselines": "mtcore.runs.tasks.judging.baselines",
    "judge_importance": "mtcore.runs.tasks.judging.importance",
    "judge_segments": "mtcore.runs.tasks.judging.segments",
    "make_takeaway": "mtcore.runs.tasks.takeaways.takeaways",
    "predict_records": "mtcore.runs.tasks.questions",
    "prepare_program": "mtcore.runs.tasks.training.networks",
    "read_file": "mtcore.runs.tasks.reading",
    "response": "mtcore.runs.tasks.questions",
    "score_dataset": "mtcore.runs.tasks.judging.scoring",
    "seek_goal": "mtcore.runs.tasks.questions",
    "tell_differences": "mtcore.runs.tasks.questions",
    "train_run_in_turn": "mtcore.runs.tasks.training.training",
}
"""The module that each task is imported from when it runs."""

Errand = tuple[TaskName, tuple[object, ...]]
"""A task's name and what it gets."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """A row, and one input of it set to several values.

    Args:
        record: The row's cells by column; what is left out is missing.
        column: The input that is changed.
        values: What it is set to, one after the other.
    """

    record: Mapping[str, object]
    column: str
    values: Sequence[object]


@dataclass(frozen=True, slots=True)
class ScoredColumns:
    """What a scored file holds besides the answers.

    Args:
        inputs: Whether the input columns come first, so that people see what an answer
            is for.
        intervals: Ranges and sets to add behind each head's answers.
    """

    inputs: bool = False
    intervals: Wanted | None = None


ANSWERS_ALONE = ScoredColumns()
WITH_INPUTS = ScoredColumns(inputs=True)


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """The network that an experiment builds.

    Args:
        description: Layer by layer, with numbers of parameters.
        code: Python that builds exactly this network with Keras alone.
    """

    description: Description
    code: str


def run_errand(task: TaskName, arguments: tuple[object, ...]) -> object:
    """Run a task by its name and return what it returns."""
    function: Callable[..., object] = getattr(import_module(HOMES[task]), task)
    answer = function(*arguments)
    leave_when_idle()
    return answer


def answer_plainly(task: TaskName, arguments: tuple[object, ...]) -> object:
    """Return a task's answer, its errors made such that any process can hold them.

    An error travels with those it came from, and the server, on getting one of
    TensorFlow's, would import that. So only ours goes, without any other behind it.

    Raises:
        BranchboardError: What the task raised, or a sentence in its place.
    """
    answers: list[object] = []
    error = _attempt(task, arguments, answers)
    if error is not None:
        raise error
    return answers[0]


def _attempt(
    task: TaskName, arguments: tuple[object, ...], answers: list[object]
) -> BranchboardError | None:
    try:
        answers.append(run_errand(task, arguments))
    except BranchboardError as error:
        return type(error)(error.message, where=error.where)
    except MemoryError:
        return RunError("Memory ran out while this was worked out. Ask for less.")
    except Exception as error:
        reference = secrets.token_hex(4)
        log.exception("%s: %s", reference, task)
        return RunError(
            f"The workers could not answer ({type(error).__name__}). Their log has the "
            f"details under the reference {reference}."
        )
    return None
