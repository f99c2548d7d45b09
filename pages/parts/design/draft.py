"""The draft that the Design page edits: opened, changed, saved, taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from mtcore.data.checks import read_draft
from mtcore.data.library.library import Dataset
from mtcore.data.profile.profile import Profile
from mtcore.data.reading.report import ReadingReport
from mtcore.data.suggestions.inputs import taken_columns, usable_inputs
from mtcore.runs.workspace import Workspace
from pages.parts.boundary import ErrorBoundary
from pages.parts.design.places import Place, Plain, replaced, value_at
from pages.parts.state import held, hold, recall, remember

MOST_STEPS_BACK = 30
Edit = Callable[[Plain, object], Plain]


@dataclass(frozen=True, slots=True)
class Editing:
    """A draft on the page, and what it is held against.

    Args:
        workspace: Where it is saved.
        draft_id: Its id, in the address too.
        plain: The experiment as plain data; perhaps not a whole one.
        parent_run: The run it came from, if any.
        dataset: The data it is meant for.
        profile: Of the data's columns.
        report: How the data was read.
    """

    workspace: Workspace
    draft_id: str
    plain: Plain
    parent_run: str | None
    dataset: Dataset
    profile: Profile
    report: ReadingReport

    def control(self, place: Place, shown: object | None = None) -> str:
        """Return the key of the widget for a place, made to show what is there.

        Args:
            place: Such as `("heads", 0, "weight")`.
            shown: What the widget shows, where that is not the value itself.
        """
        value = value_at(self.plain, place) if shown is None else shown
        return hold(self.key(place), value)

    def key(self, place: Place) -> str:
        """Return the key of the widget for a place."""
        return f"draft:{self.draft_id}:{':'.join(str(part) for part in place)}"


def store(editing: Editing, place: Place, edit: Edit | None = None) -> None:
    """Save what the widget of a place shows; the callback of every widget here.

    Args:
        editing: As the page was drawn.
        place: The widget's.
        edit: Makes the new experiment from the stored one and the widget's value; by
            default the value goes to the place itself.
    """
    with ErrorBoundary():
        value = held(editing.key(place), None)
        if value is None and edit is None:
            return
        # Another tab may have saved since this one was drawn.
        plain = stored(editing)
        if edit is None:
            change(editing, replaced(plain, place, value))
        else:
            change(editing, edit(plain, value))


def stored(editing: Editing) -> Plain:
    """Return the experiment as it is saved now."""
    saved = editing.workspace.drafts.get(editing.draft_id).experiment
    return with_listed_inputs(saved, editing.profile)


def with_listed_inputs(saved: Mapping[str, object], profile: Profile) -> Plain:
    """Return a saved experiment with its inputs named, so that they can be edited.

    An experiment from a file may leave them out, meaning every column of use.
    """
    plain = dict(saved)
    experiment = None if plain["inputs"] is not None else read_draft(plain)[0]
    if experiment is None:
        return plain
    inputs = usable_inputs(profile, taken_columns(experiment))
    return {**plain, "inputs": [given.model_dump(mode="json") for given in inputs]}


def change(editing: Editing, plain: Plain) -> None:
    """Save a changed experiment, and keep the one before for `take_back`."""
    before = stored(editing)
    if before == plain:
        return
    name = _steps_name(editing.draft_id)
    steps: list[Plain] = recall(name, [])
    remember(name, [*steps[-MOST_STEPS_BACK + 1 :], before])
    editing.workspace.drafts.save(editing.draft_id, plain)


def can_take_back(editing: Editing) -> bool:
    """Return whether this tab changed the draft."""
    return bool(recall(_steps_name(editing.draft_id), []))


def take_back(editing: Editing) -> None:
    """Undo the last change that this tab made."""
    with ErrorBoundary():
        name = _steps_name(editing.draft_id)
        steps: list[Plain] = recall(name, [])
        if steps:
            remember(name, steps[:-1])
            editing.workspace.drafts.save(editing.draft_id, steps[-1])


def show_take_back(editing: Editing) -> None:
    """Draw the button that undoes the last change."""
    st.button(
        "Undo",
        key="take_back",
        help="Takes back the last change",
        icon=":material/undo:",
        type="tertiary",
        disabled=not can_take_back(editing),
        on_click=take_back,
        args=(editing,),
    )


def _steps_name(draft_id: str) -> str:
    return f"steps of {draft_id}"
