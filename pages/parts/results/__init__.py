"""The pieces of the page Results."""
