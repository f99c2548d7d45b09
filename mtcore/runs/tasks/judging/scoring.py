"""A run's model on the rows of a whole file: answered, and judged."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mtcore.data.tables.stored import stored_columns
from mtcore.data.values.spreadsheets import defused
from mtcore.errors import MissingError
from mtcore.evaluation.conformal import Intervals, interval_columns
from mtcore.evaluation.metrics import score
from mtcore.runs.cluster.errands import ANSWERS_ALONE, ScoredColumns
from mtcore.runs.store.file_names import INTERVALS_FILE
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.takeaways import scored_folder
from mtcore.runs.tasks.held import (
    home_at,
    input_rows,
    library_at,
    predictor_of,
    rows_for,
    scratch_folder,
    store_at,
)
from mtcore.runs.tasks.judging.answers import Respondent, read_answers, write_answers
from mtcore.runs.tasks.judging.outcome import constant_score
from mtcore.spec import Experiment


def score_dataset(
    run_id: str,
    dataset_id: str,
    home_root: str,
    tracking_uri: str | None = None,
    besides: ScoredColumns = ANSWERS_ALONE,
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
        besides: What stands in the file besides the answers.

    Raises:
        ColumnError: The data set has none of the inputs.
        MissingError: Intervals are asked for and the run has none.
    """
    store = store_at(home_root, tracking_uri)
    run = store.get(run_id)
    wanted = besides.intervals
    intervals = None if wanted is None else intervals_of(store, run_id)
    predictor = predictor_of(run, home_root, tracking_uri)
    experiment = run.experiment
    inputs = _inputs(experiment)
    table = input_rows(experiment, dataset_id, home_root)
    folder = scored_folder(home_at(home_root))
    folder.mkdir(parents=True, exist_ok=True)
    kind = "rows" if besides.inputs else "answers"
    if wanted is not None:
        kind += f"-{wanted.level:g}{'-joint' if wanted.joint else ''}"
    path = folder / f"{run_id}-{dataset_id}-{kind}.csv"
    unfinished = path.with_suffix(f".{time.monotonic_ns()}")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        for batch in table.batches():
            columns: list[tuple[str, NDArray[Any]]] = []
            if besides.inputs:
                columns += [(name, batch.categories(name)) for name in inputs]
            outputs = predictor.predict(batch)
            for head in experiment.heads:
                encoding = predictor.encoding.heads[head.name]
                answered = outputs[head.name]
                columns += head.decode(answered, encoding).items()
                if wanted is not None and intervals is not None:
                    columns += interval_columns(
                        head, encoding, intervals, wanted, answered
                    ).items()
            _write_rows(file, columns, header=file.tell() == 0)
    return unfinished.replace(path)


def intervals_of(store: RunStore, run_id: str) -> Intervals:
    """Return how far the ranges of a run's answers reach.

    Raises:
        MissingError: It was judged before there were any.
    """
    try:
        text = store.artifact(run_id, INTERVALS_FILE).read_text(encoding="utf-8")
    except MissingError as error:
        msg = (
            f"Run '{run_id[:40]}' has no intervals, as it was trained by a version "
            "without them. Train it again, or predict without intervals."
        )
        raise MissingError(msg, where=run_id) from error
    return Intervals.model_validate_json(text)


def evaluate_run(
    run_id: str, dataset_id: str, home_root: str, tracking_uri: str | None = None
) -> dict[str, Any]:
    """Return how good a model is on every row of a data set.

    Returns:
        The object that `evaluate --json` prints: `run`, `rows`, `seconds`, and a head
        its `kind`, `loss`, `weight`, `labelled`, `metrics` and `baseline`, the same
        metrics of the constant prediction. Rows count as the column of row weights
        says where the data set has it, and alike where not.

    Raises:
        ColumnError: An input or target column is missing.
    """
    begun = time.monotonic()
    run = store_at(home_root, tracking_uri).get(run_id)
    predictor = predictor_of(run, home_root, tracking_uri)
    experiment = run.experiment
    columns = [*_inputs(experiment), *experiment.target_columns()]
    columns += _weight_column(experiment, dataset_id, home_root)
    table = rows_for(experiment, dataset_id, home_root, tuple(dict.fromkeys(columns)))
    read_s = time.monotonic() - begun
    encodings = predictor.encoding.heads
    heads = {}
    with tempfile.TemporaryDirectory(dir=scratch_folder(home_root)) as temporary:
        folder = Path(temporary)
        parts = {"all": np.arange(table.rows)}
        write_answers(folder, experiment, table, parts, Respondent(predictor))
        for head in experiment.heads:
            head_id, encoding = experiment.head_ids()[head.name], encodings[head.name]
            said = read_answers(folder / "all.parquet", head_id)
            heads[head.name] = {
                "kind": head.kind,
                "loss": head.loss,
                "weight": head.weight,
                "labelled": said.labelled,
                "metrics": score(
                    head, encoding, said.targets, said.outputs, said.weights
                ),
                "baseline": constant_score(head, encoding, said.targets, said.weights),
            }
    return {
        "run": run_id,
        "status": run.status,
        "rows": table.rows,
        "seconds": {"read": read_s, "total": time.monotonic() - begun},
        "heads": heads,
    }


def _weight_column(
    experiment: Experiment, dataset_id: str, home_root: str
) -> list[str]:
    """Return the column of row weights where experiment and data set have one."""
    parquet = library_at(home_root).get(dataset_id).parquet
    there = stored_columns(parquet)
    return [name for name in (experiment.row_weight,) if name in there]


def _write_rows(
    file: TextIO, columns: list[tuple[str, NDArray[Any]]], *, header: bool
) -> None:
    """Write some rows as CSV, after a line of names where asked for."""
    frame = pd.DataFrame(
        {place: _defused(cells) for place, (_, cells) in enumerate(columns)}
    )
    names = [defused(name) for name, _ in columns]
    frame.to_csv(file, index=False, header=names if header else False)


def _defused(cells: NDArray[Any]) -> NDArray[Any]:
    if cells.dtype != object:
        return cells
    safe = {cell: defused(cell) for cell in set(cells) if isinstance(cell, str)}
    return np.asarray([safe.get(cell, cell) for cell in cells], dtype=object)


def _inputs(experiment: Experiment) -> list[str]:
    return [given.column for given in experiment.inputs or ()]
