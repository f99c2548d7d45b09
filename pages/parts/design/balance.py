"""How the heads are weighed against each other, in plain words and with its price."""

from __future__ import annotations

import streamlit as st

from mtcore.spec.training import BalanceKind
from pages.parts.design.draft import Editing
from pages.parts.design.fields import Field, Limits, edit_choice, edit_number

BALANCE_WORDS: dict[str, str] = {
    "static": "As their weights say",
    "log_sum": "By the logarithms of their losses",
    "uncertainty": "By learned uncertainty",
    "famo": "So that all learn at one pace (FAMO)",
    "pcgrad": "With conflicts projected away (PCGrad)",
}
BALANCE_LINES: dict[BalanceKind, str] = {
    "static": "Each head counts as its weight says, from the first step to the last. "
    "Costs nothing, and is hard to beat with well chosen weights.",
    "log_sum": "A loss that halves counts the same whether it is large or small, so "
    "that no head is done early and forgotten. Costs nothing.",
    "uncertainty": "Each head learns how noisy its target is, and counts less the "
    "noisier it is. Costs next to nothing.",
    "famo": "Heads whose loss falls slowest count more in the next step. Costs a "
    "second look at each batch, about a third of a step.",
    "pcgrad": "Where two heads pull the trunk against each other, each gives up the "
    "part that hurts the other. Costs a pass backwards through the trunk a head: with "
    "four heads a step takes twice as long.",
}
_RATE_EXPLAINED = "How fast the balance itself learns."
_DECAY_EXPLAINED = "How strongly the balance is drawn back to equal weights."


def edit_balance(editing: Editing) -> None:
    """Draw the choice of a balance, what it does and costs, and its own settings."""
    balance: BalanceKind = editing.plain["training"]["balance"]
    field = Field("Heads are weighed", ("training", "balance"))
    edit_choice(editing, field, BALANCE_WORDS)
    first, second = st.columns(2)
    if balance in ("uncertainty", "famo"):
        with first:
            place = ("training", "balance_rate")
            field = Field("Rate of the balance", place, _RATE_EXPLAINED)
            edit_number(editing, field, Limits(0.0001, 1.0, 0.005))
    if balance == "famo":
        with second:
            place = ("training", "balance_decay")
            field = Field("Pull to equal weights", place, _DECAY_EXPLAINED)
            edit_number(editing, field, Limits(0.0, 1.0, 0.001))
    st.caption(
        f"{BALANCE_LINES[balance]} The heads' own weights are multiplied on top."
    )
