"""What training tells while it runs, without TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["encode", "compile", "train", "trees", "finish"]
EndedBy = Literal["epochs", "patience", "stop"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training is.

    Args:
        stage: What is being done.
        epoch: Epochs finished, from 0; those of several networks one after another.
        epochs: The most epochs there will be.
        metrics: At the end of an epoch `<split>/h0/loss` (1 = the constant
            prediction), `<split>/loss` (what chooses the best epoch), `<split>/h0/`
            with `epoch_mae` (in the target's unit) or `epoch_accuracy`, and
            `learning_rate`; `train/` is measured while the epoch runs. Otherwise
            empty. A head without labels in a split is left out.
        seconds_left: Until all epochs are done, None while unknown.
        network: Which of the networks is being trained, from 1.
        networks: How many are averaged.
        program: How the epochs run; told once, before they do.
    """

    stage: Stage
    epoch: int = 0
    epochs: int = 0
    metrics: dict[str, float] = field(default_factory=dict)
    seconds_left: float | None = None
    network: int = 1
    networks: int = 1
    program: str | None = None
