"""The best epoch of each head so far, beside the constant prediction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from mtcore.runs.store.history import History
from mtcore.spec import Experiment
from pages.parts.head_cards import HeadCard, show_head_cards
from pages.parts.run_words import number, percent
from pages.parts.tables import apart


@dataclass(frozen=True, slots=True)
class BestEpoch:
    """Where a head's validation loss was lowest.

    Args:
        epoch: As it was logged.
        loss: 1 = the best constant prediction's loss.
    """

    epoch: int
    loss: float


def best_epochs(
    experiment: Experiment, history: History
) -> dict[str, BestEpoch | None]:
    """Return each head's best epoch so far.

    None before the first epoch, or where no validation row carries the head's label.
    """
    found: dict[str, BestEpoch | None] = {}
    for name, head_id in experiment.head_ids().items():
        found[name] = None
        if (logged := history.get(f"validation/{head_id}/loss")) is None:
            continue
        epochs, losses = logged
        if np.isfinite(losses).any():
            best = int(np.nanargmin(losses))
            found[name] = BestEpoch(int(epochs[best]), float(losses[best]))
    return found


def show_best_epochs(best: Mapping[str, BestEpoch | None]) -> None:
    """Draw a card a head."""
    st.markdown("**Best validation loss of each head**")
    show_head_cards(
        [_card(position, *named) for position, named in enumerate(best.items())]
    )


def _card(position: int, name: str, found: BestEpoch | None) -> HeadCard:
    if found is None:
        return HeadCard(position, name, notes=("No validation loss yet.",))
    return HeadCard(
        position,
        name,
        value=number(found.loss),
        beside=f"at epoch {found.epoch:,}, {against_constant(found.loss)}",
    )


def against_constant(loss: float) -> str:
    """Return how a relative loss compares with the constant prediction's, which is 1.

    Examples:
        >>> against_constant(0.134), against_constant(1.2)
        ('87 % below the constant prediction', '20 % above the constant prediction')
    """
    if loss < 1:
        return f"{percent(1 - loss)} below the constant prediction"
    if loss == 1:
        return "the same as the constant prediction"
    return f"{100 * (loss - 1):.0f} % above the constant prediction"


def curves_frame(experiment: Experiment, history: History) -> pd.DataFrame:
    """Return the logged losses, a row an epoch, for the table under the chart."""
    columns = {}
    heads = experiment.head_ids()
    for name, head_id in zip(apart(list(heads)), heads.values(), strict=True):
        for split in ("train", "validation"):
            if (logged := history.get(f"{split}/{head_id}/loss")) is not None:
                epochs, losses = logged
                columns[f"{name}, {split}"] = pd.Series(losses, index=epochs)
    return pd.DataFrame(columns).rename_axis("Epoch").reset_index()
