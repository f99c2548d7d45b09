"""Trained models, judged: their answers for tables, and what those come to."""
