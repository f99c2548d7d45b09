"""What a training needs to go on as if it had never been interrupted."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.progress import EndedBy
from mtcore.engine.rows.labels import SingleArray
from mtcore.spec import Experiment

CHECKPOINT_FILE = "checkpoint.npz"


@dataclass(slots=True)
class TrainingState:
    """Where a training is; everything else follows from the experiment and the rows.

    Args:
        sums: Of the running epoch so far, as `blank_sums` says.
        epoch: Epochs finished.
        step: Steps of the running epoch that are done.
        best_epoch: Counted from 1; 0 = none yet.
        best_monitor: The monitor after the best epoch.
        best_weights: Variables after the best epoch.
        train_s: Seconds in training so far, without compiling.
        ended_by: Why it ended; None while it goes on.
    """

    sums: FloatArray
    epoch: int = 0
    step: int = 0
    best_epoch: int = 0
    best_monitor: float = float("inf")
    best_weights: dict[str, SingleArray] = field(default_factory=dict)
    train_s: float = 0.0
    ended_by: EndedBy | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A state with the network, the optimizer and the balance as they were.

    Args:
        state: Where training was.
        weights: All trained variables.
        learned: What optimizer and balance learned; none where training has ended.
    """

    state: TrainingState
    weights: dict[str, SingleArray]
    learned: list[SingleArray]


def fingerprint(
    experiment: Experiment, encoding: Encoding, sizes: Sequence[int]
) -> str:
    """Return a text that is the same only for the same training on the same rows.

    Args:
        experiment: What is trained.
        encoding: What was learned from the rows.
        sizes: Training rows of each block.
    """
    asked = experiment.model_dump_json(exclude={"name"})
    text = f"{asked}\n{encoding.model_dump_json()}\n{[*sizes]}"
    return hashlib.sha256(text.encode()).hexdigest()


def save_checkpoint(folder: Path, mark: str, checkpoint: Checkpoint) -> None:
    """Write a checkpoint; the earlier one stays whole until this one is.

    Args:
        folder: Made where it does not exist.
        mark: Of the training, by `fingerprint`.
        checkpoint: What to keep.
    """
    state = checkpoint.state
    facts = {
        "mark": mark,
        "epoch": state.epoch,
        "step": state.step,
        "best_epoch": state.best_epoch,
        "best_monitor": state.best_monitor,
        "train_s": state.train_s,
        "ended_by": state.ended_by,
    }
    arrays: dict[str, np.ndarray] = {"facts": np.array(json.dumps(facts))}
    arrays["sums"] = state.sums
    arrays |= {f"weights/{name}": value for name, value in checkpoint.weights.items()}
    arrays |= {f"best/{name}": value for name, value in state.best_weights.items()}
    arrays |= {f"learned/{k}": value for k, value in enumerate(checkpoint.learned)}
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{os.getpid()}.npz"
    with unfinished.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / CHECKPOINT_FILE)


def load_checkpoint(folder: Path, mark: str) -> Checkpoint | None:
    """Return the checkpoint of a training, None where there is none of this one.

    Args:
        folder: Where `save_checkpoint` wrote.
        mark: Of the training, by `fingerprint`.
    """
    path = folder / CHECKPOINT_FILE
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            facts = json.loads(str(arrays["facts"]))
            if facts.pop("mark") != mark:
                return None
            state = TrainingState(
                sums=arrays["sums"],
                best_weights=_under("best/", arrays),
                **facts,
            )
            learned = list(_under("learned/", arrays).values())
            return Checkpoint(state, _under("weights/", arrays), learned)
    except (OSError, ValueError, KeyError, BadZipFile):
        # An unreadable checkpoint costs time, not the run.
        return None


def _under(prefix: str, arrays: np.lib.npyio.NpzFile) -> dict[str, SingleArray]:
    return {
        name.removeprefix(prefix): arrays[name]
        for name in arrays.files
        if name.startswith(prefix)
    }
