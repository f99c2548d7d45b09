"""The model as it would be built: drawn, counted, and as Keras code."""

from __future__ import annotations

from concurrent.futures import Future

import streamlit as st

from mtcore.charts.model_graph import model_graph
from mtcore.runs.cluster.errands import ModelAnswer
from mtcore.spec import Experiment, dump_json
from pages.parts.answers import answer_so_far, ask, forget_answer
from pages.parts.boundary import ErrorBoundary
from pages.parts.design.draft import Editing
from pages.parts.design.files import edit_as_text
from pages.parts.design.start import prepare_ahead
from pages.parts.state import recall, remember
from pages.parts.text import count_of, file_stem

_LOOK_AGAIN_S = 0.4
_LOOKS = "looks at the model"
_DRAWING_PX = 300
_CODE_PX = 440


def show_model(editing: Editing, experiment: Experiment | None) -> None:
    """Draw three views of the model: a drawing, its Keras code and the experiment."""
    drawing, code, text = st.tabs(["Model", "Keras code", "Experiment (YAML)"])
    with text:
        edit_as_text(editing)
    if experiment is None:
        for tab in (drawing, code):
            tab.info("Put right what is named above to see the model.")
        return
    with drawing:
        pending = not _is_answered(editing, experiment)
        remember(_LOOKS, 0)
        watch = st.fragment(_watch, run_every=_LOOK_AGAIN_S if pending else None)
        watch(editing, experiment, pending)
    with code:
        _show_code(editing, experiment)


@ErrorBoundary()
def _watch(editing: Editing, experiment: Experiment, pending: bool) -> None:
    """Draw the model; while it is not known, the one before, and look again soon.

    Workers are asked at the second look, not while the page is drawn: the page stands
    at once, and a person who is still editing asks for nothing in between.
    """
    looks = recall(_LOOKS, 0) + 1
    remember(_LOOKS, looks)
    if pending and looks == 1:
        _draw_last(editing)
        return
    prepare_ahead(editing, experiment)
    future = _ask(editing, experiment)
    if pending and future.done():
        # Now the code is known too, and looking again can end.
        st.rerun()
    if not future.done():
        _draw_last(editing)
        return
    if future.exception() is not None:
        st.button(
            "Try again",
            key="model_again",
            icon=":material/refresh:",
            on_click=forget_answer,
            args=(_about(editing, experiment),),
        )
    answer = future.result()
    remember(_last_name(editing), _about(editing, experiment))
    _draw(editing, answer)


def _draw(editing: Editing, answer: ModelAnswer) -> None:
    count = count_of(answer.description.parameters, "trained parameter")
    if answer.description.networks > 1:
        count = f"the mean of {answer.description.networks} networks of {count} each"
    with st.container(key="model_drawing"):
        st.plotly_chart(
            model_graph(answer.description, answer.description.head_names),
            key=f"graph:{editing.draft_id}",
            alt=f"The network from its inputs over the trunk to its heads: {count}.",
        )


def _draw_last(editing: Editing) -> None:
    """Draw the model as it was before the last change, if it was drawn already."""
    known = answer_so_far(recall(_last_name(editing), ""))
    if known is None:
        st.caption("The model is being built …")
        st.skeleton(height=_DRAWING_PX)
        return
    _draw(editing, known.result())
    st.caption("Being updated …")


def _show_code(editing: Editing, experiment: Experiment) -> None:
    known = answer_so_far(_about(editing, experiment))
    if known is None or known.exception() is not None:
        st.caption("The code comes with the model.")
        return
    code: str = known.result().code
    st.code(code, language="python", height=_CODE_PX)
    st.download_button(
        "Download the code",
        data=code,
        file_name=f"{file_stem(experiment.name)}.py",
        mime="text/x-python",
        key="download_code",
        icon=":material/download:",
        on_click="ignore",
    )


def _is_answered(editing: Editing, experiment: Experiment) -> bool:
    return answer_so_far(_about(editing, experiment)) is not None


def _ask(editing: Editing, experiment: Experiment) -> Future[ModelAnswer]:
    workspace, dataset_id = editing.workspace, editing.dataset.id
    return ask(
        _about(editing, experiment), lambda: workspace.describe(experiment, dataset_id)
    )


def _about(editing: Editing, experiment: Experiment) -> str:
    return f"model {editing.dataset.id} {dump_json(experiment)}"


def _last_name(editing: Editing) -> str:
    return f"model drawn for {editing.draft_id}"
