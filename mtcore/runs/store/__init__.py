"""What a run is, what was made of it, and how MLflow keeps both."""
