"""Networks that take turns: each judged by other rows, and taught by all the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import RowArray
from mtcore.data.splits.turns import HeldOut, Turns
from mtcore.data.tables.stored import Rows
from mtcore.engine.backend import tf
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.layers.network import Weights, variable_name
from mtcore.engine.rows.rows import EncodedRows, RowBlocks, bucket_of, held_codes
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.served.served_model import build_served_model
from mtcore.spec import Experiment

Data = tuple[RowBlocks, RowBlocks]
"""Training and validation rows of one network."""


def rotated(
    parts: tuple[EncodedRows, EncodedRows],
    rows: tuple[RowArray, RowArray],
    held: Sequence[RowArray],
) -> Callable[[int], Data]:
    """Return what gives each network its rows, all padded to the same sizes.

    Args:
        parts: Encoded training and validation rows.
        rows: The row numbers of both.
        held: The row numbers that each network holds out.
    """
    numbers = np.concatenate([part.numbers.numpy()[: part.rows] for part in parts])
    held_as = [part.codes.numpy()[: part.rows] for part in parts]
    codes = np.concatenate(held_as).view(np.int32)
    known = np.concatenate(rows)
    judging = [np.isin(known, turn) for turn in held]
    counts = [int(judges.sum()) for judges in judging]
    most_taught = bucket_of(len(known) - min(counts))
    most_judged = bucket_of(max(counts))

    def data_of(place: int) -> Data:
        judges = judging[place]
        return (
            _padded(numbers[~judges], codes[~judges], most_taught),
            _padded(numbers[judges], codes[judges], most_judged),
        )

    return data_of


def held_out_answers(
    experiment: Experiment,
    encoding: Encoding,
    networks: Sequence[Weights],
    table: Rows,
    turns: Turns,
) -> HeldOut:
    """Return each network's answers for the rows that it held out.

    Args:
        experiment: What was trained.
        encoding: Fitted on its training rows.
        networks: Trained variables of each, in the order of the turns.
        table: Every row.
        turns: Those of networks that were not trained are left out.
    """
    model = build_served_model(experiment, encoding, networks[:1])
    predictor = Predictor(experiment, encoding, model)
    held = turns.held[: len(networks)]
    answers = []
    for weights, rows in zip(networks, held, strict=True):
        for variable in model.trainable_variables:
            variable.assign(weights[variable_name(variable)])
        answers.append(predictor.predict(table.take(rows)))
    known = np.concatenate(held)
    order = np.argsort(known)
    outputs = {
        name: np.concatenate([answer[name] for answer in answers])[order]
        for name in answers[0]
    }
    return HeldOut(known[order], outputs)


def _padded(
    numbers: NDArray[np.float32], codes: NDArray[np.int32], bucket: int
) -> EncodedRows:
    padding = [(0, bucket - len(numbers)), (0, 0)]
    return EncodedRows(
        tf.constant(np.pad(numbers, padding)),
        held_codes(np.pad(codes, padding)),
        len(numbers),
    )
