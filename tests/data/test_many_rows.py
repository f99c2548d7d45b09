"""Files of many rows are counted a few columns at a time, with the same outcome."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtcore.data import spreads
from mtcore.data.profile import Profile, profile_table
from mtcore.data.reading import ReadingReport, measures, read_table

ROWS = measures.SAMPLED_ROWS + 1_000


@pytest.fixture(scope="module")
def csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Whole numbers, decimals, classes, a flag and moments."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "count": random.integers(0, 3_000, ROWS),
            "load": random.normal(size=ROWS).round(3),
            "site": random.choice(["north", "süd", "west"], ROWS),
            "open": random.choice(["yes", "no"], ROWS),
            "when": pd.date_range("2024-01-01", periods=ROWS, freq="min"),
        }
    )
    path = tmp_path_factory.mktemp("rows") / "many.csv"
    frame.to_csv(path, index=False)
    return path


def looked_at(csv: Path, folder: Path) -> tuple[ReadingReport, Profile]:
    parquet = folder / "table.parquet"
    report = read_table(csv, parquet)
    return report, profile_table(parquet, report)


def test_columns_counted_one_by_one_come_out_as_all_at_once(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, profile = looked_at(csv, tmp_path)
    for module in (measures, spreads):
        monkeypatch.setattr(module, "_VALUES", 1)
    again, slowly = looked_at(csv, tmp_path)
    assert again == report
    for column, other in zip(profile.columns, slowly.columns, strict=True):
        assert (column.top, column.histogram) == (other.top, other.histogram)
        assert column.quantiles == other.quantiles
        assert column.mean == pytest.approx(other.mean)


def test_of_very_many_rows_different_values_are_estimated(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, _ = looked_at(csv, tmp_path)
    monkeypatch.setattr(measures, "_MOST_COUNTED", 0)
    estimated, _ = looked_at(csv, tmp_path)
    for column, other in zip(report.columns, estimated.columns, strict=True):
        assert other.kind == column.kind
        assert other.distinct == pytest.approx(column.distinct, rel=0.2)
    assert {c.name: c.distinct for c in estimated.columns}["site"] == 3
