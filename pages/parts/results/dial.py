"""The weight dial: trained weightings on their front, a slider a head between them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtcore.charts.front import Axis, Weighed, weight_front
from mtcore.runs.store.run import Run
from mtcore.runs.store.study import WeightSweep
from mtcore.runs.workspace import Workspace
from mtcore.search.judging import error_words, judged_by
from mtcore.search.sweep import Weighting, turned, weightings_of, with_weights
from mtcore.spec import Experiment, Head, plain_data
from pages.parts.address import go_to, is_view, read_parameter, write_parameter
from pages.parts.boundary import ErrorBoundary
from pages.parts.charts import draw
from pages.parts.head_marks import head_option
from pages.parts.results.weightings import (
    chosen_frame,
    finding_words,
    weightings_frame,
)
from pages.parts.run_words import percent
from pages.parts.server import forget_active_runs
from pages.parts.state import held, hold
from pages.parts.study_progress import offer_study, show_standing
from pages.parts.tables import show_frame, show_table
from pages.parts.text import visible

_POINTS = (8, 16, 32, 64)
_USUAL_POINTS = 16
_SEARCHED = (0, 8, 16, 32)
_SLIDERS_A_ROW = 4
POINT, ACROSS, UP = "point", "across", "up"
_EXPLAINED = (
    "One network is trained with many weightings of its heads, compiled once. The dial "
    "then goes from one trained weighting to the next."
)


def show_dial(workspace: Workspace, run: Run, study: Run | None) -> None:
    """Draw the front and the dial, how far it is, or the button that trains it."""
    moving = [head for head in run.experiment.heads if head.weight > 0.0]
    if len(moving) < 2:
        return
    st.subheader("Weight dial", anchor=False)
    points = () if study is None else workspace.runs.points(study.id)
    if study is None:
        st.caption(_EXPLAINED)
    else:
        show_standing(workspace, study, len(points))
        weightings = weightings_of(run.experiment, points)
        if weightings:
            _show_result(workspace, run, study, weightings)
    offer_study(workspace, run, study, "Train the weightings", _choose_sweep)


def _choose_sweep() -> WeightSweep:
    points = st.selectbox(
        "Weightings",
        _POINTS,
        index=_POINTS.index(_USUAL_POINTS),
        key="sweep_points",
        persist_state="page",
        width=120,
        help="Spread evenly over all weightings; two more trainings of the run's own "
        "weights tell what seeds alone do.",
    )
    searched = st.selectbox(
        "Searched further",
        _SEARCHED,
        key="sweep_searched",
        persist_state="page",
        width=150,
        help="Weightings after these, chosen by what was found so far: where the mean "
        "gain and that of the worst head are likely to be high.",
    )
    return WeightSweep(points=points, searched=searched)


def _show_result(
    workspace: Workspace, run: Run, study: Run, weightings: Sequence[Weighting]
) -> None:
    st.markdown(finding_words(weightings))
    chosen = _chosen(weightings)
    across, up = _axes(run.experiment)
    draw(
        weight_front(
            _axis(across), _axis(up), _weighed(weightings, chosen, across, up)
        ),
        "weight_front",
        "Trained weightings by the errors of two heads, with the line that none goes "
        "beyond",
    )
    _show_sliders(run.experiment, study, weightings, chosen)
    _show_chosen(workspace, run, chosen)
    frame = weightings_frame(run.experiment, weightings)
    show_table(frame, "trained weightings", "weightings")


def _chosen(weightings: Sequence[Weighting]) -> Weighting:
    """Return where the dial stands; at first on the run's own weights."""
    asked = read_parameter(POINT)
    for weighting in weightings:
        if str(weighting.point.trial.place) == asked:
            return weighting
    return next(weighting for weighting in weightings if weighting.own)


def _axes(experiment: Experiment) -> tuple[Head, Head]:
    """Draw the choice of the two heads, where there are more, and return them."""
    heads = list(experiment.heads)
    if len(heads) == 2:
        return heads[0], heads[1]
    columns = st.columns(2)
    found = []
    for column, label, parameter, usual in zip(
        columns, ("Across", "Up"), (ACROSS, UP), (0, 1), strict=True
    ):
        asked = read_parameter(parameter)
        names = [head.name for head in heads]
        place = names.index(asked) if asked in names else usual
        key = f"front:{parameter}"
        column.selectbox(
            label,
            range(len(heads)),
            format_func=lambda at: visible(heads[at].name, 60),
            key=hold(key, place),
            on_change=_choose_axis,
            args=(parameter, key, names),
        )
        found.append(heads[place])
    return found[0], found[1]


def _choose_axis(parameter: str, key: str, names: Sequence[str]) -> None:
    with ErrorBoundary():
        write_parameter(parameter, names[held(key, 0)])


def _axis(head: Head) -> Axis:
    return Axis(head.name, error_words(judged_by(head)))


def _weighed(
    weightings: Sequence[Weighting], chosen: Weighting, across: Head, up: Head
) -> list[Weighed]:
    return [
        Weighed(
            across=one.errors[across.name],
            up=one.errors[up.name],
            shares=dict(one.shares),
            on_front=one.on_front,
            own=one.own,
            chosen=one is chosen,
        )
        for one in weightings
    ]


def _show_sliders(
    experiment: Experiment,
    study: Run,
    weightings: Sequence[Weighting],
    chosen: Weighting,
) -> None:
    moving = [
        (position, head.name)
        for position, head in enumerate(experiment.heads)
        if head.weight > 0.0
    ]
    wide = min(len(moving), _SLIDERS_A_ROW)
    for first in range(0, len(moving), wide):
        columns = st.columns(wide)
        for column, (position, name) in zip(
            columns, moving[first : first + wide], strict=False
        ):
            with column:
                _slider(study, weightings, chosen, position, name)


def _slider(
    study: Run,
    weightings: Sequence[Weighting],
    chosen: Weighting,
    position: int,
    name: str,
) -> None:
    key = f"dial:{study.id}:{position}"
    shares = sorted({weighting.shares[name] for weighting in weightings})
    if len(shares) < 2:
        return
    st.select_slider(
        head_option(position, name),
        shares,
        value=chosen.shares[name],
        format_func=percent,
        key=hold(key, chosen.shares[name]),
        on_change=_turn,
        args=(weightings, chosen, name, key),
        help="Its share of the loss. The dial snaps to weightings that were trained.",
    )


def _turn(
    weightings: Sequence[Weighting], chosen: Weighting, name: str, key: str
) -> None:
    with ErrorBoundary():
        share = held(key, chosen.shares[name])
        there = turned(weightings, chosen, name, share)
        write_parameter(POINT, str(there.point.trial.place))


def _show_chosen(workspace: Workspace, run: Run, chosen: Weighting) -> None:
    show_frame(chosen_frame(run.experiment, chosen), "The dial's weighting", "dial")
    if is_view():
        return
    experiment = with_weights(run.experiment, chosen)
    with st.container(horizontal=True):
        if st.button(
            "Train this weighting",
            key="train_weighting",
            icon=":material/model_training:",
            help="Starts an ordinary run with these weights and opens it.",
        ):
            made = workspace.start_run(experiment, run.dataset_id, parent=run.id)
            forget_active_runs()
            go_to("Train", run=made)
        if st.button(
            "Open in Design",
            key="open_weighting",
            icon=":material/edit:",
            help="Opens Design with these weights. This run stays.",
        ):
            draft = workspace.drafts.create(
                run.dataset_id, plain_data(experiment), parent_run=run.id
            )
            go_to("Design", dataset=run.dataset_id, draft=draft.id)
