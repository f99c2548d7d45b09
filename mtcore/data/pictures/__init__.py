"""Pictures that a table's cells name: found, decoded once, and kept as pixels."""
