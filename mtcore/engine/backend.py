"""TensorFlow and Keras, imported once and in one way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Literal, TypeAlias

# A person's own Keras settings may name another backend, and TensorFlow's notes about
# the processor are of no use to anybody. Both must be set before the import.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# TensorFlow takes all memory of a GPU at once otherwise, and nobody else can use it.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")


@contextmanager
def _native_notes_unheard() -> Iterator[None]:
    """Send what native code prints while it is loaded nowhere.

    TensorFlow's log level holds only after its logging has started, and a person's
    terminal is no place for notes about processors. Python's errors still come.
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@contextmanager
def _unseen(module: str) -> Iterator[None]:
    """Have imports go on without a module that they can do without."""
    known = sys.modules.get(module)
    # This is how Python's import is told that there is no such module.
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]
        if known is not None:
            sys.modules[module] = known


# Keras imports what draws galleries of pictures, a sixth of what it takes to start.
with _native_notes_unheard(), _unseen("matplotlib.pyplot"):
    tf: Any = import_module("tensorflow")
    keras: Any = import_module("keras")
    # Operations that only XLA knows; TensorFlow itself has loaded them.
    xla: Any = import_module("tensorflow.compiler.tf2xla.python.xla")


Device: TypeAlias = Literal["CPU", "GPU"]


def device() -> Device:
    """Return where networks train: on a GPU where TensorFlow finds one."""
    return "GPU" if tf.config.list_physical_devices("GPU") else "CPU"


def on_processor() -> bool:
    """Return whether networks train on the processor, as there is no other device."""
    return device() == "CPU"


def reckon_as_a_processor_does() -> None:
    """Have GPUs keep all digits of float32, and add in the same order every time.

    Left alone they drop half of the digits of products for speed, so that a model would
    answer otherwise where it is served than where it was judged, and the same seed
    would give other numbers in every process.
    """
    tf.config.experimental.enable_tensor_float_32_execution(False)
    tf.config.experimental.enable_op_determinism()
    # What draws at random is refused from now on, `Model.fit` too, unless there is one.
    tf.random.set_seed(0)


if not on_processor():
    reckon_as_a_processor_does()


Tensor: TypeAlias = Any
"""A TensorFlow or Keras tensor; its shape and dtype are said where it is used."""

Model: TypeAlias = Any
"""A `keras.Model`."""
