"""Models that answer without having been trained, which takes no time to make."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from mtcore.data.splits.splits import RowSplit
from mtcore.data.splits.turns import HeldOut, Turns
from mtcore.data.tables.table import Table
from mtcore.engine.encode.encoding import fit_encoding
from mtcore.engine.layers.network import build_network, variable_name
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.served.served_model import build_served_model
from mtcore.spec import Experiment
from mtcore.trees.fitting import fit_blend

NO_CODE_OF_OURS = """
import importlib.util
assert importlib.util.find_spec("mtcore") is None
"""


def untrained(experiment: Experiment, table: Table, split: RowSplit) -> Predictor:
    """Return networks of random weights, blended with trees where that is asked for."""
    encoding = fit_encoding(experiment, table, split)
    plan = plan_network(experiment, encoding)
    random = np.random.default_rng(5)
    networks = []
    for _ in range(experiment.training.seeds):
        network = build_network(plan)
        networks.append(
            {
                variable_name(variable): random.normal(0.0, 0.4, variable.shape).astype(
                    np.float32
                )
                for variable in network.variables
            }
        )
    model = build_served_model(experiment, encoding, networks)
    alone = Predictor(experiment, encoding, model)
    if experiment.training.blend == "none":
        return alone
    held = split.validation
    learned = np.sort(np.concatenate([split.train, held]))
    known = HeldOut(held, alone.predict(table.take(held)))
    turns = Turns((held,), learned)
    blend, _ = fit_blend(experiment, table, encoding.heads, turns, known)
    return Predictor(experiment, encoding, model, blend)


def run_apart(script: str, *arguments: object, folder: Path) -> str:
    """Run Python that sees the installed packages and no code of ours.

    Args:
        script: What to run; it may not import `mtcore`.
        arguments: What follows it.
        folder: Where it runs.

    Raises:
        AssertionError: It ended with another exit code than 0.
    """
    ended = subprocess.run(
        [sys.executable, "-I", "-c", NO_CODE_OF_OURS + script, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, ended.stderr[-3_000:]
    return ended.stdout
