"""The logarithmic axis of losses, with ticks whatever its range is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from mtcore.evaluation.wording import number_text

_FEWEST, _MOST = 3, 8
_STEPS = (1.0, 2.0, 5.0)


def scale_losses(figure: go.Figure, values: Sequence[float]) -> None:
    """Give a figure a logarithmic axis that holds the values and 1, and its ticks.

    Args:
        figure: Drawn already.
        values: All losses in it, above 0; 1 = the best constant prediction.
    """
    low, high = min(min(values), 1.0) * 0.97, max(max(values), 1.0) * 1.03
    # A little room on both sides, as the axis is logarithmic.
    room = (high / low) ** 0.06
    low, high = low / room, high * room
    ticks = loss_ticks(low, high)
    figure.update_yaxes(
        type="log",
        range=[math.log10(low), math.log10(high)],
        tickvals=ticks,
        ticktext=_tick_texts(ticks),
    )


def loss_ticks(low: float, high: float) -> list[float]:
    """Return ticks from low to high: 1, 2 and 5 times powers of ten, or even steps.

    Args:
        low: Above 0.
        high: Above low.

    Examples:
        >>> loss_ticks(0.008, 1.2)
        [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
        >>> loss_ticks(0.7, 1.05)
        [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05]
    """
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in (_STEPS, (1.0,)):
        ticks = [step * 10.0**power for power in decades for step in steps]
        found = [round(tick, 12) for tick in ticks if low <= tick <= high]
        if len(found) < _FEWEST:
            return _even_ticks(low, high)
        if len(found) <= _MOST:
            return found
    return found[:: math.ceil(len(found) / _MOST)]


def _tick_texts(ticks: Sequence[float]) -> list[str]:
    """Return the ticks with as many digits as tell them apart."""
    for digits in (3, 5, 7):
        texts = [number_text(tick, digits) for tick in ticks]
        if len(set(texts)) == len(texts):
            break
    return texts


def _even_ticks(low: float, high: float) -> list[float]:
    """Return multiples of a round step, of which few fit."""
    power = 10.0 ** math.floor(math.log10(high - low))
    sizes = [step * power * part for part in (0.01, 0.1, 1.0) for step in _STEPS]
    step = next(size for size in sizes if _steps_within(low, high, size) <= _MOST)
    first = math.ceil(low / step)
    return [
        round((first + place) * step, 12)
        for place in range(_steps_within(low, high, step))
    ]


def _steps_within(low: float, high: float, step: float) -> int:
    return math.floor(high / step) - math.ceil(low / step) + 1
