"""Runs: where they are kept, who works on them, and what workers do."""
