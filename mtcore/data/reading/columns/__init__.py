"""From cells of text to columns of a kind, and what a person is told of them."""
