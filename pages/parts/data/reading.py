"""How a file was read: the verdict, and what was left out."""

from __future__ import annotations

import re
from collections import Counter
from typing import NoReturn

import pandas as pd
import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.reading.report import Choice, ReadingReport
from mtcore.runs.workspace import Workspace
from mtcore.spec import Reading
from pages.parts.address import go_to
from pages.parts.tables import fitting_height
from pages.parts.text import count_of, listed, plain, visible

_MOST_WARNINGS = 5
_MOST_BUTTONS = 4
# What a choice is about, and the field that settles it.
_FIELDS = {
    "delimiter": "delimiter",
    "encoding": "encoding",
    "sheet": "sheet",
    "table": "sheet",
}
_MARKER = re.compile(r"missing marker (\S+) in ")
_LETTERS = {"tab": "\t", "blank": " "}
_FEW_LINES = 6


def show_verdict(workspace: Workspace, dataset: Dataset, report: ReadingReport) -> None:
    """Say in one line what came of the file, and draw warnings and choices below."""
    left_out = len(report.left_out)
    size = (
        f"{count_of(report.rows, 'row')} and {count_of(len(report.columns), 'column')}"
    )
    rest = f" {count_of(left_out, 'line')} left out, listed below." if left_out else ""
    match report.outcome:
        case "import" if not left_out and not report.choices:
            st.success(f"Read without a doubt: {size}.", icon=":material/check_circle:")
        case "import_with_warning":
            st.warning(f"Read: {size}.{rest}", icon=":material/info:")
        case _:
            st.info(
                f"Read: {size}.{rest} The file leaves something open: see below how "
                "it was taken.",
                icon=":material/help:",
            )
    for warning in report.warnings[:_MOST_WARNINGS]:
        st.markdown(f":material/warning: {plain(warning)}")
    more = report.warnings[_MOST_WARNINGS:]
    if more:
        with st.expander(f"{count_of(len(more), 'more warning')}"):
            for warning in more:
                st.markdown(f":material/warning: {plain(warning)}")
    for choice in report.choices:
        _show_choice(workspace, dataset, choice)
    if report.suggested_missing:
        st.markdown(
            f":material/lightbulb: Design counts {listed(report.suggested_missing)} as "
            "missing unless you change it there."
        )


def show_left_out(report: ReadingReport) -> None:
    """List every line that gave no row, with its number and the reason."""
    if not report.left_out:
        return
    with st.expander(
        f"{count_of(len(report.left_out), 'line')} left out: {_reasons(report)}",
        icon=":material/content_cut:",
        expanded=len(report.left_out) <= _FEW_LINES,
    ):
        st.dataframe(
            pd.DataFrame(
                {
                    "Line": [entry.line for entry in report.left_out],
                    "Why": [visible(entry.reason, 300) for entry in report.left_out],
                }
            ),
            hide_index=True,
            height=fitting_height(len(report.left_out)),
            column_config={"Line": st.column_config.NumberColumn(width="small")},
            alt="Every line of the file that gave no row, and why.",
        )


def _reasons(report: ReadingReport) -> str:
    """Return why lines were left out, the most frequent reasons first."""
    reasons = Counter(entry.reason for entry in report.left_out).most_common()
    named = [f"{plain(reason, 80)} ({count:,})" for reason, count in reasons[:2]]
    more = [count_of(len(reasons) - 2, "more reason")] if len(reasons) > 2 else []
    return ", ".join([*named, *more])


def _show_choice(workspace: Workspace, dataset: Dataset, choice: Choice) -> None:
    """Draw what the file leaves open, with a button for each other way to read it."""
    others = (
        f" It could also be {listed(list(choice.others))}." if choice.others else ""
    )
    field = _FIELDS.get(choice.about)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/help: **{plain(choice.about)}**: taken as "
            f"{plain(choice.taken)}.{others}",
            width="content",
        )
        marker = _MARKER.match(choice.about)
        if marker and st.button(
            f"Count {plain(marker[1], 20)} as missing",
            key=f"missing:{dataset.id}:{marker[1]}",
            icon=":material/refresh:",
        ):
            missing = (*dataset.missing, marker[1])
            read_again(workspace, dataset, dataset.reading, missing)
        for other in choice.others[:_MOST_BUTTONS] if field else ():
            if st.button(
                f"Take {plain(other, 30)}",
                key=f"take:{dataset.id}:{choice.about}:{other}",
                icon=":material/refresh:",
            ):
                reading = Reading.model_validate({field: _LETTERS.get(other, other)})
                read_again(workspace, dataset, reading)


def read_again(
    workspace: Workspace,
    dataset: Dataset,
    asked: Reading,
    missing: tuple[str, ...] = (),
) -> NoReturn:
    """Read the file as a person says, and open what came of it."""
    with st.spinner("Reading the file again"):
        read = workspace.import_file(
            dataset.original, asked, missing, name=dataset.name
        )
    go_to("Data", dataset=read.id)
