"""One HTML file of results, charts and a what-if that works offline."""
