"""A PyTorch loop over the same network, eager or through `torch.compile`."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.training.work import (
    NUMBERS,
    PIXELS,
    RATE,
    WORDS,
    Epoch,
    Goal,
    Rows,
    Task,
    width_of,
)


def torch_epoch(
    task: Task, rows: Rows, batch_size: int, *, threads: int, compiled: bool = False
) -> Epoch:
    """Return a function that trains one epoch.

    Args:
        task: The network.
        rows: What it learns from.
        batch_size: Rows a step.
        threads: Of PyTorch, for this way alone.
        compiled: Whether forward pass, losses and metrics go through `torch.compile`.
    """
    torch.manual_seed(0)
    network = Network(task)
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    data = [torch.from_numpy(np.asarray(part)) for part in _parts(rows)]

    def measured(
        inputs: Tensor, targets: Tensor, weights: Tensor
    ) -> tuple[Tensor, ...]:
        return _losses(task.goals, network(inputs), targets, weights)

    judge = torch.compile(measured) if compiled else measured

    def epoch(turn: int) -> float:
        torch.set_num_threads(threads)
        begun = time.perf_counter()
        order = torch.randperm(
            rows.count, generator=torch.Generator().manual_seed(turn)
        )
        _train(judge, optimizer, data, order.split(batch_size))
        return time.perf_counter() - begun

    return epoch


class Network(nn.Module):
    """The network of a task."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.reads = task.reads
        width = NUMBERS
        if task.reads == "text":
            self.words = nn.Embedding(WORDS, 128)
            self.recurrent = nn.LSTM(128, 128, batch_first=True)
            width = 128
        elif task.reads == "pictures":
            self.convolution = nn.Conv2d(3, 32, 3)
            width = 32 * ((PIXELS - 2) // 2) ** 2
        layers: list[nn.Module] = []
        for units in task.trunk[: -1 if task.experts else None]:
            layers += [nn.Linear(width, units), nn.ReLU()]
            width = units
        self.trunk = nn.Sequential(*layers)
        self.experts = self.gates = None
        if task.experts:
            last = task.trunk[-1]
            self.experts = nn.Linear(width, task.experts * last)
            self.gates = nn.ModuleList(
                nn.Linear(width, task.experts) for _ in task.goals
            )
            width = last
        self.heads = nn.ModuleList(_head(task, width, goal) for goal in task.goals)

    def forward(self, inputs: Tensor) -> list[Tensor]:
        """Return each head's raw outputs, `(batch, width)`."""
        if self.reads == "text":
            inputs = self.recurrent(self.words(inputs))[1][0][0]
        elif self.reads == "pictures":
            scaled = inputs.permute(0, 3, 1, 2).float() / 255.0
            seen = functional.relu(self.convolution(scaled))
            inputs = functional.max_pool2d(seen, 2).flatten(1)
        shared = self.trunk(inputs)
        if self.experts is None:
            return [head(shared) for head in self.heads]
        known = functional.relu(self.experts(shared))
        known = known.unflatten(1, (self.gates[0].out_features, -1))
        return [
            head(torch.einsum("be,beu->bu", gate(shared).softmax(1), known))
            for head, gate in zip(self.heads, self.gates, strict=True)
        ]


def _head(task: Task, width: int, goal: Goal) -> nn.Module:
    if not task.branch:
        return nn.Linear(width, width_of(goal))
    return nn.Sequential(
        nn.Linear(width, task.branch),
        nn.ReLU(),
        nn.Linear(task.branch, width_of(goal)),
    )


def _parts(rows: Rows) -> tuple[np.ndarray, ...]:
    return rows.inputs, rows.targets, rows.weights


def _train(
    judge: Callable[..., tuple[Tensor, ...]],
    optimizer: torch.optim.Optimizer,
    data: list[Tensor],
    batches: tuple[Tensor, ...],
) -> None:
    sums = torch.zeros(0)
    for batch in batches:
        total, told = judge(*(part[batch] for part in data))
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        optimizer.step()
        sums = told if not sums.numel() else sums + told
    sums.tolist()


def _losses(
    goals: tuple[Goal, ...], outputs: list[Tensor], targets: Tensor, weights: Tensor
) -> tuple[Tensor, ...]:
    """Return the sum of the heads' losses, and what an epoch tells of each head."""
    losses, told = [], []
    for place, (goal, raw) in enumerate(zip(goals, outputs, strict=True)):
        truth, weight = targets[:, place], weights[:, place]
        if goal == "class":
            loss = functional.cross_entropy(raw, truth.long(), reduction="none")
            seen = (raw.argmax(1) == truth).float()
        elif goal == "label":
            loss = functional.binary_cross_entropy_with_logits(
                raw[:, 0], truth, reduction="none"
            )
            seen = ((raw[:, 0] > 0) == (truth > 0.5)).float()
        else:
            loss = (raw[:, 0] - truth) ** 2
            seen = (raw[:, 0] - truth).abs()
        lost, count = (loss * weight).sum(), weight.sum()
        losses.append(lost / count.clamp(min=1e-9))
        told += [lost, count, (seen * weight).sum()]
    return torch.stack(losses).sum(), torch.stack(told).detach()
