"""A table as arrays, in memory or left in its file, and the targets in it."""
