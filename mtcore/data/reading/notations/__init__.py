"""How values are written in cells: numbers, dates, yes and no, and what is missing."""
