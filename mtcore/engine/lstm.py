"""A long short-term memory (Hochreiter and Schmidhuber, 1997) forward and back.

Gates stand side by side as Keras has them: input, forget, candidate, output. One
sigmoid serves all four, as tanh(z) = 2 · sigmoid(2z) - 1: the candidate's columns of
all weights are doubled before, and their gradients after.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.steps import (
    below_steps,
    over_steps,
    recurrent_gradient,
    step_array,
)


def lstm_forward(words: Tensor, weights: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Return the state after the last step, and what `lstm_backward` needs.

    Args:
        words: Float32 `(rows, steps, inputs)`.
        weights: Kernel `(inputs, 4 * units)`, recurrent kernel `(units, 4 * units)`
            and bias `(4 * units,)`, float32.

    Returns:
        Float32 `(rows, units)`, then gates, cells and earlier states of every step.
    """
    rows, steps, _ = words.shape
    kernel, recurrent_kernel, bias = _with_doubled_candidate(weights)
    units = recurrent_kernel.shape[0]
    given = over_steps(words, kernel)

    def take_step(
        step: Tensor, state: Tensor, cell: Tensor, kept: tuple[Tensor, ...]
    ) -> tuple[object, ...]:
        gates = tf.sigmoid(given[step] + tf.matmul(state, recurrent_kernel) + bias)
        let_in, keep, candidate, let_out = tf.split(gates, 4, axis=1)
        cell = keep * cell + let_in * (2.0 * candidate - 1.0)
        found = (gates, cell, state)
        kept = tuple(
            array.write(step, value) for array, value in zip(kept, found, strict=True)
        )
        return step + 1, let_out * tf.tanh(cell), cell, kept

    still = tf.zeros([rows, units])
    kept = tuple(step_array(steps, rows, width) for width in (4 * units, units, units))
    _, state, _, kept = tf.while_loop(
        lambda step, *_: step < steps,
        take_step,
        (0, still, still, kept),
        maximum_iterations=steps,
    )
    return (state, *(array.stack() for array in kept))


def lstm_backward(
    words: Tensor, weights: Sequence[Tensor], kept: Sequence[Tensor], upstream: Tensor
) -> tuple[Tensor, ...]:
    """Return the gradients of words, kernel, recurrent kernel and bias.

    Args:
        words: As given to `lstm_forward`.
        weights: As given to `lstm_forward`.
        kept: Gates, cells and earlier states, as `lstm_forward` returned them.
        upstream: Gradient of the state after the last step, `(rows, units)`.
    """
    gates, cells, states = kept
    steps, rows, units = states.shape
    kernel, recurrent_kernel, _ = _with_doubled_candidate(weights)
    turned = tf.transpose(recurrent_kernel)
    let_in, keep, candidate, let_out = tf.split(gates, 4, axis=2)
    before = tf.concat([tf.zeros([1, rows, units]), cells[:-1]], 0)
    shown = tf.tanh(cells)
    # How the sum inside each gate moves the cell, and that of the last the state.
    reach = tf.concat([2.0 * candidate - 1.0, before, 2.0 * let_in, shown], 2)
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
    )[-1].stack()
    for_words, for_kernel, for_bias = below_steps(words, kernel, moved)
    for_weights = for_kernel, recurrent_gradient(states, moved), for_bias
    return (for_words, *_with_doubled_candidate(for_weights))


def _with_doubled_candidate(weights: Sequence[Tensor]) -> tuple[Tensor, ...]:
    units = weights[0].shape[-1] // 4
    factors = np.repeat([1.0, 1.0, 2.0, 1.0], units).astype(np.float32)
    return tuple(weight * factors for weight in weights)
