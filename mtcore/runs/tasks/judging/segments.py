"""Where a finished run's heads are weak, worked out in the background."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from mtcore.data.library.library import Dataset
from mtcore.data.tables.stored import StoredTable
from mtcore.errors import BranchboardError
from mtcore.evaluation.segments import (
    MOST_COLUMNS,
    SegmentKind,
    SegmentSheet,
    head_segments,
    part_columns,
)
from mtcore.runs.store.file_names import SEGMENTS_FILE
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.tasks.held import library_at, predictor_of, scratch_folder, store_at
from mtcore.runs.tasks.judging.answers import read_answers
from mtcore.spec import Experiment

_MOST_ROWS = 50_000
_KINDS: dict[str, SegmentKind] = {
    "number": "number",
    "category": "category",
    "boolean": "category",
    "datetime": "datetime",
}
_log = logging.getLogger(__name__)


def judge_segments(
    run_id: str, home_root: str, tracking_uri: str | None = None
) -> None:
    """Work out a run's metrics by the values of columns and keep them.

    `segments.json` among the run's files; see `SegmentSheet`. A run that has it or has
    not finished is left alone.
    """
    store = store_at(home_root, tracking_uri)
    run = store.get(run_id)
    if run.status != "FINISHED" or store.has_artifact(run_id, SEGMENTS_FILE):
        return
    try:
        sheet = _sheet(run, store, home_root, tracking_uri)
    except BranchboardError as error:
        _log.warning("Run %s has no segments: %s", run_id, error)
        sheet = SegmentSheet(heads={}, failure=error.message)
    with tempfile.TemporaryDirectory(dir=scratch_folder(home_root)) as temporary:
        path = Path(temporary) / SEGMENTS_FILE
        path.write_text(sheet.model_dump_json(), encoding="utf-8")
        store.log_artifact(run_id, path)


def _sheet(
    run: Run, store: RunStore, home_root: str, tracking_uri: str | None
) -> SegmentSheet:
    experiment = run.experiment
    dataset = library_at(home_root).get(run.dataset_id)
    encodings = predictor_of(run, home_root, tracking_uri).encoding.heads
    kinds = parting_columns(experiment, dataset)
    answered = store.artifact(run.id, "predictions/test.parquet")
    ids = experiment.head_ids()
    said = {name: read_answers(answered, ids[name], _MOST_ROWS) for name in ids}
    rows = next(iter(said.values())).rows
    table = StoredTable(dataset.parquet, list(kinds), experiment.missing).take(rows)
    parted = part_columns(table, kinds)
    return SegmentSheet(
        heads={
            head.name: head_segments(
                head,
                encodings[head.name],
                (said[head.name].targets, said[head.name].outputs),
                parted,
            )
            for head in experiment.heads
        }
    )


def parting_columns(experiment: Experiment, dataset: Dataset) -> dict[str, SegmentKind]:
    """Return the columns that rows are parted by: inputs first, then others.

    No head's target is among them, and no text, picture, id or constant.
    """
    inputs = [given.column for given in experiment.inputs or ()]
    targets = set(experiment.target_columns())
    kinds = {column.name: column.kind for column in dataset.profile.columns}
    asked = [*inputs, *(name for name in kinds if name not in inputs)]
    found = {
        name: _KINDS[kinds[name]]
        for name in asked
        if name not in targets and kinds.get(name) in _KINDS
    }
    return dict(list(found.items())[:MOST_COLUMNS])
