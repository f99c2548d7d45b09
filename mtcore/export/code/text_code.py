"""The Keras code of what reads texts."""

from __future__ import annotations

from collections.abc import Sequence

from mtcore.engine.encode.input_encoding import TextEncoding
from mtcore.engine.plans.encoder_plans import WORDS_AT_ONCE
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.export.code.fixed_text import constant
from mtcore.spec import TextInput

Named = Sequence[tuple[str, TextEncoding]]

WORDS = """
    # Texts: code 0 is padding, which stands in front, and 1 an unknown word.
    words = {}
    for name, known in WORDS.items():
        split = layers.TextVectorization(
            max_tokens=MOST_WORDS[name],
            output_sequence_length=LENGTHS[name],
            vocabulary=known,
        )
        words[name] = ops.cast(split(inputs[name]), "int32")
        there = ops.cast(words[name] > 0, "int32")
        count = ops.sum(there, axis=1, keepdims=True)
        places = ops.mod(count + np.arange(LENGTHS[name]), LENGTHS[name])
        words[name] = ops.take_along_axis(words[name], places, axis=1)
"""

POOLED = """    there = ops.expand_dims(words["{name}"] != 0, -1)
    known = ops.cast(there, "float32")
    some = ops.minimum(ops.sum(known, axis=1), 1.0)
    count = ops.maximum(ops.sum(known, axis=1), 1.0)
    mean = ops.sum(text * known, axis=1) / count
    most = ops.max(ops.where(there, text, -1e9), axis=1)
    parts.append(ops.concatenate([mean, most * some], axis=1))
"""


def text_constants(texts: Named) -> str:
    """Return the vocabularies and sizes of texts; empty where there are none."""
    if not texts:
        return ""
    known = {name: list(given.vocabulary) for name, given in texts}
    most = {name: given.reading.vocabulary for name, given in texts}
    lengths = {name: given.length for name, given in texts}
    return "".join(
        [
            "\n# Words of training rows, the most frequent first; how many are read.\n",
            constant("WORDS", known),
            constant("MOST_WORDS", most),
            constant("LENGTHS", lengths),
        ]
    )


def text_lines(texts: Named, plan: NetworkPlan) -> list[str]:
    """Return the lines that turn texts into features."""
    if not texts:
        return []
    lines = [WORDS]
    for place, (name, given) in enumerate(texts):
        reading = given.reading
        layer = _quoted(f"text_{place}_words", plan)
        embedding = (
            f"layers.Embedding({reading.vocabulary}, {reading.embedding}, name={layer})"
        )
        lines.append(f'    text = {embedding}(words["{name}"])\n')
        if reading.encoder == "pool":
            lines.append(POOLED.format(name=name))
        else:
            named = _quoted(f"text_{place}_{reading.encoder}", plan)
            lines.append(_encoder_lines(reading, named))
    return lines


def _encoder_lines(reading: TextInput, name: str) -> str:
    if reading.encoder == "conv":
        return (
            f"    text = layers.Conv1D({reading.units}, {WORDS_AT_ONCE}, "
            f'padding="same", activation="relu", name={name})(text)\n'
            "    parts.append(ops.max(text, axis=1))\n"
        )
    made = f"layers.{reading.encoder.upper()}({reading.units}, name={name})"
    return f"    parts.append({made}(text))\n"


def _quoted(name: str, plan: NetworkPlan) -> str:
    """Return a layer's name as code; each head's own has its prefix."""
    return f'f"{{prefix}}{name}"' if plan.has_own_features else f'"{name}"'
