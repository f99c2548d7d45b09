"""Which runs are compared: picked in a table of all runs, kept in the address."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mtcore.evaluation.metrics import metrics_of
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import (
    link_to,
    read_parameter,
    read_parameters,
    write_parameter,
)
from pages.parts.boundary import ErrorBoundary
from pages.parts.compare.archive import edit_button
from pages.parts.run_actions import run_again_button
from pages.parts.run_words import (
    NOTHING,
    STATUS_ICONS,
    moment,
    status_words,
)
from pages.parts.state import held, hold
from pages.parts.tables import apart, fitting_height, picked_places
from pages.parts.text import count_of, listed, plain, visible

RUNS, BASELINE = "runs", "baseline"
MOST_CARDS = 6
_FIRST_RUNS = 3
_MOST_LINES = 8
_MOST_METRICS = 8


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


def read_comparison(runs: Sequence[Run], about: Run | None) -> Comparison | None:
    """Return what the address asks to compare, or the latest finished runs.

    None where there is no run to compare.

    Args:
        runs: All runs, newest first.
        about: The run that one came from; it is compared where none is asked for.
    """
    asked = read_parameters(RUNS)
    chosen = [run for run in runs if run.id in asked]
    if not chosen:
        listed_runs = [run for run in runs if not run.archived or run is about]
        chosen = runs_to_begin_with(listed_runs, about)
    if not chosen:
        return None
    pinned = read_parameter(BASELINE)
    # Without a pin the oldest is the baseline: newer runs are its variations.
    baseline = next((run for run in chosen if run.id == pinned), chosen[-1])
    return Comparison(tuple(chosen), baseline)


def runs_to_begin_with(runs: Sequence[Run], about: Run | None) -> list[Run]:
    """Return the latest finished runs of one data set, a given run among them.

    Args:
        runs: Newest first.
        about: Decides the data set; without it, the newest finished run does.
    """
    finished = [run for run in runs if run.status == "FINISHED"]
    if about is None or about.status != "FINISHED":
        about = next(iter(finished), None)
    if about is None:
        return []
    others = [
        run.id
        for run in finished
        if run.dataset_id == about.dataset_id and run.id != about.id
    ]
    kept = {about.id, *others[: _FIRST_RUNS - 1]}
    return [run for run in finished if run.id in kept]


def pick_runs(
    found: Sequence[Run], runs: Sequence[Run], comparison: Comparison
) -> None:
    """Draw the table of runs; ticked ones are compared.

    Args:
        found: What the filters let through.
        runs: All runs.
        comparison: What is compared now; of it stays what is not listed.
    """
    chosen = {run.id for run in comparison.runs}
    places = [place for place, run in enumerate(found) if run.id in chosen]
    ids = [run.id for run in found]
    hidden = [run.id for run in comparison.runs if run.id not in set(ids)]
    # A new list is a new table, as ticks are kept by place and not by run.
    digest = hashlib.sha256("".join(ids).encode()).hexdigest()[:12]
    key = f"all_runs:{digest}"
    frame = runs_frame(found, comparison.baseline)
    st.dataframe(
        frame,
        hide_index=True,
        height=fitting_height(len(found), _MOST_LINES),
        key=key,
        on_select=lambda: _store_picks(key, ids, hidden),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": places}},
        placeholder=NOTHING,
        column_config={
            "Created": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
            "Labels": st.column_config.ListColumn(),
            "Training, s": st.column_config.NumberColumn(format="%.1f"),
            **{
                column: st.column_config.NumberColumn(format="%.4g")
                for column in frame.columns
                if " · " in column
            },
        },
        alt=f"Runs, {count_of(len(found), 'row')}; tick those to compare",
    )
    missing = len(set(read_parameters(RUNS)) - {run.id for run in runs})
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
        for run in runs[:MOST_CARDS]:
            with st.container(border=True, key=f"chosen_{run.id}", width=300):
                _show_card(workspace, run, names[run.id], run is comparison.baseline)
    if len(runs) > MOST_CARDS:
        more = count_of(len(runs) - MOST_CARDS, "more run")
        st.caption(f"{more} in the tables below.")


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


def _store_picks(key: str, ids: Sequence[str], hidden: Sequence[str]) -> None:
    with ErrorBoundary():
        places = picked_places(key)
        ticked = [ids[place] for place in places if place < len(ids)]
        write_parameter(RUNS, [*ticked, *hidden])


def runs_frame(runs: Sequence[Run], baseline: Run) -> pd.DataFrame:
    """Return a row a run, with numbers to sort by.

    Args:
        runs: In any order.
        baseline: The first metric of each of its heads, on the validation rows, is a
            column: runs of other heads have none.
    """
    table: dict[str, list[object]] = {
        "Run": [visible(run.name, 80) for run in runs],
        "Status": [status_words(run) for run in runs],
        "Created": [run.created.astimezone().replace(tzinfo=None) for run in runs],
        "Data": [visible(run.dataset_name, 60) for run in runs],
        "Labels": [[visible(label, 40) for label in run.labels] for run in runs],
        "Note": [visible(run.note, 80) for run in runs],
    }
    heads = baseline.experiment.heads[:_MOST_METRICS]
    for head, shown in zip(heads, apart([head.name for head in heads]), strict=True):
        metric = (head.metrics or head.available_metrics)[0]
        words = metrics_of(head.kind)[metric].label
        table[f"{shown} · {words}"] = [
            _validation(run, head.name, head.kind, metric) for run in runs
        ]
    table["Best epoch"] = [run.summary and run.summary.best_epoch for run in runs]
    table["Training, s"] = [run.summary and run.summary.seconds.train for run in runs]
    return pd.DataFrame(table)


def _validation(run: Run, head: str, kind: str, metric: str) -> float | None:
    found = None if run.summary is None else run.summary.heads.get(head)
    return found.validation.get(metric) if found and found.kind == kind else None


def _show_card(workspace: Workspace, run: Run, name: str, baseline: bool) -> None:
    link_to(
        "Results" if run.status == "FINISHED" else "Train",
        f"**{plain(name, 60)}**",
        icon=STATUS_ICONS[run.status],
        run=run.id,
    )
    st.caption(f"{status_words(run)} · {moment(run.created)}")
    if run.labels:
        st.caption(listed(list(run.labels), 6))
    with st.container(horizontal=True, vertical_alignment="center"):
        run_again_button(workspace, run)
        edit_button(workspace, run)
        if baseline:
            st.badge("Baseline", icon=":material/keep:")
