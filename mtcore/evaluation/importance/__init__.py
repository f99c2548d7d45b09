"""What each head's answers rest on: inputs shuffled, alone and with their like."""

from __future__ import annotations

from mtcore.evaluation.importance.alike import alike_inputs
from mtcore.evaluation.importance.sheet import ImportanceSheet, Shuffled
from mtcore.evaluation.importance.shuffling import Judging, shuffled_importance

__all__ = [
    "ImportanceSheet",
    "Judging",
    "Shuffled",
    "alike_inputs",
    "shuffled_importance",
]
