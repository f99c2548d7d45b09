"""Reading the gates of a trained expert trunk on rows that it did not learn from."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.table import Table
from mtcore.engine.backend import keras
from mtcore.engine.predictor import Servable
from mtcore.engine.rows import (
    as_tensors,
    compiled_call,
    raw_columns,
    rows_at_once,
)
from mtcore.spec import Experiment, ExpertTrunk
from mtcore.spec.gates import GateReading, GateReport

# More rows would not change a mean that people read to a percent.
MOST_ROWS = 16_384
READ_AT_ONCE = 4_096


def read_gates(
    experiment: Experiment, trained: Servable, table: Table
) -> GateReport | None:
    """Return how much each head weighs each expert; None without experts.

    Of several networks that were averaged, the first is read.

    Args:
        experiment: What was trained.
        trained: Its encoding and its raw-column model.
        table: Rows to read the gates on, of which the first `MOST_ROWS` are read.
    """
    trunk = experiment.trunk
    if not isinstance(trunk, ExpertTrunk):
        return None
    names = {
        f"{head_id}_gate_{at}": (name, at + 1)
        for at in range(trunk.levels)
        for name, head_id in experiment.head_ids().items()
    }
    model = trained.model
    if model.name == "averaged":
        # Another network's experts are others, so that no mean of all would say much.
        model = model.get_layer("network_0")
    gates = keras.Model(
        model.input, {gate: model.get_layer(gate).output for gate in names}
    )
    rows = np.arange(min(table.rows, MOST_ROWS))
    weights = _weights(gates, trained, table.take(rows))
    return GateReport(
        shared=trunk.shared,
        private=trunk.private,
        rows=len(rows),
        readings=tuple(
            GateReading(
                head=head,
                level=level,
                means=tuple(weights[gate].mean(axis=0).tolist()),
                deviations=tuple(weights[gate].std(axis=0).tolist()),
            )
            for gate, (head, level) in names.items()
        ),
    )


def _weights(
    gates: keras.Model, trained: Servable, table: Table
) -> dict[str, FloatArray]:
    """Return each gate's weights, float64 `(rows, experts)`."""
    call = compiled_call(gates)
    blocks = [
        call(as_tensors(raw_columns(trained.encoding, batch)))
        for batch in table.batches(rows_at_once(trained.encoding, READ_AT_ONCE))
    ]
    return {
        name: np.concatenate([block[name].numpy() for block in blocks]).astype(
            np.float64
        )
        for name in blocks[0]
    }
