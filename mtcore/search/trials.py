"""Which trainings a study consists of, and which of them comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from mtcore.runs.store.study import Point, Study, Trial, Twins, WeightSweep
from mtcore.search.proposals import propose_weights
from mtcore.search.simplex import simplex_design
from mtcore.spec import Experiment


def trial_count(experiment: Experiment, study: Study) -> int:
    """Return how many trainings a study takes."""
    planned = len(planned_trials(experiment, study))
    return planned + (study.searched if isinstance(study, WeightSweep) else 0)


def next_trial(
    experiment: Experiment, study: Study, done: Sequence[Point]
) -> Trial | None:
    """Return the next training of a study; None where all are done.

    The same experiment and points give the same trial, so that a study goes on after
    it was interrupted as if it had not been.

    Args:
        experiment: Of the run that is studied.
        study: The question.
        done: The trainings that are done.
    """
    taken = {point.trial.place for point in done}
    for trial in planned_trials(experiment, study):
        if trial.place not in taken:
            return trial
    if len(done) >= trial_count(experiment, study):
        return None
    place = max(taken) + 1
    return Trial(place=place, weights=propose_weights(experiment, done))


def planned_trials(experiment: Experiment, study: Study) -> tuple[Trial, ...]:
    """Return the trainings that a study fixes beforehand, in their order."""
    match study:
        case Twins():
            return tuple(_twins(experiment, study))
        case WeightSweep():
            return tuple(_weightings(experiment, study))
        case _:
            assert_never(study)


def _twins(experiment: Experiment, study: Twins) -> Iterable[Trial]:
    """Yield all heads together, then each alone, from every seed."""
    names = [head.name for head in experiment.heads]
    place = 0
    for alone in (None, *names):
        weights = {head.name: head.weight for head in experiment.heads}
        if alone is not None:
            weights = {alone: 1.0}
        for network in range(study.seeds):
            yield Trial(place=place, alone=alone, network=network, weights=weights)
            place += 1


def _weightings(experiment: Experiment, study: WeightSweep) -> Iterable[Trial]:
    """Yield the run's own weights from every seed, then the design."""
    own = {head.name: head.weight for head in experiment.heads}
    repeats = 1 + study.repeats
    for network in range(repeats):
        yield Trial(place=network, network=network, weights=own)
    moving = [name for name, weight in own.items() if weight > 0.0]
    design = simplex_design(len(moving), study.points - 1)
    for place, shares in enumerate(design, start=repeats):
        chosen = zip(moving, weights_of(shares), strict=True)
        yield Trial(place=place, weights=own | dict(chosen))


def weights_of(shares: Iterable[float]) -> list[float]:
    """Return weights that people can read, their mean 1, from shares that add up to 1.

    Examples:
        >>> weights_of([0.125, 0.875])
        [0.25, 1.75]
    """
    given = [float(share) for share in shares]
    return [round(len(given) * share, 4) for share in given]
