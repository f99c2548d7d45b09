"""What workers run, and the command line in its own process.

Each task gets ids and plain data and ends with `home_root` and `tracking_uri`: the
home that the data sets are in and the store of the run, None for the default one.
Importing a task is light: the engine is imported when a task runs.
"""

from __future__ import annotations

from mtcore.runs.tasks.baselines import judge_baselines
from mtcore.runs.tasks.exporting import export_run
from mtcore.runs.tasks.importance import judge_importance
from mtcore.runs.tasks.networks import describe_experiment, prepare_program
from mtcore.runs.tasks.questions import (
    average_curves,
    predict_records,
    response,
    seek_goal,
    tell_differences,
)
from mtcore.runs.tasks.scoring import evaluate_run, score_dataset
from mtcore.runs.tasks.segments import judge_segments
from mtcore.runs.tasks.studying import run_study
from mtcore.runs.tasks.takeaways import make_takeaway
from mtcore.runs.tasks.training import train_run, train_run_in_turn

__all__ = [
    "average_curves",
    "describe_experiment",
    "evaluate_run",
    "export_run",
    "judge_baselines",
    "judge_importance",
    "judge_segments",
    "make_takeaway",
    "predict_records",
    "prepare_program",
    "response",
    "run_study",
    "score_dataset",
    "seek_goal",
    "tell_differences",
    "train_run",
    "train_run_in_turn",
]
