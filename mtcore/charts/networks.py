"""Lines of a run whose networks are trained one after another, to be averaged.

Their epochs are counted on, so a line through all of them would jump where the next
network begins; it is broken there instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtcore.spec.training import NETWORK_KEY

History = Mapping[str, tuple[NDArray[Any], NDArray[Any]]]
"""Epochs (from 1) and values by metric key, such as `train/network`."""


def network_starts(history: History) -> tuple[int, ...]:
    """Return the first epoch of every network but the first; none where it is one.

    Args:
        history: Holds `train/network` where there are several: which is trained, from
            1. Runs that were trained before it was logged have none.

    Examples:
        >>> logged = np.array([1, 2, 3, 4]), np.array([1.0, 1.0, 2.0, 2.0])
        >>> network_starts({"train/network": logged})
        (3,)
    """
    epochs, networks = history.get(NETWORK_KEY, (np.empty(0), np.empty(0)))
    begins = np.flatnonzero(np.diff(networks) > 0) + 1
    return tuple(int(epoch) for epoch in np.asarray(epochs)[begins])


def broken(
    epochs: NDArray[Any], values: NDArray[np.float64], starts: tuple[int, ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a line's points with a gap before each start.

    Args:
        epochs: `(n,)`, rising.
        values: `(n,)`.
        starts: As `network_starts` returned them.

    Returns:
        Float64 `(n + gaps,)` each, NaN in the gaps.
    """
    places = np.searchsorted(epochs, starts)
    places = np.unique(places[(places > 0) & (places < len(epochs))])
    return (
        np.insert(epochs.astype(np.float64), places, np.nan),
        np.insert(values.astype(np.float64), places, np.nan),
    )


def one_network(history: History, epoch: int) -> History:
    """Return the part of a history that belongs to the network of an epoch."""
    starts = network_starts(history)
    if not starts:
        return history
    edges = np.asarray([0, *starts, np.iinfo(np.int64).max])
    place = int(np.searchsorted(edges, epoch, side="right"))
    first, after = edges[place - 1], edges[place]
    part = {}
    for key, (epochs, values) in history.items():
        kept = (np.asarray(epochs) >= first) & (np.asarray(epochs) < after)
        if kept.any():
            part[key] = (np.asarray(epochs)[kept], np.asarray(values)[kept])
    return part


def alone(history: History, epoch: int) -> History:
    """Return the same with epochs counted from the first one of that network.

    Args:
        history: Of a run with one network or several.
        epoch: Counted through all networks, from 1; such as the best one.
    """
    before = [start for start in network_starts(history) if start <= epoch]
    first = before[-1] if before else 1
    return {
        key: (np.asarray(epochs) - first + 1, values)
        for key, (epochs, values) in one_network(history, epoch).items()
    }
