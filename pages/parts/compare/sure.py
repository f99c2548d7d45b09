"""How sure the differences between compared runs are, by the rows that judged them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import streamlit as st

from mtcore.arrays import FloatArray, RowArray
from mtcore.errors import MissingError
from mtcore.evaluation.differences import difference_interval
from mtcore.evaluation.metrics import metrics_of
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Head
from pages.parts.compare.scores import Intervals, JudgedSplit
from pages.parts.run_facts import BY_ID, target_encodings

# Of more runs than these nobody reads the intervals, which take a moment each.
MOST_RUNS = 8
MOST_ROWS = 100_000


def intervals_of(
    workspace: Workspace, runs: Sequence[Run], baseline: Run, split: JudgedSplit
) -> Intervals:
    """Return 95 % intervals of the changes from the baseline, where both are known.

    Only of runs that were judged by the very same rows: what other rows of the same
    kind would say of the same two models.

    Args:
        workspace: Where the predictions are.
        runs: Those that are compared.
        baseline: One of them.
        split: The rows that judge.
    """
    found: dict[tuple[str, str, str], tuple[float, float]] = {}
    for run in runs[:MOST_RUNS]:
        if run.id == baseline.id or run.summary is None or baseline.summary is None:
            continue
        if run.dataset_id == baseline.dataset_id:
            root = str(workspace.home.root)
            known = _between(workspace, root, run, baseline, split)
            found |= {(run.id, *key): ends for key, ends in known.items()}
    return found


@st.cache_resource(
    max_entries=200, show_spinner="Comparing row by row", hash_funcs=BY_ID
)
def _between(
    _workspace: Workspace, root: str, run: Run, baseline: Run, split: JudgedSplit
) -> Mapping[tuple[str, str], tuple[float, float]]:
    """Return intervals by head and metric; none where other rows judged."""
    del root
    try:
        paths = [
            _workspace.runs.artifact(one.id, f"predictions/{split}.parquet")
            for one in (baseline, run)
        ]
    except MissingError:
        return {}
    first, second = (_rows(path) for path in paths)
    if not np.array_equal(first, second):
        return {}
    kept = sample_rows(len(first), MOST_ROWS)
    encodings = target_encodings(_workspace, baseline)
    others = target_encodings(_workspace, run)
    found = {}
    for head, other in _common(baseline, run):
        if encodings[head.name].classes != others[other.name].classes:
            continue
        ids = baseline.experiment.head_ids()[head.name], run.experiment.head_ids()
        targets = _columns(paths[0], ids[0], "target")[kept]
        outputs = (
            _columns(paths[0], ids[0], "output")[kept],
            _columns(paths[1], ids[1][other.name], "output")[kept],
        )
        for metric in metrics_of(head.kind):
            ends = difference_interval(
                head, metric, encodings[head.name], targets, outputs
            )
            if ends is not None:
                found[head.name, metric] = ends
    return found


def _common(baseline: Run, run: Run) -> Iterator[tuple[Head, Head]]:
    """Yield the heads that both runs have: of one name, kind and target."""
    others = {head.name: head for head in run.experiment.heads}
    for head in baseline.experiment.heads:
        other = others.get(head.name)
        if other and (other.kind, other.columns) == (head.kind, head.columns):
            yield head, other


def _rows(path: Path) -> RowArray:
    rows: RowArray = pq.read_table(path, columns=["row"]).column("row").to_numpy()
    return rows


def _columns(path: Path, head_id: str, what: str) -> FloatArray:
    """Return a head's targets or outputs, `(rows, k)`."""
    with pq.ParquetFile(path) as file:
        names = [
            name
            for name in file.schema_arrow.names
            if name.startswith(f"{head_id}/{what}/")
        ]
        table = file.read(columns=names)
    return np.stack(
        [table.column(name).to_numpy().astype(np.float64) for name in names], axis=1
    )
