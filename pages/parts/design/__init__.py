"""The pieces of the page Design."""
