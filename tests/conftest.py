"""What every test may rely on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from mtcore.home import Home

# Before TensorFlow is first imported: its notes about the processor are no warnings.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# No test may ask a tracking server or a cluster that this machine happens to name.
for _name in (
    "BRANCHBOARD_DATA", "BRANCHBOARD_HOME", "BRANCHBOARD_SCHEDULER",
    "MLFLOW_TRACKING_URI",
):  # fmt: skip
    os.environ.pop(_name, None)

# A shared machine stalls at times, so an example has no deadline of its own; the same
# examples each time, so that a failure is found again.
hypothesis.settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=50
)
hypothesis.settings.load_profile("steady")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """An empty home of its own; a cluster started in it is ended afterwards."""
    made = Home(tmp_path / "home")
    yield made
    end_cluster(made)


def end_cluster(home: Home) -> None:
    """End the scheduler and workers of a home, if any were started there."""
    if home.cluster.is_dir():
        from mtcore.runs.cluster import Cluster

        Cluster(home, None).stop()
