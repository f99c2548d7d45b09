"""Networks before they are trained: described, and compiled ahead of need."""

from __future__ import annotations

from mtcore.data.splits.extract import extract
from mtcore.data.splits.splits import split_rows
from mtcore.data.suggestions.inputs import with_inputs
from mtcore.runs.cluster.errands import ModelAnswer
from mtcore.runs.cluster.retirement import leave_if_worn_out
from mtcore.runs.cluster.warmth import wait_until_warm
from mtcore.runs.tasks.held import library_at, rows_for, scratch_folder, store_at
from mtcore.spec import Experiment


def describe_experiment(
    experiment_json: str, dataset_id: str, home_root: str
) -> ModelAnswer:
    """Return the network that an experiment would build for a data set.

    Raises:
        InputError: The experiment does not fit the data.
    """
    wait_until_warm()
    from mtcore.engine.encode.encoding import fit_encoding
    from mtcore.engine.plans.description import describe
    from mtcore.export.code.keras_code import keras_code

    experiment = _whole(experiment_json, dataset_id, home_root)
    table = rows_for(experiment, dataset_id, home_root)
    known, parts = extract(experiment, table, split_rows(experiment, table))
    encoding = fit_encoding(experiment, known, parts)
    return ModelAnswer(describe(experiment, encoding), keras_code(experiment, encoding))


def prepare_program(
    experiment_json: str,
    dataset_id: str,
    home_root: str,
    tracking_uri: str | None = None,
) -> None:
    """Compile the program of an experiment, so that its training starts at once.

    The run store is opened as well, for the same reason.

    Raises:
        InputError: The experiment does not fit the data.
    """
    leave_if_worn_out()
    wait_until_warm()
    from mtcore.engine.rows.blocks import Scratch
    from mtcore.engine.training.trainer import prepare

    experiment = _whole(experiment_json, dataset_id, home_root)
    table = rows_for(experiment, dataset_id, home_root)
    scratch = Scratch(scratch_folder(home_root))
    prepare(experiment, table, split_rows(experiment, table), scratch)
    store_at(home_root, tracking_uri)


def _whole(experiment_json: str, dataset_id: str, home_root: str) -> Experiment:
    """Return the experiment with its inputs listed."""
    experiment = Experiment.model_validate_json(experiment_json)
    return with_inputs(experiment, library_at(home_root).get(dataset_id).profile)
