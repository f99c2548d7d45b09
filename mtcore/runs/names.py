"""Names that server and workers share."""

from __future__ import annotations

BASELINES_FILE = "baselines.json"
"""Among a run's files: the scores of gradient-boosted trees beside it."""

BASELINES_KEY = "baselines-{}"
"""The key of the task that makes them, by the run's id."""
