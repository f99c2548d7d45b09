"""The same networks trained by the engine, by Keras, by PyTorch and by JAX."""
