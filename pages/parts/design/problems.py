"""What should be put right or known before training, with one-click fixes."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import streamlit as st

from mtcore.data.checks import Fix, Problem, find_problems, read_draft
from mtcore.data.library.library import Dataset
from mtcore.data.profile.profile import Profile
from mtcore.data.suggestions.inputs import with_inputs
from mtcore.errors import ExperimentError
from mtcore.spec import Experiment, plain_data
from pages.parts.boundary import ErrorBoundary
from pages.parts.dataset import version_of
from pages.parts.design.draft import Editing, change
from pages.parts.design.places import Plain
from pages.parts.text import count_of, plain

_MOST_SHOWN = 4


def judge_draft(editing: Editing) -> tuple[Experiment | None, tuple[Problem, ...]]:
    """Return the experiment that a draft holds and all that should be known about it.

    None in its place means that it cannot be trained yet; a problem says why.
    """
    return _judge(
        orjson.dumps(editing.plain),
        version_of(editing.dataset),
        editing.plain,
        editing.dataset,
        editing.profile,
    )


def show_problems(editing: Editing, problems: Sequence[Problem]) -> None:
    """Draw each problem as one sentence, with a button where a click puts it right."""
    for number, problem in enumerate(problems[:_MOST_SHOWN]):
        _show_problem(editing, number, problem)
    rest = problems[_MOST_SHOWN:]
    if rest:
        with st.expander(f"{count_of(len(rest), 'more remark')}"):
            for number, problem in enumerate(rest, start=_MOST_SHOWN):
                _show_problem(editing, number, problem)


def _show_problem(editing: Editing, number: int, problem: Problem) -> None:
    show = st.error if problem.severity == "error" else st.warning
    icon = ":material/error:" if problem.severity == "error" else ":material/info:"
    with st.container(horizontal=True, vertical_alignment="center"):
        show(plain(problem.sentence), icon=icon)
        if problem.fix is not None:
            st.button(
                plain(problem.fix.label, 60),
                key=f"fix:{editing.draft_id}:{number}",
                icon=":material/auto_fix_high:",
                on_click=_apply,
                args=(editing, problem.fix),
            )


def _apply(editing: Editing, fix: Fix) -> None:
    with ErrorBoundary():
        change(editing, plain_data(fix.experiment))


@st.cache_resource(max_entries=256, show_spinner=False)
def _judge(
    content: bytes, version: str, _plain: Plain, _dataset: Dataset, _profile: Profile
) -> tuple[Experiment | None, tuple[Problem, ...]]:
    del content, version
    experiment, problems = read_draft(_plain)
    if experiment is None:
        return None, problems
    try:
        experiment = with_inputs(experiment, _profile)
    except ExperimentError as error:
        return None, (Problem("error", error.where or "inputs", error.message),)
    problems = find_problems(experiment, _profile, _dataset.parquet)
    ready = all(problem.severity != "error" for problem in problems)
    return experiment if ready else None, problems
