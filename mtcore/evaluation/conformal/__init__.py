"""Ranges and sets that hold the truth in a promised share of rows: split conformal.

Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World (2005); Lei and
others, Distribution-free predictive inference for regression (2018). A score says how
badly an answer misses a label. Its quantile over rows that nothing else was learned
from is how far a range has to reach, whatever the model and the data are like, as long
as later rows come from where these came from.
"""

from __future__ import annotations

from mtcore.evaluation.conformal.bounds import Bounds, Ranges, Sets, bounds_of
from mtcore.evaluation.conformal.calibrated import (
    CellIntervals,
    Intervals,
    Measured,
)
from mtcore.evaluation.conformal.calibration import Calibration, conformal_quantile
from mtcore.evaluation.conformal.columns import interval_columns

__all__ = [
    "Bounds",
    "Calibration",
    "CellIntervals",
    "Intervals",
    "Measured",
    "Ranges",
    "Sets",
    "bounds_of",
    "conformal_quantile",
    "interval_columns",
]
