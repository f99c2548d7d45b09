"""The engine's compiled program on the same rows and network."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.training.work import (
    LENGTH,
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
from mtcore.engine.backend import device, tf
from mtcore.engine.plans.encoder_plans import ImagePlan, TextPlan, pack_pictures
from mtcore.engine.plans.plan import HeadPlan, NetworkPlan, TrunkPlan
from mtcore.engine.program.arguments import Arguments
from mtcore.engine.program.program import Program
from mtcore.engine.program.program_cache import likely_kinds
from mtcore.engine.program.program_key import ProgramKey, ProgramKind
from mtcore.engine.program.sums import blank_sums
from mtcore.engine.rows.rows import EncodedRows, bucket_of, held_codes
from mtcore.engine.training.epoch_order import epoch_order, steps_of
from mtcore.engine.training.epochs import CHUNK_S, FIRST_CHUNK

HEADS: dict[Goal, tuple[str, str, str]] = {
    "number": ("regression", "linear", "mse"),
    "label": ("binary", "sigmoid", "binary_crossentropy"),
    "class": ("multiclass", "softmax", "categorical_crossentropy"),
}


def our_epoch(
    task: Task, rows: Rows, batch_size: int, kind: ProgramKind | None = None
) -> Epoch:
    """Return a function that trains one epoch.

    Args:
        task: The network.
        rows: What it learns from.
        batch_size: Rows a step.
        kind: How the epoch runs; the likeliest for the network by default.
    """
    plan = plan_of(task)
    data = encoded(plan, rows)
    where = device()
    kind = kind or likely_kinds(plan, where)[0]
    key = ProgramKey(plan, batch_size, "adam", data.bucket, data.bucket, kind, where)
    program = Program(key)
    heads = len(task.goals)
    ones = np.ones(heads)
    chosen = Arguments(RATE, 1.0, 1e9, ones, ones, ones, ones, ones, 0)
    steps = steps_of(rows.count, batch_size)

    def epoch(turn: int) -> float:
        begun = time.perf_counter()
        places = epoch_order(rows.count, batch_size, key.order_length, 0, turn)
        order, sums, first = tf.constant(places), blank_sums(heads), 0
        while first < steps:
            chunk = CHUNK_S / program.step_s if program.step_s else FIRST_CHUNK
            count = min(max(int(chunk), 1), steps - first)
            started = time.perf_counter()
            sums, _ = program.train(
                data, order, (first, count, turn * steps), sums, chosen
            )
            first += count
            program.step_s = (time.perf_counter() - started) / count
        return time.perf_counter() - begun

    return epoch


def plan_of(task: Task) -> NetworkPlan:
    """Return the network as the engine plans it, without bins."""
    heads = []
    for place, goal in enumerate(task.goals):
        kind, activation, loss = HEADS[goal]
        layers = (task.branch,) if task.branch else ()
        heads.append(
            HeadPlan(f"h{place}", kind, layers, width_of(goal), activation, loss, 1)
        )
    trunk = TrunkPlan("shared", task.trunk)
    if task.experts:
        trunk = TrunkPlan("experts", task.trunk, shared=task.experts)
    numbers = NUMBERS if task.reads == "numbers" else 0
    texts = (TextPlan("lstm", WORDS, LENGTH, 128, 128),)
    images = (ImagePlan(PIXELS, PIXELS),)
    return NetworkPlan(
        numbers,
        (0,) * numbers,
        (),
        trunk,
        "relu",
        0.0,
        tuple(heads),
        texts=texts if task.reads == "text" else (),
        images=images if task.reads == "pictures" else (),
    )


def encoded(plan: NetworkPlan, rows: Rows) -> EncodedRows:
    """Return the rows as a program reads them."""
    codes = np.zeros((rows.count, 0), np.int32)
    parts = [rows.targets, rows.weights]
    if plan.images:
        codes = pack_pictures(rows.inputs)
    elif plan.texts:
        codes = rows.inputs
    else:
        parts.insert(0, rows.inputs)
    padding = [(0, bucket_of(rows.count) - rows.count), (0, 0)]
    numbers = np.concatenate(parts, axis=1)
    return EncodedRows(
        tf.constant(np.pad(numbers, padding)),
        held_codes(np.pad(codes, padding)),
        rows.count,
    )
