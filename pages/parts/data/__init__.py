"""The pieces of the page Data."""
