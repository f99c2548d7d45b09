"""How a network's epochs run: by rule, and by a short timing where no rule is sure."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

from mtcore.engine.backend import tf
from mtcore.engine.program.arguments import no_arguments
from mtcore.engine.program.program_cache import lease, likely_kinds
from mtcore.engine.program.program_key import ProgramKey, ProgramKind
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.rows.rows import RowBlocks

# A training that is over sooner is not worth compiling a second program for.
WORTH_TIMING_S = 60.0
# Another kind must take less than this share of the likely kind's time.
CLEARLY_FASTER = 0.9
TIMED_STEPS = 4

_timed: dict[str, ProgramKind] = {}


def settle_kind(
    key: ProgramKey,
    train: RowBlocks,
    steps: int,
    recorded: str | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ProgramKey:
    """Return the key with the kind that a training runs with.

    Args:
        key: With any kind.
        train: The rows that teach, to time kinds on.
        steps: The most steps of the whole training.
        recorded: How an earlier training ran, as `record_of` says. Where that was of
            the same architecture its kind is taken again, for the same numbers.
        clock: Seconds that only grow.
    """
    architecture = _architecture(key)
    for kind in get_args(ProgramKind):
        known = replace(key, kind=kind)
        if recorded == record_of(known):
            return known
    kinds = likely_kinds(key.plan, key.device)
    if len(kinds) > 1 and architecture not in _timed:
        fastest = _by_time(key, kinds, train, steps, clock)
        if fastest is not None:
            _timed[architecture] = fastest
    return replace(key, kind=_timed.get(architecture, kinds[0]))


def record_of(key: ProgramKey) -> str:
    """Return how a training ran and what that is good for, as a run keeps it."""
    return f"{key.kind}@{_architecture(key)}"


def _architecture(key: ProgramKey) -> str:
    """Return a mark of all that decides which kind is fastest."""
    text = f"{key.plan} {key.batch_size} {key.optimizer} {key.balance} {key.device}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _by_time(
    key: ProgramKey,
    kinds: tuple[ProgramKind, ...],
    train: RowBlocks,
    steps: int,
    clock: Callable[[], float],
) -> ProgramKind | None:
    """Return the kind that took the least time; None where timing is not worth it."""
    likely, *others = kinds
    seconds = {likely: _seconds_a_step(replace(key, kind=likely), train, clock)}
    if seconds[likely] * steps < WORTH_TIMING_S:
        return None
    for kind in others:
        seconds[kind] = _seconds_a_step(replace(key, kind=kind), train, clock)
    fastest = min(seconds, key=lambda kind: seconds[kind])
    return fastest if seconds[fastest] < CLEARLY_FASTER * seconds[likely] else likely


def _seconds_a_step(
    key: ProgramKey, train: RowBlocks, clock: Callable[[], float]
) -> float:
    """Return the time of a step; the program's weights are of no use afterwards."""
    order = tf.range(key.order_length) % train.bucket
    # A small table has fewer steps in an epoch.
    timed = min(TIMED_STEPS, key.order_length // key.batch_size)
    with lease(key) as program:
        for steps in (1, timed):
            begun = clock()
            sums, nothing = blank_sums(len(key.plan.heads)), no_arguments(key.plan)
            program.train(train.blank, order, (0, steps, 0), sums, nothing)
    return (clock() - begun) / timed
