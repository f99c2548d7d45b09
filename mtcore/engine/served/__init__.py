"""Trained models that answer: from raw columns, in units that people use."""
