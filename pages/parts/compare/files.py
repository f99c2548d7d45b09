"""Runs as a table to take away."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from mtcore.data.values.spreadsheets import defused
from mtcore.evaluation.metrics import metrics_of
from mtcore.runs.store.run import Run
from pages.parts.run_words import status_words

_FILE = "runs.csv"


def download_button(runs: Sequence[Run]) -> None:
    """Draw the button that downloads runs as a table, made when it is pressed."""
    st.download_button(
        "Download (CSV)",
        data=lambda: runs_csv(runs),
        file_name=_FILE,
        mime="text/csv",
        key="download_runs",
        icon=":material/download:",
        on_click="ignore",
        help="The runs that are listed, with every metric of every head on the "
        "validation and test rows.",
    )


def runs_csv(runs: Sequence[Run]) -> bytes:
    """Return a row a run: what it is, and all metrics of all heads.

    Texts that a spreadsheet would run as a formula begin with an apostrophe.
    """
    frame = pd.DataFrame([_row(run) for run in runs])
    frame.columns = [defused(str(name)) for name in frame.columns]
    content: str = frame.to_csv(index=False)
    # Excel takes a file without this mark for its own old encoding.
    return content.encode("utf-8-sig")


def _row(run: Run) -> dict[str, object]:
    row: dict[str, object] = {
        "run": run.id,
        "name": defused(run.name),
        "status": status_words(run),
        "created": run.created.isoformat(timespec="seconds"),
        "data": defused(run.dataset_name),
        "labels": defused(", ".join(run.labels)),
        "note": defused(run.note),
        "archived": run.archived,
    }
    summary = run.summary
    if summary is None:
        return row
    row |= {
        "epochs": summary.epochs,
        "best_epoch": summary.best_epoch,
        "train_s": summary.seconds.train,
        "parameters": summary.parameters,
    }
    for name, head in summary.heads.items():
        for metric in metrics_of(head.kind):
            row[f"{name}: {metric} (validation)"] = head.validation.get(metric)
            row[f"{name}: {metric} (test)"] = head.test.get(metric)
    return row
