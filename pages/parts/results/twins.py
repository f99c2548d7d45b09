"""Did sharing help? Each head beside its single-task twins, and the way to split it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from mtcore.charts.twins import Dumbbell, sharing_dumbbells
from mtcore.runs.store.run import Run
from mtcore.runs.store.study import Point, Twins
from mtcore.runs.workspace import Workspace
from mtcore.search.judging import error_words, judged_by
from mtcore.search.sharing import (
    HeadSharing,
    mean_gain,
    overall_sentence,
    sharing_of,
    train_seconds,
)
from mtcore.search.variants import Separated, split_off
from mtcore.spec import Experiment, SeparateTrunk, plain_data
from pages.parts.address import go_to, is_view
from pages.parts.charts import draw
from pages.parts.head_marks import head_sign, show_head_name
from pages.parts.run_words import duration
from pages.parts.study_progress import offer_study, show_standing
from pages.parts.tables import show_table
from pages.parts.text import count_of, visible

_SEEDS = (1, 2, 3, 5, 10)
_USUAL_SEEDS = 3
_EXPLAINED = (
    "Each head is trained alone too, by the same recipe, on the same rows and from as "
    "many seeds as all heads together."
)
_SPLIT_WORDS = {
    "apart": ("Split off", "Opens Design with a trunk for each of the two heads."),
    "own_trunk": (
        "A trunk of its own",
        "Opens Design with a trunk for this head beside the one that the others share, "
        "in one network.",
    ),
    "alone": ("A model of its own", "Opens Design with this head alone."),
    "others": ("The others without it", "Opens Design with all heads but this one."),
}


def show_twins(workspace: Workspace, run: Run, study: Run | None) -> None:
    """Draw what the twins say, how far they are, or the button that trains them."""
    st.subheader("Did sharing help?", anchor=False)
    if isinstance(run.experiment.trunk, SeparateTrunk):
        st.caption("Nothing is shared in this run: every head has a trunk of its own.")
        return
    points = () if study is None else workspace.runs.points(study.id)
    if study is None:
        st.caption(_EXPLAINED)
    else:
        show_standing(workspace, study, len(points))
    if study is not None and points:
        _show_result(workspace, run, points)
    offer_study(workspace, run, study, "Train the twins", _choose_twins)


def _choose_twins() -> Twins:
    seeds = st.selectbox(
        "Seeds",
        _SEEDS,
        index=_SEEDS.index(_USUAL_SEEDS),
        key="twin_seeds",
        persist_state="page",
        width=120,
        help="Networks of each. Three tell chance from a large difference, more from a "
        "small one.",
    )
    return Twins(seeds=seeds)


def _show_result(workspace: Workspace, run: Run, points: Sequence[Point]) -> None:
    heads = sharing_of(run.experiment, points)
    overall = mean_gain(heads)
    if overall is not None:
        st.markdown(f"**{overall_sentence(overall, len(heads))}**")
    draw(
        sharing_dumbbells(_dumbbells(run.experiment, heads)),
        "sharing_dumbbells",
        "A line a head: the change of its error by sharing, with an interval over "
        "seeds",
    )
    for position, head in enumerate(heads):
        _show_head(workspace, run, position, head)
    show_table(twins_frame(run.experiment, heads), "twins of the heads", "twins")
    st.caption(_small_print(run, points))


def _show_head(
    workspace: Workspace, run: Run, position: int, head: HeadSharing
) -> None:
    # The name above its sentence, as a phone has no room for both side by side.
    with st.container(key=f"list_row_twins_{position}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            show_head_name(position, head.head)
            if head.gain is not None and not is_view():
                _show_ways(workspace, run, position, head.head)
        st.markdown(head.sentence)


def _show_ways(workspace: Workspace, run: Run, position: int, name: str) -> None:
    """Draw the ways to split a head off, a single one as a button."""
    ways = split_off(run.experiment, name)
    if len(ways) == 1:
        _split_button(workspace, run, position, ways[0])
        return
    with st.popover("Split off", icon=":material/call_split:"):
        for way in ways:
            _split_button(workspace, run, position, way)


def _split_button(
    workspace: Workspace, run: Run, position: int, way: Separated
) -> None:
    label, explained = _SPLIT_WORDS[way.what]
    clicked = st.button(
        label,
        key=f"split_off:{position}:{way.what}",
        icon=":material/call_split:",
        help=f"{explained} This run stays.",
    )
    if clicked:
        draft = workspace.drafts.create(
            run.dataset_id, plain_data(way.experiment), parent_run=run.id
        )
        go_to("Design", dataset=run.dataset_id, draft=draft.id)


def twins_frame(experiment: Experiment, heads: Sequence[HeadSharing]) -> pd.DataFrame:
    """Return a row a head: its mean errors, and the change with its interval."""
    rows = []
    for position, (asked, head) in enumerate(zip(experiment.heads, heads, strict=True)):
        gain = head.gain
        rows.append(
            {
                "Head": f"{head_sign(position)} {visible(head.head, 60)}",
                "Error": error_words(judged_by(asked)),
                "With the others": _mean(head.together),
                "Alone": _mean(head.alone),
                "Change, %": None if gain is None else -100.0 * gain.value,
                "from": _percent(None if gain is None else gain.high),
                "to": _percent(None if gain is None else gain.low),
                "Seeds": min(len(head.together), len(head.alone)),
            }
        )
    return pd.DataFrame(rows)


def _dumbbells(experiment: Experiment, heads: Sequence[HeadSharing]) -> list[Dumbbell]:
    drawn = []
    for position, (asked, head) in enumerate(zip(experiment.heads, heads, strict=True)):
        gain = head.gain
        if gain is None:
            continue
        interval = None
        if gain.low is not None and gain.high is not None:
            interval = (-gain.high, -gain.low)
        error = error_words(judged_by(asked))
        drawn.append(
            Dumbbell(head.head, position, error, head.together, head.alone, interval)
        )
    return drawn


def _small_print(run: Run, points: Sequence[Point]) -> str:
    shared_s, twins_s = train_seconds(points)
    sizes = {point.trial.alone: point.parameters for point in points}
    together = sizes.pop(None, 0)
    words = (
        "On the test rows, as the epoch of a twin is chosen by the validation rows of "
        "its head alone. Each network stands by itself: not averaged, and without "
        "trees. The intervals are over seeds; another split of the rows may differ. "
        f"One network for all: {count_of(together, 'parameter')}, "
    )
    words += f"{duration(shared_s)} of training"
    if len(sizes) == len(run.experiment.heads):
        alone = count_of(sum(sizes.values()), "parameter")
        words += f"; the twins: {alone}, {duration(twins_s)}"
    return f"{words}."


def _mean(errors: Sequence[float]) -> float | None:
    return float(np.mean(errors)) if errors else None


def _percent(gain: float | None) -> float | None:
    return None if gain is None else -100.0 * gain
