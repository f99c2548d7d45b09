"""`evaluate`, `predict` and `runs`: what can be asked of runs that are there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, TextIO

from mtcore.cli.files import named_data, write_file
from mtcore.cli.reading_options import reading_options
from mtcore.cli.rows import add_rows
from mtcore.cli.show import show_evaluation, show_runs
from mtcore.cli.store import open_store, tracking_uri
from mtcore.cli.text import as_json, safe
from mtcore.data.library.library import Dataset, Library
from mtcore.errors import InputError
from mtcore.home import Home
from mtcore.spec import Experiment
from mtcore.spec.intervals import Wanted

if TYPE_CHECKING:
    from mtcore.runs.store.run import Run


def evaluate(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Judge a run's model on other rows."""
    from mtcore.runs.tasks.judging.scoring import evaluate_run

    run = finished_run(asked.run, home)
    needed = (*_input_columns(run.experiment), *run.experiment.target_columns())
    dataset = _rows(asked, home, run.experiment, needed)
    found = evaluate_run(run.id, dataset.id, str(home.root), tracking_uri())
    print(as_json(found) if asked.json else show_evaluation(found), file=output)
    return 0


def predict(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Write a model's answers for every row of a file, in the file's order."""
    from mtcore.runs.cluster.errands import ScoredColumns
    from mtcore.runs.tasks.judging.scoring import score_dataset
    from mtcore.runs.tasks.questions import tell_differences

    besides = ScoredColumns(intervals=_wanted(asked))
    run = finished_run(asked.run, home)
    dataset = _rows(asked, home, run.experiment, _input_columns(run.experiment))
    for sentence in tell_differences(
        run.id, dataset.id, str(home.root), tracking_uri()
    ):
        print(safe(sentence), file=output)
    made = score_dataset(run.id, dataset.id, str(home.root), tracking_uri(), besides)
    out = write_file(asked.out, made.read_bytes())
    print(f"Wrote {safe(str(out))} with {dataset.rows:,} rows.", file=output)
    return 0


def list_runs(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """List the runs, the newest first."""
    runs = [_listed(run) for run in open_store(home).list()]
    print(as_json(runs) if asked.json else show_runs(runs), file=output)
    return 0


def _wanted(asked: argparse.Namespace) -> Wanted | None:
    """Return the ranges to add; they are calibrated for some levels only.

    Raises:
        InputError: They are to be joint and none are asked for.
    """
    if asked.intervals is not None:
        return Wanted(asked.intervals, asked.joint)
    if asked.joint:
        msg = "--joint says how intervals are to hold. Add --intervals to have some."
        raise InputError(msg, where="--joint")
    return None


def _listed(run: Run) -> dict[str, Any]:
    heads = {} if run.summary is None else run.summary.heads
    return {
        "run": run.id,
        "name": run.name,
        "status": run.status,
        "created": run.created.isoformat(),
        "heads": {name: head.test for name, head in heads.items()},
    }


def finished_run(run_id: str, home: Home) -> Run:
    """Return a run that has a model.

    Raises:
        MissingError: There is no such run.
        InputError: It has no model.
    """
    run = open_store(home).get(run_id)
    if run.status != "FINISHED":
        msg = (
            f"Run '{run_id}' has no model to ask, as it is {run.status}. Choose a "
            "finished run; 'runs' lists them."
        )
        raise InputError(msg, where=run_id)
    return run


def _rows(
    asked: argparse.Namespace,
    home: Home,
    experiment: Experiment,
    needed: tuple[str, ...],
) -> Dataset:
    data, options = named_data(asked.data, asked.pictures), reading_options(asked)
    return add_rows(Library(home), data, options, experiment, needed)


def _input_columns(experiment: Experiment) -> tuple[str, ...]:
    return tuple(given.column for given in experiment.inputs or ())
