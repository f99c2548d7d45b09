"""Keras's LSTM and GRU with the same numbers and a gradient written by hand.

What all steps share is one matrix product over all of them: words times kernel before
the loop, and the gradients of words and kernels after it. TensorFlow's own kernels are
the fastest at these. What is left to each step is one small product and one kernel for
all the rest. XLA compiles the loops, and as rows do not meet, each core of a processor
runs the loop of its share of the rows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import final

from mtcore.engine.backend import Tensor, keras, tf
from mtcore.engine.layers.gru import gru_backward, gru_forward
from mtcore.engine.layers.lstm import lstm_backward, lstm_forward
from mtcore.engine.layers.steps import below_steps, over_steps, step_by_step
from mtcore.engine.plans.encoder_plans import TextPlan

# Fewer rows are not worth a core of their own.
LEAST_SHARE = 8

Forward = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, ...]]
Backward = Callable[[Tensor, Sequence[Tensor], Tensor], tuple[Tensor, ...]]


def fast_recurrent(text: TextPlan, name: str) -> Tensor:
    """Return the recurrent layer of a text for training on a processor."""
    kind = FastLSTM if text.encoder == "lstm" else FastGRU
    return kind(text.units, name=f"{name}_{text.encoder}")


# Keras gives its classes no types.
@final
class FastLSTM(keras.layers.LSTM):  # type: ignore[misc]
    """An LSTM that returns the state after the last step, and nothing else."""

    def call(
        self, sequences: Tensor, initial_state: None = None, **_: object
    ) -> Tensor:
        """Return `(rows, units)` from float32 `(rows, steps, inputs)`."""
        del initial_state  # Keras asks for an argument of this name.
        return _over_shares(sequences, self.cell, lstm_forward, lstm_backward)


@final
class FastGRU(keras.layers.GRU):  # type: ignore[misc]
    """A GRU that returns the state after the last step, and nothing else."""

    def call(
        self, sequences: Tensor, initial_state: None = None, **_: object
    ) -> Tensor:
        """Return `(rows, units)` from float32 `(rows, steps, inputs)`."""
        del initial_state  # Keras asks for an argument of this name.
        return _over_shares(sequences, self.cell, gru_forward, gru_backward)


def _over_shares(
    sequence: Tensor, cell: Tensor, forward: Forward, backward: Backward
) -> Tensor:
    """Return the state after the last step, each core with rows of its own."""
    shares = _shares(sequence.shape[0])
    ahead = tf.function(forward, jit_compile=True, autograph=False)
    back = tf.function(backward, jit_compile=True, autograph=False)

    def run(
        words: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, ...]]]:
        # No tape must look inside: what XLA loops over cannot leave it.
        weights = tuple(tf.stop_gradient(weight) for weight in weights)
        kernel, recurrent_kernel, bias = weights
        rows = tf.split(tf.stop_gradient(words), shares)
        parts = [step_by_step(part) for part in rows]
        found = [
            ahead(over_steps(part, kernel), recurrent_kernel, bias) for part in parts
        ]

        def gradient(upstream: Tensor) -> tuple[Tensor, ...]:
            moved = [
                below_steps(
                    part, kept[-1], weights, back(recurrent_kernel, kept, above)
                )
                for part, (_, *kept), above in zip(
                    parts, found, tf.split(upstream, shares), strict=True
                )
            ]
            for_words, *for_weights = zip(*moved, strict=True)
            return (tf.concat(for_words, 0), *(tf.add_n(part) for part in for_weights))

        return tf.concat([state for state, *_ in found], 0), gradient

    weights = (cell.kernel, cell.recurrent_kernel, cell.bias)
    return tf.custom_gradient(run)(
        sequence, *(tf.convert_to_tensor(weight) for weight in weights)
    )


def _shares(rows: int) -> list[int]:
    """Return how many rows each core takes."""
    count = min(os.cpu_count() or 1, max(rows // LEAST_SHARE, 1))
    return [rows // count + (place < rows % count) for place in range(count)]
