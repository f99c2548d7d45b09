"""Which ranges around answers can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = (0.8, 0.9, 0.95)
"""The shares of rows that ranges are calibrated to hold in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The ranges that are asked for.

    Args:
        level: The share of rows that they are to hold in, one of `LEVELS`.
        joint: Whether those of all heads are to hold together in that share.
    """

    level: float
    joint: bool = False
