"""The parts of Compare that words and tables make up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import link_to, read_parameter, write_parameter
from pages.parts.compare.scores import JudgedSplit, score_lines, show_scores
from pages.parts.compare.settings import settings_frame, settings_of
from pages.parts.compare.sure import intervals_of
from pages.parts.state import held, hold
from pages.parts.tables import show_frame

_SPLIT, _EVERYTHING, _METRICS = "split", "all_settings", "all_metrics"
_SPLIT_WORDS: dict[JudgedSplit, str] = {"validation": "Validation", "test": "Test"}
_ON = "yes"


def show_nothing_to_compare(runs: Sequence[Run]) -> None:
    """Say what is missing and lead there."""
    if runs:
        st.info(
            "No run has finished yet. This page compares finished runs.",
            icon=":material/hourglass_empty:",
        )
        link_to("Train", "See the runs in progress", icon=":material/model_training:")
        return
    st.info(
        "There are no runs yet. Train a first model, change something, and train "
        "again: both will stand side by side here.",
        icon=":material/compare_arrows:",
    )
    link_to("Home", "Upload a CSV or try a sample", icon=":material/home:")


def show_score_table(
    workspace: Workspace, runs: Sequence[Run], names: Mapping[str, str], baseline: Run
) -> None:
    """Draw every head's metrics beside the baseline's."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.subheader("Scores", anchor=False, width="content")
        split = _choose_split()
        every = _remembered_toggle("All metrics", _METRICS)
    lines = list(score_lines(runs, split, every_metric=every))
    intervals = intervals_of(workspace, runs, baseline, split)
    show_scores(lines, names, baseline.id, intervals)


def show_settings(runs: Sequence[Run], names: Mapping[str, str]) -> None:
    """Draw the runs' settings, only those that differ unless asked for all.

    Nothing for one run, which nothing can be set apart from.
    """
    if len(runs) == 1:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.subheader("What was set differently", anchor=False, width="content")
        everything = _remembered_toggle("All settings", _EVERYTHING)
    settings = settings_of([run.experiment for run in runs])
    columns = [names[run.id] for run in runs]
    frame = settings_frame(settings, columns, only_different=not everything)
    if frame.empty:
        st.caption("Nothing: these runs have the same settings.")
        return
    show_frame(frame, "Settings of the runs", "settings")


def _choose_split() -> JudgedSplit:
    asked = read_parameter(_SPLIT)
    split: JudgedSplit = "test" if asked == "test" else "validation"
    key = hold("judged_split", split)
    st.segmented_control(
        "Rows",
        list(_SPLIT_WORDS),
        format_func=lambda name: _SPLIT_WORDS[name],
        required=True,
        key=key,
        on_change=lambda: write_parameter(_SPLIT, held(key, None)),
        help="Choose between runs by the validation rows; look at the test rows last, "
        "as a choice made by them makes them look better than they are.",
    )
    return split


def _remembered_toggle(label: str, parameter: str) -> bool:
    """Draw a switch that the address remembers."""
    key = hold(f"toggle:{parameter}", read_parameter(parameter) == _ON)
    return st.toggle(
        label,
        key=key,
        on_change=lambda: write_parameter(parameter, _ON if held(key, False) else None),
    )
