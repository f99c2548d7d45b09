"""Which runs the table of Compare lists: by words, labels, data, and the archive."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mtcore.runs.store.run import Run
from pages.parts.address import read_parameter, read_parameters, write_parameter
from pages.parts.boundary import ErrorBoundary
from pages.parts.state import held, hold
from pages.parts.text import count_of, visible

WORDS, LABELS, DATA, ARCHIVED = "words", "label", "data", "archived"
_ON = "yes"


def filter_runs(runs: Sequence[Run]) -> list[Run]:
    """Draw the filters, which the address remembers, and return what they let through.

    Args:
        runs: All runs, those in the archive too.
    """
    labels = sorted({label for run in runs for label in run.labels})
    datasets = {run.dataset_id: run.dataset_name for run in runs}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = _ask_words()
        chosen = _ask_several("Labels", LABELS, {label: label for label in labels})
        data = _ask_several("Data", DATA, datasets if len(datasets) > 1 else {})
        archived = _ask_archived(sum(run.archived for run in runs))
    found = [
        run
        for run in runs
        if run.archived <= archived
        and matches(run, words)
        and set(chosen) <= set(run.labels)
        and (not data or run.dataset_id in data)
    ]
    if len(found) < len(runs):
        st.caption(f"{len(found):,} of {count_of(len(runs), 'run')} are listed.")
    return found


def matches(run: Run, words: str) -> bool:
    """Return whether a run's name, data, heads, labels or note hold all the words."""
    heads = [head.name for head in run.experiment.heads]
    texts = (run.name, run.dataset_name, *heads, *run.labels, run.note, run.id)
    where = "\n".join(texts).casefold()
    return all(word in where for word in words.casefold().split())


def _ask_words() -> str:
    words = read_parameter(WORDS) or ""
    key = "filter_words"
    st.text_input(
        "Find",
        value=words,
        key=hold(key, words),
        placeholder="name, data, head, label or note",
        max_chars=200,
        width=300,
        on_change=lambda: _store(WORDS, key),
    )
    return words


def _ask_several(label: str, parameter: str, names: dict[str, str]) -> list[str]:
    """Draw a choice of several, where there is any; nothing chosen lets all through."""
    asked = read_parameters(parameter)
    chosen = [value for value in asked if value in names]
    if not names:
        return []
    key = f"filter_{parameter}"
    st.multiselect(
        label,
        list(names),
        default=chosen,
        format_func=lambda value: visible(names[value], 40),
        key=hold(key, chosen),
        on_change=lambda: _store(parameter, key),
        width=260,
    )
    return chosen


def _ask_archived(count: int) -> bool:
    """Draw the switch that shows the archive, where there is anything in it."""
    wanted = read_parameter(ARCHIVED) == _ON
    if not count:
        return False
    key = "filter_archived"
    st.toggle(
        f"Archive ({count:,})",
        value=wanted,
        key=hold(key, wanted),
        on_change=lambda: write_parameter(
            ARCHIVED, _ON if held(key, default=False) else None
        ),
    )
    return wanted


def _store(parameter: str, key: str) -> None:
    with ErrorBoundary():
        given: str | list[str] = held(key, "")
        write_parameter(parameter, given or None)
