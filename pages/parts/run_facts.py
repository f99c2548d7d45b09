"""What is known about a finished run, read once and shared by all visitors.

Runs that have ended do not change, so their id is all that a cache needs to know.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from operator import attrgetter
from typing import Literal, TypeVar

import numpy as np
import orjson
import pyarrow.parquet as pq
import streamlit as st
from pydantic import TypeAdapter

from mtcore.arrays import RowArray
from mtcore.data.tables.table import Table
from mtcore.errors import MissingError
from mtcore.evaluation.conformal import Intervals
from mtcore.evaluation.importance import ImportanceSheet
from mtcore.evaluation.joint import JointReport
from mtcore.evaluation.metrics import Scores
from mtcore.evaluation.modalities import ModalityReport, modalities_of
from mtcore.evaluation.reports import HeadReport
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.evaluation.segments import SegmentSheet
from mtcore.evaluation.temperature import Tempered
from mtcore.runs.store.file_names import (
    BASELINES_FILE,
    IMPORTANCE_FILE,
    INTERVALS_FILE,
    JOINT_FILE,
    SEGMENTS_FILE,
    TEMPERATURES_FILE,
)
from mtcore.runs.store.history import History
from mtcore.runs.store.run import ACTIVE, Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import ExpertTrunk, TargetEncoding
from mtcore.spec.base import Frozen
from mtcore.spec.gates import GateReport
from mtcore.whatif.nearness import ROWS_KEPT, Neighbourhood, neighbourhood
from mtcore.whatif.ranges import InputRange, input_ranges
from pages.parts.text import plain

SplitName = Literal["train", "validation", "test"]
SPLITS: tuple[SplitName, ...] = ("train", "validation", "test")
SPLIT_WORDS: dict[SplitName, str] = {
    "train": "Training",
    "validation": "Validation",
    "test": "Test",
}
Reports = Mapping[SplitName, Mapping[str, HeadReport]]
_KEPT_RUNS = 30
_REPORTS, _GATES = "reports.json", "gates.json"
_MODALITIES = "modalities.json"
_LOOKED_AT = 200_000  # training rows that tell what is usual
# A run that has ended is told by its id; to go through its whole experiment at each
# rerun costs milliseconds.
BY_ID: dict[str | type, Callable[[Run], str]] = {Run: attrgetter("id")}
Content = TypeVar("Content")
_HEADS = TypeAdapter(dict[str, TargetEncoding])


class Baselines(Frozen):
    """What gradient-boosted trees reach on a run's inputs and rows.

    Args:
        boosted: Metrics by part ("validation" and "test") and head's name.
        seconds: How long it took.
        failure: Why there are none, in plain words.
    """

    boosted: dict[str, dict[str, dict[str, float | None]]]
    seconds: float
    failure: str | None

    def on_test_rows(self) -> Mapping[str, Scores] | None:
        """Return each head's metrics on the test rows; None where it failed."""
        return self.boosted.get("test")


_REPORT_FILE = TypeAdapter(dict[SplitName, dict[str, HeadReport]])
_BASELINE_FILE = TypeAdapter(Baselines)
_GATE_FILE = TypeAdapter(GateReport)
_IMPORTANCE_SHEET = TypeAdapter(ImportanceSheet)
_INTERVAL_FILE = TypeAdapter(Intervals)
_JOINT_REPORT = TypeAdapter(JointReport)
_MODALITY_REPORT = TypeAdapter(ModalityReport)
_SEGMENT_SHEET = TypeAdapter(SegmentSheet)
_TEMPERATURES = TypeAdapter(dict[str, Tempered])


def show_run_title(run: Run) -> None:
    """Write a run's name as the page's title, with its data below."""
    st.title(plain(run.name, 80))
    heads = len(run.experiment.heads)
    st.caption(
        f"Data: {plain(run.dataset_name, 80)} · {heads} "
        f"{'head' if heads == 1 else 'heads'} · run {run.id[:6]}"
    )


def reports_of(workspace: Workspace, run: Run) -> Reports:
    """Return each head's report on each part of the rows, by part and head's name."""
    return _file(workspace, run, _REPORTS, _REPORT_FILE)


def chart_of(workspace: Workspace, run: Run, *which: Hashable) -> Hashable:
    """Return what tells a chart of an ended run from all others, for `draw_once`."""
    return (_root(workspace), run.id, *which)


def target_encodings(workspace: Workspace, run: Run) -> Mapping[str, TargetEncoding]:
    """Return what each head learned about its targets, such as its classes."""
    return _encodings(workspace, _root(workspace), run.id)


def baselines_of(workspace: Workspace, run: Run) -> Baselines | None:
    """Return what simpler models reach; None while that is being computed."""
    found = _file_if_there(workspace, run, BASELINES_FILE, _BASELINE_FILE)
    if found is None:
        # Asked for, they are made now if nobody does so already.
        workspace.boosted_scores(run.id)
    return found


def intervals_of(workspace: Workspace, run: Run) -> Intervals | None:
    """Return how far the ranges of a run's answers reach; None of an old run."""
    return _file_if_there(workspace, run, INTERVALS_FILE, _INTERVAL_FILE)


def importance_of(workspace: Workspace, run: Run) -> ImportanceSheet | None:
    """Return what the heads rest on; None while that is being worked out."""
    found = _file_if_there(workspace, run, IMPORTANCE_FILE, _IMPORTANCE_SHEET)
    if found is None:
        workspace.work_out_importance(run.id)
    return found


def segments_of(workspace: Workspace, run: Run) -> SegmentSheet | None:
    """Return where the heads are weak; None while that is being worked out."""
    found = _file_if_there(workspace, run, SEGMENTS_FILE, _SEGMENT_SHEET)
    if found is None:
        workspace.work_out_segments(run.id)
    return found


def joint_of(workspace: Workspace, run: Run) -> JointReport | None:
    """Return how the heads' mistakes go together; None of an old run."""
    return _file_if_there(workspace, run, JOINT_FILE, _JOINT_REPORT)


def temperatures_of(workspace: Workspace, run: Run) -> Mapping[str, Tempered]:
    """Return what a temperature does to each head that has classes."""
    return _file_if_there(workspace, run, TEMPERATURES_FILE, _TEMPERATURES) or {}


def gates_of(workspace: Workspace, run: Run) -> GateReport | None:
    """Return what the gates of an expert trunk weigh; None of other trunks."""
    if not isinstance(run.experiment.trunk, ExpertTrunk):
        return None
    return _file(workspace, run, _GATES, _GATE_FILE)


def modalities_of_run(workspace: Workspace, run: Run) -> ModalityReport | None:
    """Return what each modality brings; None where there is one alone."""
    if len(modalities_of(run.experiment)) < 2:
        return None
    return _file_if_there(workspace, run, _MODALITIES, _MODALITY_REPORT)


def input_ranges_of(workspace: Workspace, run: Run) -> tuple[InputRange, ...]:
    """Return what each input held among the run's training rows."""
    return _ranges(workspace, _root(workspace), run)


def neighbourhood_of(workspace: Workspace, run: Run) -> Neighbourhood | None:
    """Return what tells whether a row is like the run's training rows."""
    return _neighbourhood(workspace, _root(workspace), run)


def rows_of(workspace: Workspace, run: Run, split: SplitName) -> RowArray:
    """Return the numbers of the rows of one part, rising."""
    return _rows(workspace, _root(workspace), run.id, split)


def history_of(workspace: Workspace, run: Run) -> History:
    """Return a run's logged losses, from memory once it has ended."""
    if run.status in ACTIVE:
        return workspace.runs.history(run.id)
    return _history(workspace, _root(workspace), run.id)


def _root(workspace: Workspace) -> str:
    return str(workspace.home.root)


def _file(
    workspace: Workspace, run: Run, name: str, reader: TypeAdapter[Content]
) -> Content:
    return _read(workspace, _root(workspace), run.id, name, reader)


def _file_if_there(
    workspace: Workspace, run: Run, name: str, reader: TypeAdapter[Content]
) -> Content | None:
    """Return what is in a file; once it was read, the store is not asked again."""
    try:
        return _file(workspace, run, name, reader)
    except MissingError:
        return None


@st.cache_resource(max_entries=9 * _KEPT_RUNS, show_spinner=False)
def _read(
    _workspace: Workspace,
    root: str,
    run_id: str,
    name: str,
    _reader: TypeAdapter[Content],
) -> Content:
    """Return what is in one of a run's files; a name always has the same reader."""
    del root
    path = _workspace.runs.artifact(run_id, name)
    return _reader.validate_json(path.read_bytes())


@st.cache_resource(max_entries=_KEPT_RUNS, show_spinner=False)
def _encodings(
    _workspace: Workspace, root: str, run_id: str
) -> Mapping[str, TargetEncoding]:
    del root
    path = _workspace.runs.artifact(run_id, "encoding.json")
    return _HEADS.validate_python(orjson.loads(path.read_bytes())["heads"])


@st.cache_resource(
    max_entries=_KEPT_RUNS,
    show_spinner="Looking at the training rows",
    hash_funcs=BY_ID,
)
def _ranges(_workspace: Workspace, root: str, run: Run) -> tuple[InputRange, ...]:
    table = _training_rows(_workspace, root, run, _LOOKED_AT)
    return input_ranges(run.experiment, table)


@st.cache_resource(
    max_entries=_KEPT_RUNS,
    show_spinner="Looking at the training rows",
    hash_funcs=BY_ID,
)
def _neighbourhood(_workspace: Workspace, root: str, run: Run) -> Neighbourhood | None:
    table = _training_rows(_workspace, root, run, ROWS_KEPT)
    return neighbourhood(run.experiment, table)


def _training_rows(workspace: Workspace, root: str, run: Run, most: int) -> Table:
    """Return the inputs of training rows, spread evenly where there are more."""
    columns = [given.column for given in run.experiment.inputs or ()]
    table = workspace.library.table(run.dataset_id, columns, run.experiment.missing)
    trained = _rows(workspace, root, run.id, "train")
    return table.take(trained[sample_rows(len(trained), most)])


@st.cache_resource(max_entries=3 * _KEPT_RUNS, show_spinner=False)
def _rows(_workspace: Workspace, root: str, run_id: str, split: SplitName) -> RowArray:
    del root
    path = _workspace.runs.artifact(run_id, f"predictions/{split}.parquet")
    rows = pq.read_table(path, columns=["row"]).column("row").to_numpy()
    return np.sort(rows.astype(np.int64))


@st.cache_resource(max_entries=10 * _KEPT_RUNS, show_spinner=False)
def _history(_workspace: Workspace, root: str, run_id: str) -> History:
    del root
    return _workspace.runs.history(run_id)
