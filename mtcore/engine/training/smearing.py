"""Means of numbers that were learned as logarithms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.splits.extract import extract
from mtcore.data.splits.splits import RowSplit
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.targets import head_targets
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.layers.network import Weights
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.served.served_model import build_served_model
from mtcore.spec import Experiment, Head, RegressionHead, TargetEncoding

# More rows tell the means of residuals no better.
MOST_ROWS = 20_000


def with_smearing(
    experiment: Experiment,
    encoding: Encoding,
    networks: Sequence[Weights],
    table: Rows,
    split: RowSplit,
) -> Encoding:
    """Return the encoding with what turns learned logarithms back into means.

    Only heads with a log target and squared errors need it; see `LogScale`. Where
    several networks are averaged, the residuals are those of each of them.

    Args:
        experiment: What was trained.
        encoding: Fitted on its training rows.
        networks: All trained variables of each network.
        table: Every row; of many, residuals are taken from a sample.
        split: Says which rows train.
    """
    smeared = [head for head in experiment.heads if _needs_smearing(head)]
    if not smeared:
        return encoding
    known, parts = extract(experiment, table, split, MOST_ROWS)
    train_rows = parts.train
    if len(train_rows) > MOST_ROWS:
        random = np.random.default_rng(experiment.seed)
        train_rows = np.sort(random.choice(train_rows, MOST_ROWS, replace=False))
    rows = known.take(train_rows)
    answers = [
        Predictor(
            experiment, encoding, build_served_model(experiment, encoding, [weights])
        ).predict(rows)
        for weights in networks
    ]
    targets = head_targets(experiment, encoding.heads, rows)
    found = {
        head.name: _smeared(
            encoding.heads[head.name],
            np.concatenate([targets[head.name]] * len(networks)),
            np.concatenate([answer[head.name] for answer in answers]),
        )
        for head in smeared
    }
    return encoding.model_copy(update={"heads": {**encoding.heads, **found}})


def _needs_smearing(head: Head) -> bool:
    return isinstance(head, RegressionHead) and head.log_target and head.loss == "mse"


def _smeared(
    facts: TargetEncoding, targets: FloatArray, answers: FloatArray
) -> TargetEncoding:
    logs = []
    for place, log in enumerate(facts.logs):
        known = ~np.isnan(targets[:, place])
        if known.any():
            log = log.smeared(targets[known, place], answers[known, place])
        logs.append(log)
    return facts.model_copy(update={"logs": tuple(logs)})
