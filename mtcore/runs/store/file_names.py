"""What a run's files are called that server and workers read."""

from __future__ import annotations

BASELINES_FILE = "baselines.json"
"""Among a run's files: the scores of gradient-boosted trees beside it."""

INTERVALS_FILE = "intervals.json"
"""Among a run's files: how far ranges reach around its answers."""

IMPORTANCE_FILE = "importance.json"
"""Among a run's files: what its heads rest on."""

JOINT_FILE = "joint.json"
"""Among a run's files: how the mistakes of its heads go together."""

TEMPERATURES_FILE = "temperatures.json"
"""Among a run's files: what a temperature does to the probabilities of its heads."""

SEGMENTS_FILE = "segments.json"
"""Among a run's files: its metrics by the values of columns."""
