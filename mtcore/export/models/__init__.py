"""A run's model in files that others load: Keras, SavedModel, ONNX, MLflow."""
