"""A what-if question on the page: answers above, inputs beside the curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from mtcore.arrays import FloatArray
from mtcore.data.pictures.album import album_of
from mtcore.data.tables.table import Table
from mtcore.data.tables.targets import head_targets
from mtcore.evaluation.conformal import Intervals
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment, TargetEncoding
from mtcore.spec.intervals import Wanted
from mtcore.whatif.nearness import FAR_FROM
from mtcore.whatif.ranges import Cell, InputRange
from pages.parts.blend_words import blend_words
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_facts import (
    input_ranges_of,
    intervals_of,
    neighbourhood_of,
    target_encodings,
)
from pages.parts.run_words import in_steps_of, percent
from pages.parts.state import recall, remember
from pages.parts.steady import steady_container
from pages.parts.text import count_of, visible
from pages.parts.what_if.answers import show_answers
from pages.parts.what_if.asking import Asking
from pages.parts.what_if.changes import (
    can_take_change_back,
    changes_of,
    reset_changes,
    take_change_back,
)
from pages.parts.what_if.curves import follow_input, show_curves
from pages.parts.what_if.goal import seek_goal
from pages.parts.what_if.inputs import (
    choose_inputs,
    edit_inputs,
    show_other_inputs,
)
from pages.parts.what_if.intervals import choose_range, range_notes
from pages.parts.what_if.scenarios import keep_button, show_scenarios

# The answers stay in view while inputs further down are changed. The colours are the
# page's own, which style sheets cannot ask for.
_MOST_IN_VIEW = 4
_IN_VIEW = """<style>@media (min-width: 900px) and (min-height: 700px) {
.st-key-steady_answers { position: sticky; top: 3.2rem; z-index: 20;
  padding: .5rem 0; background: light-dark(#ffffff, #11141c); }
}</style>"""


def ask_what_if(workspace: Workspace, run: Run, row: int) -> None:
    """Draw the question about a row; only this part is drawn anew at a change."""
    _ask(workspace, run, row)
    encodings = target_encodings(workspace, run)
    asking, _ = _begin(workspace, run, run.experiment, encodings, row)
    seek_goal(workspace, run, asking, encodings)


@st.fragment
@ErrorBoundary()
def _ask(workspace: Workspace, run: Run, row: int) -> None:
    experiment = run.experiment
    encodings = target_encodings(workspace, run)
    asking, actual = _begin(workspace, run, experiment, encodings, row)
    outputs = _answers(workspace, asking)
    st.html(_IN_VIEW if len(experiment.heads) <= _MOST_IN_VIEW else "<style></style>")
    intervals = intervals_of(workspace, run)
    with steady_container("answers"):
        answers = st.container()
        wanted = _show_undo(run, asking, intervals)
        now = {name: values[1] for name, values in outputs.items()}
        ranges = {}
        if intervals is not None and wanted is not None:
            ranges = range_notes(experiment, encodings, intervals, wanted, now)
        with answers:
            show_answers(
                experiment,
                encodings,
                {name: values[0] for name, values in outputs.items()},
                now,
                _notes(run, actual, ranges),
            )
        _show_farness(workspace, run, asking)
    # Asked for before the inputs are drawn, so that the answers reach the browser, and
    # are seen, meanwhile.
    followed = follow_input(workspace, experiment, encodings, asking)
    left, right = st.columns([5, 6], gap="large")
    with left:
        shown = choose_inputs(asking)
        edit_inputs(asking, shown)
        show_other_inputs(asking, shown)
    with right, steady_container("curves"):
        show_curves(asking, followed)
    show_scenarios(workspace, run, asking.ranges, encodings)


def _answers(workspace: Workspace, asking: Asking) -> dict[str, FloatArray]:
    """Return all heads' outputs for the row as it is and as it was changed.

    One question for both, so that an answer costs one way to the workers.
    """
    name = f"asked {asking.run_id}"
    if recall(name, False):
        return workspace.predict(asking.run_id, [asking.start, asking.now()])
    with st.spinner("Loading the model"):
        outputs = workspace.predict(asking.run_id, [asking.start, asking.now()])
    remember(name, True)
    return outputs


def _notes(
    run: Run, actual: Mapping[str, str], ranges: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return each head's range, what the row itself holds, and whose answers these are.

    Args:
        run: Finished.
        actual: The row's own labels in words, where it has them.
        ranges: In words, by the head's name; may be empty.
    """
    known = run.summary.heads if run.summary is not None else {}
    notes = {}
    for head in run.experiment.heads:
        held = actual.get(head.name)
        words = (
            "The row itself has no label here."
            if held is None
            else f"The row itself holds {visible(held, 80)}."
        )
        shares = blend_words(known[head.name].trees) if head.name in known else None
        found = (ranges.get(head.name), words, shares)
        notes[head.name] = [note for note in found if note is not None]
    return notes


def _show_farness(workspace: Workspace, run: Run, asking: Asking) -> None:
    """Say so where the row, all inputs taken together, is like no training row."""
    near = neighbourhood_of(workspace, run)
    if near is None or not changes_of(run.id, asking.row):
        return
    table = Table.from_records([asking.now()], run.experiment.missing)
    farness = float(near.farness(table)[0])
    if farness >= FAR_FROM:
        st.caption(f":orange[:material/warning:] {far_words(farness)}")


def far_words(farness: float) -> str:
    """Return how far a row is from all training rows, in a sentence.

    Args:
        farness: The share of training rows that are nearer to each other.
    """
    share = percent(farness)
    others = "any" if share == percent(1.0) else f"{share} of those"
    return (
        "All inputs taken together, this is farther from every training row than "
        f"{others} are from each other: the answers are a guess."
    )


def _show_undo(run: Run, asking: Asking, intervals: Intervals | None) -> Wanted | None:
    """Draw the ways back and the choice of ranges, and return what was chosen."""
    row = asking.row
    changed = len(changes_of(run.id, row))
    with st.container(horizontal=True, vertical_alignment="center"):
        words = (
            f"{count_of(changed, 'input')} changed."
            if changed
            else ("Nothing is changed yet: move a slider below.")
        )
        st.caption(words, width="content")
        st.button(
            "Undo",
            key="take_change_back",
            icon=":material/undo:",
            type="tertiary",
            disabled=not can_take_change_back(run.id, row),
            on_click=take_change_back,
            args=(run.id, row),
        )
        st.button(
            "Back to the row",
            key="reset_changes",
            icon=":material/restart_alt:",
            type="tertiary",
            disabled=not changed,
            on_click=reset_changes,
            args=(run.id, row),
        )
        keep_button(run, asking)
        return choose_range(intervals)


@st.cache_resource(max_entries=200, show_spinner=False)
def _row_of(
    _workspace: Workspace, root: str, dataset_id: str, row: int
) -> dict[str, object]:
    del root
    return _workspace.library.row(dataset_id, row)


def _begin(
    workspace: Workspace,
    run: Run,
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    row: int,
) -> tuple[Asking, dict[str, str]]:
    """Return the question about a row, and what the row itself holds for each head."""
    record = _row_of(workspace, str(workspace.home.root), run.dataset_id, row)
    table = Table.from_records([record], experiment.missing)
    ranges = input_ranges_of(workspace, run)
    start = {entry.column: _cell(table, entry) for entry in ranges}
    album = album_of(workspace.library.get(run.dataset_id).parquet)
    asking = Asking(run.id, row, ranges, start, album)
    return asking, _actual(experiment, encodings, table)


def _cell(table: Table, entry: InputRange) -> Cell:
    if entry.kind == "number":
        number = float(table.numbers(entry.column)[0])
        return None if np.isnan(number) else number
    text: str | None = table.categories(entry.column)[0]
    return text


def _actual(
    experiment: Experiment, encodings: Mapping[str, TargetEncoding], table: Table
) -> dict[str, str]:
    """Return the row's own labels in words, for the heads that it has one of."""
    found = {}
    counts = {head.name for head in experiment.heads if head.kind == "count"}
    for name, targets in head_targets(experiment, encodings, table).items():
        words = label_words(encodings[name], targets[0], whole=name in counts)
        if words:
            found[name] = words
    return found


def label_words(
    encoding: TargetEncoding, targets: Sequence[float], *, whole: bool
) -> str:
    """Return a row's own label in words, nothing where it has none.

    Args:
        encoding: What its head learned about its targets.
        targets: The label, as the head encodes it.
        whole: Whether numbers are counts.
    """
    known = [value for value in targets if not np.isnan(value)]
    if not known:
        return ""
    if whole:
        return ", ".join(f"{value:,.0f}" for value in known)
    if encoding.scale:
        pairs = zip(targets, encoding.scale, strict=True)
        return ", ".join(in_steps_of(value, scale) for value, scale in pairs)
    if encoding.positives:
        pairs_of = zip(encoding.classes, targets, strict=True)
        return (
            ", ".join(visible(name) for name, value in pairs_of if value > 0) or "none"
        )
    return visible(encoding.classes[int(known[0])])
