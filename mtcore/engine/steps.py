"""What the loops over a text's words share: one matrix product for all steps."""

from __future__ import annotations

from mtcore.engine.backend import Tensor, tf


def over_steps(words: Tensor, kernel: Tensor) -> Tensor:
    """Return every word times a kernel, step by step, `(steps, rows, width)`.

    Args:
        words: Float32 `(rows, steps, inputs)`.
        kernel: Float32 `(inputs, width)`.
    """
    rows, steps, _ = words.shape
    product = tf.matmul(_one_after_another(words), kernel)
    return tf.reshape(product, [steps, rows, kernel.shape[1]])


def below_steps(
    words: Tensor, kernel: Tensor, moved: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients of words, kernel and bias of `over_steps`.

    Args:
        words: Float32 `(rows, steps, inputs)`.
        kernel: Float32 `(inputs, width)`.
        moved: Gradient of the products, float32 `(steps, rows, width)`.
    """
    rows, steps, inputs = words.shape
    flat = tf.reshape(moved, [steps * rows, kernel.shape[1]])
    below = tf.matmul(flat, kernel, transpose_b=True)
    return (
        tf.transpose(tf.reshape(below, [steps, rows, inputs]), [1, 0, 2]),
        tf.matmul(_one_after_another(words), flat, transpose_a=True),
        tf.reduce_sum(flat, 0),
    )


def recurrent_gradient(states: Tensor, moved: Tensor) -> Tensor:
    """Return the gradient of a recurrent kernel, `(units, width)`.

    Args:
        states: Before each step, float32 `(steps, rows, units)`.
        moved: Gradient of their products, float32 `(steps, rows, width)`.
    """
    steps, rows, units = states.shape
    return tf.matmul(
        tf.reshape(states, [steps * rows, units]),
        tf.reshape(moved, [steps * rows, moved.shape[2]]),
        transpose_a=True,
    )


def step_array(steps: int, rows: int, width: int) -> Tensor:
    """Return room for something of every step."""
    return tf.TensorArray(tf.float32, steps, element_shape=[rows, width])


def _one_after_another(words: Tensor) -> Tensor:
    rows, steps, inputs = words.shape
    return tf.reshape(tf.transpose(words, [1, 0, 2]), [steps * rows, inputs])
