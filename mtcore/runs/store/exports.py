"""What can be made of a finished run for others to use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ExportKind = Literal["keras", "savedmodel", "onnx", "python", "html", "mlflow"]


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """One kind of export.

    Args:
        label: What people call it.
        what: What it is good for, in a sentence.
        stem: What its file is called when nobody says.
        suffix: What its name ends in; none where it is a folder.
    """

    label: str
    what: str
    stem: str
    suffix: str


EXPORTS: Mapping[ExportKind, ExportFacts] = {
    "keras": ExportFacts(
        "Keras model",
        "One file that Keras alone loads: raw columns in, every head's answer out.",
        "model",
        ".keras",
    ),
    "savedmodel": ExportFacts(
        "SavedModel",
        "A folder for TensorFlow Serving, with a signature by column and head names.",
        "savedmodel",
        "",
    ),
    "onnx": ExportFacts(
        "ONNX model",
        "The networks for runtimes without TensorFlow; categories go in as codes.",
        "model",
        ".onnx",
    ),
    "python": ExportFacts(
        "Keras script",
        "Reads the file, trains this experiment again and answers, without this "
        "dashboard.",
        "script",
        ".py",
    ),
    "html": ExportFacts(
        "Report",
        "One file with results, charts and a working what-if, for anybody's browser.",
        "report",
        ".html",
    ),
    "mlflow": ExportFacts(
        "MLflow model",
        "A folder that MLflow serves over HTTP, by the columns' own names.",
        "mlflow",
        "",
    ),
}
"""The kinds of export, in the order in which they are offered."""
