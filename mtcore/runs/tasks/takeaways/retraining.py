"""What is said of a script that trained a run's experiment again, once or three times.

By the run's own seed it does the run's arithmetic in another order, so that it mostly
comes to the same network. Where it does not, as dropout is drawn otherwise or as a long
training grows apart, further seeds tell how far apart two trainings may be by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

Metrics = Mapping[str, float | None]
"""A metric by the head's name, None where it cannot be computed."""

# In deviations of an answer: further apart, it is another network.
SAME_NETWORK = 0.01
DEVIATIONS = 2.0


def told_same(off: float) -> str:
    """Return what is said where the run's seed led to the run's network."""
    return (
        f"Trained again from the file it comes to the same network: answers are "
        f"{off:.1g} of a standard deviation off at most."
    )


def told_of_seeds(run: Metrics, seeds: Sequence[Metrics]) -> str:
    """Return what is said of trainings by several seeds beside the run.

    Args:
        run: The run's metrics on test rows.
        seeds: Those of the script, trained again by one seed each.

    Examples:
        >>> told = told_of_seeds({"a": 0.81}, [{"a": 0.8}, {"a": 0.82}, {"a": 0.79}])
        >>> told.partition("within ")[2]
        'two deviations of the 3 seeds it tried.'
    """
    outside = []
    for head, value in run.items():
        found = [metrics[head] for metrics in seeds]
        known = [metric for metric in found if metric is not None]
        if value is None or len(known) < len(seeds):
            continue
        mean, deviation = float(np.mean(known)), float(np.std(known, ddof=1))
        if abs(value - mean) > DEVIATIONS * deviation:
            outside.append(f"'{head}' ({value:.4g}, not {mean:.4g} ± {deviation:.2g})")
    if not outside:
        return (
            "Trained again from the file it comes to another network, as good: every "
            f"head of the run is within two deviations of the {len(seeds)} seeds it "
            "tried."
        )
    return (
        f"Trained again by {len(seeds)} seeds, the run is further than two deviations "
        f"from them for {', '.join(outside)}: part of that may be chance."
    )
