"""The keys that server and workers agree on."""

from __future__ import annotations

import pytest

from mtcore.runs.cluster.task_keys import program_key
from mtcore.spec import apply_settings
from tests.engine.workshop import experiment


@pytest.mark.parametrize(
    ("setting", "same"),
    [
        ("training.balance_rate=0.5", True),
        ("training.balance_decay=0.5", True),
        ("training.measure_every=7", True),
        ("training.learning_rate=0.5", True),
        ("training.balance=famo", False),
        ("training.batch_size=64", False),
    ],
)
def test_a_program_is_compiled_anew_for_another_kind_of_balance_only(
    setting: str, same: bool
) -> None:
    plain = experiment()
    changed = apply_settings(plain, [setting])
    assert (program_key(plain, "data") == program_key(changed, "data")) == same
