"""What the inputs and outputs of an exported model are called."""

from __future__ import annotations

import re
from collections.abc import Mapping

# What TensorFlow takes as the name of a tensor and Python as that of an argument.
_LEGAL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
_RESERVED = frozenset({"self", "training", "mask", "inputs", "args", "kwargs"})


def legal_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return what to call each of some inputs or outputs.

    Its own name where TensorFlow takes it, else its id.

    Args:
        names: What people call them, by ids such as `c0`.

    Examples:
        >>> legal_names({"c0": "X1", "c1": "load (%)", "c2": "c1"})
        {'c0': 'X1', 'c1': 'c1', 'c2': 'c2'}
    """
    lower = [name.lower() for name in names.values()]
    return {
        own: name
        if _LEGAL.fullmatch(name)
        and name not in names
        and name not in _RESERVED
        and lower.count(name.lower()) == 1
        else own
        for own, name in names.items()
    }
