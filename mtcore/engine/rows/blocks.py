"""Encoded rows that are too many for memory: dealt out to blocks of a file, read ahead.

Shuffling has two levels. Rows are dealt out once, so that every block is a sample of
the whole file whatever its order was; each epoch then takes the blocks in an order of
its own and the rows of a block in an order of their own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray

from mtcore.data.splits.extract import SAMPLE_ROWS
from mtcore.engine.backend import tf
from mtcore.engine.rows.labels import SingleArray
from mtcore.engine.rows.rows import EncodedRows, bucket_of, held_codes

# One less than a bucket, so that a full block leaves no room unused.
BLOCK_ROWS = 2**17 - 1
# Rows of pictures are so long that a block takes fewer of them.
BLOCK_BYTES = 2**29
_NUMBER_BYTES = 4
_STREAM = 0xDEA1


@dataclass(frozen=True, slots=True)
class Scratch:
    """Where rows that do not fit in memory are kept while they train.

    Args:
        folder: On a disk with room for them; the system's own by default.
        block_rows: The most rows of a block: about what training holds at once.
        sample_rows: Rows that encodings are fitted on.
    """

    folder: Path | None = None
    block_rows: int = BLOCK_ROWS
    sample_rows: int = SAMPLE_ROWS


@final
class BlockFile:
    """Blocks of about as many rows each, in files that vanish with the process.

    Args:
        scratch: Where, and the rows of a block.
        rows: The most rows there will be.
        numbers_width: Numbers a row: dense inputs, targets and weights.
        codes_width: Codes a row, the bytes of pictures among them.
        seed: Decides which row comes to which block.
    """

    def __init__(
        self,
        scratch: Scratch,
        rows: int,
        *,
        numbers_width: int,
        codes_width: int,
        seed: int,
    ) -> None:
        row_bytes = _NUMBER_BYTES * (numbers_width + codes_width)
        most = max(min(scratch.block_rows, BLOCK_BYTES // row_bytes), 1)
        blocks = max(-(-rows // most), 1)
        self._sizes = [0] * blocks
        self._bucket = bucket_of(-(-rows // blocks))
        self._widths = (numbers_width, codes_width)
        self._random = np.random.default_rng((_STREAM, seed))
        with ExitStack() as opened:
            # Without a name, nothing is left behind even when the process is killed.
            self._files = tuple(
                opened.enter_context(tempfile.TemporaryFile(dir=scratch.folder))
                for _ in self._widths
            )
            self._open = opened.pop_all()
        self._next = 0

    @property
    def rows(self) -> int:
        """Real rows in all blocks."""
        return sum(self._sizes)

    @property
    def bucket(self) -> int:
        """Rows of a block, with padding that weighs nothing."""
        return self._bucket

    @property
    def sizes(self) -> tuple[int, ...]:
        """Real rows of each block; no two differ by more than one."""
        return tuple(self._sizes)

    @property
    def blank(self) -> EncodedRows:
        """A block of padding alone."""
        numbers, codes = self._widths
        return EncodedRows(
            tf.zeros((self._bucket, numbers), tf.float32),
            held_codes(np.zeros((self._bucket, codes), np.int32)),
            0,
        )

    def add(self, numbers: SingleArray, codes: NDArray[np.int32]) -> None:
        """Deal rows out to all blocks in turn, in random order.

        Args:
            numbers: Float32 `(rows, numbers_width)`.
            codes: Int32 `(rows, codes_width)`.
        """
        order = self._random.permutation(len(numbers))
        blocks = len(self._sizes)
        for turn in range(min(blocks, len(order))):
            place = (self._next + turn) % blocks
            chosen = order[turn::blocks]
            start = place * self._bucket + self._sizes[place]
            for file, values in zip(self._files, (numbers, codes), strict=True):
                file.seek(start * values.shape[1] * _NUMBER_BYTES)
                file.write(np.ascontiguousarray(values[chosen]).tobytes())
            self._sizes[place] += len(chosen)
        self._next = (self._next + len(order)) % blocks

    def read(self, places: Sequence[int]) -> Generator[EncodedRows]:
        """Yield the blocks at some places; the next is read while one is in use."""
        with ThreadPoolExecutor(1, "block reader") as reader:
            ahead: list[Future[EncodedRows]] = []
            for place in places:
                ahead.append(reader.submit(self._block, place))
                if len(ahead) > 1:
                    yield ahead.pop(0).result()
            for last in ahead:
                yield last.result()

    def close(self) -> None:
        """Give the disk's space back."""
        self._open.close()

    def _block(self, place: int) -> EncodedRows:
        rows = self._sizes[place]
        kinds = zip(self._files, self._widths, (np.float32, np.int32), strict=True)
        read = []
        for file, width, kind in kinds:
            values = np.zeros((self._bucket, width), dtype=kind)
            file.seek(place * self._bucket * width * _NUMBER_BYTES)
            file.readinto(values[:rows].reshape(-1).view(np.uint8).data)
            read.append(values)
        numbers, codes = read
        return EncodedRows(tf.constant(numbers), held_codes(codes), rows)
