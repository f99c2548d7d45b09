"""Uploaded files, on their way to where they are read."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import IO

from mtcore.home import Home

_BLOCK = 1 << 20


def store_upload(home: Home, file: IO[bytes]) -> Path:
    """Write an uploaded file into home under a name of our own, and return its path.

    Block by block, so that no second copy of it is in memory.
    """
    home.uploads.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=home.uploads, delete=False) as target:
        shutil.copyfileobj(file, target, _BLOCK)
    return Path(target.name)
