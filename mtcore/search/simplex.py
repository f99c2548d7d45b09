"""Weightings spread evenly over all there are: a fixed design on the simplex."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray


def simplex_design(heads: int, points: int) -> FloatArray:
    """Return shares of the loss, `(points, heads)`, each row adding up to 1.

    Of two heads the points stand at equal steps, half a step from both ends. Of more,
    a sequence that fills the cube evenly (additive recurrence by the powers of the
    generalised golden ratio, Roberts 2018) is carried to the simplex: the gaps between
    sorted numbers from 0 to 1 are uniform there (Devroye 1986, chapter V). No share is
    0, so that every head moves the trunk.

    Args:
        heads: 1 or more.
        points: 0 or more.

    Examples:
        >>> simplex_design(2, 4)[:, 0].tolist()
        [0.875, 0.625, 0.375, 0.125]
    """
    if heads == 1:
        return np.ones((points, 1))
    places = np.arange(1, points + 1)[:, np.newaxis]
    if heads == 2:
        cuts = (places - 0.5) / max(points, 1)
        return np.hstack([1.0 - cuts, cuts])
    ratio = _golden_ratio(heads - 1)
    steps = ratio ** -np.arange(1.0, heads)
    cuts = np.sort((0.5 + places * steps) % 1.0, axis=1)
    ends = np.zeros((points, 1)), np.ones((points, 1))
    shares: FloatArray = np.diff(np.hstack([ends[0], cuts, ends[1]]), axis=1)
    return shares


def _golden_ratio(dimensions: int) -> float:
    """Return the root above 1 of x^(d + 1) = x + 1: 1.618… for one dimension."""
    root = 2.0
    for _ in range(64):
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    return root
