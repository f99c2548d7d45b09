"""Opening the Design page: the draft that the address names, or a new suggestion."""

from __future__ import annotations

from pathlib import PurePath

import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.suggestions.likely import can_be_target, likely_targets
from mtcore.data.suggestions.suggest import Suggestion, suggest_experiment
from mtcore.errors import InputError
from mtcore.spec import plain_data
from pages.parts.address import Address, link_to, write_address
from pages.parts.dataset import ask_for_dataset, profile_of, report_of, version_of
from pages.parts.design.draft import Edit, Editing, store, with_listed_inputs
from pages.parts.design.edits import with_targets
from pages.parts.design.fields import Field, edit_text
from pages.parts.design.head_edits import targets_of
from pages.parts.design.places import Plain
from pages.parts.page import OpenPage
from pages.parts.text import plain, visible

_ICON_OF_DATA = ":material/table_chart:"


def open_draft(page: OpenPage) -> Editing | None:
    """Return the draft to edit, made now if the address names only a data set.

    Returns:
        None where there is nothing to design for; the page has then said so.
    """
    workspace, address = page.workspace, page.address
    if address.draft is None and address.dataset is None:
        ask_for_dataset(workspace, "Design", "to design a model for")
        return None
    if address.draft is not None:
        draft = workspace.drafts.get(address.draft)
        dataset = workspace.library.get(draft.dataset_id)
    else:
        dataset = workspace.library.get(str(address.dataset))
        first = _first_suggestion(dataset)
        if first is None:
            _say_nothing_to_predict(dataset)
            return None
        draft = workspace.drafts.create(dataset.id, first)
    write_address(dataset=dataset.id, draft=draft.id)
    page.is_about(Address(dataset=dataset.id, draft=draft.id))
    profile = profile_of(dataset)
    return Editing(
        workspace=workspace,
        draft_id=draft.id,
        plain=with_listed_inputs(draft.experiment, profile),
        parent_run=draft.parent_run,
        dataset=dataset,
        profile=profile,
        report=report_of(dataset),
    )


def show_origin(editing: Editing) -> None:
    """Draw the experiment's name, the data it is for, and the run it came from."""
    name, origin = st.columns((2, 3), vertical_alignment="bottom", gap="large")
    with name:
        edit_text(editing, Field("Name of the experiment", ("name",)))
    with origin, st.container(horizontal=True):
        link_to(
            "Data",
            plain(editing.dataset.name, 60),
            icon=_ICON_OF_DATA,
            dataset=editing.dataset.id,
            draft=editing.draft_id,
        )
        if editing.parent_run is not None:
            link_to(
                "Results",
                "The run it was made from",
                icon=":material/history:",
                run=editing.parent_run,
            )


def choose_targets(editing: Editing) -> None:
    """Draw the one question that matters, and why its answer is prefilled as it is."""
    columns = [c.name for c in editing.profile.columns if can_be_target(c)]
    chosen = targets_of(editing.plain)
    place = ("heads",)
    st.multiselect(
        "Which columns should be predicted? Each gets a head of its own.",
        list(dict.fromkeys((*columns, *chosen))),
        chosen,
        format_func=lambda column: visible(column, 60),
        key=editing.control(place, chosen),
        placeholder="Choose at least one column",
        on_change=store,
        args=(editing, place, _retargeting(editing)),
    )
    reasons = _reasons(editing.dataset, tuple(chosen))
    if reasons:
        with st.expander("Why it is filled in like this", icon=":material/lightbulb:"):
            st.caption("  \n".join(plain(reason) for reason in reasons))


def _first_suggestion(dataset: Dataset) -> Plain | None:
    """Return what to start from, None where no column can be predicted."""
    targets = likely_targets(profile_of(dataset))
    if not targets:
        return None
    return plain_data(_suggest(dataset, targets).experiment)


def _suggest(dataset: Dataset, targets: tuple[str, ...]) -> Suggestion:
    name = PurePath(dataset.name).stem or dataset.name
    return suggest_experiment(
        profile_of(dataset), report_of(dataset), targets, name=name
    )


def _retargeting(editing: Editing) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        targets = [str(name) for name in value] if isinstance(value, list) else []
        known = targets_of(plain)
        new = tuple(name for name in targets if name not in known)
        heads: list[Plain] = []
        if new:
            heads = plain_data(_suggest(editing.dataset, new).experiment)["heads"]
        return with_targets(plain, targets, heads, editing.profile)

    return edit


@st.cache_data(max_entries=64, show_spinner=False)
def _reasons_for(
    version: str, targets: tuple[str, ...], _dataset: Dataset
) -> tuple[str, ...]:
    del version
    try:
        return _suggest(_dataset, targets).reasons
    except InputError:
        return ()


def _reasons(dataset: Dataset, targets: tuple[str, ...]) -> tuple[str, ...]:
    if not targets:
        return ()
    return _reasons_for(version_of(dataset), targets, dataset)


def _say_nothing_to_predict(dataset: Dataset) -> None:
    st.warning(
        f"{plain(dataset.name, 60)} has no two columns to learn from and to predict. A "
        "head predicts numbers or up to 50 categories, from at least one other column.",
        icon=":material/info:",
    )
    link_to("Data", "See its columns", dataset=dataset.id)
    link_to("Home", "Use other data", icon=":material/home:")
