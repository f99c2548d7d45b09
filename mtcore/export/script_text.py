"""The parts of a script that are the same whatever experiment it trains again.

What differs (columns, classes, sizes, seeds) stands before them as constants.
"""

from __future__ import annotations

OPENING = '''"""Trains one experiment again, with Keras, NumPy and pandas alone.

    python {stem}.py DATA.csv                          train as the run was trained
    python {stem}.py DATA.csv --weights RUN.keras      answer with a run's weights
    ... --answers ANSWERS.csv    what every head answers for every row of DATA
    ... --save MODEL.keras       the trained model, raw columns in

Rows, first weights and the order of batches follow from the seed exactly as they did
in the run. The encodings below were learned from its training rows.
{note}"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import base64
import json
import math
import zlib

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import layers, ops
'''

READING = '''

def read_cells(path):
    """Return the cells of the file as texts; lines that gave no row are left out."""
    return pd.read_csv(
        path, sep=DELIMITER, encoding=ENCODING, quotechar=QUOTE or '"', header=None,
        quoting=0 if QUOTE else 3, skiprows=SKIPPED, dtype=str, keep_default_na=False,
    )


def numbers(cells, decimal, group):
    """Return cells as numbers, NaN where one is missing or infinite or none."""

    def number(text):
        plain = text.strip().replace(group, "") if group else text.strip()
        try:
            return float(plain.replace(decimal, "."))
        except ValueError:
            return math.nan

    places, words = pd.factorize(cells)
    values = np.array([*(number(word) for word in words), math.nan])[places]
    unknown = ~np.isfinite(values) | np.isin(values, MISSING_NUMBERS)
    return np.where(unknown, math.nan, values)


def moments(cells, form):
    """Return cells as seconds since 1970 UTC, NaN where one is missing or no moment."""
    found = pd.to_datetime(cells.str.strip(), format=form, errors="coerce", utc=True)
    seconds = (found - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
    return seconds.to_numpy("float64")


def texts(cells, missing, spelled):
    """Return cells as texts, empty where one is missing."""

    def text(cell):
        plain = cell.strip()
        if plain.casefold() in MISSING_WORDS[missing] or plain in MISSING_TEXTS:
            return ""
        return spelled.get(plain.casefold(), plain)

    places, words = pd.factorize(cells)
    return np.array([*(text(word) for word in words), ""], dtype=object)[places]


def numerals(cells, decimal, group):
    """Return cells that hold numbers as texts, whole ones without decimals."""

    def text(value):
        if math.isnan(value):
            return ""
        whole = value.is_integer() and abs(value) < 2**53
        return str(int(value)) if whole else repr(value)

    values = numbers(cells, decimal, group)
    return np.array([text(value) for value in values.tolist()], dtype=object)


WAYS = {"numbers": numbers, "moments": moments, "texts": texts, "numerals": numerals}


def read(frame, column, kind):
    """Return a column of the file as it is read for a kind of use."""
    place, way, *options = READ[column, kind]
    return WAYS[way](frame[place], *options)
'''

LESSONS = '''

def inputs_of(frame):
    """Return what the model takes, `(rows, 1)` a column."""
    kinds = {name: READ_AS[name] for name in COLUMNS}
    found = {name: read(frame, COLUMNS[name], kind) for name, kind in kinds.items()}
    return {
        name: tf.constant(values.tolist() if kinds[name] == "text" else values)[:, None]
        for name, values in found.items()
    }


def labels_of(frame):
    """Return targets and weights, float32 `(rows, targets)` a head; 0 = no label."""
    counts = np.ones(len(frame))
    if ROW_WEIGHT is not None:
        counts = read(frame, ROW_WEIGHT, "number") / ROW_WEIGHT_UNIT
        counts = np.where(np.isnan(counts), 1.0, counts)
    targets, weights = {}, {}
    for head, lesson in LESSONS.items():
        values = targets_of(frame, lesson)
        labelled = ~np.isnan(values)
        filled = np.where(labelled, values, 0.0)
        weight = labelled * counts[:, None]
        if lesson["class_weights"]:
            weight = weight * np.array(lesson["class_weights"])[filled.astype(int)]
        targets[head] = np.where(labelled, learned(filled, lesson), 0.0)
        weights[head] = weight
    return (
        {head: tf.constant(values, tf.float32) for head, values in targets.items()},
        {head: tf.constant(values, tf.float32) for head, values in weights.items()},
    )


def targets_of(frame, lesson):
    """Return a head's targets, `(rows, targets)`: NaN where there is no label."""
    if lesson["reads"] == "number":
        found = [read(frame, column, "number") for column in lesson["columns"]]
    else:
        found = [
            coded(read(frame, column, "text"), codes, lesson["other"])
            for column, codes in zip(lesson["columns"], lesson["codes"])
        ]
    return np.stack(found, axis=1)


def coded(cells, codes, other):
    """Return each text's code; NaN where it is missing, or unknown and no other."""
    unknown = math.nan if other is None else other
    return np.array([codes.get(cell, unknown) if cell else math.nan for cell in cells])


def learned(values, lesson):
    """Return targets on the scale that the network learns."""
    if lesson["logs"]:
        size, mean, deviation = np.array(lesson["logs"]).T
        return (np.arcsinh(values / size) - mean) / deviation
    return (values - np.array(lesson["mean"])) / np.array(lesson["scale"])


def unpacked(text):
    """Return the whole numbers that a constant holds, one a row."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), "uint8").astype(int)
'''

TRAINING = '''

def learning_rate(step, steps):
    """Return the rate of a step: a linear rise, then a cosine fall."""
    warmup = min(0.05 * steps, 500)
    if step < warmup:
        return RATE * (step + 1.0) / max(warmup, 1.0)
    share = min((step - warmup) / max(steps - warmup, 1.0), 1.0)
    return RATE * (0.01 + 0.99 * 0.5 * (1.0 + math.cos(math.pi * share)))


def name_of(variable):
    """Return `layer/kind` of a variable."""
    parts = [part for part in variable.path.split("/") if not part.endswith("_cell")]
    return "/".join(parts[-2:])


def first_weights(shapes, seed):
    """Return first weights by the variable's name, a function of the seed alone."""
    random = np.random.default_rng((0xFEED, seed))
    weights = {}
    for name in (name for part in PARTS for name in part):
        layer, kind = name.split("/")
        shape = shapes[name]
        values = np.zeros(shape)
        if kind == "kernel" and not layer.endswith("_skip"):
            limit = math.sqrt(6.0 / (math.prod(shape[:-2]) * (shape[-2] + shape[-1])))
            values = random.uniform(-limit, limit, shape)
        elif kind == "recurrent_kernel":
            turned, upper = np.linalg.qr(random.normal(size=shape).T)
            values = (turned * np.sign(np.diag(upper))).T
        elif kind == "bias" and layer.endswith("_lstm"):
            values = np.repeat([0.0, 1.0, 0.0, 0.0], shape[0] // 4)
        elif kind == "embeddings":
            values = random.normal(0.0, 0.1, shape)
            values[0] = 0.0
        elif kind == "bias" and layer.removesuffix("_raw") in CONSTANTS:
            values = np.array(CONSTANTS[layer.removesuffix("_raw")])
        weights[name] = values
    return weights


def batches_of(rows, seed, epoch):
    """Yield the rows of each step: all of them shuffled, dealt out evenly."""
    random = np.random.default_rng((0x0DE2, seed, epoch, 0))
    shuffled = rows[random.permutation(len(rows))]
    steps = -(-len(rows) // BATCH_SIZE)
    for step in range(steps):
        yield shuffled[step::steps]


def seed_of(place):
    """Return the seed of a network: the experiment's own for the first."""
    if place == 0:
        return SEED
    return int(np.random.SeedSequence((SEED, place)).generate_state(1)[0] >> 1)


def rows_of(place, weights):
    """Return the rows that teach a network, and those that choose its best epoch."""
    parts = unpacked(ROW_PARTS) if ROW_PARTS else random_parts()
    weighing = np.any([values.numpy().any(axis=1) for values in weights.values()], 0)
    taught = np.flatnonzero((parts == 0) & weighing)
    judging = np.flatnonzero(parts == 1)
    if not ROW_TURNS:
        return taught, judging
    both = np.concatenate([taught, judging])
    held = unpacked(ROW_TURNS)[both] == place
    return both[~held], both[held]


def random_parts():
    """Return 0 for training, 1 for validation and 2 for test rows, by the seed."""
    order = np.random.default_rng((0x5EED, SEED)).permutation(ROWS)
    test, validation = (max(round(ROWS * share), 1) for share in (TEST, VALIDATION))
    parts = np.zeros(ROWS, int)
    parts[order[:test]], parts[order[test : test + validation]] = 2, 1
    return parts


def without_some_words(texts, share):
    """Return texts, `(rows, 1)`, with a share of their words left out at random."""
    words = tf.strings.split(texts[:, 0])
    kept = tf.random.uniform(tf.shape(words.values)) >= share
    left = tf.ragged.boolean_mask(words, words.with_values(kept))
    return tf.strings.reduce_join(left, axis=1, separator=" ")[:, None]


class Trainer:
    """Trains one network: every head's loss over its constant's, times its weight."""

    def __init__(self, network, columns, targets, weights):
        self.columns, self.targets, self.weights = columns, targets, weights
        self.model = keras.Model(
            network.input,
            {head: network.get_layer(layer).output for head, layer in RAW.items()},
        )
        known = {name_of(v): v for v in network.trainable_variables}
        self.parts = [[known[name] for name in part] for part in PARTS]
        self.variables = [variable for part in self.parts for variable in part]
        self.optimizer = OPTIMIZERS[OPTIMIZER]()
        if OPTIMIZER == "adamw":
            biases = [v for v in self.variables if len(v.shape) < 2]
            self.optimizer.exclude_from_weight_decay(var_list=biases)
        self.optimizer.build(self.variables)
        rows = [tf.TensorSpec([None], tf.int64)]
        self.step = tf.function(self.take_step, rows, autograph=False)
        self.judge = tf.function(self.losses, rows, autograph=False)

    def losses(self, rows, training=False):
        """Return the summed losses and weights of every head on some rows."""
        columns = {name: tf.gather(given, rows) for name, given in self.columns.items()}
        if training:
            for name, share in WORD_DROPOUT.items():
                columns[name] = without_some_words(columns[name], share)
        raw = self.model(columns, training=training)
        lost, weighed = [], []
        for head, loss in LOSSES.items():
            weight = tf.gather(self.weights[head], rows)
            values = loss(tf.gather(self.targets[head], rows), raw[head]) * weight
            lost.append(tf.reduce_sum(values))
            weighed.append(tf.reduce_sum(weight))
        return tf.stack(lost), tf.stack(weighed)

    def take_step(self, rows):
        """Move the network by one batch."""
        with tf.GradientTape(persistent=True) as tape:
            lost, weighed = self.losses(rows, training=True)
            means = lost / tf.where(weighed > 0.0, weighed, 1.0) * SCALES
            moving = tf.reduce_sum(means * MOVES)
            # A head of weight 0 learns, and moves nothing that is not its own.
            totals = [moving] + [
                moving + (0.0 if moves else means[place])
                for place, moves in enumerate(MOVES)
            ]
        gradients = []
        for part, total in zip(self.parts, totals):
            found = [tf.convert_to_tensor(g) for g in tape.gradient(total, part)]
            if OPTIMIZER == "adamw" and found:
                norm = tf.linalg.global_norm(found)
                found = [gradient / tf.maximum(norm, 1.0) for gradient in found]
            gradients += found
        self.optimizer.apply(gradients, self.variables)

    def monitor(self, rows):
        """Return the mean loss of the monitored heads, 1 = as good as a constant."""
        sums = np.zeros((2, len(LOSSES)))
        for start in range(0, len(rows), 8192):
            sums += [part.numpy() for part in self.judge(rows[start : start + 8192])]
        known = [k for k in MONITORED if sums[1, k] > 0.0]
        means = [sums[0, k] / sums[1, k] / CONSTANT_LOSSES[k] for k in known]
        return sum(means) / len(means) if means else None

    def train(self, seed, taught, judging):
        """Train, keep the best epoch, and return it with its monitor."""
        shapes = {name_of(v): tuple(v.shape) for v in self.variables}
        first = first_weights(shapes, seed)
        for variable in self.variables:
            variable.assign(first[name_of(variable)].astype("float32"))
        steps = EPOCHS * -(-len(taught) // BATCH_SIZE)
        best, best_epoch, kept, step = math.inf, 0, None, 0
        for epoch in range(EPOCHS):
            for rows in batches_of(taught, seed, epoch):
                self.optimizer.learning_rate.assign(learning_rate(step, steps))
                self.step(rows)
                step += 1
            found = self.monitor(judging)
            if found is None or found < best:
                best, best_epoch = best if found is None else found, epoch + 1
                kept = [variable.numpy() for variable in self.variables]
            if epoch + 1 - best_epoch >= PATIENCE:
                break
        for variable, value in zip(self.variables, kept or []):
            variable.assign(value)
        return {"best_epoch": best_epoch, "epochs": epoch + 1, "monitor": best}


OPTIMIZERS = {
    "adamw": lambda: keras.optimizers.AdamW(weight_decay=0.01, epsilon=1e-7),
    "adam": lambda: keras.optimizers.Adam(epsilon=1e-7),
    "sgd": lambda: keras.optimizers.SGD(momentum=0.9, nesterov=True),
}
'''

MAIN = '''

def train_again(model, frame, columns):
    """Train every network of the model on the rows of the run."""
    if len(frame) != ROWS:
        raise SystemExit(
            f"The file has {len(frame)} rows, but the run had {ROWS}. To train again, "
            "name the file that it was trained on."
        )
    keras.utils.set_random_seed(SEED)
    targets, weights = labels_of(frame)
    for place in range(NETWORKS):
        network = model if NETWORKS == 1 else model.get_layer(f"network_{place}")
        told = Trainer(network, columns, targets, weights).train(
            seed_of(place), *rows_of(place, weights)
        )
        print(json.dumps({"network": place + 1, **told}))


def take_weights(model, path):
    """Give the model the weights of an exported run, or of a model it saved itself."""
    saved = keras.saving.load_model(path, compile=False)
    if saved.name == "run":
        saved = next(layer for layer in saved.layers if isinstance(layer, keras.Model))
    model.set_weights(saved.get_weights())


def answers_of(model, columns):
    """Return what every head answers, a column each."""
    answers = model.predict(columns, batch_size=8192, verbose=0)
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
    parser.add_argument("--weights", help="a run's .keras file, instead of training")
    parser.add_argument("--answers", help="a CSV file to write every answer to")
    parser.add_argument("--save", help="a .keras file to write the model to")
    asked = parser.parse_args()
    frame = read_cells(asked.data)
    columns = inputs_of(frame)
    model = build_model()
    if asked.weights:
        take_weights(model, asked.weights)
    else:
        train_again(model, frame, columns)
    if asked.save:
        model.save(asked.save)
    if asked.answers:
        answers_of(model, columns).to_csv(asked.answers, index=False)


if __name__ == "__main__":
    main()
'''
