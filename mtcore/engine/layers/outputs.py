"""From raw outputs to what heads answer, in Keras ops: for losses and served models."""

from __future__ import annotations

from mtcore.engine.backend import Tensor, keras


def rising(raw: Tensor) -> Tensor:
    """Return values that never fall from one level to the next, `(batch, levels)`.

    The middle one is as it is; every other is its inner neighbour and a softplus more
    or less. They are added one after another, since sums in any other order can differ
    in their last digit and so cross.

    Args:
        raw: `(batch, levels)`.
    """
    count = raw.shape[1]
    middle = count // 2
    values = [raw[:, place : place + 1] for place in range(count)]
    for place in range(middle + 1, count):
        values[place] = values[place - 1] + keras.ops.softplus(values[place])
    for place in reversed(range(middle)):
        values[place] = values[place + 1] - keras.ops.softplus(values[place])
    return keras.ops.concatenate(values, axis=1) if count > 1 else values[0]


def passed(raw: Tensor) -> Tensor:
    """Return the chance that each step is passed, `(batch, steps)`, never rising.

    Args:
        raw: `(batch, steps)`, logits of passing a step once the one before is passed.
    """
    return keras.ops.cumprod(keras.ops.sigmoid(raw), axis=1)


def chained(raw: Tensor) -> Tensor:
    """Return the chance of each rank, `(batch, steps + 1)`, adding up to 1.

    Args:
        raw: `(batch, steps)`, logits of passing a step once the one before is passed.
    """
    certain = keras.ops.ones_like(raw[:, :1])
    reached = keras.ops.concatenate([certain, passed(raw)], axis=1)
    ended = keras.ops.concatenate([keras.ops.sigmoid(-raw), certain], axis=1)
    return reached * ended


# In standard deviations of the target: sharper answers would be certain of noise.
SMALLEST_DEVIATION = 1e-3


def deviations(raw: Tensor) -> Tensor:
    """Return standard deviations, above 0, in those of the targets.

    Args:
        raw: `(batch, columns)`.
    """
    return keras.ops.softplus(raw) + SMALLEST_DEVIATION
