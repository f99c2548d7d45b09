"""Studies of a run: single-task twins of its heads, and sweeps over head weights."""
