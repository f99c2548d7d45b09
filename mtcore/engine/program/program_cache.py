"""Compiled programs, kept in the process so that the same network compiles once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from mtcore.engine.backend import Device, device
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.program.program import Program
from mtcore.engine.program.program_key import ProgramKey, ProgramKind
from mtcore.engine.rows.rows import RowBlocks
from mtcore.spec import Training

MOST_PROGRAMS = 24
# XLA takes 20 seconds to compile so many heads, and ever longer for more.
MOST_HEADS_BY_XLA = 32

_programs: OrderedDict[ProgramKey, Program] = OrderedDict()
_lock = threading.Lock()
_built = 0


def key_of(
    plan: NetworkPlan, training: Training, train: RowBlocks, validation: RowBlocks
) -> ProgramKey:
    """Return what a program for these rows is compiled for."""
    return ProgramKey(
        plan=plan,
        batch_size=min(training.batch_size, train.bucket),
        optimizer=training.optimizer,
        train_bucket=train.bucket,
        validation_bucket=validation.bucket,
        kind=likely_kinds(plan, device())[0],
        device=device(),
        balance=training.balance,
    )


def likely_kinds(plan: NetworkPlan, where: Device) -> tuple[ProgramKind, ...]:
    """Return the kinds that may be the fastest for a network, the likeliest first.

    One alone is sure. Dense networks are 12 to 30 times faster when XLA compiles the
    whole epoch; on a processor it makes convolutions ten times slower, and takes
    minutes to compile very many heads. A GPU has kernels for recurrent layers, which
    XLA can't call, and for adding up in one order what a word or a pixel gave to many,
    which XLA may do in a slow loop.
    """
    if len(plan.heads) > MOST_HEADS_BY_XLA:
        return ("graph_epoch",)
    readers = {text.encoder for text in plan.texts}
    if where == "GPU":
        if readers & {"lstm", "gru"}:
            return ("graph_epoch",)
        wide = plan.images or plan.texts
        return ("graph_epoch", "xla_epoch") if wide else ("xla_epoch",)
    if plan.images or readers & {"conv", "lstm", "gru"}:
        return "graph_epoch", "graph_step"
    return ("xla_epoch",)


@contextmanager
def lease(key: ProgramKey) -> Iterator[Program]:
    """Lend the program of a key to one training at a time.

    Yields:
        A program that may have been used and compiled before.
    """
    global _built
    with _lock:
        program = _programs.pop(key, None)
        if program is None:
            _built += 1
    program = program or Program(key)
    try:
        yield program
    finally:
        program.forget_rows()
        with _lock:
            _programs[key] = program
            while len(_programs) > MOST_PROGRAMS:
                _programs.popitem(last=False)


def programs_built() -> int:
    """Return how many programs this process has built, forgotten ones included.

    Compiled code is not given back, so a worker is retired after some number.
    """
    return _built


def kept_programs() -> tuple[Program, ...]:
    """Return the programs that are ready and not lent, oldest use first."""
    with _lock:
        return tuple(_programs.values())
