"""How a file was taken apart, and a wrong guess put right with the preview at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mtcore.data.library.library import Dataset
from mtcore.data.reading.preview import (
    ReadingPreview,
    can_be_previewed,
    preview_reading,
)
from mtcore.data.reading.report import Dialect, ReadingReport
from mtcore.runs.workspace import Workspace
from mtcore.spec import Reading
from pages.parts.boundary import ErrorBoundary
from pages.parts.data.reading import read_again
from pages.parts.text import count_of, plain, visible

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
_OPEN = ("Delimiter", "Encoding")
_HEIGHT_PX = 248


def correct_reading(
    workspace: Workspace, dataset: Dataset, report: ReadingReport
) -> bool:
    """Draw how the file was taken apart, and what another way would give.

    Returns:
        Whether another way is being tried, and its preview stands on the page.
    """
    found = report.dialect
    if found.encoding is None and not report.sheets:
        st.caption("A Parquet file says itself how it is to be read.")
        return False
    open_question = report.outcome != "import"
    with st.expander(
        f"How it was read: {_in_words(found)}",
        icon=":material/tune:",
        expanded=open_question,
        key=f"reading:{dataset.id}",
    ):
        asked, missing = _edit_reading(dataset, report)
    if asked == dataset.reading and missing == dataset.missing:
        return False
    if not can_be_previewed(dataset.original):
        _offer(workspace, dataset, asked, missing)
        return False
    with ErrorBoundary():
        _show_preview(_preview(str(dataset.folder), asked, missing, dataset))
        _offer(workspace, dataset, asked, missing)
    return True


def _edit_reading(
    dataset: Dataset, report: ReadingReport
) -> tuple[Reading, tuple[str, ...]]:
    """Draw a field for each part of the dialect and return what they hold."""
    found = report.dialect
    fields: dict[str, Any] = {}
    cells = iter(st.columns(4 + bool(report.sheets) if found.encoding else 2))
    if report.sheets:
        with next(cells):
            sheets = {name: visible(name, 80) for name in report.sheets}
            fields["sheet"] = _choose(dataset, "Sheet or table", found.sheet, sheets)
    if found.encoding is not None:
        menus = (
            ("delimiter", "Delimiter", found.delimiter, _DELIMITERS),
            ("decimal", "Decimal mark", found.decimal, _DECIMALS),
            ("encoding", "Encoding", found.encoding, _ENCODINGS),
        )
        for field, label, value, words in menus:
            with next(cells):
                fields[field] = _choose(dataset, label, value, words)
    with next(cells):
        fields["header_line"] = st.number_input(
            "Header in line",
            min_value=0,
            value=found.header_line or 0,
            key=f"header:{dataset.id}",
            help="0 = there is no header, and columns get names of our own.",
        )
    missing = st.multiselect(
        "Count as missing",
        list(dict.fromkeys((*dataset.missing, *report.suggested_missing))),
        list(dataset.missing),
        accept_new_options=True,
        key=f"missing:{dataset.id}",
        placeholder="such as -999",
        help="Besides empty cells, NA, N/A, null and NaN.",
    )
    typed = fields.get("delimiter")
    if typed:
        fields["delimiter"] = typed[:1]
    # What was said of one sheet says nothing about another.
    other = fields.get("sheet", found.sheet) != found.sheet
    told = Reading() if other else dataset.reading
    return _asked(told, found, fields), tuple(missing)


def _choose(
    dataset: Dataset, label: str, found: str | None, words: Mapping[str, str]
) -> str | None:
    """Draw a menu that starts with what was found; None is left to be found.

    A letter or an encoding that is not in the menu can be typed in.
    """
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
        accept_new_options=label in _OPEN,
    )


def _show_preview(preview: ReadingPreview) -> None:
    """Draw the first rows as they would be read."""
    columns = count_of(len(preview.report.columns), "column")
    rows = count_of(preview.report.rows, "row")
    part = "the file" if preview.whole else "the first lines"
    st.info(
        f"So read, {part} would give {columns} and {rows}. Nothing has changed yet.",
        icon=":material/visibility:",
    )
    st.dataframe(
        preview.rows,
        height=_HEIGHT_PX,
        hide_index=True,
        alt="The first rows of the file as they would be read.",
    )


def _offer(
    workspace: Workspace, dataset: Dataset, asked: Reading, missing: tuple[str, ...]
) -> None:
    if st.button(
        "Read the file like this",
        key=f"read_again:{dataset.id}",
        icon=":material/refresh:",
    ):
        read_again(workspace, dataset, asked, missing)


def _asked(told: Reading, found: Dialect, fields: Mapping[str, Any]) -> Reading:
    """Return what a person says: the fields that differ, and what was said before.

    The others are found anew, as a wrong delimiter may have led to a wrong header.
    """
    shown = {
        "delimiter": found.delimiter,
        "decimal": found.decimal,
        "encoding": found.encoding,
        "header_line": found.header_line or 0,
        "sheet": found.sheet,
    }
    changed = {field: value for field, value in fields.items() if value != shown[field]}
    return told.model_copy(update=changed)


def _in_words(found: Dialect) -> str:
    """Return how a file was taken apart as a phrase in Markdown."""
    header = found.header_line
    parts = [
        f"sheet {plain(found.sheet, 40)}" if found.sheet else "",
        _word(found.delimiter, _DELIMITERS),
        _word(found.decimal, _DECIMALS, "decimal"),
        "" if found.encoding is None else plain(found.encoding, 20),
        f"names in line {header:,}" if header else "no names",
    ]
    return ", ".join(part for part in parts if part)


def _word(value: str | None, words: Mapping[str, str], what: str = "") -> str:
    """Return a field's value in a word, its sample or its letter left out."""
    if value is None:
        return ""
    word = words[value].split()[0].lower() if value in words else plain(value, 20)
    return f"{what} {word}".strip()


@st.cache_resource(max_entries=16, show_spinner=False)
def _preview(
    folder: str, asked: Reading, missing: tuple[str, ...], _dataset: Dataset
) -> ReadingPreview:
    del folder
    return preview_reading(_dataset.original, asked, missing, _dataset.name)
