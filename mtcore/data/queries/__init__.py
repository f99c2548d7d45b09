"""What files are asked: by DuckDB, row by row, and how their values are spread."""
