"""From a draft to a run: the button, and having the program ready before it."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import streamlit as st

from mtcore.data.checks import Problem
from mtcore.spec import Experiment, plain_data
from pages.parts.address import go_to
from pages.parts.answers import ask
from pages.parts.design_draft import Editing, show_take_back
from pages.parts.design_problems import can_train
from pages.parts.server import forget_active_runs
from pages.parts.text import count_of


def show_start(
    editing: Editing, experiment: Experiment | None, problems: Sequence[Problem]
) -> None:
    """Draw the bar that stays in sight: what would be trained, undo, and Train."""
    ready = experiment is not None and can_train(problems)
    with (
        st.bottom,
        st.container(
            key="start", horizontal=True, vertical_alignment="center", gap="medium"
        ),
    ):
        st.markdown(_standing(experiment, problems))
        st.space("stretch")
        show_take_back(editing)
        pressed = st.button(
            "Train",
            key="train",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not ready,
            help=None if ready else "Put right what is marked as an error first.",
        )
    if pressed and experiment is not None and ready:
        run_id = editing.workspace.start_run(
            experiment, editing.dataset.id, parent=editing.parent_run
        )
        forget_active_runs()
        go_to("Train", run=run_id)


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
        [head["kind"], head["columns"], head["loss"], head["layers"]]
        for head in whole["heads"]
    ]
    training = [whole["training"][part] for part in ("batch_size", "optimizer")]
    rest = [whole[part] for part in ("inputs", "missing", "trunk", "split")]
    return orjson.dumps([heads, training, rest]).decode()


def _standing(experiment: Experiment | None, problems: Sequence[Problem]) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    if experiment is None or errors:
        return f":material/error: {count_of(max(errors, 1), 'problem')} to put right"
    heads = count_of(len(experiment.heads), "head")
    return f"{heads} from {count_of(len(experiment.inputs or ()), 'input')}"
