"""Runs and studies, trained: begun, told of while they run, and ended."""
