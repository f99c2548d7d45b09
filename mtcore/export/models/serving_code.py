"""The code that MLflow runs to serve a run's Keras model: it is the same for all."""

from __future__ import annotations

SERVING = '''"""Serves one run: the columns it was trained on in, every answer out."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import json
import zipfile

import keras
import mlflow
import numpy as np
import pandas as pd
import tensorflow as tf


class Run(mlflow.pyfunc.PythonModel):
    """Turns columns into tensors, asks the model, and names what it answers."""

    def load_context(self, context):
        path = context.artifacts["model"]
        with zipfile.ZipFile(path) as file:
            self.told = json.loads(file.read("columns.json"))
        self.model = keras.saving.load_model(path, compile=False)

    def predict(self, context, model_input, params=None):
        inputs = self.told["inputs"]
        tensors = {
            name: self.tensor(model_input[given["column"]], given["kind"])
            for name, given in inputs.items()
        }
        answers = self.model(tensors, training=False)
        return pd.DataFrame(
            {
                f"{output['head']}: {value}": answers[name].numpy()[:, place]
                for name, output in self.told["outputs"].items()
                for place, value in enumerate(output["values"])
            }
        )

    def tensor(self, cells, kind):
        """Return a column as the model takes it, missing cells included."""
        missing = cells.isna() | cells.astype(str).str.strip().isin(
            ["", *self.told["missing"]]
        )
        if kind == "number":
            numbers = pd.to_numeric(cells.mask(missing), errors="coerce")
            return tf.constant(numbers.to_numpy("float64", na_value=np.nan)[:, None])
        if kind == "datetime":
            moments = pd.to_datetime(cells.mask(missing), errors="coerce", utc=True)
            seconds = (moments - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
            return tf.constant(seconds.to_numpy("float64", na_value=np.nan)[:, None])
        texts = cells.astype(str).str.strip().mask(missing, "")
        return tf.constant(texts.tolist())[:, None]


mlflow.models.set_model(Run())
'''
