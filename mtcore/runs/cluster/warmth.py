"""Getting a worker ready ahead of its first task, which would wait seconds else."""

from __future__ import annotations

import os
import threading
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path

from filelock import FileLock

from mtcore.runs.cluster.errands import HOMES

# What tasks import once they run: TensorFlow, and scikit-learn's metrics.
_HEAVY = (
    "mtcore.engine.training.trainer",
    "mtcore.engine.served.predictor",
    "sklearn.metrics",
)
# Two workers that import at once on so few cores would both be late.
FEW_CORES = 3
_warming: list[threading.Thread] = []


def warm_up(turns: Path) -> None:
    """Begin to import what is heavy, in a thread.

    Args:
        turns: A lock file: on few cores whoever holds it warms up alone.
    """
    thread = threading.Thread(
        target=_import_all, args=(turns,), name="warm up", daemon=True
    )
    _warming.append(thread)
    thread.start()


def wait_until_warm() -> None:
    """Wait for a warm-up that has begun: two imports at once would disturb another."""
    for thread in _warming:
        thread.join()


def _import_all(turns: Path) -> None:
    for module in sorted(set(HOMES.values())):
        import_module(module)
    few = (os.cpu_count() or 1) <= FEW_CORES
    with FileLock(turns) if few else nullcontext():
        for module in _HEAVY:
            import_module(module)
