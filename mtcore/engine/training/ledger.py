"""What an epoch's objective was made of, and how the heads pulled at the trunk."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.engine.program.sums import (
    MOST_LEDGER,
    NORMS,
    PENALTY,
    SHARES,
    STEPS,
    TRAIN_SUMS,
    WEIGHTED,
    measured_heads,
)


def ledger_metrics(ids: Sequence[str], sums: FloatArray) -> dict[str, float]:
    """Return the ledger of an epoch: Σ weight · loss a head + regularisation = total.

    `ledger/h0/loss` is the raw loss over all labels of the epoch, each counted once;
    `ledger/h0/weight` is what it was multiplied with, averaged over the epoch by what
    was lost; `ledger/regularisation` is what a balance added itself. The decoupled
    weight decay of AdamW shrinks weights outside the objective and has no line. Heads
    without a label are left out, and so is the weight of a head that lost nothing.
    Heads beyond the first `MOST_LEDGER` are one line, `ledger/others`.

    Args:
        ids: `h0`, `h1`, …
        sums: As `blank_sums` says, with at least one step.
    """
    lost, weight, weighted = sums[0], sums[1], sums[WEIGHTED]
    labelled = weight > 0.0
    parts = weighted / np.where(labelled, weight, 1.0)
    metrics: dict[str, float] = {}
    for place in np.flatnonzero(labelled[:MOST_LEDGER]).tolist():
        metrics[f"ledger/{ids[place]}/loss"] = float(lost[place] / weight[place])
        if lost[place] != 0.0:
            share = weighted[place] / lost[place]
            metrics[f"ledger/{ids[place]}/weight"] = float(share)
    regularisation = float((sums[PENALTY] / sums[STEPS]).sum())
    if len(ids) > MOST_LEDGER:
        metrics["ledger/others"] = float(parts[MOST_LEDGER:].sum())
    metrics["ledger/regularisation"] = regularisation
    metrics["ledger/total"] = float(parts.sum()) + regularisation
    return metrics


def gradient_metrics(ids: Sequence[str], sums: FloatArray) -> dict[str, float]:
    """Return what the measurements of an epoch come to; empty where there were none.

    `gradient_norm/h0` and `gradient_share/h0` are of the head's weighted gradient on
    the trunk's variables, the share of the sum of all norms; `cosine/h0/h1` is the mean
    cosine of two heads' gradients and `conflict/h0/h1` the share of measurements in
    which it was below 0. Only the first heads are measured, see `MOST_MEASURED`.

    Args:
        ids: `h0`, `h1`, …
        sums: As `blank_sums` says.
    """
    count = measured_heads(len(ids))
    squares = sums[TRAIN_SUMS + 2 :, :count].reshape(3, count, count)
    cosines, counts, negative = squares
    times = np.diag(counts)
    metrics: dict[str, float] = {}
    for place in np.flatnonzero(times).tolist():
        norm, share = sums[NORMS, place], sums[SHARES, place]
        metrics[f"gradient_norm/{ids[place]}"] = float(norm / times[place])
        metrics[f"gradient_share/{ids[place]}"] = float(share / times[place])
    for first, second in combinations(range(count), 2):
        if counts[first, second]:
            pair, together = f"{ids[first]}/{ids[second]}", counts[first, second]
            metrics[f"cosine/{pair}"] = float(cosines[first, second] / together)
            metrics[f"conflict/{pair}"] = float(negative[first, second] / together)
    return metrics
