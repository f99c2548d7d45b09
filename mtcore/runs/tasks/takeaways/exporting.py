"""Making the files that people take away from a run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mtcore.data.splits.splits import split_rows
from mtcore.errors import InputError
from mtcore.export.exported import Exported
from mtcore.runs.store.exports import EXPORTS, ExportKind
from mtcore.runs.store.run import Run
from mtcore.runs.tasks.held import (
    library_at,
    predictor_of,
    rows_for,
    scratch_folder,
    store_at,
)
from mtcore.runs.tasks.takeaways.report_files import export_report
from mtcore.runs.tasks.takeaways.serving import export_mlflow

if TYPE_CHECKING:
    from mtcore.engine.encode.encoding import Encoding


def export_run(
    run_id: str,
    kind: ExportKind,
    home_root: str,
    tracking_uri: str | None = None,
    packed: bool = False,
) -> Exported:
    """Write what is asked for of a finished run into the cache.

    Args:
        run_id: A finished run.
        kind: What to make of it.
        home_root: See the package.
        tracking_uri: See the package.
        packed: Whether a folder becomes a ZIP file, to be downloaded.

    Raises:
        InputError: The run has no model, or it can't be written so.
    """
    run = store_at(home_root, tracking_uri).get(run_id)
    if run.status != "FINISHED":
        msg = f"Run '{run_id[:40]}' has no model to export, as it is {run.status}."
        raise InputError(msg, where=run_id)
    folder = scratch_folder(home_root) / "exports" / run_id
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{EXPORTS[kind].stem}{EXPORTS[kind].suffix}"
    with tempfile.TemporaryDirectory(dir=folder) as work:
        made = _export(run, kind, Path(work) / target.name, home_root, tracking_uri)
        if packed and made.path.is_dir():
            whole = shutil.make_archive(str(made.path), "zip", made.path)
            target = target.with_name(f"{target.name}.zip")
            return Exported(Path(whole).replace(target), made.notes)
        if target.is_dir():
            shutil.rmtree(target)
        return Exported(made.path.replace(target), made.notes)


def _export(
    run: Run, kind: ExportKind, path: Path, home_root: str, tracking_uri: str | None
) -> Exported:
    predictor = predictor_of(run, home_root, tracking_uri)
    from mtcore.export.models.saving import export_keras, export_onnx, export_savedmodel

    match kind:
        case "keras":
            return export_keras(run.experiment, predictor, path)
        case "savedmodel":
            return export_savedmodel(run.experiment, predictor, path)
        case "onnx":
            return export_onnx(run.experiment, predictor, path)
        case "mlflow":
            return export_mlflow(run.experiment, predictor, path)
        case "python":
            return _export_script(run, predictor.encoding, path, home_root)
        case "html":
            return export_report(run, predictor, path, home_root, tracking_uri)


def _export_script(
    run: Run, encoding: Encoding, path: Path, home_root: str
) -> Exported:
    from mtcore.export.script.script import keras_script

    experiment = run.experiment
    dataset = library_at(home_root).get(run.dataset_id)
    table = rows_for(experiment, run.dataset_id, home_root)
    split = split_rows(experiment, table)
    text = keras_script(experiment, encoding, dataset, table, split)
    path.write_text(text, encoding="utf-8")
    sees = any(given.kind == "image" for given in experiment.inputs or ())
    notes = [
        "It needs Keras with TensorFlow, NumPy, pandas and Pillow, the file that the "
        "run was trained on, and its pictures: python script.py DATA --pictures PLACE, "
        "a folder or ZIP archive, where they lie elsewhere than the file."
        if sees
        else "It needs Keras with TensorFlow, NumPy and pandas, and the file that the "
        "run was trained on."
    ]
    if run.experiment.training.blend != "none":
        notes.append(
            "It trains the networks alone: the run blends their answers with those of "
            "trees. The Keras model has both."
        )
    words = any(
        given.kind == "text" and given.word_dropout > 0.0
        for given in experiment.inputs or ()
    )
    if words or experiment.trunk.dropout > 0.0:
        notes.append(
            "What is left out at random while training is drawn otherwise than in the "
            "run: trained again it comes to a network as good, but not the same."
        )
    return Exported(path, tuple(notes))
