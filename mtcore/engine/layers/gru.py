"""The steps of a gated recurrent unit (Cho and others, 2014), both ways.

Gates stand side by side as Keras has them: update, reset, candidate. The reset gate
comes after the recurrent product, which has a bias of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtcore.engine.backend import Tensor, tf
from mtcore.engine.layers.steps import step_array


def gru_forward(
    given: Tensor, recurrent_kernel: Tensor, biases: Tensor
) -> tuple[Tensor, ...]:
    """Return the state after the last step, and what `gru_backward` needs.

    Args:
        given: Every word times the kernel, float32 `(steps, rows, 3 * units)`.
        recurrent_kernel: Float32 `(units, 3 * units)`.
        biases: Of words and of states, float32 `(2, 3 * units)`.

    Returns:
        Float32 `(rows, units)`, then gates, candidate's recurrent sums and earlier
        states of every step.
    """
    steps, rows, width = given.shape
    units = width // 3

    def take_step(
        step: Tensor, state: Tensor, kept: tuple[Tensor, ...]
    ) -> tuple[object, ...]:
        below = given[step] + biases[0]
        recalled = tf.matmul(state, recurrent_kernel) + biases[1]
        gates = tf.sigmoid(below[:, : 2 * units] + recalled[:, : 2 * units])
        update, reset = tf.split(gates, 2, axis=1)
        recalled = recalled[:, 2 * units :]
        candidate = tf.tanh(below[:, 2 * units :] + reset * recalled)
        found = (tf.concat([gates, candidate], 1), recalled, state)
        kept = tuple(
            array.write(step, value) for array, value in zip(kept, found, strict=True)
        )
        return step + 1, candidate + update * (state - candidate), kept

    kept = tuple(step_array(steps, rows, size) for size in (width, units, units))
    _, state, kept = tf.while_loop(
        lambda step, *_: step < steps,
        take_step,
        (0, tf.zeros([rows, units]), kept),
        maximum_iterations=steps,
    )
    return (state, *(array.stack() for array in kept))


def gru_backward(
    recurrent_kernel: Tensor, kept: Sequence[Tensor], upstream: Tensor
) -> tuple[Tensor, ...]:
    """Return the gradients of words' and of states' sums, `(steps, rows, 3 * units)`.

    Args:
        recurrent_kernel: As given to `gru_forward`.
        kept: Gates, candidate's recurrent sums and earlier states, as `gru_forward`
            returned them.
        upstream: Gradient of the state after the last step, `(rows, units)`.
    """
    gates, recalled, states = kept
    steps, rows, units = states.shape
    turned = tf.transpose(recurrent_kernel)
    update, reset, candidate = tf.split(gates, 3, axis=2)
    # How the sums inside update, reset and candidate move the state.
    to_candidate = (1.0 - update) * (1.0 - tf.square(candidate))
    to_update = (states - candidate) * update * (1.0 - update)
    to_reset = to_candidate * recalled * reset * (1.0 - reset)
    reach = tf.concat([to_update, to_reset, to_candidate * reset], 2)

    def take_step(back: Tensor, state: Tensor, moved: Tensor) -> tuple[Tensor, ...]:
        step = steps - 1 - back
        sums = reach[step] * tf.concat([state, state, state], 1)
        below = state * update[step] + tf.matmul(sums, turned)
        return back + 1, below, moved.write(step, tf.concat([sums, state], 1))

    moved = tf.while_loop(
        lambda back, *_: back < steps,
        take_step,
        (0, upstream, step_array(steps, rows, 4 * units)),
        maximum_iterations=steps,
    )[-1].stack()
    recurrent, state = moved[:, :, : 3 * units], moved[:, :, 3 * units :]
    below = tf.concat([recurrent[:, :, : 2 * units], state * to_candidate], 2)
    return below, recurrent
