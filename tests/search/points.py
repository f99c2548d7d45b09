"""Trainings of studies with errors that tests choose."""

from __future__ import annotations

from collections.abc import Mapping

from mtcore.runs.store.study import HeadScores, Point, Trial
from mtcore.spec import Experiment, parse_experiment

LOADS: Experiment = parse_experiment("""
name: Loads
inputs: [{column: x, kind: number}]
heads:
  - {name: heating, kind: regression, columns: [heating], weight: 2}
  - {name: cooling, kind: regression, columns: [cooling]}
  - {name: site, kind: binary, columns: [site], reads: [heating]}
training: {monitor: heating, balance: famo}
""")


def point(
    place: int,
    errors: Mapping[str, float | None],
    *,
    alone: str | None = None,
    network: int = 0,
    weights: Mapping[str, float] | None = None,
) -> Point:
    """Return a training whose heads have these errors on both parts of the rows."""
    heads = {}
    for name, error in errors.items():
        scores = {LOADS_METRICS.get(name, "rmse"): error}
        heads[name] = HeadScores(validation=scores, test=scores)
    trial = Trial(
        place=place,
        alone=alone,
        network=network,
        weights=dict(weights or dict.fromkeys(errors, 1.0)),
    )
    return Point(
        trial=trial, epochs=9, best_epoch=7, train_s=2.0, parameters=50, heads=heads
    )


LOADS_METRICS = {"site": "log_loss"}
