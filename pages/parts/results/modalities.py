"""What tables, texts and pictures bring to each head, side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.evaluation.modalities import Modality, ModalityReport
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from mtcore.spec import Experiment
from pages.parts.run_facts import modalities_of_run
from pages.parts.spec_words import METRIC_WORDS
from pages.parts.tables import show_frame
from pages.parts.text import count_of, visible

_WORDS: dict[Modality, str] = {
    "table": "Without the table's columns",
    "text": "Without texts",
    "image": "Without pictures",
}


def show_modalities(workspace: Workspace, run: Run) -> None:
    """Draw each head's metrics without each modality; nothing where there is one."""
    report = modalities_of_run(workspace, run)
    if report is None:
        return
    with st.expander("What each kind of input brings", icon=":material/layers:"):
        st.caption(
            f"Judged on {count_of(report.rows, 'test row')}. What is left out is "
            "shuffled among them, so that it says nothing about its row: the further a "
            "metric falls, the more it brings."
        )
        frame = modalities_frame(report, run.experiment)
        show_frame(frame, "metrics without each kind of input", "modalities")


def modalities_frame(report: ModalityReport, experiment: Experiment) -> pd.DataFrame:
    """Return a row a head and metric that it is judged by, a column a modality."""
    return pd.DataFrame(
        [
            {
                "Head": visible(head.name, 60),
                "Metric": METRIC_WORDS.get(metric, metric),
                "All inputs": report.whole[head.name].get(metric),
                **{
                    _WORDS[modality]: scores[head.name].get(metric)
                    for modality, scores in report.without.items()
                },
            }
            for head in experiment.heads
            for metric in head.metrics
        ]
    )
