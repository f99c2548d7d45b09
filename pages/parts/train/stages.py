"""Where a run stands: the stages of training as one line, and the time they take."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import streamlit as st

from mtcore.runs.store.run import Run, RunProgress, Stage
from pages.parts.run_words import duration
from pages.parts.text import count_of

StageName = Literal["Waiting", "Reading", "Compiling", "Training", "Judging"]
STAGES: tuple[StageName, ...] = (
    "Waiting", "Reading", "Compiling", "Training", "Judging",
)  # fmt: skip
_SHOWN_AS: dict[Stage, StageName] = {
    "waiting": "Waiting",
    "resuming": "Reading",
    "reading": "Reading",
    "encode": "Reading",
    "compile": "Compiling",
    "train": "Training",
    "trees": "Training",
    "finish": "Judging",
    "judging": "Judging",
    "saving": "Judging",
}
_EXPLAINED: dict[StageName, str] = {
    "Waiting": "One run trains at a time; this one starts when its turn comes.",
    "Reading": "The rows are loaded, split and encoded.",
    "Compiling": "The network is compiled; the next run of this shape skips this.",
    "Training": "Every epoch goes once through the training rows.",
    "Judging": "The best epoch is judged on rows it never saw, and saved.",
}


def stage_of(run: Run) -> StageName:
    """Return the stage that a waiting or running run is in."""
    if run.status == "SCHEDULED" or run.progress is None:
        return "Waiting"
    return _SHOWN_AS[run.progress.stage]


def show_stages(
    run: Run, place: int | None, now: datetime, *, others_train: bool
) -> None:
    """Draw the stages with the present one marked, and the times beside it.

    Args:
        run: Waiting or running.
        place: Its place in the queue, from 1; None where it does not wait.
        now: With a time zone.
        others_train: Whether another run has the worker.
    """
    present = stage_of(run)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for stage in STAGES:
            _show_stage(stage, present, place)
        st.caption(_times(run, now))
    progress = run.progress or RunProgress(stage="waiting")
    share = min(progress.epoch / max(progress.epochs, 1), 1.0)
    words = _done(present, progress, stopping=run.stopping)
    if present == "Waiting" and not others_train:
        words = "A worker is taking it up."
    st.progress(1.0 if present == "Judging" else share, text=words)


def _show_stage(stage: StageName, present: StageName, place: int | None) -> None:
    behind = STAGES.index(stage) < STAGES.index(present)
    label: str = stage
    if stage == present == "Waiting" and place is not None:
        label = f"{stage} (place {place} in the queue)"
    if stage == present:
        st.badge(label, icon=":material/progress_activity:", color="primary")
    elif behind:
        st.badge(label, icon=":material/check:", color="green")
    else:
        st.badge(label, icon=":material/radio_button_unchecked:", color="gray")


def _times(run: Run, now: datetime) -> str:
    words = f"{duration((now - run.created).total_seconds())} so far"
    left = run.progress.seconds_left if run.progress else None
    if left is not None and stage_of(run) == "Training":
        words += f", at most {duration(left)} left"
    return words


def _done(present: StageName, progress: RunProgress, *, stopping: bool) -> str:
    if stopping:
        return "Stopping: the best epoch is kept and judged."
    if progress.stage == "trees":
        return "Trees are grown, and held-out rows choose their share."
    if present == "Training" and progress.epochs:
        words = (
            f"Epoch {progress.epoch:,} of at most {count_of(progress.epochs, 'epoch')}"
        )
        if progress.networks > 1:
            words += f" · network {progress.network} of {progress.networks}"
        return words
    return _EXPLAINED[present]
