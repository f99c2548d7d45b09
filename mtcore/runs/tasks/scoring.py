"""A run's model on the rows of a whole file: answered, and judged."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mtcore.data.targets import head_targets
from mtcore.evaluation.metrics import score
from mtcore.runs.spreadsheets import defused
from mtcore.runs.tasks.held import (
    home_at,
    input_rows,
    library_at,
    predictor_of,
    store_at,
)
from mtcore.runs.tasks.outcome import constant_scores
from mtcore.spec import Experiment


def score_dataset(
    run_id: str,
    dataset_id: str,
    home_root: str,
    tracking_uri: str | None = None,
    with_inputs: bool = False,
) -> Path:
    """Write a model's answers for every row of a data set and return the CSV's path.

    The rows in their order, with the columns `<head>` (value or class) and
    `<head>: <class>` (probabilities). Texts that a spreadsheet would run as a formula
    begin with an apostrophe.

    Args:
        run_id: A finished run.
        dataset_id: The rows; inputs that it lacks count as missing.
        home_root: See the package.
        tracking_uri: See the package.
        with_inputs: Whether the input columns come first, so that people see what an
            answer is for.

    Raises:
        ColumnError: The data set has none of the inputs.
    """
    run = store_at(home_root, tracking_uri).get(run_id)
    predictor = predictor_of(run, home_root, tracking_uri)
    experiment = run.experiment
    inputs = _inputs(experiment)
    table = input_rows(experiment, dataset_id, home_root)
    outputs = predictor.predict(table)
    columns: list[tuple[str, NDArray[Any]]] = []
    if with_inputs:
        columns += [(name, table.categories(name)) for name in inputs]
    for head in experiment.heads:
        encoding = predictor.encoding.heads[head.name]
        columns += head.decode(outputs[head.name], encoding).items()
    folder = home_at(home_root).cache / "scored"
    folder.mkdir(parents=True, exist_ok=True)
    kind = "rows" if with_inputs else "answers"
    path = folder / f"{run_id}-{dataset_id}-{kind}.csv"
    unfinished = path.with_suffix(f".{time.monotonic_ns()}")
    frame = pd.DataFrame(
        {place: _defused(cells) for place, (_, cells) in enumerate(columns)}
    )
    header = [defused(name) for name, _ in columns]
    frame.to_csv(unfinished, index=False, header=header)
    return unfinished.replace(path)


def evaluate_run(
    run_id: str, dataset_id: str, home_root: str, tracking_uri: str | None = None
) -> dict[str, Any]:
    """Return how good a model is on every row of a data set.

    Returns:
        The object that `evaluate --json` prints: `run`, `rows`, `seconds`, and a head
        its `kind`, `loss`, `weight`, `labelled`, `metrics` and `baseline`, the same
        metrics of the constant prediction.

    Raises:
        ColumnError: An input or target column is missing.
    """
    begun = time.monotonic()
    run = store_at(home_root, tracking_uri).get(run_id)
    predictor = predictor_of(run, home_root, tracking_uri)
    experiment = run.experiment
    columns = [*_inputs(experiment), *experiment.target_columns()]
    table = library_at(home_root).table(dataset_id, columns, experiment.missing)
    read_s = time.monotonic() - begun
    encodings = predictor.encoding.heads
    targets = head_targets(experiment, encodings, table)
    outputs = predictor.predict(table)
    constant = constant_scores(experiment, encodings, targets, np.arange(table.rows))
    heads = {
        head.name: {
            "kind": head.kind,
            "loss": head.loss,
            "weight": head.weight,
            "labelled": int((~np.isnan(targets[head.name]).all(axis=1)).sum()),
            "metrics": score(
                head, encodings[head.name], targets[head.name], outputs[head.name]
            ),
            "baseline": constant[head.name],
        }
        for head in experiment.heads
    }
    return {
        "run": run_id,
        "status": run.status,
        "rows": table.rows,
        "seconds": {"read": read_s, "total": time.monotonic() - begun},
        "heads": heads,
    }


def _defused(cells: NDArray[Any]) -> NDArray[Any]:
    if cells.dtype != object:
        return cells
    safe = {cell: defused(cell) for cell in set(cells) if isinstance(cell, str)}
    return np.asarray([safe.get(cell, cell) for cell in cells], dtype=object)


def _inputs(experiment: Experiment) -> list[str]:
    return [given.column for given in experiment.inputs or ()]
