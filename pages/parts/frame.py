"""What stands around every page: sidebar, step line, runs in progress, undo."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mtcore.runs.store.run import Run
from pages.parts.address import PAGES, Address, PageName, link_to
from pages.parts.text import count_of, plain
from pages.parts.viewing import shown_pages

_ICONS: dict[PageName, str] = {
    "Home": ":material/home:",
    "Data": ":material/table_chart:",
    "Design": ":material/account_tree:",
    "Train": ":material/model_training:",
    "Results": ":material/insights:",
    "What-if": ":material/tune:",
    "Compare": ":material/compare_arrows:",
    "Share": ":material/share:",
}
_STEPS: tuple[PageName, ...] = (
    "Data", "Design", "Train", "Results", "What-if", "Compare", "Share",
)  # fmt: skip
_STEP_ICONS = {
    "done": ":material/check_circle:",
    "open": ":material/radio_button_unchecked:",
    "missing": ":material/radio_button_unchecked:",
}
Standing = Literal["done", "open", "missing"]


def show_links(address: Address) -> None:
    """Draw a link to every page, each with the ids it needs; for the sidebar."""
    for page in shown_pages(tuple(PAGES)):
        link_to(page, page, icon=_ICONS[page], **_ids_for(page, address))


def show_steps(
    page: PageName, address: Address, active: tuple[Run, ...], drawing: int
) -> None:
    """Draw the way from data to sharing: where one is, and what is missing.

    Args:
        page: Where one is.
        address: All ids that are known.
        active: Runs that wait or train.
        drawing: How often it was drawn before in this rerun, as keys are used once.
    """
    with st.container(key=f"steps_{drawing}", horizontal=True, gap="small"):
        for step in shown_pages(_STEPS):
            standing, reason = standing_of(step, address, active)
            with _marked(drawing) if step == page else nullcontext():
                link_to(
                    step,
                    step,
                    icon=_STEP_ICONS[standing],
                    reason_against=reason if step != page else None,
                    **_ids_for(step, address),
                )


def _marked(drawing: int) -> DeltaGenerator:
    """Return the container whose link is marked as where one is."""
    return st.container(key=f"current_step_{drawing}", width="content")


def show_banner(page: PageName, address: Address, active: tuple[Run, ...]) -> None:
    """Say that runs are in progress, unless the page is about that very run."""
    others = [run for run in active if page != "Train" or run.id != address.run]
    if not others:
        return
    running = [run for run in others if run.status != "SCHEDULED"]
    waiting = len(others) - len(running)
    label = f"{count_of(len(running), 'run')} in progress" if running else ""
    if waiting:
        label += f"{', ' if running else ''}{count_of(waiting, 'run')} waiting"
    newest = (running or others)[0]
    # A study has no page of its own: it stands with the results of its run.
    link_to(
        "Train" if newest.study is None else "Results",
        f"{label}: {plain(newest.name, 60)}",
        icon=":material/progress_activity:",
        run=newest.id if newest.study is None else newest.parent,
        look=None if newest.study is None else "studies",
    )


def _ids_for(page: PageName, address: Address) -> dict[str, str | None]:
    match page:
        case "Data" | "Design":
            return {"dataset": address.dataset, "draft": address.draft}
        case "Train" | "Results" | "What-if" | "Compare" | "Share":
            return {"run": address.run}
        case _:
            return {}


def standing_of(
    step: PageName, address: Address, active: tuple[Run, ...]
) -> tuple[Standing, str | None]:
    """Return how far a step is, and why it cannot be taken yet."""
    training = address.run is not None and address.run in {run.id for run in active}
    match step:
        case "Data" if address.dataset is None:
            return "missing", "Missing: data. Upload a CSV or try a sample on Home."
        case "Data":
            return "done", None
        case "Design" if address.dataset is None and address.draft is None:
            return "missing", "Missing: data to design a model for."
        case "Design":
            return ("done" if address.run or address.draft else "open"), None
        case "Train" | "Results" | "What-if" | "Share" if address.run is None:
            return "missing", "Missing: a run. Press Train on the Design page."
        case "Results" | "What-if" | "Share" if training:
            return "missing", "The run is still training."
        case "Train" | "Results":
            return ("open" if training else "done"), None
        case _:
            return "open", None
