"""One value: of a number, a moment or a text, and how people write it."""
