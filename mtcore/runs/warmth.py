"""Getting a worker ready ahead of its first task, which would wait seconds else."""

from __future__ import annotations

import threading
from importlib import import_module

# What tasks import, with TensorFlow and scikit-learn's metrics.
_HEAVY = (
    "mtcore.runs.tasks",
    "mtcore.engine.trainer",
    "mtcore.engine.predictor",
    "sklearn.metrics",
)
_warming: list[threading.Thread] = []


def warm_up() -> None:
    """Begin to import what is heavy, in a thread."""
    thread = threading.Thread(target=_import_all, name="warm up", daemon=True)
    _warming.append(thread)
    thread.start()


def wait_until_warm() -> None:
    """Wait for a warm-up that has begun: two imports at once would disturb another."""
    for thread in _warming:
        thread.join()


def _import_all() -> None:
    for module in _HEAVY:
        import_module(module)
