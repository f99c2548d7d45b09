"""How TensorFlow is set up: what networks train on, and how it reckons."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

from mtcore.engine.backend import device, on_processor, reckon_as_a_processor_does, tf

pytestmark = pytest.mark.engine


@pytest.fixture
def determinism() -> Iterator[ModuleType]:
    """TensorFlow's own account of it, and everything as it was afterwards."""
    account = import_module("tensorflow.python.framework.config")
    exact = not tf.config.experimental.tensor_float_32_execution_enabled()
    fixed = account.is_op_determinism_enabled()
    yield account
    tf.config.experimental.enable_tensor_float_32_execution(not exact)
    if not fixed:
        account.disable_op_determinism()


def test_a_gpu_keeps_all_digits_and_adds_in_one_order(determinism: ModuleType) -> None:
    reckon_as_a_processor_does()
    assert not tf.config.experimental.tensor_float_32_execution_enabled()
    assert determinism.is_op_determinism_enabled()
    # What draws at random, such as the shuffle of `Model.fit`, works all the same.
    assert sorted(tf.random.shuffle(tf.range(9)).numpy()) == list(range(9))


def test_a_gpus_memory_is_taken_as_it_is_needed() -> None:
    assert os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


def test_networks_train_where_tensorflow_puts_numbers() -> None:
    assert f"device:{device()}:0" in tf.constant([1.0]).device
    assert on_processor() == (device() == "CPU")
