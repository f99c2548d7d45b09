"""The pieces of the page Share."""
