"""A run as an MLflow model, to be served on any machine without our code."""

from __future__ import annotations

import importlib.metadata
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from mtcore.errors import InputError
from mtcore.export.exported import Exported
from mtcore.spec import Experiment

if TYPE_CHECKING:
    from mlflow.models import ModelSignature

    from mtcore.engine.served.predictor import Predictor

_NEEDED = ("keras", "tensorflow", "pandas", "numpy", "mlflow")


def export_mlflow(
    experiment: Experiment, predictor: Predictor, folder: Path
) -> Exported:
    """Write a folder that `mlflow models serve` and `mlflow.pyfunc` take.

    It holds the whole answer as a `.keras` file and the few lines that feed it.

    Args:
        experiment: What was trained.
        predictor: Its model.
        folder: A new one.

    Raises:
        InputError: The trees are too many to be kept in layers, or it reads pictures.
    """
    for given in experiment.inputs or ():
        if given.kind == "image":
            msg = (
                f"MLflow serves rows of a table, and '{given.column}' is a column of "
                "pictures. Export keras or savedmodel instead."
            )
            raise InputError(msg, where=given.column)
    import mlflow

    from mtcore.export.models.saving import export_keras
    from mtcore.export.models.serving_code import SERVING

    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        code, model = Path(work) / "serving.py", Path(work) / "model.keras"
        code.write_text(SERVING, encoding="utf-8")
        made = export_keras(experiment, predictor, model)
        mlflow.pyfunc.save_model(
            str(folder),
            python_model=str(code),
            artifacts={"model": str(model)},
            signature=_signature(experiment),
            # Named here, as MLflow would find them out by loading the model.
            pip_requirements=[
                f"{name}=={importlib.metadata.version(name)}" for name in _NEEDED
            ],
        )
    note = (
        "Serve it with 'mlflow models serve --env-manager local -m FOLDER', or ask it "
        "with mlflow.pyfunc.load_model: both take the columns by their names."
    )
    return Exported(folder, (note, *made.notes[1:2]))


def _signature(experiment: Experiment) -> ModelSignature:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    kinds = {"number": DataType.double}
    columns = [
        ColSpec(kinds.get(given.kind, DataType.string), given.column, required=False)
        for given in experiment.inputs or ()
    ]
    return ModelSignature(inputs=Schema(columns))
