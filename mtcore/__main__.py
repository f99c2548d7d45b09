"""`python -m mtcore …`: the command line."""

from __future__ import annotations

from mtcore.cli import start

if __name__ == "__main__":
    start()
