"""Many trainings that answer one question about a run, done as one task.

A study is kept in the store as a run of its own, so that it waits, is told about, is
stopped and goes on as runs do. It makes no model: it has a point a training instead.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mtcore.runs.store.summary import Score
from mtcore.spec.base import Frozen

MOST_SEEDS = 20
MOST_POINTS = 256


class Twins(Frozen):
    """Every head trained alone beside all of them together: did sharing help?

    Args:
        seeds: Networks of each, the same seeds on both sides.
    """

    kind: Literal["twins"] = "twins"
    seeds: int = Field(default=3, ge=1, le=MOST_SEEDS)


class WeightSweep(Frozen):
    """One network with other and other head weights: what does each trade for which?

    Args:
        points: Weightings that are fixed beforehand, the run's own among them.
        repeats: Further trainings of the run's own weights from other seeds, which
            tell how much is chance.
        searched: Weightings after these that are chosen by what was found so far.
    """

    kind: Literal["sweep"] = "sweep"
    points: int = Field(default=16, ge=2, le=MOST_POINTS)
    repeats: int = Field(default=2, ge=0, le=MOST_SEEDS)
    searched: int = Field(default=0, ge=0, le=MOST_POINTS)


STUDY_WORDS = {"twins": "Twins of the heads", "sweep": "Weights of the heads"}
Study = Annotated[Twins | WeightSweep, Field(discriminator="kind")]


class HeadScores(Frozen):
    """How good one head of a point is, in the metrics of its kind.

    Args:
        validation: Metrics on the validation rows, by name.
        test: Metrics on the test rows, by name.
    """

    validation: dict[str, Score]
    test: dict[str, Score]


class Trial(Frozen):
    """One training of a study, before it is done.

    Args:
        place: Its number in the study, from 0.
        alone: The only head that is trained; None = all of them together.
        network: Which of the experiment's seeds, from 0.
        weights: The weight of each head that is trained.
    """

    place: int
    alone: str | None = None
    network: int = 0
    weights: dict[str, float]


class Point(Frozen):
    """One training of a study, judged.

    Args:
        trial: What was trained.
        epochs: Epochs that it took.
        best_epoch: The one that is judged, from 1.
        train_s: Seconds in training, without compiling.
        parameters: Trained numbers.
        heads: By the head's name.
    """

    trial: Trial
    epochs: int
    best_epoch: int
    train_s: float
    parameters: int
    heads: dict[str, HeadScores]
