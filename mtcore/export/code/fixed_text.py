"""The fixed parts of the Keras code, and how constants are written in it."""

from __future__ import annotations

from pprint import pformat

HEADER = '''"""One branched model in Keras: raw columns in, one output a head.

Numbers are float64 with NaN for a missing cell, moments float64 seconds since 1970
UTC, categories and texts strings with an empty one for a missing cell; all of shape
(rows, 1). Pictures are uint8 (rows, height, width, 3): red, green and blue.
Weights start at random: `model.load_weights` of a saved run makes it that run's model.
{note}"""

import keras
import numpy as np
from keras import layers, ops
'''

CYCLE = '''

def cycle(seconds, period):
    """Sine and cosine of where moments are in a cycle; 0 where missing."""
    missing = ops.isnan(seconds)
    known = ops.clip(ops.where(missing, 0.0, seconds), -1e15, 1e15)
    share = ops.mod(known, period) / period
    waves = []
    for harmonic in HARMONICS:
        angle = share * (2.0 * np.pi * harmonic)
        waves += [ops.sin(angle), ops.cos(angle)]
    return ops.where(missing, 0.0, ops.concatenate(waves, axis=1))
'''

QUANTITIES = """
    # Quantities: missing cells become the median, then scaling that is robust and
    # levels off smoothly at 3 interquartile ranges.
    missing = ops.isnan(quantities)
    filled = ops.clip(ops.where(missing, CENTRE, quantities), -1e300, 1e300)
    scaled = ops.clip(filled / SCALE - CENTRE / SCALE, -1e6, 1e6)
    dense = [scaled / ops.sqrt(1.0 + ops.square(scaled / 3.0))]
"""

FLAGS = """    dense.append(ops.cast(ops.take(missing, CAN_MISS, axis=1), "float64"))
"""

BINS = """
    # Piecewise-linear encoding: how many bins lie below each value, the last in part,
    # and from that one feature a bin.
    edges = max(max(len(edges) for edges in EDGES), 2)
    lefts = np.full((len(EDGES), edges - 1), 1.7e308)
    widths = np.ones((len(EDGES), edges - 1))
    for row, column in enumerate(EDGES):
        if column:
            lefts[row, : len(column) - 1] = column[:-1]
            widths[row, : len(column) - 1] = np.diff(column)
    binned = ops.expand_dims(ops.take(filled, BINNED, axis=1), -1)
    below = ops.sum(ops.clip((binned - lefts) / widths, 0.0, 1.0), axis=-1)
    starts = np.arange(max(BINS), dtype="float32")
    steps = ops.expand_dims(ops.cast(below, "float32"), -1) - starts
    steps = ops.reshape(ops.clip(steps, 0.0, 1.0), (-1, len(BINS) * len(starts)))
    used = [row * len(starts) + k for row, n in enumerate(BINS) for k in range(n)]
    parts.append(ops.take(steps, np.array(used), axis=1))
"""

RISING = '''

def rising(raw):
    """Quantiles that never cross: from the middle outwards, a softplus a level."""
    count = raw.shape[1]
    middle = count // 2
    values = [raw[:, place : place + 1] for place in range(count)]
    for place in range(middle + 1, count):
        values[place] = values[place - 1] + ops.softplus(values[place])
    for place in reversed(range(middle)):
        values[place] = values[place + 1] - ops.softplus(values[place])
    return ops.concatenate(values, axis=1) if count > 1 else values[0]
'''

CHAINED = '''

def chained(raw):
    """Chances of ranks from the logits of passing each once it is reached."""
    certain = ops.ones_like(raw[:, :1])
    passed = ops.cumprod(ops.sigmoid(raw), axis=1)
    reached = ops.concatenate([certain, passed], axis=1)
    return reached * ops.concatenate([ops.sigmoid(-raw), certain], axis=1)
'''

NORMAL = '''

def normal(raw, scaled, scale):
    """Means in their units, and the standard deviations around them."""
    values = scaled(raw[:, : len(scale)])
    deviations = ops.softplus(raw[:, len(scale) :]) + 0.001
    deviations = deviations * np.array(scale, "float32")
    return ops.concatenate([values, ops.cast(deviations, values.dtype)], axis=1)
'''

UNLOGGED = '''

def unlogged(raw, scale, mean, stretch, lift):
    """Numbers that were learned as asinh, turned into means by Duan's smearing."""
    drawn = layers.Rescaling(scale, mean)(raw)
    stretched = ops.sinh(drawn) * np.array(stretch, "float32")
    return stretched + ops.cosh(drawn) * np.array(lift, "float32")
'''

MEAN_ANSWER = '''

def mean_answer(head, answers):
    """The mean of several networks' answers."""
    return layers.Average(name=head, dtype=answers[0].dtype)(answers)
'''

MIXED_ANSWER = '''

def mean_answer(head, answers):
    """The mean of several networks' answers; of deviations, that of the mixture."""
    mean = layers.Average(name=head, dtype=answers[0].dtype)(answers)
    count = WITH_DEVIATIONS.get(head)
    if count is None:
        return mean
    values = mean[:, :count]
    variances = [
        ops.square(answer[:, count:]) + ops.square(answer[:, :count] - values)
        for answer in answers
    ]
    deviations = ops.sqrt(sum(variances) / len(answers))
    return ops.concatenate([values, deviations], axis=1)
'''

CATEGORIES = """
    # Categories: code 0 is an unknown value, 1 a missing cell.
    codes = {
        name: layers.StringLookup(
            vocabulary=["", *words], mask_token=None, oov_token="\\x00unknown"
        )(inputs[name])[:, 0]
        for name, words in VOCABULARIES.items()
    }
"""

MEAN = '''

def build_model():
    """Return the model: the mean of {networks} networks' answers."""
    networks = [build_network(f"network_{{place}}") for place in range({networks})]
    inputs = {{
        name: keras.Input(column.shape[1:], name=name, dtype=column.dtype)
        for name, column in networks[0].input.items()
    }}
    answers = [network(inputs) for network in networks]
    outputs = {{
        head: mean_answer(head, [answer[head] for answer in answers])
        for head in HEADS
    }}
    return keras.Model(inputs, outputs, name="averaged")
'''

FOOTER = """

if __name__ == "__main__":
    build_model().summary()
"""


def constant(name: str, value: object) -> str:
    """Return an assignment; containers that need it go over several lines.

    Examples:
        >>> print(constant("HEADS", {"h0": 'a "b"'}), end="")
        HEADS = {'h0': 'a "b"'}
    """
    text = pformat(value, width=84, compact=True, sort_dicts=False)
    if "\n" not in text and len(name) + len(text) < 84:
        return f"{name} = {text}\n"
    body = "\n".join(f"    {line[1:]}" for line in f" {text[1:-1]}".splitlines())
    return f"{name} = {text[0]}\n{body},\n{text[-1]}\n"


def array(name: str, value: object) -> str:
    """Return an assignment of a NumPy array."""
    text = pformat(value, width=80, compact=True).replace("\n", "\n    ")
    return f"{name} = np.array(\n    {text}\n)\n"
