"""The experiment as a text: read, edited, opened from a file and taken away."""

from __future__ import annotations

import json
from functools import lru_cache

import orjson
import streamlit as st

from mtcore.errors import ExperimentError
from mtcore.spec import parse_experiment, plain_data
from mtcore.spec.yaml_text import write_yaml
from pages.parts.boundary import ErrorBoundary
from pages.parts.design.draft import Editing, change
from pages.parts.state import (
    forget,
    held,
    hold,
    next_key,
    numbered_key,
    recall,
    remember,
)
from pages.parts.text import file_stem, plain

_MOST_BYTES = 1_000_000


def edit_as_text(editing: Editing) -> None:
    """Draw the experiment as YAML that can be edited, replaced and downloaded.

    A text that holds no experiment stays in its field with the reason below, and the
    draft stays as it was.
    """
    shown, refusal = _refused(editing) or (_as_yaml(editing), None)
    st.text_area(
        "The experiment as YAML: edit it here, or paste another one",
        shown,
        key=hold(_key(editing), shown),
        height=360,
        on_change=_take_text,
        args=(editing,),
    )
    if refusal is not None:
        st.error(plain(refusal), icon=":material/error:")
        st.button(
            "Back to the draft",
            key="discard_yaml",
            on_click=_discard,
            args=(editing,),
        )
    _show_downloads(editing)
    name = f"experiment for {editing.draft_id}"
    st.file_uploader(
        "Open an experiment file",
        type=["yaml", "yml", "json"],
        key=numbered_key(name),
        max_upload_size=1,
        on_change=_take_file,
        args=(editing, name),
    )


def _show_downloads(editing: Editing) -> None:
    stem = file_stem(str(editing.plain["name"]))
    with st.container(horizontal=True):
        st.download_button(
            "Download YAML",
            data=lambda: _as_yaml(editing),
            file_name=f"{stem}.yaml",
            mime="application/yaml",
            key="download_yaml",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Download JSON",
            data=lambda: json.dumps(editing.plain, indent=2, ensure_ascii=False),
            file_name=f"{stem}.json",
            mime="application/json",
            key="download_json",
            icon=":material/download:",
            on_click="ignore",
        )


def _as_yaml(editing: Editing) -> str:
    return _yaml_of(orjson.dumps(editing.plain))


@lru_cache(maxsize=64)
def _yaml_of(content: bytes) -> str:
    """Return an experiment as YAML; writing it takes longer than a rerun should."""
    return write_yaml(orjson.loads(content))


def _take_text(editing: Editing) -> None:
    with ErrorBoundary():
        _take(editing, held(_key(editing), ""))


def _take_file(editing: Editing, name: str) -> None:
    with ErrorBoundary():
        uploaded = held(numbered_key(name), None)
        next_key(name)()
        if uploaded is not None:
            content = uploaded.read(_MOST_BYTES)
            _take(editing, content.decode("utf-8-sig", errors="replace"))


def _take(editing: Editing, text: str) -> None:
    """Make a text the draft, or keep it as refused with the reason."""
    try:
        experiment = parse_experiment(text)
    except ExperimentError as error:
        remember(_refused_name(editing), (text, error.message))
        return
    forget(_refused_name(editing))
    change(editing, plain_data(experiment))


def _discard(editing: Editing) -> None:
    forget(_refused_name(editing))


def _refused(editing: Editing) -> tuple[str, str] | None:
    found: tuple[str, str] | None = recall(_refused_name(editing), None)
    return found


def _refused_name(editing: Editing) -> str:
    return f"refused text for {editing.draft_id}"


def _key(editing: Editing) -> str:
    return f"yaml:{editing.draft_id}"
