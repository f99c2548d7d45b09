"""Questions to a finished run's model, answered at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mtcore.arrays import FloatArray
from mtcore.data.table import Table
from mtcore.runs.errands import Sweep
from mtcore.runs.tasks.held import predictor_of, store_at
from mtcore.whatif.scenarios import response_curves

Record = Mapping[str, object]


def predict_records(
    run_id: str,
    records: Sequence[Record],
    home_root: str,
    tracking_uri: str | None = None,
) -> dict[str, FloatArray]:
    """Return what all heads answer for some rows.

    Args:
        run_id: A finished run.
        records: Cells by column; what is left out is missing.
        home_root: See the package.
        tracking_uri: See the package.

    Returns:
        Decoded outputs `(rows, width)` by the head's name.
    """
    run = store_at(home_root, tracking_uri).get(run_id)
    predictor = predictor_of(run, home_root, tracking_uri)
    columns = [given.column for given in run.experiment.inputs or ()]
    whole = [{column: record.get(column) for column in columns} for record in records]
    return predictor.predict(Table.from_records(whole, run.experiment.missing))


def response(
    run_id: str,
    sweep: Sweep,
    home_root: str,
    tracking_uri: str | None = None,
) -> dict[str, FloatArray]:
    """Return how all heads' answers go with one input, the others as in a row.

    Args:
        run_id: A finished run.
        sweep: The row and what is changed about it.
        home_root: See the package.
        tracking_uri: See the package.

    Returns:
        Decoded outputs `(values, width)` by the head's name.
    """
    run = store_at(home_root, tracking_uri).get(run_id)
    predictor = predictor_of(run, home_root, tracking_uri)
    columns = [given.column for given in run.experiment.inputs or ()]
    whole = {name: sweep.record.get(name) for name in columns}
    return response_curves(
        predictor.predict, whole, sweep.column, sweep.values, run.experiment.missing
    )
