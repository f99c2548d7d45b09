"""Questions to a finished run's model, answered at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.stored import StoredTable, stored_columns
from mtcore.data.tables.table import Table
from mtcore.errors import MissingError
from mtcore.evaluation.reports.parts import sample_rows
from mtcore.runs.cluster.errands import Sweep
from mtcore.runs.tasks.held import known_run, library_at, predictor_of, rows_for
from mtcore.runs.tasks.records import Record, whole_record
from mtcore.whatif.averages import ROWS_AVERAGED, AverageResponse, average_response
from mtcore.whatif.differences import Compared, differences
from mtcore.whatif.goal_seek import seek
from mtcore.whatif.goals import Goal, Sought
from mtcore.whatif.ranges import Cell
from mtcore.whatif.scenarios import response_curves

_LOOKED_AT = 100_000  # rows that tell what is usual


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
    run = known_run(run_id, home_root, tracking_uri)
    predictor = predictor_of(run, home_root, tracking_uri)
    whole = [whole_record(run, record, home_root) for record in records]
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
    run = known_run(run_id, home_root, tracking_uri)
    predictor = predictor_of(run, home_root, tracking_uri)
    whole = whole_record(run, sweep.record, home_root)
    return response_curves(
        predictor.predict, whole, sweep.column, sweep.values, run.experiment.missing
    )


def average_curves(
    run_id: str,
    column: str,
    values: Sequence[object],
    home_root: str,
    tracking_uri: str | None = None,
) -> AverageResponse:
    """Return how all heads' answers go with one input over 200 test rows.

    Args:
        run_id: A finished run.
        column: One of its inputs.
        values: What it is set to, one after the other.
        home_root: See the package.
        tracking_uri: See the package.

    Raises:
        ColumnError: It is no input.
    """
    run = known_run(run_id, home_root, tracking_uri)
    predictor = predictor_of(run, home_root, tracking_uri)
    rows = rows_for(run.experiment, run.dataset_id, home_root)
    tested = split_rows(run.experiment, rows).test
    table = rows.take(tested[sample_rows(len(tested), ROWS_AVERAGED)])
    return average_response(predictor.predict, table, column, values)


def seek_goal(
    run_id: str, goal: Goal, home_root: str, tracking_uri: str | None = None
) -> Sought:
    """Return the nearest edits of a row that make all heads answer as is wanted.

    Args:
        run_id: A finished run.
        goal: What is looked for, and from which row.
        home_root: See the package.
        tracking_uri: See the package.

    Raises:
        InputError: A condition names a head or output that there is not.
    """
    run = known_run(run_id, home_root, tracking_uri)
    predictor = predictor_of(run, home_root, tracking_uri)
    row: dict[str, Cell] = {
        column: cell if isinstance(cell, int | float | str) else None
        for column, cell in whole_record(run, goal.row, home_root).items()
    }
    return seek(predictor.predict, replace(goal, row=row))


def tell_differences(
    run_id: str, dataset_id: str, home_root: str, tracking_uri: str | None = None
) -> tuple[str, ...]:
    """Return what differs between a data set's rows and those a run was trained on.

    Args:
        run_id: A finished run.
        dataset_id: Rows to be answered; of very many a fixed draw is looked at.
        home_root: See the package.
        tracking_uri: See the package.

    Raises:
        ColumnError: The rows have none of the inputs.
    """
    run = known_run(run_id, home_root, tracking_uri)
    experiment, library = run.experiment, library_at(home_root)
    inputs = tuple(given.column for given in experiment.inputs or ())
    now = library.get(dataset_id).parquet
    try:
        known = stored_columns(library.get(run.dataset_id).parquet)
    except MissingError:
        return (
            "The rows that the model was trained on were deleted, so nothing can be "
            "said of how these differ.",
        )
    there = stored_columns(now)
    trained_on = rows_for(experiment, run.dataset_id, home_root)
    train = split_rows(experiment, trained_on).train
    training = trained_on.take(train[sample_rows(len(train), _LOOKED_AT)])
    looked_at = [column for column in inputs if column in there]
    others = [column for column in there if column not in inputs]
    rows = StoredTable(now, looked_at or there[:1], experiment.missing)
    drawn = rows.take(sample_rows(rows.rows, _LOOKED_AT))
    return differences(Compared(experiment, training, drawn, tuple(others), known))
