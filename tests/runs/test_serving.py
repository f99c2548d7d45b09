"""A run as an MLflow model, asked in a process without our code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtcore.runs.tasks.serving import export_mlflow
from tests.engine.workshop import experiment, parts, workshop
from tests.export.untrained import run_apart, untrained

pytestmark = [
    pytest.mark.engine,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept"),
    # What MLflow says of type hints, its own among them.
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

ASK = """
import sys
import mlflow, pandas as pd

folder, rows, answers = sys.argv[1:]
model = mlflow.pyfunc.load_model(folder)
kinds = {name: "str" for name in model.metadata.get_input_schema().input_names()}
kinds |= {"load (%)": float, "spikes": float, "always 7": float}
frame = pd.read_csv(rows, dtype=kinds, keep_default_na=True)[list(kinds)]
model.predict(frame).to_csv(answers, index=False)
"""


def test_mlflow_asks_it_by_the_columns_own_names(tmp_path: Path) -> None:
    asked = experiment("cost", "fault", training={"blend": "trees"})
    predictor = untrained(asked, workshop(), parts())
    table = workshop(50, seed=3)
    rows, answers = tmp_path / "rows.csv", tmp_path / "answers.csv"
    frame: pd.DataFrame = table._cells.to_pandas()
    frame.loc[3, "<b>site</b>"] = "never seen"
    frame.to_csv(rows, index=False)
    made = export_mlflow(asked, predictor, tmp_path / "model")
    assert "mlflow models serve" in made.notes[0]
    run_apart(ASK, made.path, rows, answers, folder=tmp_path)
    found = pd.read_csv(answers)
    ours = predictor.predict(table)
    known = np.arange(50) != 3
    assert np.allclose(found["cost: cost"][known], ours["cost"][known, 0], rtol=1e-5)
    chances = found[[f"fault: {name}" for name in ("belt", "leak", "none")]]
    assert np.allclose(chances.to_numpy()[known], ours["fault"][known], atol=1e-6)
    assert np.isfinite(found.to_numpy()).all()
