"""Files of many rows or columns are counted a few at a time, with one outcome."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtcore.data.profile.profile import Profile, profile_table
from mtcore.data.queries import looking
from mtcore.data.reading import ReadingReport, read_table
from mtcore.data.reading.columns import measures

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
    monkeypatch.setattr(measures, "_VALUES", 1)
    monkeypatch.setattr(looking, "_CELLS", 1)
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


def test_of_millions_of_rows_some_say_how_values_are_spread(
    csv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, profile = looked_at(csv, tmp_path)
    monkeypatch.setattr(looking, "MANY_ROWS", 0)
    monkeypatch.setattr(looking, "PART_ROWS", ROWS // 4)
    monkeypatch.setattr(looking, "_MOST_COUNTED", 100)
    _, roughly = looked_at(csv, tmp_path)
    for column, other in zip(profile.columns, roughly.columns, strict=True):
        assert (other.minimum, other.maximum) == (column.minimum, column.maximum)
        assert other.mean == pytest.approx(column.mean)
        assert other.deviation == pytest.approx(column.deviation)
        if column.kind in ("category", "boolean"):
            assert other.top == column.top
        if column.histogram:
            counts = np.array([times for *_, times in column.histogram])
            rough = np.array([times for *_, times in other.histogram])
            assert rough.sum() == pytest.approx(ROWS, rel=0.01)
            assert np.abs(rough - counts).max() < 0.03 * ROWS
            span = column.quantiles[-1] - column.quantiles[0]
            assert other.quantiles == pytest.approx(column.quantiles, abs=0.1 * span)


def test_columns_of_decimals_are_measured_hundreds_at_a_time(tmp_path: Path) -> None:
    columns = 210
    random = np.random.default_rng(1)
    values = {f"s{index}": random.normal(size=600) for index in range(columns)}
    frame = pd.DataFrame(values)
    path = tmp_path / "wide.csv"
    frame.to_csv(path, index=False)
    _, profile = looked_at(path, tmp_path)
    assert len(profile.columns) == columns
    for column in (profile.columns[0], profile.columns[-1]):
        counts = [times for *_, times in column.histogram]
        edges = np.linspace(frame[column.name].min(), frame[column.name].max(), 21)
        assert counts == np.histogram(frame[column.name], edges)[0].tolist()
