"""What all heads answer to a what-if question, beside the row it started from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from mtcore.charts.style import head_colour
from mtcore.evaluation.wording import MINUS
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Experiment,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)
from mtcore.spec.heads.ordinal import likely_ranks
from mtcore.spec.heads.quantile import middle_level
from pages.parts.head_marks import head_card, show_head_name
from pages.parts.run_words import in_steps_of, percent
from pages.parts.text import plain, visible

Answer = Sequence[float]
"""One head's decoded outputs for one row."""

_CARDS_A_ROW = 4
_MOST_CLASSES = 3
_SAME = 5e-4


def show_answers(
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    start: Mapping[str, Answer],
    now: Mapping[str, Answer],
    notes: Mapping[str, Sequence[str]],
) -> None:
    """Draw a card a head: its answer now, and the change against the start.

    Args:
        experiment: Names the heads.
        encodings: What each head learned about its targets.
        start: Answers for the row as it is.
        now: Answers for the row as it was changed.
        notes: What stands below each head's answer, already safe to show.
    """
    heads = experiment.heads
    wide = min(len(heads), _CARDS_A_ROW)
    for first in range(0, len(heads), wide):
        columns = st.columns(wide, gap="small")
        for place, head in enumerate(heads[first : first + wide]):
            with columns[place], head_card(first + place, "answer"):
                show_head_name(first + place, head.name)
                _show_answer(
                    head,
                    encodings[head.name],
                    start[head.name],
                    now[head.name],
                    head_colour(first + place),
                )
                for note in notes[head.name]:
                    st.caption(note)


def _show_answer(
    head: Head, encoding: TargetEncoding, start: Answer, now: Answer, colour: str
) -> None:
    match head:
        case RegressionHead() if len(head.columns) == 1:
            _show_number(encoding.scale[0], start[0], now[0])
            if head.gives_deviation:
                spread = in_steps_of(now[1], encoding.scale[0])
                st.caption(f"Standard deviation {spread}")
        case RegressionHead():
            _show_numbers(head, encoding, start, now)
        case BinaryHead():
            _show_chance(encoding, start[0], now[0])
        case MulticlassHead():
            _show_classes(encoding, start, now, colour)
        case MultilabelHead():
            _show_labels(encoding, start, now, colour)
        case CountHead():
            _show_number(encoding.scale[0], start[0], now[0])
        case QuantileHead():
            _show_range(encoding, start, now)
        case OrdinalHead():
            _show_ranks(encoding, start, now, colour)


def _show_number(scale: float, start: float, now: float) -> None:
    _metric(in_steps_of(now, scale), now - start, in_steps_of(abs(now - start), scale))


def _show_numbers(
    head: RegressionHead, encoding: TargetEncoding, start: Answer, now: Answer
) -> None:
    lines = [
        (
            visible(column, 40),
            in_steps_of(now[place], scale),
            _signed(now[place] - start[place], scale),
        )
        for place, (column, scale) in enumerate(
            zip(head.columns, encoding.scale, strict=True)
        )
    ]
    _show_lines(pd.DataFrame(lines, columns=["Column", "Answer", "Change"]))


def _show_chance(encoding: TargetEncoding, start: float, now: float) -> None:
    negative, positive = encoding.classes
    st.caption(f"Probability of {plain(positive, 40)}")
    _metric(percent(now), now - start, f"{100 * abs(now - start):.1f} points")
    answer = positive if now >= 0.5 else negative
    st.markdown(f"→ **{plain(answer, 40)}**")


def _show_classes(
    encoding: TargetEncoding, start: Answer, now: Answer, colour: str
) -> None:
    order = sorted(range(len(now)), key=lambda place: -now[place])
    first = order[0]
    before = max(range(len(start)), key=lambda place: start[place])
    words = "Likeliest class"
    if before != first:
        words += f", was {plain(encoding.classes[before], 40)}"
    st.caption(words)
    _metric(
        f"{plain(encoding.classes[first], 40)} {percent(now[first])}",
        now[first] - start[first],
        f"{100 * abs(now[first] - start[first]):.1f} points",
    )
    _show_chances(encoding.classes, order[1:], start, now, colour)


def _show_range(encoding: TargetEncoding, start: Answer, now: Answer) -> None:
    levels, scale = encoding.levels, encoding.scale[0]
    middle = middle_level(levels)
    st.caption(f"{100 * levels[middle]:g} % level")
    _show_number(scale, start[middle], now[middle])
    rest = [place for place in range(len(levels)) if place != middle]
    shown = [f"{100 * levels[p]:g} %: {in_steps_of(now[p], scale)}" for p in rest]
    if shown:
        st.caption(" · ".join(shown))


def _show_ranks(
    encoding: TargetEncoding, start: Answer, now: Answer, colour: str
) -> None:
    before, rank = likely_ranks(np.asarray([start, now])).tolist()
    words = f"Rank {rank + 1} of {len(now)}"
    if before != rank:
        words += f", was {plain(encoding.classes[before], 40)}"
    st.caption(words)
    _metric(
        f"{plain(encoding.classes[rank], 40)} {percent(now[rank])}",
        now[rank] - start[rank],
        f"{100 * abs(now[rank] - start[rank]):.1f} points",
    )
    order = sorted(range(len(now)), key=lambda place: -now[place])
    others = [place for place in order if place != rank]
    _show_chances(encoding.classes, others, start, now, colour)


def _show_labels(
    encoding: TargetEncoding, start: Answer, now: Answer, colour: str
) -> None:
    holding = [
        plain(name, 30)
        for name, chance in zip(encoding.classes, now, strict=True)
        if chance >= 0.5
    ]
    st.caption("Labels that hold")
    st.markdown(f"**{', '.join(holding) or 'none'}**")
    order = sorted(range(len(now)), key=lambda place: -now[place])
    _show_chances(encoding.classes, order, start, now, colour)


def _show_chances(
    names: Sequence[str],
    order: Sequence[int],
    start: Answer,
    now: Answer,
    colour: str,
) -> None:
    """Write the largest probabilities in a line; all of them are one click away."""
    shown = [
        f"{plain(names[place], 30)} {percent(now[place])}{_moved(start, now, place)}"
        for place in order[:_MOST_CLASSES]
    ]
    st.caption(" · ".join(shown))
    if len(order) <= _MOST_CLASSES:
        return
    with st.popover(f"All {len(names)} probabilities", type="tertiary"):
        lines = [
            (visible(name, 40), 100 * now[place], _points(now[place] - start[place]))
            for place, name in enumerate(names)
        ]
        _show_bars(pd.DataFrame(lines, columns=["", "Probability", "Change"]), colour)


def _moved(start: Answer, now: Answer, place: int) -> str:
    points = _points(now[place] - start[place])
    return "" if points == "=" else f" ({points})"


def _metric(value: str, difference: float, size: str) -> None:
    """Draw a value, and how far it moved; up is neither good nor bad."""
    moved = float(size.split()[0].replace(",", "")) != 0
    st.metric(
        "Answer",
        value,
        delta=size if moved else "no change",
        delta_color="primary" if moved else "off",
        delta_arrow=("up" if difference > 0 else "down") if moved else "off",
        label_visibility="collapsed",
    )


def _show_lines(frame: pd.DataFrame) -> None:
    st.dataframe(frame, hide_index=True, alt="Answer by column", height="content")


def _show_bars(frame: pd.DataFrame, colour: str) -> None:
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        column_config={
            "Probability": st.column_config.ProgressColumn(
                "Probability",
                min_value=0,
                max_value=100,
                format="%.0f %%",
                color=colour,
            )
        },
        alt="Probability by class or label",
    )


def _signed(difference: float, scale: float) -> str:
    size = in_steps_of(abs(difference), scale)
    if float(size.replace(",", "")) == 0:
        return "="
    return f"{'+' if difference > 0 else MINUS}{size}"


def _points(difference: float) -> str:
    if abs(difference) < _SAME:
        return "="
    return f"{'+' if difference > 0 else MINUS}{100 * abs(difference):.1f}"
