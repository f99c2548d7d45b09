"""The heads table: one row a head, all of it editable in place."""

from __future__ import annotations

import streamlit as st

from mtcore.data.suggestions.likely import can_be_target
from mtcore.spec import HEAD_KINDS
from pages.parts.boundary import ErrorBoundary
from pages.parts.design.draft import Edit, Editing, change, store, stored
from pages.parts.design.fields import (
    Field,
    Limits,
    edit_choice,
    edit_columns,
    edit_layers,
    edit_number,
    edit_switch,
    edit_text,
)
from pages.parts.design.head_edits import (
    readable_heads,
    reads_of,
    with_head_columns,
    with_head_copied,
    with_head_kind,
    with_head_name,
    without_head,
)
from pages.parts.design.kinds import edit_kind_fields
from pages.parts.design.places import Plain, replaced
from pages.parts.spec_words import LOSS_WORDS, METRIC_WORDS
from pages.parts.state import hold
from pages.parts.style import head_row_key
from pages.parts.text import visible

_WIDTHS = (1.9, 2.2, 1.75, 1.8, 1.2, 0.8, 1.5, 1.1, 0.7)
_LAYERS_EXPLAINED = (
    "Units of Dense layers between trunk and output, such as 16 or 32, 16."
)
_OWN_TRUNK_EXPLAINED = (
    "This head then learns layers like the trunk's for itself, and the others go on "
    "sharing theirs. What is learned of words, pictures and many-valued categories "
    "stays shared. For a head that sharing hurts."
)
_READS_EXPLAINED = (
    "What those heads answer becomes an input of this head's branch, beside the trunk. "
    "It costs a few parameters and helps where one answer follows from another. This "
    "head learns from them and does not change them."
)
_TASK_WORDS = {kind: head.label for kind, head in HEAD_KINDS.items()}


def edit_heads(editing: Editing) -> None:
    """Draw a row for each head; every change is saved at once."""
    weights = [_number(head["weight"]) for head in editing.plain["heads"]]
    total = sum(weights)
    for index, weight in enumerate(weights):
        share = f"{weight / total:.0%}" if total > 0 else "0%"
        with st.container(key=head_row_key(index)):
            _edit_head(editing, index, share)


def _edit_head(editing: Editing, index: int, share: str) -> None:
    head = editing.plain["heads"][index]
    at = ("heads", index)
    name, columns, task, loss, weight, part, metric, layers, more = st.columns(
        _WIDTHS, vertical_alignment="bottom", gap="xsmall"
    )
    with name:
        edit_text(editing, Field("Head", (*at, "name"), edit=_renaming(index)))
    with columns:
        _edit_targets(editing, index, head)
    with task:
        field = Field("Task", (*at, "kind"), edit=_changing_kind(index))
        edit_choice(editing, field, _TASK_WORDS)
    with loss:
        edit_choice(editing, Field("Loss", (*at, "loss")), _losses(head))
    with weight:
        edit_number(editing, Field("Weight", (*at, "weight")), Limits(0.0, step=0.25))
    with part:
        key = hold(editing.key((*at, "share")), share)
        st.text_input("Share", share, key=key, disabled=True)
    with metric:
        field = Field("Metric", (*at, "metrics", 0), edit=_showing_first(index))
        edit_choice(editing, field, _metrics(head))
    with layers:
        edit_layers(editing, Field("Own layers", (*at, "layers"), _LAYERS_EXPLAINED))
    with more:
        _show_more(editing, index, head)


def _edit_targets(editing: Editing, index: int, head: Plain) -> None:
    columns = [c.name for c in editing.profile.columns if can_be_target(c)]
    place = ("heads", index, "columns")
    if not HEAD_KINDS[head["kind"]].one_column or not head["columns"]:
        field = Field("Columns", place, edit=_retargeting(index))
        edit_columns(editing, field, columns)
        return
    words = {column: visible(column, 60) for column in columns}
    field = Field("Column", (*place, 0), edit=_retargeting(index))
    edit_choice(editing, field, words)


def _show_more(editing: Editing, index: int, head: Plain) -> None:
    key = editing.key(("heads", index, "more"))
    with st.popover(
        "", icon=":material/more_horiz:", key=key, on_change="rerun"
    ) as box:
        if not box.open:
            return
        edit_kind_fields(editing, index, head)
        if len(editing.plain["heads"]) > 1:
            _edit_own_trunk(editing, index, head)
            _edit_reads(editing, index, head)
        st.button(
            "Add a copy of this head",
            key=editing.key(("heads", index, "copy")),
            icon=":material/content_copy:",
            on_click=_copy,
            args=(editing, index),
        )
        st.button(
            "Remove this head",
            key=editing.key(("heads", index, "remove")),
            icon=":material/delete:",
            on_click=_remove,
            args=(editing, index),
        )


def _edit_own_trunk(editing: Editing, index: int, head: Plain) -> None:
    """Draw the switch of a trunk of the head's own, where the trunk is shared."""
    if editing.plain["trunk"]["kind"] == "shared" and "own_trunk" in head:
        place = ("heads", index, "own_trunk")
        edit_switch(editing, Field("A trunk of its own", place, _OWN_TRUNK_EXPLAINED))


def _edit_reads(editing: Editing, index: int, head: Plain) -> None:
    place = ("heads", index, "reads")
    chosen = reads_of(head)
    names = list(dict.fromkeys((*readable_heads(editing.plain, index), *chosen)))
    st.multiselect(
        "Reads the output of",
        names,
        chosen,
        format_func=lambda name: visible(name, 60),
        key=editing.control(place, chosen),
        placeholder="No other head",
        help=_READS_EXPLAINED,
        on_change=store,
        args=(editing, place, _reading(index)),
    )


def _renaming(index: int) -> Edit:
    return lambda plain, value: with_head_name(plain, index, str(value))


def _changing_kind(index: int) -> Edit:
    return lambda plain, value: with_head_kind(plain, index, str(value))


def _retargeting(index: int) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        columns = value if isinstance(value, list) else [str(value)]
        return with_head_columns(plain, index, columns)

    return edit


def _showing_first(index: int) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        place = ("heads", index, "metrics")
        rest = [name for name in plain["heads"][index]["metrics"] if name != value]
        changed: Plain = replaced(plain, place, [value, *rest])
        return changed

    return edit


def _reading(index: int) -> Edit:
    def edit(plain: Plain, value: object) -> Plain:
        place = ("heads", index, "reads")
        read = list(value) if isinstance(value, list) else []
        changed: Plain = replaced(plain, place, read)
        return changed

    return edit


def _copy(editing: Editing, index: int) -> None:
    with ErrorBoundary():
        change(editing, with_head_copied(stored(editing), index))


def _remove(editing: Editing, index: int) -> None:
    with ErrorBoundary():
        change(editing, without_head(stored(editing), index, editing.profile))


def _losses(head: Plain) -> dict[str, str]:
    losses = HEAD_KINDS[head["kind"]].losses
    return {loss: LOSS_WORDS.get(loss, loss) for loss in losses}


def _metrics(head: Plain) -> dict[str, str]:
    metrics = HEAD_KINDS[head["kind"]].available_metrics
    return {metric: METRIC_WORDS.get(metric, metric) for metric in metrics}


def _number(weight: object) -> float:
    return float(weight) if isinstance(weight, int | float) else 0.0
