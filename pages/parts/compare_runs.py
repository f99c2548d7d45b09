"""Which runs are compared: picked in a table of all runs, kept in the address."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mtcore.evaluation.metrics import metrics_of
from mtcore.runs.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import (
    link_to,
    read_parameter,
    read_parameters,
    write_parameter,
)
from pages.parts.boundary import ErrorBoundary
from pages.parts.run_actions import run_again_button
from pages.parts.run_words import (
    NOTHING,
    STATUS_ICONS,
    duration,
    metric_value,
    moment,
    status_words,
)
from pages.parts.state import held, hold
from pages.parts.tables import fitting_height, picked_places
from pages.parts.text import count_of, plain, visible

RUNS, BASELINE = "runs", "baseline"
MOST_RUNS = 6
_FIRST_RUNS = 3
_MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the address says is compared.

    Args:
        runs: The runs, newest first.
        baseline: One of them, that the others are held against.
    """

    runs: tuple[Run, ...]
    baseline: Run

    def in_order(self) -> tuple[Run, ...]:
        """Return the runs, the baseline first."""
        others = (run for run in self.runs if run.id != self.baseline.id)
        return (self.baseline, *others)


def read_comparison(runs: Sequence[Run]) -> Comparison | None:
    """Return what the address asks to compare, or the latest finished runs.

    None where there is no run to compare.
    """
    asked = read_parameters(RUNS)
    chosen = [run for run in runs if run.id in asked][:MOST_RUNS]
    if not chosen:
        chosen = _latest(runs)
    if not chosen:
        return None
    pinned = read_parameter(BASELINE)
    # Without a pin the oldest is the baseline: newer runs are its variations.
    baseline = next((run for run in chosen if run.id == pinned), chosen[-1])
    return Comparison(tuple(chosen), baseline)


def pick_runs(runs: Sequence[Run], comparison: Comparison) -> None:
    """Draw the table of all runs; ticked ones are compared."""
    chosen = {run.id for run in comparison.runs}
    places = [place for place, run in enumerate(runs) if run.id in chosen]
    ids = [run.id for run in runs]
    # A new list is a new table, as ticks are kept by place and not by run.
    digest = hashlib.sha256("".join(ids).encode()).hexdigest()[:12]
    key = f"all_runs:{digest}"
    st.dataframe(
        _runs_frame(runs),
        hide_index=True,
        height=fitting_height(len(runs), _MOST_LINES),
        key=key,
        on_select=lambda: _store_picks(key, ids),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": places}},
        placeholder=NOTHING,
        column_config={
            "Created": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        alt=f"All runs, {count_of(len(runs), 'row')}; tick those to compare",
    )
    missing = len(set(read_parameters(RUNS)) - set(ids))
    if missing:
        st.caption(
            f":material/info: {count_of(missing, 'run')} of this link "
            "cannot be found any more."
        )


def show_chosen(
    workspace: Workspace, comparison: Comparison, names: dict[str, str]
) -> None:
    """Draw a card for each compared run: what became of it and where to go on."""
    runs = comparison.in_order()
    with st.container(horizontal=True, gap="small"):
        for run in runs:
            with st.container(border=True, key=f"chosen_{run.id}", width=300):
                _show_card(workspace, run, names[run.id], run is comparison.baseline)


def pin_baseline(comparison: Comparison, names: dict[str, str]) -> None:
    """Draw the choice of the run that the others are held against."""
    ids = [run.id for run in comparison.runs]
    key = f"baseline:{':'.join(ids)}"
    st.selectbox(
        "Baseline",
        ids,
        format_func=lambda run_id: names[run_id],
        key=hold(key, comparison.baseline.id),
        on_change=lambda: write_parameter(BASELINE, held(key, None)),
        width=420,
    )
    if len(ids) == 1:
        st.caption("Tick another run in the table above to see it beside this one.")


def _latest(runs: Sequence[Run]) -> list[Run]:
    """Return the latest finished runs of the data set that was used last."""
    finished = [run for run in runs if run.status == "FINISHED"]
    same = [run for run in finished if run.dataset_id == finished[0].dataset_id]
    return same[:_FIRST_RUNS]


def _store_picks(key: str, ids: Sequence[str]) -> None:
    with ErrorBoundary():
        places = picked_places(key)
        write_parameter(RUNS, [ids[place] for place in places if place < len(ids)])


def _runs_frame(runs: Sequence[Run]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                visible(run.name, 80),
                status_words(run),
                run.created.astimezone().replace(tzinfo=None),
                visible(run.dataset_name, 60),
                best_metrics(run) or NOTHING,
                None if run.summary is None else run.summary.best_epoch,
                None if run.summary is None else duration(run.summary.seconds.train),
            )
            for run in runs
        ],
        columns=[
            *("Run", "Status", "Created", "Data", "On test rows"),
            *("Best epoch", "Training"),
        ],
    )


def best_metrics(run: Run, most_heads: int = 4) -> str:
    """Return each head's first metric on the test rows, best epoch, as plain text."""
    if run.summary is None:
        return ""
    phrases = []
    for head in run.experiment.heads[:most_heads]:
        metric = metrics_of(head.kind)[(head.metrics or head.available_metrics)[0]]
        found = run.summary.heads[head.name]
        value = metric_value(metric, found.test.get(metric.name), found.labelled.test)
        phrases.append(f"{visible(head.name, 24)} {metric.name} {value}")
    if len(run.experiment.heads) > most_heads:
        phrases.append("…")
    return " · ".join(phrases)


def _show_card(workspace: Workspace, run: Run, name: str, baseline: bool) -> None:
    link_to(
        "Results" if run.status == "FINISHED" else "Train",
        f"**{plain(name, 60)}**",
        icon=STATUS_ICONS[run.status],
        run=run.id,
    )
    st.caption(f"{status_words(run)} · {moment(run.created)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        run_again_button(workspace, run)
        if baseline:
            st.badge("Baseline", icon=":material/keep:")
