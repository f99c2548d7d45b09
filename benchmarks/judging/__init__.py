"""Models that the engine makes, judged beside those of scikit-learn."""
