"""A run's metrics over its epochs, as arrays."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from mlflow.entities import Metric
from mlflow.tracking import MlflowClient
from numpy.typing import NDArray

History = dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]
"""Steps `(n,)` ascending and values `(n,)` a metric."""


def read_history(
    client: MlflowClient, run_id: str, groups: Collection[str] = ()
) -> History:
    """Return the metrics of a run.

    A run that went on from a checkpoint has told some epochs twice; the later telling
    counts.

    Args:
        client: MLflow's.
        run_id: Which run.
        groups: First parts of the keys that are wanted, such as `train`; all of them
            where there are none.
    """
    keys = [
        key
        for key in sorted(client.get_run(run_id).data.metrics)
        if not groups or key.partition("/")[0] in groups
    ]
    return {key: _series(client.get_metric_history(run_id, key)) for key in keys}


def _series(points: Sequence[Metric]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    told = sorted(points, key=lambda point: point.timestamp)
    by_step = {point.step: point.value for point in told}
    steps = sorted(by_step)
    return (
        np.asarray(steps, dtype=np.int64),
        np.asarray([by_step[step] for step in steps], dtype=np.float64),
    )
