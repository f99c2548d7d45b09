"""What all heads answer to a what-if question, beside the row it started from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

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
from pages.parts.head_cards import HeadCard, show_head_cards
from pages.parts.run_words import in_steps_of, percent
from pages.parts.text import plain, visible

Answer = Sequence[float]
"""One head's decoded outputs for one row."""

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
        notes: What stands below each head's answer.
    """
    cards = [
        _answered(
            HeadCard(position, head.name),
            head,
            encodings[head.name],
            start[head.name],
            now[head.name],
        )
        for position, head in enumerate(experiment.heads)
    ]
    show_head_cards(
        [replace(card, notes=(*card.notes, *notes[card.name])) for card in cards]
    )
    _show_all_chances(experiment, encodings, start, now)


def _answered(
    card: HeadCard, head: Head, encoding: TargetEncoding, start: Answer, now: Answer
) -> HeadCard:
    """Return a head's card with its answer."""
    match head:
        case RegressionHead() if len(head.columns) == 1:
            if head.gives_deviation:
                spread = in_steps_of(now[1], encoding.scale[0])
                card = replace(card, notes=(f"Standard deviation {spread}",))
            return _with_number(card, encoding.scale[0], start[0], now[0])
        case RegressionHead():
            return replace(card, table=_lines(head, encoding, start, now))
        case BinaryHead():
            return _with_chance(card, encoding, start[0], now[0])
        case MulticlassHead():
            return _with_class(card, encoding, start, now)
        case MultilabelHead():
            return _with_labels(card, encoding, start, now)
        case CountHead():
            return _with_number(card, encoding.scale[0], start[0], now[0])
        case QuantileHead():
            return _with_levels(card, encoding, start, now)
        case OrdinalHead():
            return _with_rank(card, encoding, start, now)


def _with_number(card: HeadCard, scale: float, start: float, now: float) -> HeadCard:
    size = in_steps_of(abs(now - start), scale)
    return _moved(replace(card, value=in_steps_of(now, scale)), now - start, size)


def _lines(
    head: RegressionHead, encoding: TargetEncoding, start: Answer, now: Answer
) -> tuple[tuple[str, ...], ...]:
    """Return a line a column of a head with several."""
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
    return (("Column", "Answer", "Change"), *lines)


def _with_chance(
    card: HeadCard, encoding: TargetEncoding, start: float, now: float
) -> HeadCard:
    negative, positive = encoding.classes
    answer = positive if now >= 0.5 else negative
    card = replace(
        card,
        about=f"Probability of {visible(positive, 40)}",
        value=percent(now),
        sentence=f"→ {visible(answer, 40)}",
    )
    return _moved(card, now - start, f"{100 * abs(now - start):.1f} points")


def _with_class(
    card: HeadCard, encoding: TargetEncoding, start: Answer, now: Answer
) -> HeadCard:
    order = _likeliest_first(now)
    before = _likeliest_first(start)[0]
    about = "Likeliest class"
    if before != order[0]:
        about += f", was {visible(encoding.classes[before], 40)}"
    return _with_chances(replace(card, about=about), encoding, order, start, now)


def _with_rank(
    card: HeadCard, encoding: TargetEncoding, start: Answer, now: Answer
) -> HeadCard:
    before, rank = likely_ranks(np.asarray([start, now])).tolist()
    about = f"Rank {rank + 1} of {len(now)}"
    if before != rank:
        about += f", was {visible(encoding.classes[before], 40)}"
    order = [rank, *(place for place in _likeliest_first(now) if place != rank)]
    return _with_chances(replace(card, about=about), encoding, order, start, now)


def _with_chances(
    card: HeadCard,
    encoding: TargetEncoding,
    order: Sequence[int],
    start: Answer,
    now: Answer,
) -> HeadCard:
    """Return a card with the first of some classes, and the next ones below it."""
    first = order[0]
    card = replace(
        card,
        value=f"{visible(encoding.classes[first], 40)} {percent(now[first])}",
        notes=(_chances(encoding.classes, order[1:], start, now),),
    )
    change = now[first] - start[first]
    return _moved(card, change, f"{100 * abs(change):.1f} points")


def _with_levels(
    card: HeadCard, encoding: TargetEncoding, start: Answer, now: Answer
) -> HeadCard:
    levels, scale = encoding.levels, encoding.scale[0]
    middle = middle_level(levels)
    rest = [place for place in range(len(levels)) if place != middle]
    shown = [f"{100 * levels[p]:g} %: {in_steps_of(now[p], scale)}" for p in rest]
    card = replace(
        card,
        about=f"{100 * levels[middle]:g} % level",
        notes=(" · ".join(shown),) if shown else (),
    )
    return _with_number(card, scale, start[middle], now[middle])


def _with_labels(
    card: HeadCard, encoding: TargetEncoding, start: Answer, now: Answer
) -> HeadCard:
    holding = [
        visible(name, 30)
        for name, chance in zip(encoding.classes, now, strict=True)
        if chance >= 0.5
    ]
    order = _likeliest_first(now)
    return replace(
        card,
        about="Labels that hold",
        value=", ".join(holding) or "none",
        notes=(_chances(encoding.classes, order, start, now),),
    )


def _chances(
    names: Sequence[str], order: Sequence[int], start: Answer, now: Answer
) -> str:
    """Return the largest probabilities as a line."""
    shown = []
    for place in order[:_MOST_CLASSES]:
        points = _points(now[place] - start[place])
        moved = "" if points == "=" else f" ({points})"
        shown.append(f"{visible(names[place], 30)} {percent(now[place])}{moved}")
    return " · ".join(shown)


def _moved(card: HeadCard, difference: float, size: str) -> HeadCard:
    """Return a card that tells how far its value moved; up is neither good nor bad."""
    if float(size.split()[0].replace(",", "")) == 0:
        return replace(card, beside="no change")
    return replace(card, moved=f"{'↑' if difference > 0 else '↓'} {size}")


def _show_all_chances(
    experiment: Experiment,
    encodings: Mapping[str, TargetEncoding],
    start: Mapping[str, Answer],
    now: Mapping[str, Answer],
) -> None:
    """Draw a button for each head with more classes than its card has room for."""
    wide = [*_with_more_classes(experiment, encodings)]
    if not wide:
        return
    with st.container(horizontal=True):
        for position, head in wide:
            names = encodings[head.name].classes
            words = f"All {len(names)} probabilities of {plain(head.name, 40)}"
            with st.popover(words, type="tertiary"):
                chances = zip(names, start[head.name], now[head.name], strict=True)
                lines = [
                    (visible(name, 40), 100 * after, _points(after - before))
                    for name, before, after in chances
                ]
                frame = pd.DataFrame(lines, columns=["", "Probability", "Change"])
                _show_bars(frame, head_colour(position))


def _with_more_classes(
    experiment: Experiment, encodings: Mapping[str, TargetEncoding]
) -> Iterator[tuple[int, Head]]:
    for position, head in enumerate(experiment.heads):
        match head:
            case MulticlassHead() | OrdinalHead():
                shown = 1 + _MOST_CLASSES
            case MultilabelHead():
                shown = _MOST_CLASSES
            case _:
                continue
        if len(encodings[head.name].classes) > shown:
            yield position, head


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


def _likeliest_first(chances: Answer) -> list[int]:
    return sorted(range(len(chances)), key=lambda place: -chances[place])


def _signed(difference: float, scale: float) -> str:
    size = in_steps_of(abs(difference), scale)
    if float(size.replace(",", "")) == 0:
        return "="
    return f"{'+' if difference > 0 else MINUS}{size}"


def _points(difference: float) -> str:
    if abs(difference) < _SAME:
        return "="
    return f"{'+' if difference > 0 else MINUS}{100 * abs(difference):.1f}"
