"""Archives that people bring: what may be unpacked of them, and how much of it.

Whatever an archive says about itself is checked before a byte is unpacked, and what
is unpacked is counted: the disk and memory that it takes have a limit that no archive
can talk its way past. Nothing is ever written under a name that an archive gives.
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path, PurePosixPath
from typing import IO, final

from mtcore.errors import ReadingError

# Members of an archive at most, and bytes of the list of them.
MOST_MEMBERS = 200_000
MOST_LISTED_BYTES = 32 << 20
# What all members together may unpack to, and how many times their packed size. A
# table of zeros packs a thousandfold, so that only what is large is held to a ratio.
MOST_BYTES = 32 << 30
MOST_RATIO = 250
FREE_OF_RATIO = 256 << 20
TABLE_NAMES = (".csv", ".tsv", ".tab", ".txt", ".parquet", ".data", ".xlsx")
_BLOCK = 1 << 20
_END = b"PK\x05\x06"
_END_SIZE, _LONGEST_COMMENT = 22, 1 << 16
_DRIVE = re.compile(r"[A-Za-z]:")
_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive.

    Args:
        name: Its path in the archive, with `/` between folders.
        bytes: What it unpacks to, as the archive says.
        place: Which entry of the archive it is.
    """

    name: str
    bytes: int
    place: int

    @property
    def suffix(self) -> str:
        """The end of its name, such as `.csv`, in small letters."""
        return PurePosixPath(self.name).suffix.lower()


@final
class Archive:
    """A ZIP archive whose list of members was found to be harmless.

    Args:
        file: The open archive.
        members: Its files, without folders and what systems add to archives.
        shown: What people call the archive.
    """

    def __init__(
        self, file: zipfile.ZipFile, members: tuple[Member, ...], shown: str
    ) -> None:
        self.members = members
        self._file = file
        self._shown = shown

    def read(self, member: Member, most_bytes: int) -> bytes | None:
        """Return a member's bytes, None where there are more or they are damaged."""
        if member.bytes > most_bytes:
            return None
        try:
            with self._file.open(self._file.infolist()[member.place]) as packed:
                content = packed.read(most_bytes + 1)
        except (*_DAMAGE, OSError):
            return None
        return content if len(content) <= most_bytes else None

    def begin(self, member: Member, most_bytes: int) -> bytes:
        """Return the first bytes of a member.

        Raises:
            ReadingError: They are damaged.
        """
        try:
            with self._file.open(self._file.infolist()[member.place]) as packed:
                return packed.read(most_bytes)
        except (*_DAMAGE, OSError) as error:
            raise _damaged(self._shown) from error

    def unpack(self, member: Member, target: Path) -> None:
        """Write a member's bytes to a file.

        Raises:
            ReadingError: They are damaged, or more than the archive says.
        """
        try:
            with self._file.open(self._file.infolist()[member.place]) as packed:
                copy_within(packed, target, member.bytes, self._shown)
        except OSError as error:
            # The disk's errors have numbers, those of what unpacks have none.
            if error.errno is not None:
                raise
            raise _damaged(self._shown) from error
        except _DAMAGE as error:
            if isinstance(error, ReadingError):
                raise
            raise _damaged(self._shown) from error


@contextmanager
def open_archive(source: Path, shown: str) -> Iterator[Archive]:
    """Open a ZIP archive whose list of members is harmless.

    Args:
        source: The file.
        shown: What people call it.

    Raises:
        ReadingError: It is damaged or locked, a path leaves it, it holds a link, or it
            would unpack to too much.
    """
    try:
        if _listed_bytes(source) > MOST_LISTED_BYTES:
            raise _refused(shown, "lists more files than can be looked through")
        file = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, struct.error, OSError, UnicodeDecodeError) as error:
        raise _damaged(shown) from error
    with file:
        yield Archive(file, _checked(file, source.stat().st_size, shown), shown)


def tables_of(archive: Archive, shown: str) -> tuple[Member, ...]:
    """Return the tables of an archive, the largest first; whatever else is left alone.

    Raises:
        ReadingError: There is none.
    """
    tables = [member for member in archive.members if member.suffix in TABLE_NAMES]
    # A note about the data lies beside many a table.
    tables = [table for table in tables if table.suffix != ".txt"] or tables
    if not tables:
        ways = ", ".join(TABLE_NAMES)
        msg = (
            f"'{shown}' holds no table. Put one file into it whose name ends in one of "
            f"{ways}."
        )
        raise ReadingError(msg, where=shown)
    return tuple(sorted(tables, key=lambda table: -table.bytes))


def copy_within(
    packed: IO[bytes] | GzipFile, target: Path, most_bytes: int, shown: str
) -> int:
    """Write what a packed stream gives, block by block, and return how many bytes.

    Args:
        packed: Gives unpacked bytes.
        target: The file to write.
        most_bytes: More than these are refused.
        shown: What people call the file.

    Raises:
        ReadingError: There are more.
    """
    written = 0
    with target.open("wb") as file:
        while block := packed.read(_BLOCK):
            written += len(block)
            if written > most_bytes:
                raise _refused(shown, "unpacks to more than it may")
            file.write(block)
    return written


def most_unpacked(packed_bytes: int) -> int:
    """Return how many bytes so many packed ones may become.

    Examples:
        >>> most_unpacked(1_000) == FREE_OF_RATIO, most_unpacked(10**9) == MOST_BYTES
        (True, True)
    """
    return min(max(MOST_RATIO * packed_bytes, FREE_OF_RATIO), MOST_BYTES)


def _listed_bytes(source: Path) -> int:
    """Return the size of the list of members, which is held in memory when opened."""
    with source.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_SIZE:
        raise zipfile.BadZipFile
    (listed,) = struct.unpack_from("<L", tail, end + 12)
    # The largest number says that a longer one is elsewhere: the whole file bounds it.
    return size if listed == 0xFFFFFFFF else int(listed)


def _checked(file: zipfile.ZipFile, size: int, shown: str) -> tuple[Member, ...]:
    entries = file.infolist()
    if len(entries) > MOST_MEMBERS:
        raise _refused(shown, f"holds more than {MOST_MEMBERS:,} files")
    members = []
    for place, entry in enumerate(entries):
        name = entry.filename
        if _leaves(name):
            msg = (
                f"'{shown}' was refused, as its file '{name[:80]}' would be written "
                "outside of it. Make the archive anew, with paths inside it alone."
            )
            raise ReadingError(msg, where=shown)
        if stat.S_ISLNK(entry.external_attr >> 16):
            msg = (
                f"'{shown}' was refused, as its file '{name[:80]}' is a link. Make the "
                "archive anew with the files themselves."
            )
            raise ReadingError(msg, where=shown)
        if entry.flag_bits & _ENCRYPTED:
            msg = f"'{shown}' is locked with a password. Make it anew without one."
            raise ReadingError(msg, where=shown)
        if not entry.is_dir() and not _added_by_a_system(name):
            members.append(Member(name, entry.file_size, place))
    unpacked = sum(entry.file_size for entry in entries)
    # Entries that share their bytes pack more than the file holds.
    packed = min(sum(entry.compress_size for entry in entries), size)
    if unpacked > most_unpacked(packed):
        raise _refused(shown, f"unpacks to {unpacked / 1e9:,.1f} GB, more than it may")
    return tuple(members)


def _leaves(name: str) -> bool:
    """Return whether a path leads out of the folder that it would be unpacked to."""
    parts = name.replace("\\", "/").split("/")
    return parts[0] == "" or ".." in parts or bool(_DRIVE.match(name))


def _added_by_a_system(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = bool(parts) and parts[-1].startswith(".")
    return hidden or "__MACOSX" in parts or parts[-1:] == ("Thumbs.db",)


def _refused(shown: str, why: str) -> ReadingError:
    msg = (
        f"'{shown}' was refused, as it {why}. Unpack it yourself and import the file "
        "inside."
    )
    return ReadingError(msg, where=shown)


def _damaged(shown: str) -> ReadingError:
    msg = f"'{shown}' is a damaged archive. Copy or download it again."
    return ReadingError(msg, where=shown)
