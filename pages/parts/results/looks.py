"""Looking closer at a run, one way at a time: only what is looked at is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from mtcore.runs.store.run import Run
from mtcore.runs.workspace import Workspace
from pages.parts.address import read_parameter, write_parameter
from pages.parts.results.gates import show_gates
from pages.parts.results.heads import show_heads
from pages.parts.results.importance import show_importance
from pages.parts.results.intervals import show_intervals
from pages.parts.results.joint import show_joint
from pages.parts.results.modalities import show_modalities
from pages.parts.results.sharing import show_sharing
from pages.parts.results.studies import show_studies
from pages.parts.run_facts import importance_of, intervals_of
from pages.parts.state import held, hold

LOOK = "look"


@dataclass(frozen=True, slots=True)
class _Look:
    """One way to look at a run.

    Args:
        name: In the address.
        label: For people.
        show: Draws it.
        there: Whether there is something to see.
    """

    name: str
    label: str
    show: Callable[[Workspace, Run], None]
    there: Callable[[Workspace, Run], bool] = lambda _workspace, _run: True


def show_looks(workspace: Workspace, run: Run) -> None:
    """Draw a tab for each way to look closer, kept in the address."""
    # Begun now, so that it has been worked out when somebody looks at it.
    importance_of(workspace, run)
    looks = [look for look in _LOOKS if look.there(workspace, run)]
    asked = read_parameter(LOOK)
    labels = {look.name: look.label for look in looks}
    chosen = labels.get(asked or "", looks[0].label)
    tabs = st.tabs(
        list(labels.values()),
        key=hold(LOOK, chosen),
        default=chosen,
        on_change=_keep,
        args=({label: name for name, label in labels.items()},),
    )
    for look, tab in zip(looks, tabs, strict=True):
        if tab.open:
            with tab:
                look.show(workspace, run)


def _keep(names: dict[str, str]) -> None:
    write_parameter(LOOK, names.get(held(LOOK, "")))


def _several_heads(_workspace: Workspace, run: Run) -> bool:
    return len(run.experiment.heads) > 1


def _show_inputs(workspace: Workspace, run: Run) -> None:
    show_importance(workspace, run)
    show_modalities(workspace, run)


def _show_training(workspace: Workspace, run: Run) -> None:
    show_sharing(workspace, run)
    show_gates(workspace, run)


_LOOKS = (
    _Look("heads", "Each head", show_heads),
    _Look("together", "All heads together", show_joint, _several_heads),
    _Look("inputs", "What they rest on", _show_inputs),
    _Look(
        "ranges",
        "Ranges",
        show_intervals,
        lambda workspace, run: intervals_of(workspace, run) is not None,
    ),
    _Look("training", "How they trained", _show_training),
    _Look("studies", "Twins and weights", show_studies, _several_heads),
)
