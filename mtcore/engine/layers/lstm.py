"""The steps of a long short-term memory (Hochreiter and Schmidhuber, 1997), both ways.

Gates stand side by side as Keras has them: input, forget, candidate, output. One
sigmoid serves all four, as tanh(z) = 2 · sigmoid(2z) - 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.layers.steps import step_array


def lstm_forward(
    given: Tensor, recurrent_kernel: Tensor, bias: Tensor
) -> tuple[Tensor, ...]:
    """Return the state after the last step, and what `lstm_backward` needs.

    Args:
        given: Every word times the kernel, float32 `(steps, rows, 4 * units)`.
        recurrent_kernel: Float32 `(units, 4 * units)`.
        bias: Float32 `(4 * units,)`.

    Returns:
        Float32 `(rows, units)`, then gates, cells and earlier states of every step.
    """
    steps, rows, width = given.shape
    units = width // 4
    factors = np.repeat([1.0, 1.0, 2.0, 1.0], units).astype(np.float32)

    def take_step(
        step: Tensor, state: Tensor, cell: Tensor, kept: tuple[Tensor, ...]
    ) -> tuple[object, ...]:
        sums = given[step] + tf.matmul(state, recurrent_kernel) + bias
        gates = tf.sigmoid(factors * sums)
        let_in, keep, candidate, let_out = tf.split(gates, 4, axis=1)
        cell = keep * cell + let_in * (2.0 * candidate - 1.0)
        found = (gates, cell, state)
        kept = tuple(
            array.write(step, value) for array, value in zip(kept, found, strict=True)
        )
        return step + 1, let_out * tf.tanh(cell), cell, kept

    still = tf.zeros([rows, units])
    kept = tuple(step_array(steps, rows, size) for size in (width, units, units))
    _, state, _, kept = tf.while_loop(
        lambda step, *_: step < steps,
        take_step,
        (0, still, still, kept),
        maximum_iterations=steps,
    )
    return (state, *(array.stack() for array in kept))


def lstm_backward(
    recurrent_kernel: Tensor, kept: Sequence[Tensor], upstream: Tensor
) -> tuple[Tensor, ...]:
    """Return the gradient of the sums inside the gates, `(steps, rows, 4 * units)`.

    Args:
        recurrent_kernel: As given to `lstm_forward`.
        kept: Gates, cells and earlier states, as `lstm_forward` returned them.
        upstream: Gradient of the state after the last step, `(rows, units)`.
    """
    gates, cells, _ = kept
    steps, rows, units = cells.shape
    turned = tf.transpose(recurrent_kernel)
    let_in, keep, candidate, let_out = tf.split(gates, 4, axis=2)
    before = tf.concat([tf.zeros([1, rows, units]), cells[:-1]], 0)
    shown = tf.tanh(cells)
    # How the sum inside each gate moves the cell, and that of the last the state.
    reach = tf.concat([2.0 * candidate - 1.0, before, 4.0 * let_in, shown], 2)
    reach *= gates * (1.0 - gates)
    to_cell = let_out * (1.0 - tf.square(shown))

    def take_step(
        back: Tensor, state: Tensor, cell: Tensor, moved: Tensor
    ) -> tuple[Tensor, ...]:
        step = steps - 1 - back
        cell += state * to_cell[step]
        sums = reach[step] * tf.concat([cell, cell, cell, state], 1)
        state = tf.matmul(sums, turned)
        return back + 1, state, cell * keep[step], moved.write(step, sums)

    moved = tf.while_loop(
        lambda back, *_: back < steps,
        take_step,
        (0, upstream, tf.zeros([rows, units]), step_array(steps, rows, 4 * units)),
        maximum_iterations=steps,
    )[-1]
    return (moved.stack(),)
