"""A word from whoever deletes a run to the workers that answer for its model."""

from __future__ import annotations

import time

from mtcore.home import Home


def tell_deletion(home: Home) -> None:
    """Have all processes of this home look anew at the runs that they know."""
    home.cache.mkdir(parents=True, exist_ok=True)
    (home.cache / "deletions").write_bytes(f"{time.time_ns()}".encode())


def last_deletion(home: Home) -> bytes:
    """Return what tells the last deletion of a run from all before; quick to ask."""
    try:
        return (home.cache / "deletions").read_bytes()
    except OSError:
        return b""
