"""`train`: from an experiment and a file to a run with a model."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TextIO

from mtcore.cli.files import named_data
from mtcore.cli.progress import work_watched
from mtcore.cli.reading_options import ReadingOptions, reading_options
from mtcore.cli.show import show_summary
from mtcore.cli.store import open_store, tracking_uri
from mtcore.cli.text import as_json, safe
from mtcore.data.checks import check, find_problems
from mtcore.data.library.library import Dataset, Library
from mtcore.data.suggestions.inputs import with_inputs
from mtcore.errors import RunError
from mtcore.home import Home
from mtcore.spec import Experiment, apply_settings, load_experiment

INTERRUPTED = 130


def train(asked: argparse.Namespace, home: Home, output: TextIO) -> int:
    """Train a model and print how good it is on rows it has not seen."""
    data, options = named_data(asked.data, asked.pictures), reading_options(asked)
    experiment = load_experiment(Path(asked.experiment).expanduser())
    experiment = _settle(apply_settings(experiment, asked.settings), options)
    dataset = Library(home).add(
        data.path, experiment.reading, experiment.missing, pictures=data.pictures
    )
    profile = dataset.profile
    check(experiment, profile)
    experiment = with_inputs(experiment, profile)
    if not asked.json:
        for problem in find_problems(experiment, profile, dataset.parquet):
            print(f"Note: {safe(problem.sentence)}", file=output)
    return _run(experiment, dataset, home, output, as_object=asked.json)


def _settle(experiment: Experiment, options: ReadingOptions) -> Experiment:
    """Return the experiment with the reading options that were given put over it."""
    if not options.any:
        return experiment
    changed: dict[str, object] = {"reading": options.over(experiment.reading)}
    if options.missing is not None:
        changed["missing"] = options.missing
    return experiment.model_copy(update=changed)


def _run(
    experiment: Experiment,
    dataset: Dataset,
    home: Home,
    output: TextIO,
    *,
    as_object: bool,
) -> int:
    from mtcore.runs.tasks.training.training import train_run

    store = open_store(home)
    run_id = store.create(experiment, dataset.id, dataset_name=dataset.name)

    work = partial(train_run, run_id, str(home.root), tracking_uri())
    stopped = work_watched(store, run_id, work, sys.stderr)
    run = store.get(run_id)
    if run.summary is None:
        if as_object:
            print(as_json({"run": run_id, "status": run.status}), file=output)
        failure = run.failure or "The run ended without a result."
        raise RunError(failure, where=run_id)
    plain = run.summary.model_dump(mode="json")
    print(as_json(plain) if as_object else show_summary(plain), file=output)
    return INTERRUPTED if stopped else 0
