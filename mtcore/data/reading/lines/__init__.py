"""Which lines are a table's rows, which one holds the names, and their cells."""
