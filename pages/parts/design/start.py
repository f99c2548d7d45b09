"""From a draft to a run: the button, and having the program ready before it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import orjson
import streamlit as st

from mtcore.data.checks import Problem
from mtcore.spec import Experiment, dump_json, plain_data
from pages.parts.address import go_to
from pages.parts.answers import ask
from pages.parts.design.draft import Editing, show_take_back
from pages.parts.server import forget_active_runs
from pages.parts.state import recall, remember
from pages.parts.text import count_of

_TRAIN = "train"
_STARTED = "run just started"
_ONE_CLICK_S = 3.0
# What may be another of a head without another program.
_NOT_COMPILED = frozenset({"name", "weight", "metrics", "class_weight", "positive"})


def start_if_asked(editing: Editing, experiment: Experiment | None) -> None:
    """Start the run and leave the page, where Train was just pressed.

    Call it before anything is drawn: nobody waits for a page that is left.
    """
    if st.session_state.get(_TRAIN) and experiment is not None:
        go_to("Train", run=_start(editing, experiment))


def show_start(
    editing: Editing, experiment: Experiment | None, problems: Sequence[Problem]
) -> None:
    """Draw the bar that stays in sight: what would be trained, undo, and Train."""
    with (
        st.bottom,
        st.container(
            key="start", horizontal=True, vertical_alignment="center", gap="medium"
        ),
    ):
        st.markdown(_standing(experiment, problems))
        st.space("stretch")
        show_take_back(editing)
        st.button(
            "Train",
            key=_TRAIN,
            type="primary",
            icon=":material/play_arrow:",
            disabled=experiment is None,
            help="Put right what is marked as an error first."
            if experiment is None
            else None,
        )


def _start(editing: Editing, experiment: Experiment) -> str:
    """Return the id of the run; a second click in a hurry starts no second one."""
    content = dump_json(experiment)
    before: tuple[str, str, float] = recall(_STARTED, ("", "", 0.0))
    if before[0] == content and time.monotonic() - before[2] < _ONE_CLICK_S:
        return before[1]
    run_id = editing.workspace.start_run(
        experiment, editing.dataset.id, parent=editing.parent_run
    )
    remember(_STARTED, (content, run_id, time.monotonic()))
    forget_active_runs()
    return run_id


def prepare_ahead(editing: Editing, experiment: Experiment) -> None:
    """Have a worker compile the program while the person is still on the page."""
    workspace, dataset_id = editing.workspace, editing.dataset.id
    ask(
        f"prepare {dataset_id} {_architecture(experiment)}",
        lambda: workspace.prepare(experiment, dataset_id),
    )


def _architecture(experiment: Experiment) -> str:
    """Return what a compiled program depends on, as a text."""
    whole = plain_data(experiment)
    heads = [
        {field: value for field, value in head.items() if field not in _NOT_COMPILED}
        for head in whole["heads"]
    ]
    parts = ["batch_size", "optimizer", "rotate"]
    if whole["training"]["rotate"]:
        # As many networks as take turns, so many rows each of them gets.
        parts.append("seeds")
    training = [whole["training"][part] for part in parts]
    rest = [whole[part] for part in ("inputs", "missing", "trunk", "split")]
    return orjson.dumps([heads, training, rest]).decode()


def _standing(experiment: Experiment | None, problems: Sequence[Problem]) -> str:
    if experiment is None:
        errors = sum(problem.severity == "error" for problem in problems)
        return f":material/error: {count_of(errors, 'problem')} to put right"
    heads = count_of(len(experiment.heads), "head")
    return f"{heads} from {count_of(len(experiment.inputs or ()), 'input')}"
