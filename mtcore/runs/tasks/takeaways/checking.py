"""The script of a run, run in a process without our code and held against the run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mtcore.arrays import FloatArray
from mtcore.data.library.dataset import Dataset
from mtcore.data.pictures.album import pictures_place
from mtcore.errors import RunError
from mtcore.runs.store.run import Run
from mtcore.runs.store.takeaways import Takeaway
from mtcore.runs.tasks.held import (
    library_at,
    predictor_of,
    rows_for,
    scratch_folder,
    store_at,
)
from mtcore.runs.tasks.takeaways.exporting import export_run
from mtcore.runs.tasks.takeaways.judge import Answers, ScriptJudge
from mtcore.runs.tasks.takeaways.retraining import (
    SAME_NETWORK,
    told_of_seeds,
    told_same,
)

if TYPE_CHECKING:
    from mtcore.engine.served.predictor import Predictor

CHECKED_WITHIN_S = 1_800.0
# More steps than this take the plain loop of a script too long.
MOST_STEPS = 150_000
SEEDS = 3
# As far apart as the same arithmetic in another order may be.
MOST_OFF = 1e-5


def check_script(
    run_id: str, home_root: str, tracking_uri: str | None = None
) -> Takeaway:
    """Return how a run's script does in a clean process.

    It answers with the run's weights, and trains again where that takes minutes: by
    three seeds where the run's own does not lead to the same network.

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
    judge = ScriptJudge(run, predictor, table)
    steps = _steps(run, len(judge.split.train))
    with tempfile.TemporaryDirectory(dir=scratch_folder(home_root)) as work:

        def answers(*more: str | Path) -> Answers:
            _run([script, *files, *more], Path(work))
            return _answers(run, predictor, Path(work))

        off = judge.off(answers("--weights", weights))
        again = _trained_again(judge, answers, steps)
    worst = max(off.values())
    same = worst <= MOST_OFF
    notes = [
        f"With the run's weights the script's answers are {worst:.1g} of a standard "
        f"deviation off at most: {'the same model' if same else 'not the same'}.",
        _told(judge, again, steps),
    ]
    compared = judge.comparisons(off, again[0] if again else None)
    return Takeaway(notes=tuple(notes), comparisons=compared)


def _trained_again(
    judge: ScriptJudge, answers: Callable[..., Answers], steps: int
) -> list[Answers]:
    """Return what the script answers once it has trained: by one seed, three or none.

    Args:
        judge: Of the run.
        answers: Runs the script with what it is told besides.
        steps: Of one training.
    """
    if steps > MOST_STEPS:
        return []
    again = [answers()]
    if SEEDS * steps <= MOST_STEPS and judge.worst(again[0]) > SAME_NETWORK:
        seed = judge.run.experiment.seed
        again += [answers("--seed", str(seed + more)) for more in range(1, SEEDS)]
    return again


def _told(judge: ScriptJudge, again: Sequence[Answers], steps: int) -> str:
    """Return what is said of the script's own training."""
    if not again:
        return (
            f"It was not trained again here, as {steps:,} steps take a plain loop too "
            "long. Run it yourself to see."
        )
    off = judge.worst(again[0])
    if off <= SAME_NETWORK:
        return told_same(off)
    if len(again) == 1:
        return (
            f"Trained again it comes to another network; by how much such a training "
            f"varies was not tried, as {SEEDS} of {steps:,} steps take a plain loop "
            "too long. Compare the metrics below."
        )
    seeds = [judge.metrics(answered) for answered in again]
    return told_of_seeds(judge.metrics(judge.said), seeds)


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


def _answers(run: Run, predictor: Predictor, folder: Path) -> Answers:
    """Return what the script answered, `(rows, width)` by the head's name."""
    from mtcore.export.models.model_words import values_of

    frame = pd.read_csv(folder / "answers.csv")
    found: dict[str, FloatArray] = {}
    start = 0
    for head in run.experiment.heads:
        # By place, as heads may have any name.
        end = start + len(values_of(head, predictor.encoding.heads[head.name]))
        found[head.name] = frame.iloc[:, start:end].to_numpy(np.float64)
        start = end
    return found
