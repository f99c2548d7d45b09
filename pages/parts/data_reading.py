"""How a file was read: the verdict, what was left out, and how to correct it."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from mtcore.data.library import Dataset
from mtcore.data.reading.report import Choice, ReadingReport
from mtcore.runs.workspace import Workspace
from mtcore.spec import Reading
from pages.parts.address import go_to
from pages.parts.data_columns import table_height
from pages.parts.text import count_of, listed, plain, visible

_DELIMITERS = {
    ",": "Comma ,",
    ";": "Semicolon ;",
    "\t": "Tab",
    "|": "Bar |",
    " ": "Space",
}
_DECIMALS = {".": "Point 1.5", ",": "Comma 1,5"}
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western (cp1252)",
    "latin-1": "Western (latin-1)",
    "cp1250": "Central European (cp1250)",
    "cp1251": "Cyrillic (cp1251)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
}
_MOST_WARNINGS = 5
_FEW_LINES = 6


def show_verdict(report: ReadingReport) -> None:
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
        _show_choice(choice)
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
            height=table_height(len(report.left_out)),
            column_config={"Line": st.column_config.NumberColumn(width="small")},
            alt="Every line of the file that gave no row, and why.",
        )


def _reasons(report: ReadingReport) -> str:
    """Return why lines were left out, the most frequent reasons first."""
    reasons = Counter(entry.reason for entry in report.left_out).most_common()
    named = [f"{plain(reason, 80)} ({count:,})" for reason, count in reasons[:2]]
    more = [count_of(len(reasons) - 2, "more reason")] if len(reasons) > 2 else []
    return ", ".join([*named, *more])


def correct_reading(
    workspace: Workspace, dataset: Dataset, report: ReadingReport
) -> None:
    """Draw how the file was taken apart, and read it again as people say."""
    found = report.dialect
    if report.sheets:
        _choose_sheet(workspace, dataset, report)
    if found.encoding is None:
        if found.sheet is not None:
            return
        st.caption("A Parquet file says itself how it is to be read.")
        return
    with st.form(f"reading:{dataset.id}", border=False):
        fields = st.columns(5)
        with fields[0]:
            delimiter = _choose(dataset, "Delimiter", found.delimiter, _DELIMITERS)
        with fields[1]:
            decimal = _choose(dataset, "Decimal mark", found.decimal, _DECIMALS)
        with fields[2]:
            encoding = _choose(dataset, "Encoding", found.encoding, _ENCODINGS)
        with fields[3]:
            header_line = st.number_input(
                "Header in line",
                min_value=0,
                value=found.header_line or 0,
                key=f"header:{dataset.id}",
                help="0 = there is no header, and columns get names of our own.",
            )
        with fields[4]:
            missing = st.multiselect(
                "Count as missing",
                list(report.suggested_missing),
                accept_new_options=True,
                key=f"missing:{dataset.id}",
                placeholder="such as -999",
                help="Besides empty cells, NA, N/A, null and NaN.",
            )
        again = st.form_submit_button("Read the file again", icon=":material/refresh:")
    if again:
        reading = Reading.model_validate(
            {
                "delimiter": delimiter,
                "decimal": decimal,
                "encoding": encoding,
                "header_line": header_line,
                "sheet": found.sheet,
            }
        )
        with st.spinner("Reading the file again"):
            read = workspace.import_file(
                dataset.original, reading, tuple(missing), name=dataset.name
            )
        go_to("Data", dataset=read.id)


def _choose_sheet(
    workspace: Workspace, dataset: Dataset, report: ReadingReport
) -> None:
    """Draw a menu of the sheets or tables that the file holds."""
    names, taken = list(report.sheets), report.dialect.sheet
    chosen = st.selectbox(
        "Sheet or table",
        names,
        index=names.index(taken) if taken in names else 0,
        format_func=lambda name: visible(name, 80),
        key=f"sheet:{dataset.id}",
    )
    if chosen != taken:
        with st.spinner("Reading the file again"):
            read = workspace.import_file(
                dataset.original, Reading(sheet=chosen), name=dataset.name
            )
        go_to("Data", dataset=read.id)


def _choose(
    dataset: Dataset, label: str, found: str | None, words: dict[str, str]
) -> str | None:
    """Draw a menu that starts with what was found; None is left to be found."""
    values: list[str | None] = [None, *words]
    if found not in values:
        values.append(found)
    return st.selectbox(
        label,
        values,
        index=values.index(found),
        format_func=lambda value: (
            "Find it" if value is None else words.get(value, visible(value, 20))
        ),
        key=f"{label}:{dataset.id}",
    )


def _show_choice(choice: Choice) -> None:
    others = (
        f" It could also be {listed(list(choice.others))}." if choice.others else ""
    )
    st.markdown(
        f":material/help: **{plain(choice.about)}**: taken as {plain(choice.taken)}."
        f"{others}"
    )
