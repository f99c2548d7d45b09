"""The compiled program of an epoch: losses, steps, and what a run changes in it."""
