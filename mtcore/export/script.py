"""A Keras script that trains a run's experiment again, without any code of ours."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mtcore.data.dataset import Dataset
from mtcore.data.splits import PARTS, RowSplit
from mtcore.data.stored import Rows
from mtcore.data.table import Table
from mtcore.data.turns import take_turns
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.encode.input_encoding import DatetimeEncoding, TextEncoding, Worded
from mtcore.engine.plans.plan import NetworkPlan, plan_network
from mtcore.engine.rows.labels import (
    Labels,
    read_labels,
    weigh_rows,
    weight_unit,
    weights_of_classes,
)
from mtcore.errors import InputError
from mtcore.export.code_text import constant
from mtcore.export.keras_code import NOTES, network_code
from mtcore.export.model_words import values_of
from mtcore.export.script_losses import loss_functions, loss_table
from mtcore.export.script_reading import Use, reading_constants
from mtcore.export.script_rows_text import LESSONS, READING
from mtcore.export.script_text import MAIN, OPENING
from mtcore.export.script_training_text import TRAINING
from mtcore.spec import Experiment, Head, TargetEncoding

if TYPE_CHECKING:
    from mtcore.engine.program.constant_loss import Constant

NO_TURN = 255


def keras_script(
    experiment: Experiment,
    encoding: Encoding,
    dataset: Dataset,
    table: Rows,
    split: RowSplit,
) -> str:
    """Return a script that reads the file, trains as the run did, and answers.

    Args:
        experiment: What was trained.
        encoding: Fitted on its training rows.
        dataset: The file that it was trained on.
        table: Every row of it, as the run read them.
        split: The run's.

    Raises:
        InputError: A script can't do what the run did.
        ColumnError: A column can't be read so.
    """
    if not isinstance(table, Table):
        msg = (
            f"A script holds its rows in memory, and '{dataset.name}' is too large for "
            "that. Export keras or savedmodel instead."
        )
        raise InputError(msg)
    from mtcore.engine.program.constant_loss import fit_constants

    plan = plan_network(experiment, encoding)
    _refuse(experiment, plan)
    unit = weight_unit(experiment, table, split.train)
    weights = weigh_rows(experiment, table, unit)
    labels = read_labels(experiment, encoding, table, weights)
    taught = split.train[labels.weights[split.train].any(axis=1)]
    constants = fit_constants(
        plan, Labels(labels.targets[taught], labels.weights[taught])
    )
    return "".join(
        [
            OPENING.format(stem="script", note=NOTES[experiment.training.blend]),
            reading_constants(dataset, table, experiment.missing, _uses(experiment)),
            _row_constants(experiment, table, split),
            _lesson_constants(experiment, encoding, unit),
            _recipe_constants(experiment, plan, constants),
            network_code(experiment, encoding),
            READING,
            LESSONS,
            loss_functions(plan.heads),
            loss_table(plan.heads),
            TRAINING,
            MAIN,
        ]
    )


def _refuse(experiment: Experiment, plan: NetworkPlan) -> None:
    if experiment.training.balance != "static":
        msg = (
            f"A script can't balance losses by '{experiment.training.balance}' yet. "
            "Run it again with balance: static, or export keras instead."
        )
        raise InputError(msg, where="training")
    if plan.images:
        msg = "A script can't read pictures yet. Export keras or savedmodel instead."
        raise InputError(msg, where="inputs")


def _uses(experiment: Experiment) -> list[tuple[str, Use]]:
    """Return every column that is read, with what it is used as."""
    kinds: dict[str, Use] = {"number": "number", "datetime": "moment"}
    uses: list[tuple[str, Use]] = [
        (given.column, kinds.get(given.kind, "text"))
        for given in experiment.inputs or ()
    ]
    for head in experiment.heads:
        use: Use = "number" if head.target_kind == "number" else "text"
        uses += [(column, use) for column in head.columns]
    if experiment.row_weight is not None:
        uses.append((experiment.row_weight, "number"))
    return uses


def _row_constants(experiment: Experiment, table: Table, split: RowSplit) -> str:
    """Return how many rows there are, and which of them do what."""
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


def _lesson_constants(experiment: Experiment, encoding: Encoding, unit: float) -> str:
    ids = experiment.head_ids()
    uses = {
        f"c{place}": "text"
        if isinstance(given, Worded)
        else "moment"
        if isinstance(given, DatetimeEncoding)
        else "number"
        for place, given in enumerate(encoding.inputs)
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


def _recipe_constants(
    experiment: Experiment, plan: NetworkPlan, constants: Sequence[Constant]
) -> str:
    from mtcore.engine.layers.network import build_network, variable_name

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
    parts = [[variable_name(v) for v in part] for part in build_network(plan).parts]
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
            constant("PARTS", parts),
        ]
    )
