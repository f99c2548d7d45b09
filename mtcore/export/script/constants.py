"""What a script is told of its experiment: rows, targets and recipe as constants."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtcore.data.splits.splits import PARTS, RowSplit
from mtcore.data.splits.turns import take_turns
from mtcore.data.tables.table import Table
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import (
    DatetimeEncoding,
    ImageEncoding,
    TextEncoding,
    Worded,
)
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.rows.labels import weights_of_classes
from mtcore.export.code.fixed_text import constant
from mtcore.export.models.model_words import values_of
from mtcore.export.script.balance_text import BalanceText
from mtcore.spec import Experiment, Head, TargetEncoding

if TYPE_CHECKING:
    from mtcore.engine.program.constant_loss import Constant

NO_TURN = 255


def row_constants(experiment: Experiment, table: Table, split: RowSplit) -> str:
    """Return how many rows there are, and which of them do what.

    Args:
        experiment: What was trained.
        table: Every row of its file.
        split: The run's.
    """
    parts = np.full(table.rows, NO_TURN, np.uint8)
    for code, part in enumerate(PARTS):
        parts[split.rows(part)] = code
    turns = take_turns(experiment, table, split)
    held = np.full(table.rows, NO_TURN, np.uint8)
    for place, rows in enumerate(turns.held):
        held[rows] = place
    by_seed = experiment.split.kind == "random"
    return "".join(
        [
            "\n# Which rows train (0), choose the best epoch (1) and test (2): drawn "
            "by the\n# seed where it is empty. Then which network holds a row out.\n",
            constant("ROWS", table.rows),
            constant("VALIDATION", experiment.split.validation if by_seed else 0.0),
            constant("TEST", experiment.split.test if by_seed else 0.0),
            _packed("ROW_PARTS", np.empty(0, np.uint8) if by_seed else parts),
            _packed("ROW_TURNS", held if turns.rotate else np.empty(0, np.uint8)),
        ]
    )


def _packed(name: str, codes: NDArray[np.uint8]) -> str:
    text = base64.b64encode(zlib.compress(codes.tobytes(), 9)).decode()
    lines = [text[start : start + 76] for start in range(0, len(text), 76)]
    if not codes.size:
        return f'{name} = ""\n'
    return "".join([f"{name} = (\n", *(f'    "{line}"\n' for line in lines), ")\n"])


def lesson_constants(experiment: Experiment, encoding: Encoding, unit: float) -> str:
    """Return what inputs are read as, and how targets and weights are made.

    Args:
        experiment: What was trained.
        encoding: Fitted on its training rows.
        unit: What row weights are divided by.
    """
    from mtcore.engine.rows.rows import ENCODED_AT_ONCE, rows_at_once

    ids = experiment.head_ids()
    uses = {
        f"c{place}": "text"
        if isinstance(given, Worded)
        else "moment"
        if isinstance(given, DatetimeEncoding)
        else "number"
        for place, given in enumerate(encoding.inputs)
        if not isinstance(given, ImageEncoding)
    }
    facts = encoding.heads
    lessons = {ids[h.name]: _lesson(h, facts[h.name]) for h in experiment.heads}
    values = {ids[h.name]: values_of(h, facts[h.name]) for h in experiment.heads}
    return "".join(
        [
            "\n# What each input is read as, and how each head's targets are made.\n",
            constant("READ_AS", uses),
            constant("LESSONS", lessons),
            constant("VALUES", values),
            constant("WORD_DROPOUT", _word_dropout(encoding)),
            _picture_constants(encoding),
            constant("ROWS_AT_ONCE", rows_at_once(encoding, ENCODED_AT_ONCE)),
            constant("ROW_WEIGHT", experiment.row_weight),
            constant("ROW_WEIGHT_UNIT", unit),
        ]
    )


def _word_dropout(encoding: Encoding) -> dict[str, float]:
    """Return the share of words that training leaves out, of texts that lose some."""
    return {
        f"c{place}": given.reading.word_dropout
        for place, given in enumerate(encoding.inputs)
        if isinstance(given, TextEncoding) and given.reading.word_dropout > 0.0
    }


def _picture_constants(encoding: Encoding) -> str:
    """Return the sizes of pictures, and how they are changed while training."""
    images = [
        (f"c{place}", given.reading)
        for place, given in enumerate(encoding.inputs)
        if isinstance(given, ImageEncoding)
    ]
    if not images:
        return ""
    from mtcore.engine.layers.augmentation import image_place

    changed = {
        name: (image_place(place), list(reading.augment))
        for place, (name, reading) in enumerate(images)
        if reading.augment
    }
    text = constant("SIZES", {name: reading.size for name, reading in images})
    return text + (constant("AUGMENT", changed) if changed else "")


def _lesson(head: Head, facts: TargetEncoding) -> dict[str, Any]:
    """Return how a head's targets are made of cells."""
    classes = weights_of_classes(head, facts)
    codes: list[dict[str, float]] = []
    if head.kind == "multilabel":
        codes = [{positive: 1.0} for positive in facts.positives]
    elif head.target_kind == "category":
        codes = [{name: float(place) for place, name in enumerate(facts.classes)}]
    standardised = head.kind in ("regression", "quantile")
    count = len(head.columns)
    return {
        "reads": head.target_kind,
        "columns": list(head.columns),
        "codes": codes,
        "other": 0.0 if head.kind == "multilabel" else None,
        "class_weights": [] if classes is None else classes.tolist(),
        "mean": list(facts.mean) if standardised else [0.0] * count,
        "scale": list(facts.scale) if standardised else [1.0] * count,
        "logs": [(log.size, log.mean, log.deviation) for log in facts.logs],
    }


def recipe_constants(
    experiment: Experiment,
    plan: NetworkPlan,
    constants: Sequence[Constant],
    parts: Sequence[Sequence[str]],
    balance: BalanceText,
) -> str:
    """Return how the networks are trained.

    Args:
        experiment: What was trained.
        plan: Of its network.
        constants: The best constant of each head.
        parts: Names of variables: what several heads move, then each head's own.
        balance: How the heads are weighed.
    """
    training = experiment.training
    weights = np.array([head.weight for head in experiment.heads])
    losses = np.array([constant.loss for constant in constants])
    scales = np.where(weights > 0.0, len(weights) * weights / weights.sum(), 1.0)
    monitored = [
        place
        for place, head in enumerate(experiment.heads)
        if head.name == training.monitor
        or (training.monitor is None and head.weight > 0.0)
    ]
    last = "sum" if plan.trunk.skip else "raw"
    first = {
        head.id: found.outputs.tolist()
        for head, found in zip(plan.heads, constants, strict=True)
    }
    return "".join(
        [
            "\n# The recipe.\n",
            constant("SEED", experiment.seed),
            constant("NETWORKS", training.seeds),
            constant("EPOCHS", training.epochs),
            constant("BATCH_SIZE", training.batch_size),
            constant("RATE", training.learning_rate),
            constant("OPTIMIZER", training.optimizer),
            constant("PATIENCE", training.patience),
            "\n# Each head's best constant, as raw outputs, and its loss; what losses "
            "are\n# multiplied with; whether a head moves the trunk; what the best "
            "epoch is chosen by.\n",
            constant("CONSTANTS", first),
            constant("CONSTANT_LOSSES", losses.tolist()),
            constant("SCALES", (scales / losses).tolist()),
            constant("MOVES", (weights > 0.0).astype(float).tolist()),
            constant("MONITORED", monitored),
            "\n# The layers that give raw outputs. What the losses of several heads "
            "move,\n# then each head's own: gradients are clipped part by part.\n",
            constant("RAW", {head.id: f"{head.id}_{last}" for head in plan.heads}),
            constant("PARTS", [list(part) for part in parts]),
            _balance_constants(experiment, plan, balance),
        ]
    )


def _balance_constants(
    experiment: Experiment, plan: NetworkPlan, balance: BalanceText
) -> str:
    """Return what the balance learns by, and which losses are logarithms already."""
    from mtcore.engine.balance.balance import SIGNED_LOSSES

    training = experiment.training
    lines = []
    if balance.learns:
        lines.append(constant("BALANCE_RATE", training.balance_rate))
    if balance.decays:
        lines.append(constant("BALANCE_DECAY", training.balance_decay))
    if balance.takes_logarithms:
        signed = [head.loss in SIGNED_LOSSES for head in plan.heads]
        lines.append(constant("SIGNED", signed))
    return "".join(["\n# How heads are weighed.\n", *lines]) if lines else ""
