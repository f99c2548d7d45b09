"""`train`, `evaluate`, `predict` and `runs`, on a model that is really trained."""

from __future__ import annotations

import csv
import json
import signal
import time
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest

from mtcore.home import Home
from mtcore.runs.store.store import RunStore
from tests.cli.commands import Ended, run_here, start
from tests.conftest import furnish
from tests.tables import building_loads

pytestmark = [
    pytest.mark.engine,
    # What MLflow and Keras ask of their own libraries.
    pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy"),
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
]

ROWS = 400
QUICK = (
    "--set", "training.epochs=8", "--set", "training.batch_size=64",
    "--set", "training.seeds=1",
)  # fmt: skip
SUMMARY = {
    "run", "status", "epochs", "best_epoch", "seconds", "parameters", "networks",
    "rows", "heads",
}  # fmt: skip
HEAD = {
    "kind", "loss", "weight", "labelled", "validation", "test", "baseline", "trees",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(
    empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder with a file, an experiment and a home that commands find."""
    folder = tmp_path_factory.mktemp("place")
    furnish(Home(folder / "home"), empty_database)
    loads = building_loads(ROWS)
    loads["label"] = ["warm" if value > loads["heating"].median() else "=cold"
                      for value in loads["heating"]]  # fmt: skip
    loads.loc[::4, "label"] = None
    loads.to_csv(folder / "loads.csv", index=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRANCHBOARD_HOME", str(folder / "home"))
        made = run_here(
            "suggest", folder / "loads.csv", "--predict", "heating,cooling,label",
            "--out", folder / "e.yaml",
        )  # fmt: skip
        assert made.code == 0, made.errors
        yield folder


@pytest.fixture(scope="module")
def trained(place: Path) -> Ended:
    return train(place, *QUICK)


@pytest.fixture(scope="module")
def run_id(trained: Ended) -> str:
    run: str = trained.object["run"]
    return run


def train(place: Path, *more: object) -> Ended:
    data = place / "loads.csv"
    return run_here("train", place / "e.yaml", "--data", data, "--json", *more)


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_train_prints_the_designs_object_and_nothing_else(trained: Ended) -> None:
    assert (trained.code, trained.errors) == (0, "")
    found = trained.object
    assert set(found) == SUMMARY
    assert found["status"] == "FINISHED"
    assert found["epochs"] == 8
    assert 1 <= found["best_epoch"] <= 8
    assert set(found["seconds"]) == {"read", "compile", "train", "total"}
    assert sum(found["rows"].values()) == ROWS
    assert list(found["heads"]) == ["heating", "cooling", "label"]
    for head in found["heads"].values():
        assert set(head) == HEAD
        assert set(head["test"]) == set(head["baseline"]) == set(head["validation"])
    labelled = found["heads"]["label"]["labelled"]
    assert sum(labelled.values()) == ROWS * 3 // 4


def test_the_run_is_in_the_list_with_its_test_metrics(
    trained: Ended, run_id: str
) -> None:
    listed = run_here("runs", "--json")
    assert listed.code == 0

    (run,) = [run for run in json.loads(listed.output) if run["run"] == run_id]
    assert set(run) == {"run", "name", "status", "created", "heads"}
    assert run["heads"]["heating"] == trained.object["heads"]["heating"]["test"]
    assert run_id in run_here("runs").output


def test_evaluate_gives_the_same_report_on_other_rows(place: Path, run_id: str) -> None:
    other = building_loads(150, seed=9).assign(label=["warm", "=cold", None] * 50)
    other.to_csv(place / "other.csv", index=False)
    ended = run_here("evaluate", run_id, "--data", place / "other.csv", "--json")
    assert (ended.code, ended.errors) == (0, "")
    assert ended.object["rows"] == 150
    assert list(ended.object["heads"]) == ["heating", "cooling", "label"]
    assert set(ended.object["heads"]["cooling"]["metrics"]) == {
        "mae", "rmse", "r2", "rrmse",
    }  # fmt: skip
    shown = run_here("evaluate", run_id, "--data", place / "other.csv")
    assert "150 rows" in shown.output


def test_predict_writes_every_row_in_the_files_order(place: Path, run_id: str) -> None:
    rows = building_loads(60, seed=3)[["X1", "X2", "X3", "X4", "X5", "X6", "X7", "X8"]]
    rows.iloc[5, 2] = None
    back = rows.iloc[::-1]
    written: dict[str, list[dict[str, str]]] = {}
    for name, frame, dialect in (("there", rows, ";"), ("back", back, "\t")):
        data, out = place / f"{name}.csv", place / f"{name}-out.csv"
        frame.to_csv(data, index=False, sep=dialect)
        ended = run_here("predict", run_id, "--data", data, "--out", out)
        assert ended.code == 0, ended.errors
        written[name] = read_rows(out)
    assert len(written["there"]) == 60
    columns = set(written["there"][0])
    assert {"heating", "cooling", "label"} <= columns
    assert {"label: warm", "label: =cold"} <= columns
    for first, second in zip(written["there"], written["back"][::-1], strict=True):
        assert float(first["heating"]) == pytest.approx(
            float(second["heating"]), abs=1e-4
        )
        assert first["label"] == second["label"]
        chances = float(first["label: warm"]) + float(first["label: =cold"])
        assert chances == pytest.approx(1.0, abs=1e-6)
    assert {row["label"] for row in written["there"]} <= {"warm", "'=cold"}


def test_predict_adds_intervals_only_where_they_are_asked_for(
    place: Path, run_id: str
) -> None:
    rows = building_loads(40, seed=4)
    rows.to_csv(place / "ranged.csv", index=False)
    asked = ("predict", run_id, "--data", place / "ranged.csv", "--out")
    plain = run_here(*asked, place / "without.csv")
    ended = run_here(*asked, place / "with.csv", "--intervals", "0.8", "--joint")
    assert plain.code == ended.code == 0, ended.errors
    without, ranged = (read_rows(place / f"{p}.csv") for p in ("without", "with"))
    added = [name for name in ranged[0] if name not in without[0]]
    assert added == [
        *("heating: low 80 %", "heating: high 80 %"),
        *("cooling: low 80 %", "cooling: high 80 %"),
        "label: set 80 %",
    ]
    for row in ranged:
        low, high = float(row["heating: low 80 %"]), float(row["heating: high 80 %"])
        assert low <= float(row["heating"]) <= high
        assert row["label"] in row["label: set 80 %"]
    alone = run_here(*asked, place / "with.csv", "--joint")
    assert (alone.code, "Add --intervals" in alone.sentence) == (2, True)


def test_export_writes_a_model_that_keras_alone_loads(place: Path, run_id: str) -> None:
    ended = run_here("export", run_id, "--to", "keras", "--out", place / "run.keras")
    assert (ended.code, ended.errors) == (0, "")
    assert "columns.json" in ended.output
    with ZipFile(place / "run.keras") as file:
        told = json.loads(file.read("columns.json"))
    assert list(told["outputs"]) == ["heating", "cooling", "label"]
    assert "model.weights.h5" in file.namelist()


@pytest.mark.parametrize(
    ("to", "out", "words"),
    [
        ("keras", "model.h5", "must end in .keras"),
        ("savedmodel", ".", "is there already"),
        ("keras", "nowhere/model.keras", "There is no folder"),
        ("tflite", "model.tflite", "savedmodel"),
    ],
)
def test_an_export_that_cannot_be_is_refused_in_one_sentence(
    to: str, out: str, words: str, place: Path, run_id: str
) -> None:
    ended = run_here("export", run_id, "--to", to, "--out", place / out)
    assert (ended.code, ended.output) == (2, "")
    assert words in ended.sentence


def test_the_same_seed_trains_the_same_model_and_weights_do_not_change_the_rows(
    place: Path, trained: Ended
) -> None:
    again = train(place, *QUICK).object
    assert again["heads"]["heating"]["test"] == pytest.approx(
        trained.object["heads"]["heating"]["test"], rel=1e-5
    )
    weighted = train(place, *QUICK, "--set", "heads.cooling.weight=3").object
    assert weighted["heads"]["cooling"]["weight"] == 3.0
    assert weighted["rows"] == trained.object["rows"]


def test_results_in_words_name_every_head(place: Path) -> None:
    ended = run_here("train", place / "e.yaml", "--data", place / "loads.csv", *QUICK)
    assert (ended.code, ended.errors) == (0, "")
    assert "constant prediction" in ended.output
    for name in ("heating", "cooling", "label"):
        assert f"\n{name} " in ended.output


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["heads.heating.loss=msle"], "Head 'heating': loss is 'msle'"),
        (["heads.heating.weight=-1"], "Head 'heating': weight is -1"),
        ([f"heads.{name}.weight=0" for name in ("heating", "cooling", "label")],
         "All head weights are 0"),
        (["heads.warming.weight=1"], "'heads.warming.weight' names no head"),
        (["heads.heating.columns=[]"], "Head 'heating' predicts no column"),
        (["heads.heating.columns=[X1]"], "Column 'X1' is an input and is also"),
        (["heads.heating.columns=[Y9]"], "column 'Y9', which the file does not have"),
        (["heads.label.kind=regression", "heads.label.loss=mse",
          "heads.label.metrics=[mae]"], "positive"),
        (["split={kind: group, column: X99}"], "'X99', which the file does not have"),
        (["training.epochs"], "sets nothing"),
        (["training.batchsize=3"], "Did you mean 'batch_size'"),
    ],
)  # fmt: skip
def test_an_experiment_that_cannot_be_trained_is_refused_in_one_sentence(
    settings: list[str], words: str, place: Path
) -> None:
    before = run_here("runs", "--json").output
    more = [part for setting in settings for part in ("--set", setting)]
    ended = train(place, *more)
    assert (ended.code, ended.output) == (2, "")
    assert words in ended.sentence
    assert run_here("runs", "--json").output == before


def test_a_target_with_one_class_is_refused(place: Path) -> None:
    frame = pd.read_csv(place / "loads.csv").assign(label="warm")
    frame.to_csv(place / "one_class.csv", index=False)
    data = place / "one_class.csv"
    ended = run_here("train", place / "e.yaml", "--data", data, "--json")
    assert ended.code == 2
    assert "Head 'label' has nothing to learn" in ended.sentence


def test_yaml_that_is_none_is_refused_with_its_line(place: Path) -> None:
    (place / "broken.yaml").write_text("name: a\nheads: [\n")
    data = place / "loads.csv"
    ended = run_here("train", place / "broken.yaml", "--data", data, "--json")
    assert ended.code == 2
    assert "not readable YAML: line" in ended.sentence


@pytest.mark.parametrize(
    "command",
    [
        ["evaluate", "nothing", "--data", "loads.csv"],
        ["predict", "nothing", "--data", "loads.csv", "--out", "x.csv"],
        ["export", "nothing", "--to", "keras", "--out", "x.keras"],
    ],
)
def test_a_run_that_is_not_there_is_refused(
    command: list[str], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    ended = run_here(*command)
    assert ended.code == 2
    assert "nothing" in ended.sentence


def test_a_file_without_an_input_column_is_refused_by_its_name(
    place: Path, run_id: str
) -> None:
    building_loads(20).drop(columns=["X3"]).to_csv(place / "less.csv", index=False)
    out = place / "less-out.csv"
    ended = run_here("predict", run_id, "--data", place / "less.csv", "--out", out)
    assert ended.code == 2
    assert "lacks the column(s) 'X3'" in ended.sentence
    assert not out.exists()


def test_a_training_that_blows_up_fails_with_the_reason(place: Path) -> None:
    (place / "huge.yaml").write_text(
        "heads: [{name: load, kind: regression, columns: [heating]}]\n"
        "inputs: [{kind: number, column: X1}, {kind: number, column: X2}]\n"
        "training: {optimizer: sgd, learning_rate: 10, epochs: 20}\n"
    )
    data = place / "loads.csv"
    ended = run_here("train", place / "huge.yaml", "--data", data, "--json")
    assert ended.code == 1
    assert "'load'" in ended.sentence
    assert ended.object["status"] == "FAILED"


def test_control_c_stops_the_run_and_keeps_its_best_epoch(place: Path) -> None:
    home = Home(place / "home")
    store = RunStore(home, None)
    known = {run.id for run in store.list()}
    endless = (
        *("training.epochs=100000", "training.patience=100000"),
        "training.batch_size=4",
    )
    more = [part for setting in endless for part in ("--set", setting)]
    data = place / "loads.csv"
    process = start("train", place / "e.yaml", "--data", data, "--json", *more,
                    home=home.root)  # fmt: skip
    with process:
        run_id = _wait_for_epochs(store, known)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=240)
    assert (process.returncode, errors) == (130, "")
    run = store.get(run_id)
    assert (run.status, run.ended_by) == ("FINISHED", "stop")
    found = Ended(0, output, errors).object
    assert found["run"] == run.id
    assert 1 <= found["best_epoch"] <= found["epochs"] < 100_000


def _wait_for_epochs(store: RunStore, known: Set[str]) -> str:
    """Return the id of the only run that is new, once it has trained some epochs."""
    deadline = time.monotonic() + 240.0
    while time.monotonic() < deadline:
        for run in store.list():
            if run.id not in known and run.progress and run.progress.epoch > 3:
                return run.id
        _pause()
    pytest.fail("The run did not train.")


def _pause() -> None:
    """Let the other process work between two looks."""
    signal.sigtimedwait([], 0.2)


def test_metrics_are_plain_numbers(trained: Ended) -> None:
    heads: Mapping[str, Any] = trained.object["heads"]
    for head in heads.values():
        for value in head["test"].values():
            assert value is None or isinstance(value, float)


def test_twins_say_of_each_head_whether_sharing_helped(run_id: str) -> None:
    found = run_here("twins", run_id, "--seeds", 2, "--json").object
    assert (found["run"], set(found["heads"])) == (
        run_id,
        {"heating", "cooling", "label"},
    )
    for head in found["heads"].values():
        assert len(head["together"]) == len(head["alone"]) == 2
        assert head["low"] <= head["gain"] <= head["high"]
        assert head["sentence"].endswith(".")
    gains = [head["gain"] for head in found["heads"].values()]
    assert found["mean_gain"] == pytest.approx(sum(gains) / 3)


def test_a_sweep_lists_weightings_beside_the_runs_own(run_id: str) -> None:
    found = run_here("sweep", run_id, "--points", 3, "--json").object
    own = [point for point in found["points"] if point["own"]]
    assert (len(own), len(found["points"])) == (3, 5)
    assert sum(point["mean_gain"] for point in own) == pytest.approx(0.0, abs=1e-9)
    assert any(point["on_front"] for point in found["points"])
    told = run_here("sweep", run_id, "--points", 2)
    assert told.code == 0
    assert "validation errors" in told.output


def test_a_study_of_a_run_that_is_not_there_is_refused_in_a_sentence(
    place: Path,
) -> None:
    assert place.exists()
    ended = run_here("twins", "0" * 32)
    assert (ended.code, "no run" in ended.sentence) == (2, True)
