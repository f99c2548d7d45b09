"""Training from start to end: epochs, their order, checkpoints, averages."""
