"""Files that are no tables of text, told by their first bytes."""

from __future__ import annotations

from pathlib import Path

from mtcore.errors import ReadingError

PARQUET = b"PAR1"
_UNPACK = "Unpack it and import the file inside"
_TABLE = "Export a table as CSV or Parquet and import that"
_SHEET = "Open it in a spreadsheet, save the sheet as CSV and import that"
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG picture", _TABLE),
    (b"\xff\xd8\xff", "a JPEG picture", _TABLE),
    (b"GIF8", "a GIF picture", _TABLE),
    (b"BM", "a BMP picture", _TABLE),
    (b"II*\0", "a TIFF picture", _TABLE),
    (b"MM\0*", "a TIFF picture", _TABLE),
    (b"RIFF", "a picture, sound or film", _TABLE),
    (b"%PDF", "a PDF document", _TABLE),
    (b"{\\rtf", "a text document (RTF)", _TABLE),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", _SHEET),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"PK\x03\x04", "a ZIP archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf", "a 7z archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _UNPACK),
    (b"SQLite format 3\0", "an SQLite database", _TABLE),
    (b"ARROW1", "an Arrow file", "Save it as Parquet and import that"),
    (b"Obj\x01", "an Avro file", "Save it as Parquet and import that"),
    (b"ORC", "an ORC file", "Save it as Parquet and import that"),
    (b"\x89HDF", "an HDF5 file", _TABLE),
    (b"\x93NUMPY", "a NumPy array", _TABLE),
    (b"\x7fELF", "a program", _TABLE),
    (b"MZ\x90", "a program", _TABLE),
    (b"ID3", "a sound file", _TABLE),
    (b"OggS", "a sound or film", _TABLE),
    (b"\x80\x04\x95", "a Python pickle", _TABLE),
)
_ORDINARY = frozenset(b"\t\n\r\x0b\x0c\x1a\x1b\x00\x01\x1f\x1e")
_MOST_CONTROLS = 0.05


def refuse_foreign(head: bytes, shown: str) -> None:
    """Refuse what cannot be read as a table of text.

    Args:
        head: The file's first bytes, some thousands of them.
        shown: The file's name.

    Raises:
        ReadingError: Naming what the file is, and the way out.
    """
    if not head:
        message = f"'{shown}' is empty. Choose a file with column names and rows."
        raise ReadingError(message, where=shown)
    for mark, what, way in _KINDS:
        if head.startswith(mark) and not (len(mark) < 4 and _is_text(head)):
            raise _refusal(shown, what, way)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise _refusal(shown, "a web page or XML", _TABLE)
    if _is_json(start):
        way = "Turn it into CSV or Parquet, one column a field, and import that"
        raise _refusal(shown, "JSON", way)
    if not _is_text(head) and not _is_wide(head):
        raise _refusal(shown, "binary data", _TABLE)


def refuse_document(head: bytes, shown: str) -> None:
    """Refuse a document that is a ZIP archive inside.

    Args:
        head: Its first bytes, some thousands of them.
        shown: The file's name.

    Raises:
        ReadingError: Naming what it is, and the way out.
    """
    if b"[Content_Types].xml" in head:
        raise _refusal(shown, "an Office document", _SHEET)
    if b"opendocument" in head:
        raise _refusal(shown, "an OpenDocument file", _SHEET)


def is_parquet(head: bytes) -> bool:
    """Return whether a file says that it is Parquet."""
    return head.startswith(PARQUET)


def check_parquet(source: Path, shown: str) -> None:
    """Refuse a Parquet file whose end is missing.

    Raises:
        ReadingError: The file was cut off.
    """
    with source.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 4))
        if size < 12 or file.read() != PARQUET:
            message = (
                f"'{shown}' is a Parquet file whose end is missing. Copy or "
                "download it again."
            )
            raise ReadingError(message, where=shown)


def _refusal(shown: str, what: str, way: str) -> ReadingError:
    return ReadingError(
        f"'{shown}' is {what}, not a table of text. {way}.", where=shown
    )


def _is_json(start: bytes) -> bool:
    compact = b"".join(start.split())
    return compact.startswith((b'[{"', b'{"', b"[[", b"[{}", b"[]", b"{}"))


def _is_text(head: bytes) -> bool:
    controls = sum(byte < 32 and byte not in _ORDINARY for byte in head)
    return controls <= _MOST_CONTROLS * len(head) and head.count(0) < 0.2 * len(head)


def _is_wide(head: bytes) -> bool:
    """Return whether bytes are text of two or four bytes a letter."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return True
    pairs = len(head) // 2
    even, odd = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    return pairs > 1 and max(even, odd) > 0.3 * pairs > 6 * min(even, odd)
