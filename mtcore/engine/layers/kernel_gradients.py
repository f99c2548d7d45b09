"""Products with kernels whose gradients XLA computes fast on a processor.

The gradient of a kernel adds up over a batch. A product that reads both of its factors
down their columns takes XLA up to twice the time of one that reads one of them along
its rows, so one is laid out anew before. Left alone, XLA would fold that into the
product again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mtcore.engine.backend import Tensor, tf, xla

# With fewer rows, or larger kernels, to lay a factor out anew takes more than it saves.
LEAST_ROWS = 128
MOST_NUMBERS = 16_384

_turning: ContextVar[bool] = ContextVar("turning", default=False)


@contextmanager
def turned_gradients(*, wanted: bool) -> Iterator[None]:
    """Have gradients that are traced meanwhile turn a factor before they multiply.

    Args:
        wanted: Only where XLA compiles for a processor: graphs have no such step, and a
            GPU has no need of it.
    """
    before = _turning.set(wanted)
    try:
        yield
    finally:
        _turning.reset(before)


def product(inputs: Tensor, kernel: Tensor) -> Tensor:
    """Return inputs times a kernel, `(..., batch, units)`.

    Args:
        inputs: Float32 `(..., batch, width)`.
        kernel: Float32 `(..., width, units)`.
    """
    small = kernel.shape[-2] * kernel.shape[-1] <= MOST_NUMBERS
    if _turning.get() and small and inputs.shape[-2] >= LEAST_ROWS:
        return _turned_product(inputs, kernel)
    return inputs @ kernel


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _turned_product(
    inputs: Tensor, kernel: Tensor
) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
    def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
        for_inputs = tf.matmul(upstream, kernel, transpose_b=True)
        # The narrower of the two takes less time to turn.
        if inputs.shape[-1] < upstream.shape[-1]:
            return for_inputs, _turned(inputs) @ upstream
        return for_inputs, _turned(_kept(_turned(upstream) @ inputs))

    return inputs @ kernel, gradient


def _turned(values: Tensor) -> Tensor:
    """Return values with columns for rows, laid out anew in memory."""
    return _kept(tf.linalg.matrix_transpose(values))


def _kept(values: Tensor) -> Tensor:
    """Return values that XLA has to make as they are."""
    [kept] = xla.optimization_barrier(values)
    return kept
