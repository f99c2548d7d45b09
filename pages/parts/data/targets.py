"""What is to be predicted: which rows teach which heads, and what judges them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.charts.label_coverage import (
    labelled_together,
    parts_of_head,
    targets_related,
)
from mtcore.data.checks import read_draft
from mtcore.data.library.library import Dataset
from mtcore.data.splits.coverage import Coverage, count_labels, needed_columns
from mtcore.data.splits.splits import PARTS
from mtcore.data.suggestions.likely import likely_targets
from mtcore.data.suggestions.suggest import suggest_experiment
from mtcore.data.tables.stored import open_rows
from mtcore.errors import InputError
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment, dump_json
from pages.parts.address import Address, link_to
from pages.parts.boundary import ErrorBoundary
from pages.parts.charts import draw
from pages.parts.dataset import profile_of, report_of, version_of
from pages.parts.text import count_of, listed, plain, visible

# Cells of targets that are counted while the page is drawn, in a second at most.
_MOST_AT_ONCE = 4_000_000
_FEWEST_ROWS = 10  # of fewer no part says anything
_ABSENT_COLOUR = "background-color: rgba(213, 94, 0, 0.38)"


def show_targets(workspace: Workspace, dataset: Dataset, address: Address) -> None:
    """Draw which heads have labels together, in which part, and how they relate.

    Args:
        workspace: Where the draft is.
        dataset: The rows.
        address: Its draft says what is predicted; the likely targets without one.
    """
    if dataset.rows < _FEWEST_ROWS:
        return
    experiment = _experiment(workspace, dataset, address)
    if experiment is None:
        return
    st.subheader("What is to be predicted", anchor=False)
    _say_what(experiment, dataset, address)
    cells = dataset.rows * len(needed_columns(experiment))
    if cells > _MOST_AT_ONCE and not st.toggle(
        f"Count the labels of {count_of(dataset.rows, 'row')}",
        key=f"count:{dataset.id}",
        help="On a table as large as this one it takes a while.",
    ):
        return
    with ErrorBoundary(), st.spinner("Counting labels", show_time=True):
        asked = (dump_json(experiment), str(dataset.folder))
        if cells > _MOST_AT_ONCE:
            coverage = _coverage_by_worker(*asked, workspace, dataset, experiment)
        else:
            coverage = _coverage(*asked, dataset, experiment)
        _show_counts(coverage)
        _show_charts(coverage, dataset.id)


def _experiment(
    workspace: Workspace, dataset: Dataset, address: Address
) -> Experiment | None:
    """Return the draft's experiment where it is whole, else one for likely targets."""
    if address.draft is not None:
        draft = workspace.drafts.get(address.draft)
        if draft.dataset_id == dataset.id:
            return read_draft(draft.experiment)[0]
    return _likely(version_of(dataset), dataset)


def _say_what(experiment: Experiment, dataset: Dataset, address: Address) -> None:
    heads = listed([head.name for head in experiment.heads], 6)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"Heads: {heads}. Rows are split {_split_words(experiment)}."
            + ("" if address.draft else " A guess, as nothing was designed yet.")
        )
        link_to(
            "Design",
            "Change it",
            icon=":material/edit:",
            dataset=dataset.id,
            draft=address.draft,
        )


def _split_words(experiment: Experiment) -> str:
    split = experiment.split
    match split.kind:
        case "random":
            return "at random"
        case "stratified":
            return "so that every class is in every part"
        case "group":
            return f"so that each {plain(split.column, 40)} stays in one part"
        case "time":
            return f"in time, by {plain(split.column, 40)}"
        case "given":
            return f"as column {plain(split.column, 40)} says"


def _show_counts(coverage: Coverage) -> None:
    """Draw the labelled rows of every head and part, red where there are none."""
    frame = pd.DataFrame(
        {
            "Head": [visible(head.name, 60) for head in coverage.heads],
            **{
                f"{part.capitalize()} ({coverage.rows[part]:,} rows)": [
                    head.labelled[part] for head in coverage.heads
                ]
                for part in PARTS
            },
        }
    )
    st.dataframe(
        frame.style.map(_red_where_none).format(thousands=","),
        hide_index=True,
        alt="How many rows of each part have labels of each head.",
    )
    for head in coverage.heads:
        for part, classes in head.absent.items():
            if classes and head.labelled[part]:
                st.markdown(
                    f":material/error: :red[No row of the {part} part is "
                    f"{listed(list(classes), 5)}] (head {plain(head.name, 60)}): "
                    "figures there say nothing about it."
                )
            elif not head.labelled[part]:
                st.markdown(
                    f":material/error: :red[Head {plain(head.name, 60)} has no label "
                    f"in the {part} part.]"
                )


def _red_where_none(count: object) -> str:
    return _ABSENT_COLOUR if count == 0 else ""


def _show_charts(coverage: Coverage, dataset_id: str) -> None:
    if len(coverage.heads) > 1:
        together, related = st.columns(2, gap="large")
        with together:
            draw(
                labelled_together(coverage),
                f"together:{dataset_id}",
                "For each pair of heads, how many rows have labels of both.",
            )
        with related:
            draw(
                targets_related(coverage),
                f"related:{dataset_id}",
                "For each pair of heads, how far their targets go together.",
            )
    names = [head.name for head in coverage.heads]
    chosen = st.selectbox(
        "How a head's labels are spread over the parts",
        names,
        format_func=lambda name: visible(name, 60),
        key=f"spread:{dataset_id}",
    )
    head = next(head for head in coverage.heads if head.name == chosen)
    draw(
        parts_of_head(head),
        f"parts:{dataset_id}",
        f"What share of each part's labels is what, for {visible(head.name, 60)}.",
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def _coverage(
    content: str, folder: str, _dataset: Dataset, _experiment: Experiment
) -> Coverage:
    del content, folder
    columns, missing = needed_columns(_experiment), _experiment.missing
    return count_labels(_experiment, open_rows(_dataset.parquet, columns, missing))


@st.cache_resource(max_entries=32, show_spinner=False)
def _coverage_by_worker(
    content: str,
    folder: str,
    _workspace: Workspace,
    _dataset: Dataset,
    _experiment: Experiment,
) -> Coverage:
    """Return the same of millions of rows, which would keep the server busy."""
    del content, folder
    return _workspace.count_labels(_experiment, _dataset.id)


@st.cache_resource(max_entries=32, show_spinner=False)
def _likely(version: str, _dataset: Dataset) -> Experiment | None:
    del version
    profile = profile_of(_dataset)
    try:
        suggestion = suggest_experiment(
            profile, report_of(_dataset), likely_targets(profile), name=_dataset.name
        )
    except InputError:
        return None
    return suggestion.experiment
