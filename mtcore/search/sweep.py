"""What weights of the heads trade for what: gains, the Pareto front, the dial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.runs.store.study import Point
from mtcore.search.judging import Part, errors_of
from mtcore.spec import Experiment

# A gain counts as more than chance from so many spreads of the run's own weights on:
# it is the best of many that are looked at.
SURE_SPREADS = 3.0
# Weights are rounded for people, so the same ones may differ by so much.
ROUNDING = 1e-3


@dataclass(frozen=True, slots=True)
class Weighting:
    """One trained weighting, beside the run's own.

    Args:
        point: What was trained.
        shares: Of the loss, by head; they add up to 1.
        errors: On the validation rows, by head.
        gains: How much lower each error is than the mean with the run's own weights, as
            a share of that.
        own: Whether these are the run's own weights.
        on_front: Whether no other weighting is better for one head and as good for
            all; never for repeats of the run's own from other seeds.
    """

    point: Point
    shares: Mapping[str, float]
    errors: Mapping[str, float]
    gains: Mapping[str, float]
    own: bool
    on_front: bool

    @property
    def mean_gain(self) -> float:
        """The mean of the heads' gains."""
        return float(np.mean(list(self.gains.values())))

    @property
    def worst_gain(self) -> float:
        """The gain of the head that gains least."""
        return min(self.gains.values())


def weightings_of(
    experiment: Experiment, points: Sequence[Point]
) -> tuple[Weighting, ...]:
    """Return the trained weightings of a sweep, by the validation rows.

    Validation rows, as people choose between weightings by them: the test rows are left
    to judge what was chosen. Points without an error of some head are left out, and
    there are none before the run's own weights are trained.

    Args:
        experiment: Of the run.
        points: The trainings that are done so far.
    """
    errors, known = _errors(experiment, points, "validation")
    points = [point for point, there in zip(points, known, strict=True) if there]
    errors = errors[known]
    own = np.array([is_own(experiment, point) for point in points], dtype=bool)
    if not own.any():
        return ()
    reference = errors[own].mean(axis=0)
    scale = np.where(reference > 0.0, reference, 1.0)
    gains = (reference - errors) / scale
    # Further seeds of one weighting tell what chance does; they are no weightings.
    first = np.array([point.trial.network == 0 for point in points], dtype=bool)
    front = np.zeros(len(points), dtype=bool)
    front[first] = pareto_front(errors[first])
    names = [head.name for head in experiment.heads]
    return tuple(
        Weighting(
            point=point,
            shares=shares_of(point.trial.weights),
            errors=dict(zip(names, errors[row].tolist(), strict=True)),
            gains=dict(zip(names, gains[row].tolist(), strict=True)),
            own=bool(own[row]),
            on_front=bool(front[row]),
        )
        for row, point in enumerate(points)
    )


def pareto_front(errors: FloatArray) -> NDArray[np.bool_]:
    """Return which rows no other row is better than.

    Args:
        errors: `(points, heads)`, lower is better.

    Returns:
        `(points,)`: False where another row is lower in one column and higher in none.

    Examples:
        >>> pareto_front(np.array([[1, 4], [2, 2], [3, 3], [4, 1]])).tolist()
        [True, True, False, True]
    """
    as_good = (errors[:, np.newaxis] <= errors[np.newaxis]).all(axis=2)
    better = (errors[:, np.newaxis] < errors[np.newaxis]).any(axis=2)
    front: NDArray[np.bool_] = np.logical_not((as_good & better).any(axis=0))
    return front


def shares_of(weights: Mapping[str, float]) -> dict[str, float]:
    """Return each head's share of all weights.

    Examples:
        >>> shares_of({"a": 3.0, "b": 1.0})
        {'a': 0.75, 'b': 0.25}
    """
    total = sum(weights.values())
    return {name: round(weight / total, 4) for name, weight in weights.items()}


def turned(
    weightings: Sequence[Weighting], now: Weighting, head: str, share: float
) -> Weighting:
    """Return the trained weighting that a turn of one head's dial leads to.

    Of those whose share of this head is nearest to what is asked for, the one that
    is nearest to the others' present shares, made smaller or larger alike.

    Args:
        weightings: At least one.
        now: Where the dial stands.
        head: Whose share is changed.
        share: What it should be, from 0 to 1.
    """
    rest = 1.0 - now.shares[head]
    others = [name for name in now.shares if name != head]
    wanted = {
        name: (1.0 - share) * (now.shares[name] / rest if rest else 1.0 / len(others))
        for name in others
    }

    def distance(weighting: Weighting) -> tuple[float, float]:
        apart = sum((weighting.shares[name] - wanted[name]) ** 2 for name in others)
        return round(abs(weighting.shares[head] - share), 6), apart

    return min(weightings, key=distance)


def with_weights(experiment: Experiment, weighting: Weighting) -> Experiment:
    """Return the run's experiment with the weights of a point."""
    weights = weighting.point.trial.weights
    heads = tuple(
        head.model_copy(update={"weight": weights[head.name]})
        for head in experiment.heads
    )
    return experiment.model_copy(update={"heads": heads})


def best_of(weightings: Sequence[Weighting]) -> Weighting:
    """Return the weighting whose heads gain most in the mean.

    Of repeats of the run's own weights only the first, that of the run's seed, counts.
    """
    chosen = [one for one in weightings if one.point.trial.network == 0]
    return max(chosen or weightings, key=lambda weighting: weighting.mean_gain)


def chance_of(weightings: Sequence[Weighting]) -> float | None:
    """Return how far mean gains of the run's own weights lie apart by seeds alone.

    The deviation of one training's mean gain from the mean of the repeats; None where
    there are fewer than two.
    """
    gains = [weighting.mean_gain for weighting in weightings if weighting.own]
    if len(gains) < 2:
        return None
    return float(np.std(gains, ddof=1) * np.sqrt(1.0 + 1.0 / len(gains)))


def is_more_than_chance(gain: float, spread: float | None) -> bool:
    """Return whether a mean gain is more than seeds alone explain."""
    return spread is not None and gain > SURE_SPREADS * spread


def is_own(experiment: Experiment, point: Point) -> bool:
    """Return whether a point was trained with the run's own weights."""
    own = shares_of({head.name: head.weight for head in experiment.heads})
    shares = shares_of(point.trial.weights)
    return all(abs(share - own[name]) < ROUNDING for name, share in shares.items())


def _errors(
    experiment: Experiment, points: Sequence[Point], part: Part
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return errors, `(points, heads)`, NaN where unknown, and rows without any."""
    columns = [errors_of(head, points, part) for head in experiment.heads]
    errors = np.array(columns, dtype=np.float64).T.reshape(len(points), len(columns))
    known: NDArray[np.bool_] = np.logical_not(np.isnan(errors).any(axis=1))
    return errors, known
