"""Reading the gates of a trained expert trunk on rows that it did not learn from."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.engine.backend import Model, keras
from mtcore.engine.rows.rows import (
    as_tensors,
    compiled_call,
    raw_columns,
    rows_at_once,
)
from mtcore.engine.served.predictor import Servable
from mtcore.engine.served.served_model import AVERAGED, NETWORK
from mtcore.spec import Experiment, ExpertTrunk
from mtcore.spec.gates import GateReading, GateReport

# More rows would not change a mean that people read to a percent.
MOST_ROWS = 16_384
READ_AT_ONCE = 4_096


def read_gates(
    experiment: Experiment, trained: Servable, table: Table
) -> GateReport | None:
    """Return how much each head weighs each expert; None without experts.

    Of networks that are averaged each is read by itself, as each has other experts: the
    mean of all their first ones would be the mean of nothing that exists.

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
    rows = np.arange(min(table.rows, MOST_ROWS))
    read = table.take(rows)
    by_network = [
        _weights(_gates_of(model, names), trained, read)
        for model in _networks_of(trained.model)
    ]
    return GateReport(
        shared=trunk.shared,
        private=trunk.private,
        rows=len(rows),
        readings=tuple(
            GateReading(
                head=head,
                level=level,
                network=place,
                means=tuple(weights[gate].mean(axis=0).tolist()),
                deviations=tuple(weights[gate].std(axis=0).tolist()),
            )
            for place, weights in enumerate(by_network, start=1)
            for gate, (head, level) in names.items()
        ),
    )


def _networks_of(model: Model) -> list[Model]:
    """Return the networks whose answers a model averages, or itself alone."""
    if model.name != AVERAGED:
        return [model]
    return [layer for layer in model.layers if layer.name.startswith(NETWORK)]


def _gates_of(model: Model, names: Iterable[str]) -> Model:
    return keras.Model(
        model.input, {gate: model.get_layer(gate).output for gate in names}
    )


def _weights(gates: Model, trained: Servable, table: Table) -> dict[str, FloatArray]:
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
