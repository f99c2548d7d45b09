"""Fixtures of the engine's tests."""

from __future__ import annotations

import pytest

from mtcore.engine.training.trainer import Trained, train
from tests.engine.workshop import experiment, parts, workshop


@pytest.fixture(scope="session")
def trained() -> Trained:
    """The small experiment with all heads, trained on the workshop's table."""
    return train(experiment(), workshop(), parts())
