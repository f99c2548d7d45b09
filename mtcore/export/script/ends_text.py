"""How a script begins and ends, whatever experiment it trains again."""

from __future__ import annotations


def opening(data: str, note: str, *, pictures: bool) -> str:
    """Return what a script says of itself, and what it imports.

    Args:
        data: The file that it reads, as its usage calls it.
        note: What people should know besides.
        pictures: Whether it reads any.
    """
    return _OPENING.format(
        data=data,
        note=note,
        packages="Keras, NumPy, pandas and Pillow"
        if pictures
        else "Keras, NumPy and pandas",
        usage=_USAGE if pictures else "",
        modules="import math\nimport pathlib\n" if pictures else "import math\n",
        pillow="from PIL import Image, ImageOps\n" if pictures else "",
    )


def ending(*, pictures: bool) -> str:
    """Return what a script does when it is run.

    Args:
        pictures: Whether it reads any.
    """
    given = (_PICTURES_GIVEN, _PICTURES_READ) if pictures else ("", "")
    return f"{_TRAINING}{given[0]}{_READING}{given[1]}{_ANSWERING}"


_USAGE = """\
    ... --pictures PLACE         where the pictures lie, if not in or beside DATA
"""

_OPENING = '''"""Trains one experiment again, with {packages} alone.

    python script.py {data}                          train as the run was trained
    python script.py {data} --weights RUN.keras      answer with a run's weights
    ... --answers ANSWERS.csv    what every head answers for every row of DATA
    ... --seed NUMBER            train by another seed, on the same rows
    ... --save MODEL.keras       the trained model, raw columns in
{usage}
Rows, first weights and the order of batches follow from the seed exactly as they did
in the run. The encodings below were learned from its training rows.
{note}"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import base64
import gzip
import io
import json
{modules}import zipfile
import zlib

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers, ops
{pillow}'''

_TRAINING = '''

def train_again(model, frame, columns, seed=SEED):
    """Train every network of the model on the rows of the run."""
    if len(frame) != ROWS:
        raise SystemExit(
            f"The file has {len(frame)} rows, but the run had {ROWS}. To train again, "
            "name the file that it was trained on."
        )
    keras.utils.set_random_seed(seed)
    targets, weights = labels_of(frame)
    for place in range(NETWORKS):
        network = model if NETWORKS == 1 else model.get_layer(f"network_{place}")
        trainer = Trainer(network, columns, targets, weights, seed_of(seed, place))
        told = trainer.train(*rows_of(place, weights))
        print(json.dumps({"network": place + 1, **told}))


def take_weights(model, path):
    """Give the model the weights of an exported run, or of a model it saved itself."""
    saved = keras.saving.load_model(path, compile=False)
    if saved.name == "run":
        saved = next(layer for layer in saved.layers if isinstance(layer, keras.Model))
    model.set_weights(saved.get_weights())


def answers_of(model, columns):
    """Return what every head answers, a column each."""
    answers = model.predict(columns, batch_size=ROWS_AT_ONCE, verbose=0)
    return pd.DataFrame(
        {
            f"{HEADS[head]}: {value}": answers[head][:, place]
            for head, values in VALUES.items()
            for place, value in enumerate(values)
        }
    )


def main():
    """Train again, or take a run's weights, and answer."""
    parser = argparse.ArgumentParser(description="Train one experiment again.")
    parser.add_argument("data", help="the file that the run was trained on")
'''

_PICTURES_GIVEN = """    parser.add_argument(
        "--pictures", help="the folder or ZIP archive of the pictures that it names"
    )
"""

_READING = """\
    parser.add_argument("--weights", help="a run's .keras file, instead of training")
    parser.add_argument("--seed", type=int, default=SEED, help="train by another seed")
    parser.add_argument("--answers", help="a CSV file to write every answer to")
    parser.add_argument("--save", help="a .keras file to write the model to")
    asked = parser.parse_args()
    frame = read_cells(asked.data)
    columns = inputs_of(frame)
"""

_PICTURES_READ = """    columns |= pictures_of(frame, asked.pictures or asked.data)
"""

_ANSWERING = """    model = build_model()
    if asked.weights:
        take_weights(model, asked.weights)
    else:
        train_again(model, frame, columns, asked.seed)
    if asked.save:
        model.save(asked.save)
    if asked.answers:
        answers_of(model, columns).to_csv(asked.answers, index=False)


if __name__ == "__main__":
    main()
"""
