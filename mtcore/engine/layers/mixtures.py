"""Mixtures of experts, and their gradients, in the forms that take the least time.

As products of matrices they would be one for each row and tiny, which takes more of a
step than all layers do. Added up expert by expert they are a few large kernels.
"""

from __future__ import annotations

from collections.abc import Callable

from mtcore.engine.backend import Tensor, tf

# Of more heads or experts, products for each row are large enough.
MOST_ADDED = 16


def mix_experts(experts: Tensor, weights: Tensor) -> Tensor:
    """Return each head's mixture of experts, float32 `(heads, batch, units)`.

    Args:
        experts: Float32 `(experts, batch, units)` of experts that all heads mix, or
            `(experts, heads, batch, units)` where each head has its own.
        weights: Float32 `(heads, batch, experts)`.
    """
    if max(weights.shape[0], weights.shape[2]) <= MOST_ADDED:
        return _added(experts, weights)
    by_expert = "kbd" if experts.shape.rank == 3 else "khbd"
    return tf.einsum(f"{by_expert},hbk->hbd", experts, weights)


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _added(
    experts: Tensor, weights: Tensor
) -> tuple[Tensor, Callable[[Tensor], tuple[Tensor, Tensor]]]:
    apart = tf.unstack(experts)

    def gradient(upstream: Tensor) -> tuple[Tensor, Tensor]:
        by_expert = tf.transpose(weights, [2, 0, 1])[..., tf.newaxis]
        if experts.shape.rank == 3:
            heads = zip(
                tf.unstack(by_expert, axis=1), tf.unstack(upstream), strict=True
            )
            for_experts = tf.add_n([weight * moved for weight, moved in heads])
        else:
            for_experts = by_expert * upstream
        shares = [_summed(upstream * expert) for expert in apart]
        return for_experts, tf.stack(shares, 2)

    pairs = zip(apart, tf.unstack(weights, axis=2), strict=True)
    mixed = tf.add_n([weight[..., tf.newaxis] * expert for expert, weight in pairs])
    return mixed, gradient


def _summed(values: Tensor) -> Tensor:
    """Return the sums over the last axis, as a product, which XLA computes faster."""
    flat = tf.reshape(values, [-1, values.shape[-1]])
    summed = tf.matmul(flat, tf.ones([values.shape[-1], 1]))
    return tf.reshape(summed, values.shape[:-1])
