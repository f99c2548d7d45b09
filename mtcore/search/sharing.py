"""Did sharing help? Each head trained with the others, beside its single-task twins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtcore.evaluation.wording import MINUS, count_text
from mtcore.runs.store.study import Point
from mtcore.search.judging import error_words, errors_of, judged_by
from mtcore.spec import Experiment

SURE = 0.95
# An interval that lies within these bounds is no difference worth a change.
NEGLIGIBLE = 0.01
# Smaller changes are written as none.
SMALLEST = 5e-4

Outcome = Literal["helps", "hurts", "same", "open", "unknown"]


@dataclass(frozen=True, slots=True)
class Gain:
    """How much lower an error is in one group of trainings than in another.

    Args:
        value: Share of the reference's mean error; above 0 = lower than there.
        low: Lower end of the 95 % interval; None where one training a group says
            nothing about chance.
        high: Upper end.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class HeadSharing:
    """One head with the others and alone.

    Args:
        head: Its name.
        together: Its error in each network that all heads share.
        alone: Its error in each twin.
        gain: How much lower its error is with the others; None while not known.
        outcome: What the interval says.
        sentence: The same in words, without the head's name in it.
    """

    head: str
    together: tuple[float, ...]
    alone: tuple[float, ...]
    gain: Gain | None
    outcome: Outcome
    sentence: str


def gain_of(errors: Sequence[float], reference: Sequence[float]) -> Gain | None:
    """Return how much lower errors are than a reference's, with an interval.

    The difference of the means with Welch's interval (1947), which does not take the
    two spreads for equal, as a share of the reference's mean.

    Args:
        errors: One a training, 0 or more.
        reference: One a training, 0 or more.

    Returns:
        None where either is empty or the reference has no error to lower.

    Examples:
        >>> gain = gain_of([3.0, 4.0, 5.0], [4.0, 5.0, 6.0])
        >>> round(gain.value, 3), round(gain.low, 3), round(gain.high, 3)
        (0.2, -0.253, 0.653)
    """
    if not errors or not reference:
        return None
    ours, theirs = np.asarray(errors), np.asarray(reference)
    scale = float(theirs.mean())
    if not scale > 0.0:
        return None
    value = float(theirs.mean() - ours.mean()) / scale
    if len(ours) < 2 or len(theirs) < 2:
        return Gain(value, None, None)
    parts = ours.var(ddof=1) / len(ours), theirs.var(ddof=1) / len(theirs)
    reach = _reach(parts, (len(ours) - 1, len(theirs) - 1)) / scale
    return Gain(value, value - reach, value + reach)


def sharing_of(
    experiment: Experiment, points: Sequence[Point]
) -> tuple[HeadSharing, ...]:
    """Return what sharing did to each head, by the test rows.

    Test rows, as each network's epoch was chosen by the validation rows: that of a twin
    for its head alone, which would flatter it there.

    Args:
        experiment: Of the run.
        points: The trainings that are done so far.
    """
    shared = [point for point in points if point.trial.alone is None]
    found = []
    for head in experiment.heads:
        twins = [point for point in points if point.trial.alone == head.name]
        together = _known(errors_of(head, shared, "test"))
        alone = _known(errors_of(head, twins, "test"))
        gain = gain_of(together, alone)
        outcome = _outcome(gain)
        metric = error_words(judged_by(head))
        if gain is not None:
            words = _sentence(gain, outcome, metric, len(twins))
        elif shared and twins:
            words = f"Its error ({metric}) can't be computed on the test rows."
        else:
            words = "Not trained yet."
        found.append(
            HeadSharing(head.name, tuple(together), tuple(alone), gain, outcome, words)
        )
    return tuple(found)


def mean_gain(heads: Sequence[HeadSharing]) -> Gain | None:
    """Return Δm, the mean of all heads' relative gains, with an interval over seeds.

    By Maninis and others (2019), with errors in place of scores, so that above 0 means
    that sharing helps. Each error is divided by the head's mean error alone; the mean
    over heads of one seed is one observation, as the heads of a network are not
    independent.

    Args:
        heads: As `sharing_of` gives them.

    Returns:
        None until every head has a gain.

    Examples:
        >>> a = HeadSharing("a", (0.9, 1.1), (2.0, 2.0), Gain(0.5, 0, 1), "helps", "")
        >>> b = HeadSharing("b", (4.0, 4.0), (4.0, 4.0), Gain(0.0, 0, 0), "same", "")
        >>> round(mean_gain([a, b]).value, 3)
        0.25
    """
    if not heads or any(head.gain is None for head in heads):
        return None
    together = _per_seed([head.together for head in heads], heads)
    alone = _per_seed([head.alone for head in heads], heads)
    return gain_of(together, alone)


def overall_sentence(gain: Gain, heads: int) -> str:
    """Return what sharing does on the whole, in words."""
    start = f"Over {count_text(heads, 'head')}"
    match _outcome(gain):
        case "helps" | "hurts" as outcome:
            way = "lowers" if outcome == "helps" else "raises"
            size = _percent(abs(gain.value))
            return (
                f"{start}, sharing {way} the error by {size} on average{_range(gain)}."
            )
        case "same":
            return f"{start}, sharing changes the error by less than 1 % on average."
        case _:
            return (
                f"{start}, it is not sure whether sharing helps: the error is "
                f"{_beside(gain)} on average{_range(gain)}."
            )


def train_seconds(points: Sequence[Point]) -> tuple[float, float]:
    """Return the seconds in training of the shared networks, and of all twins."""
    shared = [point.train_s for point in points if point.trial.alone is None]
    twins = [point.train_s for point in points if point.trial.alone is not None]
    return sum(shared), sum(twins)


def _outcome(gain: Gain | None) -> Outcome:
    if gain is None:
        return "unknown"
    if gain.low is None or gain.high is None:
        return "open"
    if gain.low > -NEGLIGIBLE and gain.high < NEGLIGIBLE:
        return "same"
    if gain.low > 0.0:
        return "helps"
    return "hurts" if gain.high < 0.0 else "open"


def _sentence(gain: Gain, outcome: Outcome, metric: str, seeds: int) -> str:
    error = f"its error ({metric}) is {_beside(gain)}{_range(gain)}"
    match outcome:
        case "helps":
            return f"Sharing helps: {error}."
        case "hurts":
            return f"Sharing hurts: {error}. Try it with a trunk of its own."
        case "same":
            return f"Sharing makes no difference: its error ({metric}) is within 1 %."
        case _ if gain.low is None:
            return f"One seed can't tell: {error}. Train more seeds."
        case _:
            chance = f"{count_text(seeds, 'seed')} can't tell that from chance"
            return f"Not sure: {error}, and {chance}."


def _beside(gain: Gain) -> str:
    """Return how an error stands to that alone, such as "3.2 % lower than alone"."""
    if abs(gain.value) < SMALLEST:
        return "the same as alone"
    way = "lower" if gain.value > 0.0 else "higher"
    return f"{_percent(abs(gain.value))} {way} than alone"


def _range(gain: Gain) -> str:
    """Return the interval in brackets, as changes of the error."""
    if gain.low is None or gain.high is None:
        return ""
    low, high = _signed(-gain.high), _signed(-gain.low)
    return f" (95 % interval of the change: {low} to {high})"


def _signed(change: float) -> str:
    if abs(change) < SMALLEST:
        return "0 %"
    return f"{'+' if change > 0.0 else MINUS}{_percent(abs(change))}"


def _percent(share: float) -> str:
    percent = 100.0 * share
    return f"{percent:.0f} %" if percent >= 9.95 else f"{percent:.1f} %"


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _per_seed(
    errors: Sequence[tuple[float, ...]], heads: Sequence[HeadSharing]
) -> list[float]:
    """Return the mean over heads of relative errors, one a seed that all heads have."""
    seeds = min(len(values) for values in errors)
    relative = [
        np.asarray(values[:seeds]) / np.mean(head.alone)
        for values, head in zip(errors, heads, strict=True)
    ]
    return [float(value) for value in np.mean(relative, axis=0)]


def _reach(parts: tuple[float, float], freedoms: tuple[int, int]) -> float:
    """Return half the width of Welch's interval.

    Args:
        parts: Each group's variance divided by its size.
        freedoms: Each group's size less 1.
    """
    from scipy.special import stdtrit

    total = sum(parts)
    if not total > 0.0:
        return 0.0
    spread = sum(
        part**2 / freedom for part, freedom in zip(parts, freedoms, strict=True)
    )
    quantile = float(stdtrit(total**2 / spread, (1.0 + SURE) / 2.0))
    return quantile * math.sqrt(total)
