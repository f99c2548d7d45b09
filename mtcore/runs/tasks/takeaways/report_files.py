"""The one HTML file of a run, from what the store and the library keep of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from pydantic import TypeAdapter

from mtcore.arrays import RowArray
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.stored import Rows
from mtcore.errors import MissingError
from mtcore.evaluation.reports import HeadReport
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.export.exported import Exported
from mtcore.runs.store.file_names import BASELINES_FILE
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.store.summary import RunSummary
from mtcore.runs.tasks.held import library_at, rows_for, store_at
from mtcore.spec import Experiment
from mtcore.whatif.ranges import InputRange, input_ranges

if TYPE_CHECKING:
    from mtcore.engine.encode.encoding import Encoding
    from mtcore.engine.served.predictor import Predictor

# Test rows that a what-if may start from.
MOST_ROWS = 20
# Training rows that tell what is usual.
_LOOKED_AT = 200_000
_REPORTS = TypeAdapter(dict[str, dict[str, HeadReport]])


def export_report(
    run: Run,
    predictor: Predictor,
    path: Path,
    home_root: str,
    tracking_uri: str | None,
) -> Exported:
    """Write a finished run's report, with a what-if where the page can answer.

    Args:
        run: A finished one.
        predictor: Its model.
        path: Where to write.
        home_root: See the package.
        tracking_uri: See the package.

    Raises:
        MissingError: The run's files or its data set are gone.
    """
    from mtcore.export.report.html_report import HeadResults, Results, html_report
    from mtcore.export.report.page_model import page_model, why_no_what_if

    if run.summary is None:
        msg = "This run's summary is missing. Train it again."
        raise MissingError(msg, where=run.id)
    store, experiment = store_at(home_root, tracking_uri), run.experiment
    text = store.artifact(run.id, "reports.json").read_bytes()
    reports = _REPORTS.validate_json(text)["test"]
    boosted = _boosted(store, run.id)
    why_not = why_no_what_if(experiment, predictor)
    model: dict[str, Any] | None = None
    if why_not is None:
        table = rows_for(experiment, run.dataset_id, home_root)
        split = split_rows(experiment, table)
        ranges = _ranges(experiment, table, split.train)
        model = page_model(experiment, predictor, ranges)
        rows = split.test[sample_rows(len(split.test), MOST_ROWS)]
        model["rows"] = _rows(predictor.encoding, table, rows)
    known = run.summary.heads
    results = Results(
        experiment=experiment,
        about=_about(run, run.summary, library_at(home_root).get(run.dataset_id).name),
        heads={
            head.name: HeadResults(
                report=reports[head.name],
                validation=known[head.name].validation,
                constant=known[head.name].baseline,
                boosted=boosted.get(head.name),
                labelled=known[head.name].labelled.model_dump(),
                trees=known[head.name].trees,
            )
            for head in experiment.heads
        },
        history=store.history(run.id),
        best_epoch=run.summary.best_epoch,
        model=model,
        no_what_if=why_not,
    )
    path.write_text(html_report(results), encoding="utf-8")
    note = why_not or (
        f"It holds {len(model['rows']) if model else 0} test rows to start a what-if "
        "from, so send it to those who may see them."
    )
    return Exported(path, (note,))


def _about(run: Run, summary: RunSummary, dataset: str) -> Sequence[str]:
    rows = summary.rows
    networks = f" in {summary.networks} networks" if summary.networks > 1 else ""
    return (
        f"Data: {dataset}",
        f"{rows.train:,} rows trained, {rows.validation:,} chose the epoch, "
        f"{rows.test:,} test",
        f"{summary.parameters:,} parameters{networks}",
        f"best epoch {summary.best_epoch} of {summary.epochs}",
        f"made {run.created:%Y-%m-%d}",
    )


def _boosted(store: RunStore, run_id: str) -> dict[str, dict[str, float | None]]:
    if not store.has_artifact(run_id, BASELINES_FILE):
        return {}
    content = orjson.loads(store.artifact(run_id, BASELINES_FILE).read_bytes())
    found: dict[str, dict[str, float | None]] = content["boosted"].get("test", {})
    return found


def _ranges(
    experiment: Experiment, table: Rows, train: RowArray
) -> tuple[InputRange, ...]:
    looked_at = train[sample_rows(len(train), _LOOKED_AT)]
    return input_ranges(experiment, table.take(looked_at))


def _rows(encoding: Encoding, table: Rows, rows: RowArray) -> list[dict[str, Any]]:
    """Return test rows as the page starts from them, named by their row number."""
    from mtcore.engine.rows.rows import raw_columns
    from mtcore.export.report.page_model import cells_of

    columns = raw_columns(encoding, table.take(np.sort(rows)))
    return [
        {
            "name": f"row {row} of the file, a test row",
            "cells": cells_of(
                encoding,
                {name: cells[place : place + 1] for name, cells in columns.items()},
            ),
        }
        for place, row in enumerate(np.sort(rows).tolist())
    ]
