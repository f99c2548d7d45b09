"""What a finished run's heads rest on, worked out in the background."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from mtcore.data.splits.splits import split_rows
from mtcore.errors import BranchboardError
from mtcore.evaluation.importance import (
    ImportanceSheet,
    Judging,
    alike_inputs,
    shuffled_importance,
)
from mtcore.evaluation.importance.shuffling import MOST_ROWS
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.runs.store.file_names import IMPORTANCE_FILE
from mtcore.runs.store.run import Run
from mtcore.runs.tasks.held import predictor_of, rows_for, scratch_folder, store_at

_log = logging.getLogger(__name__)


def judge_importance(
    run_id: str, home_root: str, tracking_uri: str | None = None
) -> None:
    """Work out the importance of a run's inputs on its test rows and keep the sheet.

    `importance.json` among the run's files; see `ImportanceSheet`. A run that has it or
    has not finished is left alone.
    """
    store = store_at(home_root, tracking_uri)
    run = store.get(run_id)
    if run.status != "FINISHED" or store.has_artifact(run_id, IMPORTANCE_FILE):
        return
    try:
        sheet = _sheet(run, home_root, tracking_uri)
    except BranchboardError as error:
        _log.warning("Run %s has no importances: %s", run_id, error)
        sheet = ImportanceSheet(failure=error.message)
    folder = scratch_folder(home_root)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        path = Path(temporary) / IMPORTANCE_FILE
        path.write_text(sheet.model_dump_json(), encoding="utf-8")
        store.log_artifact(run_id, path)


def _sheet(run: Run, home_root: str, tracking_uri: str | None) -> ImportanceSheet:
    predictor = predictor_of(run, home_root, tracking_uri)
    experiment = run.experiment
    rows = rows_for(experiment, run.dataset_id, home_root)
    tested = split_rows(experiment, rows).test
    table = rows.take(tested[sample_rows(len(tested), MOST_ROWS)])
    judging = Judging(experiment, predictor.encoding.heads, predictor.predict, table)
    groups = alike_inputs(experiment, table)
    return shuffled_importance(judging, groups, experiment.seed)
