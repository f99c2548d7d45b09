"""Rows as a network reads them: encoded, labelled, in memory or in blocks of a file."""
