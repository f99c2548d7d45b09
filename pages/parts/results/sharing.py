"""How the heads shared the trunk while training: conflicts, shares, and the ledger."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mtcore.charts.ledger import ledger_areas, ledger_lines, value_at
from mtcore.charts.networks import History as Logged
from mtcore.charts.networks import network_starts, one_network
from mtcore.charts.sharing import (
    NOT_MEASURED,
    gradient_cosines,
    gradient_shares,
    heads_on_trunk,
    pair_means,
)
from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.charts import draw
from pages.parts.run_facts import history_of
from pages.parts.tables import apart, show_table
from pages.parts.text import plain, visible

_ADDS_UP = (
    "Weight times loss of each head, over all of an epoch's labels, adds up to the "
    "total that training minimised. The weight decay of AdamW shrinks the network's "
    "weights beside that and has no line."
)


def show_sharing(workspace: Workspace, run: Run) -> None:
    """Draw what is known of a run's gradients and losses, if it kept any."""
    whole = history_of(workspace, run)
    if "ledger/total" not in whole:
        st.caption("This run kept nothing of how its heads shared the training.")
        return
    history = one_network(whole, run.summary.best_epoch if run.summary else 0)
    if networks := len(network_starts(whole)):
        st.caption(
            f"Of {networks + 1} networks, the one with the best epoch is shown: each "
            "shares in its own way."
        )
    names = [head.name for head in run.experiment.heads]
    if len(names) > 1:
        _show_gradients(history, names)
    _show_ledger(run, history, names)


def _show_gradients(history: Logged, names: list[str]) -> None:
    """Draw the gradients on the trunk, where several heads were measured there."""
    measured = heads_on_trunk(history, names)
    if len(measured) < 2:
        st.caption(_why_no_gradients(measured))
        return
    cosines, shares = st.columns(2)
    with cosines:
        draw(
            gradient_cosines(history, names),
            "gradient_cosines",
            "Heat map of the cosine between each two heads' gradients on the trunk",
        )
        show_table(pairs_frame(history, names), "cosines of gradients", "cosines")
    with shares:
        draw(
            gradient_shares(history, names),
            "gradient_shares",
            "Stacked areas: each head's share of the gradients on the trunk by epoch",
        )
        show_table(shares_frame(history, names), "shares of gradients", "shares")


def _why_no_gradients(measured: list[str]) -> str:
    if not measured:
        return NOT_MEASURED
    return (
        f"Of all heads only {plain(measured[0], 60)} learns from the shared trunk, so "
        "no other pulls at it."
    )


def _show_ledger(run: Run, history: Logged, names: list[str]) -> None:
    draw(
        ledger_areas(history, names),
        "ledger_areas",
        "Stacked areas: each head's weight times its loss by epoch, and the total",
    )
    epochs = history["ledger/total"][0].tolist()
    best = run.summary.best_epoch if run.summary else 0
    epoch = best if best in epochs else epochs[-1]
    show_table(
        ledger_frame(history, names, epoch),
        "ledger of the loss",
        "ledger",
        expanded=True,
    )
    st.caption(f"Epoch {epoch:,}. {_ADDS_UP}")


def pairs_frame(history: Logged, names: list[str]) -> pd.DataFrame:
    """Return one row a pair of heads: cosine, and how often they were in conflict."""
    cosines = pair_means(history, len(names), "cosine")
    conflicts = pair_means(history, len(names), "conflict")
    shown = [visible(name, 60) for name in names]
    return pd.DataFrame(
        [
            (
                shown[first],
                shown[second],
                cosines[first, second],
                conflicts[first, second],
            )
            for first in range(len(names))
            for second in range(first + 1, len(names))
            if cosines[first, second] == cosines[first, second]
        ],
        columns=["Head", "Other head", "Cosine", "Share of steps in conflict"],
    )


def shares_frame(history: Logged, names: list[str]) -> pd.DataFrame:
    """Return each head's share of the gradients, a row an epoch that was measured."""
    columns = {
        words: pd.Series(logged[1], index=logged[0])
        for position, words in enumerate(apart(names))
        if (logged := history.get(f"gradient_share/h{position}")) is not None
    }
    return pd.DataFrame(columns).rename_axis("Epoch").reset_index()


def ledger_frame(history: Logged, names: list[str], epoch: int) -> pd.DataFrame:
    """Return an epoch's ledger: a row a head, what is no head's, and the total."""
    lines = ledger_lines(history, names, epoch)
    rows = [(visible(e.name, 60), e.weight, e.loss, e.part) for e in lines]
    rows.append(("Total", None, None, value_at(history, "ledger/total", epoch) or 0.0))
    columns = ["Head", "Weight in the loss", "Loss", "Weight times loss"]
    return pd.DataFrame(rows, columns=columns)
