"""Builds and trains branched models; the only importer of TensorFlow."""
