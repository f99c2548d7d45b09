"""What can be done with a result: again with changes, what-if, taken away, deleted."""

from __future__ import annotations

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import dump_yaml
from pages.parts.address import is_view, link_to
from pages.parts.results.files import predictions_csv
from pages.parts.run_actions import delete_button, rename_button, run_again_button
from pages.parts.run_link import show_view_link
from pages.parts.run_words import duration
from pages.parts.text import count_of, file_stem

MORE = "files_and_more"


def show_actions(workspace: Workspace, run: Run) -> None:
    """Draw the ways on from a result, and the facts of the run."""
    with st.container(horizontal=True, vertical_alignment="center"):
        run_again_button(workspace, run, primary=True)
        link_to("What-if", "Ask what-if", icon=":material/tune:", run=run.id)
        link_to("Train", "Learning curves", icon=":material/show_chart:", run=run.id)
        link_to("Share", "Share", icon=":material/share:", run=run.id)
        show_view_link()
        _show_more(workspace, run)
    if run.summary is not None:
        summary = run.summary
        size = count_of(summary.parameters, "parameter")
        if summary.networks > 1:
            size = f"mean of {summary.networks} networks, {size}"
        st.caption(
            f"Best epoch {summary.best_epoch:,} of {count_of(summary.epochs, 'epoch')}"
            f" · trained in {duration(summary.seconds.train)}"
            f" · {size}"
            f" · rows: {summary.rows.train:,} training, "
            f"{summary.rows.validation:,} validation, {summary.rows.test:,} test"
        )


def _show_more(workspace: Workspace, run: Run) -> None:
    """Draw what is needed less often, once it is asked for."""
    with st.popover(
        "Files and more", icon=":material/more_horiz:", key=MORE, on_change="rerun"
    ) as box:
        if not box.open:
            return
        _show_downloads(workspace, run)
        if not is_view():
            rename_button(workspace, run)
            delete_button(workspace, run)
        if _has_trees(run):
            st.caption(
                "The run's `model.keras` is the network alone. Its trees are in "
                "`trees.npz` beside it, and these files hold answers of both."
            )


def _has_trees(run: Run) -> bool:
    heads = run.summary.heads.values() if run.summary is not None else ()
    return any(head.trees for head in heads)


def _show_downloads(workspace: Workspace, run: Run) -> None:
    stem = file_stem(run.name)
    st.download_button(
        "Predictions (CSV)",
        data=lambda: predictions_csv(workspace, run),
        file_name=f"{stem}_predictions.csv",
        mime="text/csv",
        key="download_predictions",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
    if (summary := run.summary) is not None:
        st.download_button(
            "Summary (JSON)",
            data=lambda: summary.model_dump_json(indent=2).encode(),
            file_name=f"{stem}_summary.json",
            mime="application/json",
            key="download_summary",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
    st.download_button(
        "Experiment (YAML)",
        data=lambda: dump_yaml(run.experiment).encode(),
        file_name=f"{stem}.yaml",
        mime="application/yaml",
        key="download_experiment",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
