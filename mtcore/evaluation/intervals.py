"""How sure a share is."""

from __future__ import annotations

import math

_Z95 = 1.959964


def share_interval(hits: int, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's score (1927).

    Args:
        hits: Rows that it holds for.
        rows: All rows, 1 or more.

    Examples:
        >>> low, high = share_interval(8, 10)
        >>> round(low, 3), round(high, 3)
        (0.49, 0.943)
    """
    share, z2 = hits / rows, _Z95 * _Z95
    centre = share + z2 / (2 * rows)
    reach = _Z95 * math.sqrt(share * (1 - share) / rows + z2 / (4 * rows * rows))
    scale = 1 + z2 / rows
    return max((centre - reach) / scale, 0.0), min((centre + reach) / scale, 1.0)
