"""Ranges beside the answers of a what-if question."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from mtcore.evaluation.conformal import Bounds, Intervals, Ranges, Sets, bounds_of
from mtcore.spec import (
    CountHead,
    Experiment,
    Head,
    MultilabelHead,
    TargetEncoding,
)
from mtcore.spec.intervals import LEVELS, Wanted
from pages.parts.run_words import in_steps_of
from pages.parts.text import phrase, visible

_MOST_CELLS = 4


def choose_range(intervals: Intervals | None) -> Wanted | None:
    """Draw the choice of ranges; nothing for runs that were judged without them."""
    if intervals is None:
        return None
    level = st.selectbox(
        "Ranges that hold in",
        LEVELS,
        index=1,
        format_func=lambda level: f"{100 * level:g} % ranges",
        key="what_if_level",
        label_visibility="collapsed",
        help="Calibrated on test rows. They hold for rows like those, not for values "
        "that were never seen in training.",
        width=160,
    )
    joint = len(intervals.heads) > 1 and st.toggle(
        "that hold for all heads at once", key="what_if_joint", width="content"
    )
    return Wanted(level, joint)


def range_notes(
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    intervals: Intervals,
    wanted: Wanted,
    answers: Mapping[str, Sequence[float]],
) -> dict[str, str]:
    """Return each head's range or set in words, as they are to be read.

    Args:
        experiment: Names the heads.
        encodings: What each head learned about its targets.
        intervals: Of the run.
        wanted: Which ranges.
        answers: Decoded outputs `(width,)` of one row by the head's name.
    """
    notes = {}
    for head in experiment.heads:
        encoding = encodings[head.name]
        outputs = np.asarray(answers[head.name], dtype=np.float64)[np.newaxis]
        reach = intervals.reach_of(head.name, wanted)
        bounds = bounds_of(head, encoding, outputs, reach)
        kind = "range" if isinstance(bounds, Ranges) else "set"
        words = _words(head, encoding, bounds)
        if None in reach:
            words = "too few test rows to tell"
        notes[head.name] = f"{100 * wanted.level:g} % {kind}: {words}"
    return notes


def _words(head: Head, encoding: TargetEncoding, bounds: Bounds) -> str:
    match bounds:
        case Ranges():
            ends = zip(bounds.low[0], bounds.high[0], strict=True)
            # Ranges of counts end at whole numbers.
            step = 100.0 if isinstance(head, CountHead) else encoding.scale[0]
            return _cells(head, [_ends(*pair, step) for pair in ends])
        case Sets() if isinstance(head, MultilabelHead):
            return _cells(head, [_yes_or_no(one) for one in bounds.members[0]])
        case Sets():
            chosen = [
                name
                for name, held in zip(
                    encoding.classes, bounds.members[0, 0], strict=True
                )
                if held
            ]
            if len(chosen) == len(encoding.classes) > 2:
                return f"any of the {len(chosen)} classes"
            return phrase([visible(name, 40) for name in chosen], "or")


def _cells(head: Head, words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    shown = [
        f"{visible(name, 30)} {text}"
        for name, text in zip(head.columns, words, strict=True)
    ][:_MOST_CELLS]
    more = len(words) - len(shown)
    return " · ".join(shown) + (f" · and {more} more" if more else "")


def _ends(low: float, high: float, step: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return "any"
    return f"{in_steps_of(low, step)} to {in_steps_of(high, step)}"


def _yes_or_no(members: Sequence[bool]) -> str:
    no, yes = members
    return "yes or no" if no and yes else "yes" if yes else "no"
