"""The ways of training that are measured beside each other."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from benchmarks.training.keras_fit import fit_epoch
from benchmarks.training.ours import our_epoch
from benchmarks.training.work import Epoch, Rows, Task

OURS, FIT = "ours", "Model.fit"
STEPS_A_CALL = 32
Way = Callable[[Task, Rows, int], Epoch]


def ways_for(task: Task) -> tuple[dict[str, Way], list[str]]:
    """Return the ways by name, and one sentence for each that is left out."""
    ways: dict[str, Way] = {OURS: our_epoch} | _fit_ways(task)
    left_out: list[str] = []
    if find_spec("torch") is None:
        left_out.append("PyTorch is not installed: see requirements-bench.txt.")
    else:
        ways |= _torch_ways()
    if find_spec("jax") is None:
        left_out.append("JAX is not installed: see requirements-bench.txt.")
    elif task.reads == "numbers":
        ways["JAX lax.scan"] = _jax
    return ways, left_out


def _fit_ways(task: Task) -> dict[str, Way]:
    tuned: dict[str, object] = {"steps_per_execution": STEPS_A_CALL}
    settings = {FIT: {"jit_compile": False}, f"{FIT}, 32 steps a call": tuned}
    settings[f"{FIT}, 32 steps a call"] = {**tuned, "jit_compile": False}
    if task.reads == "numbers":
        # With XLA, convolutions and LSTMs take several times as long on a processor.
        settings[f"{FIT}, 32 steps a call, XLA"] = {**tuned, "jit_compile": True}
    return {name: _fit(chosen) for name, chosen in settings.items()}


def _fit(settings: dict[str, object]) -> Way:
    return lambda task, rows, batch: fit_epoch(task, rows, batch, settings)


def _torch_ways() -> dict[str, Way]:
    from benchmarks.training.pytorch import torch_epoch

    def eager(threads: int) -> Way:
        return lambda task, rows, batch: torch_epoch(task, rows, batch, threads=threads)

    return {
        "PyTorch, 1 thread": eager(1),
        "PyTorch, 2 threads": eager(2),
        "PyTorch, compiled": lambda task, rows, batch: torch_epoch(
            task, rows, batch, threads=2, compiled=True
        ),
    }


def _jax(task: Task, rows: Rows, batch_size: int) -> Epoch:
    from benchmarks.training.jax_scan import jax_epoch

    return jax_epoch(task, rows, batch_size)
