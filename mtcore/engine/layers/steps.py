"""What the loops over a text's words share: one matrix product for all steps."""

from __future__ import annotations

from collections.abc import Sequence

from mtcore.engine.backend import Tensor, tf


def step_by_step(words: Tensor) -> Tensor:
    """Return `(rows, steps, inputs)` as `(steps, rows, inputs)`."""
    return tf.transpose(words, [1, 0, 2])


def over_steps(words: Tensor, kernel: Tensor) -> Tensor:
    """Return every word times a kernel, `(steps, rows, width)`.

    Args:
        words: Float32 `(steps, rows, inputs)`.
        kernel: Float32 `(inputs, width)`.
    """
    product = tf.matmul(_one_after_another(words), kernel)
    return tf.reshape(product, [*words.shape[:2], kernel.shape[1]])


def below_steps(
    words: Tensor, states: Tensor, weights: Sequence[Tensor], moved: Sequence[Tensor]
) -> tuple[Tensor, ...]:
    """Return the gradients of words, kernel, recurrent kernel and bias.

    Args:
        words: Float32 `(steps, rows, inputs)`.
        states: Before each step, float32 `(steps, rows, units)`.
        weights: Kernel `(inputs, width)`, recurrent kernel `(units, width)`, and bias.
        moved: Gradients of what the kernel and the recurrent kernel make of every
            step, float32 `(steps, rows, width)`; one where they are the same.
    """
    kernel, _, bias = weights
    sums = [_one_after_another(part) for part in moved]
    for_words = tf.matmul(sums[0], kernel, transpose_b=True)
    for_bias = tf.stack([tf.reduce_sum(part, 0) for part in sums])
    return (
        step_by_step(tf.reshape(for_words, words.shape)),
        tf.matmul(_one_after_another(words), sums[0], transpose_a=True),
        tf.matmul(_one_after_another(states), sums[-1], transpose_a=True),
        tf.reshape(for_bias, bias.shape),
    )


def step_array(steps: int, rows: int, width: int) -> Tensor:
    """Return room for something of every step."""
    return tf.TensorArray(tf.float32, steps, element_shape=[rows, width])


def _one_after_another(values: Tensor) -> Tensor:
    steps, rows, width = values.shape
    return tf.reshape(values, [steps * rows, width])
