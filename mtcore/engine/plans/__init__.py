"""Shapes of networks as plain data: what is built, drawn, written as code."""
