"""Gradient-boosted trees beside a finished run, made in the background."""

from __future__ import annotations

import logging
import tempfile
import time
from pathlib import Path

import orjson

from mtcore.data.splits.extract import extract
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.targets import head_targets
from mtcore.errors import BranchboardError
from mtcore.evaluation.baselines import boosted_baselines
from mtcore.evaluation.metrics import score
from mtcore.evaluation.weighting import metric_weights
from mtcore.runs.cluster.warmth import wait_until_warm
from mtcore.runs.store.file_names import BASELINES_FILE
from mtcore.runs.store.run import Run
from mtcore.runs.store.store import RunStore
from mtcore.runs.tasks.held import home_at, predictor_of, rows_for, store_at

_PARTS = ("validation", "test")
_log = logging.getLogger(__name__)


def judge_baselines(
    run_id: str, home_root: str, tracking_uri: str | None = None
) -> None:
    """Train gradient-boosted trees on a run's inputs and rows and keep their scores.

    `baselines.json` among the run's files: `{"boosted": {part: {head: {metric:
    value}}}, "seconds": s, "failure": null or a sentence}`. A run that has them or has
    not finished is left alone.
    """
    store = store_at(home_root, tracking_uri)
    run = store.get(run_id)
    if run.status != "FINISHED" or store.has_artifact(run_id, BASELINES_FILE):
        return
    # The worker that does this also answers questions: now it has the model at hand.
    predictor_of(run, home_root, tracking_uri)
    begun = time.monotonic()
    boosted, failure = {}, None
    try:
        boosted = _boosted(run, store, home_root)
    except BranchboardError as error:
        _log.warning("Run %s has no trees beside it: %s", run_id, error)
        failure = error.message
    content = {
        "boosted": boosted,
        "seconds": time.monotonic() - begun,
        "failure": failure,
    }
    home = home_at(home_root)
    home.cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.cache) as folder:
        path = Path(folder) / BASELINES_FILE
        path.write_bytes(orjson.dumps(content))
        store.log_artifact(run_id, path)


def _boosted(
    run: Run, store: RunStore, home_root: str
) -> dict[str, dict[str, dict[str, float | None]]]:
    wait_until_warm()
    from mtcore.engine.encode.encoding import Encoding

    text = store.artifact(run.id, "encoding.json").read_text(encoding="utf-8")
    encodings = Encoding.model_validate_json(text).heads
    experiment = run.experiment
    rows = rows_for(experiment, run.dataset_id, home_root)
    # The trees learn from some thousand rows anyway.
    table, split = extract(experiment, rows, split_rows(experiment, rows))
    targets = head_targets(experiment, encodings, table)
    outputs = boosted_baselines(experiment, table, split, encodings)
    weights = metric_weights(experiment, table)
    return {
        part: {
            head.name: score(
                head,
                encodings[head.name],
                targets[head.name][split.rows(part)],
                outputs[head.name][split.rows(part)],
                None if weights is None else weights[split.rows(part)],
            )
            for head in experiment.heads
        }
        for part in _PARTS
    }
