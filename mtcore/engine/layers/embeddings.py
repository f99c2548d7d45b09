"""Keras's embedding with the same numbers, for training on a GPU."""

from __future__ import annotations

from typing import final

from mtcore.engine.backend import Tensor, keras
from mtcore.engine.plans.plan import CategoryPlan


def product_embedding(category: CategoryPlan, name: str) -> Tensor:
    """Return the embedding layer of a category for training on a GPU."""
    return ProductEmbedding(category.values + 2, category.units, name=name)


# Keras gives its classes no types.
@final
class ProductEmbedding(keras.layers.Embedding):  # type: ignore[misc]
    """An embedding of few values, as a product of one-hot rows and its table.

    The gradient of a look-up adds what came from equal codes one after another, in a
    slow loop where XLA has to keep to one order. That of a product is a product.
    """

    def call(self, inputs: Tensor) -> Tensor:
        """Return `(rows, units)` from int32 codes `(rows,)`."""
        chosen = keras.ops.one_hot(inputs, self.input_dim, dtype="float32")
        return keras.ops.matmul(chosen, self.embeddings)
