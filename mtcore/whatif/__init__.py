"""Questions to a trained model; they take a predict function, not a model."""
