"""Names for the array types that travel through the core."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
"""Numbers: float64, NaN where a value is missing."""

RowArray = NDArray[np.int64]
"""Row numbers of a table, counted from 0."""

TextArray = NDArray[np.object_]
"""Texts: object, each cell a `str` or None where a value is missing."""
