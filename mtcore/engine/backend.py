"""TensorFlow and Keras, imported once and in one way."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, TypeAlias

# A person's own Keras settings may name another backend, and TensorFlow's notes about
# the processor are of no use to anybody. Both must be set before the import.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

tf: Any = import_module("tensorflow")
keras: Any = import_module("keras")

Tensor: TypeAlias = Any
"""A TensorFlow or Keras tensor; its shape and dtype are said where it is used."""

Model: TypeAlias = Any
"""A `keras.Model`."""
