"""The samples: the same file everywhere, and as good as they say and no better."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    log_loss,
    mean_absolute_error,
    r2_score,
    roc_auc_score,
)

from mtcore.data.pictures.decoding import decode_picture
from mtcore.data.samples import SAMPLES, find_sample, mixed, sensors, write_sample
from mtcore.errors import MissingError
from mtcore.spec import ImageInput, dump_yaml, parse_experiment

IDS = [sample.id for sample in SAMPLES]


def read_cells(path: Path) -> dict[str, list[str]]:
    content = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            content = archive.read(path.with_suffix(".csv").name)
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return {
        name: list(cells)
        for name, cells in zip(header, zip(*rows, strict=True), strict=True)
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Every sample's file, as drawing pictures takes seconds."""
    folder = tmp_path_factory.mktemp("samples")
    return {sample_id: write_sample(sample_id, folder) for sample_id in IDS}


@pytest.mark.parametrize("sample_id", IDS)
def test_a_sample_is_the_same_file_each_time(
    sample_id: str, written: Mapping[str, Path], tmp_path: Path
) -> None:
    first = written[sample_id].read_bytes()
    second = write_sample(sample_id, tmp_path).read_bytes()
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    assert 200_000 < len(first) < 1_000_000


@pytest.mark.parametrize("sample_id", IDS)
def test_a_samples_experiment_fits_its_file(
    sample_id: str, written: Mapping[str, Path]
) -> None:
    sample = find_sample(sample_id)
    cells = read_cells(written[sample_id])
    inputs = [given.column for given in sample.experiment.inputs or ()]
    named = [*inputs, *sample.experiment.exclude, *sample.experiment.target_columns()]
    assert sorted(named) == sorted(cells)
    assert parse_experiment(dump_yaml(sample.experiment)) == sample.experiment


def test_the_sensors_sample_is_the_missions_first_row() -> None:
    experiment = find_sample("sensors").experiment
    assert len(experiment.inputs or ()) == 10
    assert experiment.trunk.layers == (64, 32)
    assert experiment.trunk.activation == "relu"
    assert [head.loss for head in experiment.heads] == ["mse", "mse"]
    assert {head.metrics for head in experiment.heads} == {("mae",)}


def test_the_law_of_the_sensors_scores_what_the_sample_says(
    written: Mapping[str, Path],
) -> None:
    cells = read_cells(written["sensors"])
    best = find_sample("sensors").best_possible
    for name, outputs in sensors.best_outputs().items():
        actual = np.asarray(cells[name], dtype=np.float64)
        assert r2_score(actual, outputs[:, 0]) == pytest.approx(
            best[name]["r2"], abs=5e-4
        )
        assert mean_absolute_error(actual, outputs[:, 0]) == pytest.approx(
            best[name]["mae"], abs=5e-3
        )
    assert max(map(float, cells["humidity"])) <= 100.0


def test_the_law_of_the_orders_scores_what_the_sample_says(
    written: Mapping[str, Path],
) -> None:
    cells = read_cells(written["mixed"])
    best, outputs = find_sample("mixed").best_possible, mixed.best_outputs()
    known = {name: np.asarray([cell != "" for cell in cells[name]]) for name in outputs}
    cost = np.asarray([float(cell or "nan") for cell in cells["repair_cost"]])
    rows = known["repair_cost"]
    expected = outputs["repair_cost"][rows, 0]
    assert r2_score(cost[rows], expected) == pytest.approx(
        best["repair_cost"]["r2"], abs=5e-4
    )
    assert mean_absolute_error(cost[rows], expected) == pytest.approx(
        best["repair_cost"]["mae"], abs=0.05
    )
    rows = known["returned"]
    again = np.asarray(cells["returned"])[rows] == "yes"
    chance = outputs["returned"][rows, 0]
    assert roc_auc_score(again, chance) == pytest.approx(
        best["returned"]["auc"], abs=5e-4
    )
    assert log_loss(again, chance) == pytest.approx(
        best["returned"]["log_loss"], abs=5e-4
    )
    rows = known["fault"]
    fault = np.asarray(cells["fault"])[rows]
    chances = outputs["fault"][rows]
    likeliest = np.asarray(mixed.FAULTS)[chances.argmax(axis=1)]
    assert accuracy_score(fault, likeliest) == pytest.approx(
        best["fault"]["accuracy"], abs=5e-4
    )
    assert log_loss(fault, chances, labels=list(mixed.FAULTS)) == pytest.approx(
        best["fault"]["log_loss"], abs=5e-4
    )


def test_the_orders_lack_labels_in_each_head_by_itself(
    written: Mapping[str, Path],
) -> None:
    cells = read_cells(written["mixed"])
    for name, share in mixed.UNLABELLED.items():
        blank = np.mean([cell == "" for cell in cells[name]])
        assert blank == pytest.approx(share, abs=0.02)
    labelled = zip(*(cells[name] for name in mixed.UNLABELLED), strict=True)
    assert 0 < sum(not any(row) for row in labelled) < 50


def test_parity_follows_from_the_digit(written: Mapping[str, Path]) -> None:
    cells = read_cells(written["digits"])
    assert len(cells["digit"]) == 1_797
    assert set(cells["digit"]) == set("0123456789")
    odd = ["odd" if int(digit) % 2 else "even" for digit in cells["digit"]]
    assert cells["parity"] == odd


def test_the_pets_sample_is_the_missions_second_row() -> None:
    experiment = find_sample("pets").experiment
    [photo] = experiment.inputs or ()
    assert photo == ImageInput(
        column="picture", encoder="conv", size=(64, 64), units=128, augment=()
    )
    assert experiment.trunk.layers == ()
    assert [(h.name, h.kind, h.loss, h.layers) for h in experiment.heads] == [
        (name, "binary", "binary_crossentropy", ()) for name in ("cat", "dog")
    ]


def test_pets_may_be_alone_together_or_away(written: Mapping[str, Path]) -> None:
    path = written["pets"]
    cells = read_cells(path)
    pairs = Counter(zip(cells["cat"], cells["dog"], strict=True))
    assert len(pairs) == 4
    assert min(pairs.values()) > 200
    with zipfile.ZipFile(path) as archive:
        assert set(cells["picture"]) == set(archive.namelist()) - {"pets.csv"}
        content = archive.read(cells["picture"][0])
    pixels = decode_picture(content, (64, 64))
    assert not isinstance(pixels, str)


def test_an_unknown_sample_is_refused_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no sample 'iris'"):
        write_sample("iris", tmp_path)
