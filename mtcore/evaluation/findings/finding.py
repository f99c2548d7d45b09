"""What the test rows say about a head, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

Z95 = 1.959964
MEAN = "always predicting the mean"
MEDIAN = "always predicting the median"
COMMON = "always giving the more common answer"
COMMONEST = "always giving the most common class"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the test rows say about one head.

    Args:
        value: The figure it is judged by; 1 is perfect.
        constant: The constant prediction's figure.
        low: Lower end of its 95 % interval.
        high: Upper end.
        bars: From which value on it is good, fair, weak; below all it is useless.
        facts: A sentence with the figure, the rows and the constant prediction's.
        rival: The constant prediction, in words.
        show: How the figure is written.
    """

    value: float
    constant: float
    low: float
    high: float
    bars: tuple[float, float, float]
    facts: str
    rival: str
    show: Callable[[float], str]

    def interval_text(self) -> str:
        """Return the interval, such as "86 to 98 %"."""
        low, high = self.show(max(self.low, 0.0)), self.show(self.high)
        number, _, unit = low.partition(" ")
        return f"{number if high.endswith(f' {unit}') else low} to {high}"


def share_error(value: float, rows: int) -> float:
    """Return the standard error of R² in large samples (Olkin and Finn 1995)."""
    bounded = min(max(value, 0.0), 1.0)
    return 2.0 * math.sqrt(bounded / rows) * (1.0 - bounded)
