"""What a program is compiled for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mtcore.engine.backend import Device
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.spec.training import BalanceKind, Optimizer

ProgramKind = Literal["xla_epoch", "graph_epoch", "graph_step"]
"""How an epoch runs: compiled by XLA, as a TensorFlow graph, or a graph a step."""


@dataclass(frozen=True, slots=True)
class ProgramKey:
    """Everything that a program is compiled for.

    Args:
        plan: The network's shape.
        batch_size: Rows a step, with padding.
        optimizer: Its kind.
        train_bucket: Padded training rows.
        validation_bucket: Padded validation rows.
        kind: How an epoch runs.
        device: Where it runs.
        balance: How the heads are weighed against each other.
    """

    plan: NetworkPlan
    batch_size: int
    optimizer: Optimizer
    train_bucket: int
    validation_bucket: int
    kind: ProgramKind
    device: Device
    balance: BalanceKind = "static"

    @property
    def order_length(self) -> int:
        """Places in an epoch's order: the most steps times the batch size."""
        return -(-self.train_bucket // self.batch_size) * self.batch_size

    @property
    def by_xla_on_processor(self) -> bool:
        """Whether XLA compiles whole epochs for a processor."""
        return self.kind == "xla_epoch" and self.device == "CPU"
