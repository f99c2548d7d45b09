"""The script of a run, run in a process without our code and held against the run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mtcore.arrays import FloatArray
from mtcore.data.dataset import Dataset
from mtcore.data.pictures.album import pictures_place
from mtcore.data.splits import split_rows
from mtcore.data.stored import Rows
from mtcore.data.targets import head_targets
from mtcore.errors import RunError
from mtcore.evaluation.metrics import metrics_of, score
from mtcore.runs.run import Run
from mtcore.runs.takeaways import Comparison, Takeaway
from mtcore.runs.tasks.exporting import export_run
from mtcore.runs.tasks.held import (
    library_at,
    predictor_of,
    rows_for,
    scratch_folder,
    store_at,
)

if TYPE_CHECKING:
    from mtcore.engine.served.predictor import Predictor

CHECKED_WITHIN_S = 1_800.0
# More steps than this take the plain loop of a script too long.
MOST_STEPS = 150_000
# As far apart as the same arithmetic in another order may be.
MOST_OFF = 1e-5


def check_script(
    run_id: str, home_root: str, tracking_uri: str | None = None
) -> Takeaway:
    """Return how a run's script does in a clean process.

    It answers with the run's weights, and trains again where that takes minutes.

    Args:
        run_id: A finished run.
        home_root: See the package.
        tracking_uri: See the package.

    Raises:
        InputError: The run has no script.
        RunError: The script failed.
    """
    run = store_at(home_root, tracking_uri).get(run_id)
    script = export_run(run_id, "python", home_root, tracking_uri).path
    weights = export_run(run_id, "keras", home_root, tracking_uri).path
    predictor = predictor_of(run, home_root, tracking_uri)
    table = rows_for(run.experiment, run.dataset_id, home_root)
    files = told_files(run, library_at(home_root).get(run.dataset_id))
    steps = _steps(run, len(split_rows(run.experiment, table).train))
    again: dict[str, FloatArray] | None = None
    with tempfile.TemporaryDirectory(dir=scratch_folder(home_root)) as work:
        folder = Path(work)
        _run([script, *files, "--weights", weights], folder)
        answered = _answers(run, predictor, folder)
        if steps <= MOST_STEPS:
            _run([script, *files], folder)
            again = _answers(run, predictor, folder)
    compared = _compare(run, predictor, table, answered, again)
    worst = max(comparison.off for comparison in compared)
    same = worst <= MOST_OFF
    notes = [
        f"With the run's weights the script's answers are {worst:.1g} of a standard "
        f"deviation off at most: {'the same model' if same else 'not the same'}."
    ]
    if again is None:
        notes.append(
            f"It was not trained again here, as {steps:,} steps take a plain loop too "
            "long. Run it yourself to see."
        )
    return Takeaway(notes=tuple(notes), comparisons=tuple(compared))


def _steps(run: Run, rows: int) -> int:
    training = run.experiment.training
    return training.seeds * training.epochs * -(-rows // training.batch_size)


def told_files(run: Run, dataset: Dataset) -> list[str | Path]:
    """Return what a run's script is told of its file, and where pictures lie.

    Args:
        run: May see pictures.
        dataset: What it was trained on.
    """
    sees = any(given.kind == "image" for given in run.experiment.inputs or ())
    if not sees:
        return [dataset.original]
    return [dataset.original, "--pictures", pictures_place(dataset.folder)]


def _run(told: Sequence[str | Path], folder: Path) -> None:
    """Run a script without our code on its path; its answers are in `folder`.

    Args:
        told: The script's path, and what it is told.
        folder: Where it runs.
    """
    answers = folder / "answers.csv"
    answers.unlink(missing_ok=True)
    command = [sys.executable, "-I", *told, "--answers", answers]
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONPATH"
    }
    try:
        ended = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=CHECKED_WITHIN_S,
        )
    except subprocess.TimeoutExpired as error:
        msg = (
            f"The script did not end within {CHECKED_WITHIN_S / 60:.0f} minutes. Run "
            "it yourself to see."
        )
        raise RunError(msg) from error
    if ended.returncode != 0:
        last = ended.stderr.strip().splitlines()[-1:] or ["nothing was said"]
        msg = f"The script failed in a clean process: {last[0][:300]}"
        raise RunError(msg)


def _answers(run: Run, predictor: Predictor, folder: Path) -> dict[str, FloatArray]:
    """Return what the script answered, `(rows, width)` by the head's name."""
    from mtcore.export.model_words import values_of

    frame = pd.read_csv(folder / "answers.csv")
    found: dict[str, FloatArray] = {}
    start = 0
    for head in run.experiment.heads:
        # By place, as heads may have any name.
        end = start + len(values_of(head, predictor.encoding.heads[head.name]))
        found[head.name] = frame.iloc[:, start:end].to_numpy(np.float64)
        start = end
    return found


def _compare(
    run: Run,
    predictor: Predictor,
    table: Rows,
    answered: dict[str, FloatArray],
    again: dict[str, FloatArray] | None,
) -> list[Comparison]:
    from mtcore.engine.served.predictor import Predictor

    experiment, facts = run.experiment, predictor.encoding.heads
    # The script has the networks without the trees.
    alone = Predictor(experiment, predictor.encoding, predictor.model)
    test = split_rows(experiment, table).test
    whole = table.take(np.arange(table.rows))
    ours, targets = alone.predict(whole), head_targets(experiment, facts, whole)
    compared = []
    for head in experiment.heads:
        name, said = head.name, ours[head.name]
        spread = np.where(said.std(axis=0) > 0.0, said.std(axis=0), 1.0)
        metric = (head.metrics or head.available_metrics)[0]
        metrics = [
            score(head, facts[name], targets[name][test], found[name][test])[metric]
            for found in (ours, again)
            if found is not None
        ]
        compared.append(
            Comparison(
                head=name,
                off=float((np.abs(answered[name] - said) / spread).max()),
                metric=metrics_of(head.kind)[metric].label,
                run=metrics[0],
                again=metrics[1] if len(metrics) > 1 else None,
            )
        )
    return compared
