"""The pieces of the page What-if."""
