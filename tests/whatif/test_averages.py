"""How heads go with one input over many rows."""

from __future__ import annotations

import numpy as np
import pytest

from mtcore.arrays import FloatArray
from mtcore.data.tables.table import Table
from mtcore.errors import ColumnError
from mtcore.whatif.averages import ROWS_DRAWN, average_response


def product(rows: Table) -> dict[str, FloatArray]:
    return {"product": (rows.numbers("a") * rows.numbers("b"))[:, None]}


@pytest.fixture
def table() -> Table:
    return Table.from_records([{"a": 9.0, "b": float(b)} for b in range(40)])


def test_the_mean_is_over_rows_and_the_rows_stay_apart(table: Table) -> None:
    found = average_response(product, table, "a", [0.0, 1.0, 2.0])
    assert found.rows == 40
    # The mean of b is 19.5.
    np.testing.assert_allclose(found.means["product"][:, 0], [0.0, 19.5, 39.0])
    single = found.single["product"]
    assert single.shape == (ROWS_DRAWN, 3, 1)
    np.testing.assert_allclose(single[0, :, 0], 0.0)
    np.testing.assert_allclose(single[-1, :, 0], [0.0, 39.0, 78.0])


def test_a_column_that_is_not_there_is_named(table: Table) -> None:
    with pytest.raises(ColumnError, match="no column 'c'"):
        average_response(product, table, "c", [1.0])
