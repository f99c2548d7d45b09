"""The library on Home: every data set, the space it takes, and its end."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.runs.workspace import Workspace
from pages.parts.address import link_to
from pages.parts.deletion import ask_to_delete, ask_to_purge
from pages.parts.state import Deleted
from pages.parts.text import count_of, plain, size_of, time_since

_FIRST_SHOWN = 6
_WIDTHS = (4, 2, 2, 1.2, 0.8)


def show_datasets(workspace: Workspace) -> None:
    """Draw a row a data set, the newest first; nothing where there is none."""
    datasets = workspace.library.list()
    if not datasets:
        return
    st.subheader("Data sets")
    for dataset in datasets[:_FIRST_SHOWN]:
        _show_row(workspace, dataset)
    rest = datasets[_FIRST_SHOWN:]
    if rest:
        with st.expander(f"{count_of(len(rest), 'older data set')}"):
            for dataset in rest:
                _show_row(workspace, dataset)


def _show_row(workspace: Workspace, dataset: Dataset) -> None:
    with st.container(key=f"list_row_{dataset.id}"):
        _show_dataset(workspace, dataset)


def _show_dataset(workspace: Workspace, dataset: Dataset) -> None:
    name, facts, age, design, delete = st.columns(
        _WIDTHS, vertical_alignment="center", gap="small"
    )
    with name:
        link_to(
            "Data",
            plain(dataset.name, 60),
            icon=":material/table_chart:",
            dataset=dataset.id,
        )
    facts.caption(f"{count_of(dataset.rows, 'row')}, {size_of(dataset.disk_bytes)}")
    age.caption(time_since(dataset.created, datetime.now(UTC)))
    with design:
        link_to("Design", "Design", dataset=dataset.id)
    if delete.button(
        "",
        key=f"delete:{dataset.id}",
        icon=":material/delete:",
        type="tertiary",
        help="Delete this data set",
    ):
        ask_to_delete(
            workspace,
            Deleted("data set", dataset.id, dataset.name),
            "The rows and the original file go. Runs trained on "
            "it keep their results and models.",
        )


def show_disk_use(workspace: Workspace) -> None:
    """Say how much space everything takes."""
    use = workspace.disk_usage()
    parts = [f"{plain(name)} {size_of(size)}" for name, size in use.items() if size]
    st.caption(
        f"On disk: {', '.join(parts) or 'nothing'}, in {plain(workspace.home.root)}"
    )
    deleted = workspace.library.deleted()
    if deleted and st.button(
        "Remove deleted data sets for good",
        key="purge",
        icon=":material/delete_forever:",
        type="tertiary",
    ):
        ask_to_purge(workspace, deleted)
