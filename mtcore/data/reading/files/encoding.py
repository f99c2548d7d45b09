"""Which encoding the bytes of a file are written in."""

from __future__ import annotations

import codecs
import encodings
import re
from dataclasses import dataclass
from itertools import groupby

from mtcore.errors import ReadingError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FAMILIAR = {
    "utf_8": "utf-8",
    "utf_8_sig": "utf-8-sig",
    "utf_16": "utf-16",
    "utf_16_le": "utf-16-le",
    "utf_16_be": "utf-16-be",
    "utf_32": "utf-32",
    "iso8859_1": "latin-1",
}
_HIGH = re.compile(rb"[\x80-\xff]")
_ABOVE_LATIN_1 = re.compile(rb"[\x80-\x9f]")
_STANDARD = ("iso8859", "euc", "shift", "big5", "koi8_r")
_BESIDE_LETTERS = "\u2019\u2018\u00b4\u2013\u2014\u00b7\u00ad\u0060"
_USUAL = 0.2  # more than this share of odd letters is no Western text
_FEWEST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a file.

    Args:
        name: A Python codec's name.
        others: What else it may be, the likeliest first; empty where it is certain.
    """

    name: str
    others: tuple[str, ...] = ()


def named_encoding(name: str) -> Encoding:
    """Return the encoding that a person named.

    Raises:
        ReadingError: Python has no text encoding of this name.
    """
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, ValueError) as error:
        message = (
            f"There is no encoding '{name[:40]}'. Name one that Python knows, such as "
            "utf-8, utf-16, latin-1 or cp1252, or leave it out to find it."
        )
        raise ReadingError(message, where="encoding") from error
    return Encoding(_familiar(codec.name))


def marked_encoding(head: bytes) -> Encoding | None:
    """Return the encoding that a file's first bytes or its NULs show.

    Args:
        head: The first bytes, some thousands of them.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > 0.3 * pairs and even < 0.05 * pairs:
        return Encoding("utf-16-le")
    if even > 0.3 * pairs and odd < 0.05 * pairs:
        return Encoding("utf-16-be")
    return None


def guess_encoding(sample: bytes) -> Encoding:
    """Return the encoding of bytes that are no UTF-8.

    Western texts are told by their accents, which stand alone among plain letters.
    Everything else is the best guess of `chardet`, with the runners-up.

    Args:
        sample: Bytes from where the file stops being ASCII.
    """
    western = "cp1252" if _ABOVE_LATIN_1.search(sample) else "latin-1"
    if _decodes(sample, western) and _share_of_odd_letters(sample) < _USUAL:
        return Encoding(western)
    guesses = _guesses(sample)
    found = [name for name in guesses if _decodes(sample, name)]
    if not found:
        return Encoding("latin-1", ("cp1252",))
    same = [n for n in found if sample.decode(n) == sample.decode(found[0])]
    best = next((n for n in same if n.startswith(_STANDARD)), found[0])
    others = [name for name in (*found, western) if name != best]
    return Encoding(best, tuple(dict.fromkeys(others))[:_FEWEST_OTHERS])


def is_broken_utf_8(sample: bytes) -> bool:
    """Return whether bytes are UTF-8 but for a few that were damaged."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(letter > "\x7f" for letter in text) - broken
    return whole >= 10 * broken


def interesting_bytes(block: bytes, most: int) -> bytes:
    """Return the lines of a block that are not plain ASCII, up to some bytes."""
    lines: list[bytes] = []
    size = 0
    for line in block.splitlines(keepends=True):
        if _HIGH.search(line):
            lines.append(line)
            size += len(line)
        if size >= most:
            break
    return b"".join(lines)[:most]


def _guesses(sample: bytes) -> list[str]:
    import chardet  # takes a tenth of a second, and few files need it

    names = []
    for guess in chardet.detect_all(sample):
        try:
            names.append(_familiar(codecs.lookup(guess["encoding"] or "").name))
        except LookupError:
            continue
    return names


def _decodes(sample: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _share_of_odd_letters(sample: bytes) -> float:
    """Return the share of high letters that no Western language sets so, 0 to 1.

    Three in a row, a sign between two letters, a capital after a small letter.
    """
    text = sample.decode("cp1252", "replace")
    high = odd = 0
    place = 0
    for is_high, run in groupby(text, key=lambda letter: letter > "\x7f"):
        letters = "".join(run)
        before, place = text[place - 1 : place], place + len(letters)
        if is_high:
            high += len(letters)
            odd += _odd_letters(before, letters, text[place : place + 1])
    return odd / high if high else 0.0


def _odd_letters(before: str, letters: str, after: str) -> int:
    if sum(letter.isalpha() for letter in letters) > 2:
        return len(letters)
    first = letters[0]
    if before.islower() and first.isupper():
        return len(letters)
    inside = before.isalpha() and after.isalpha()
    if inside and any(not c.isalpha() and c not in _BESIDE_LETTERS for c in letters):
        return len(letters)
    return 0


def _familiar(name: str) -> str:
    plain = encodings.normalize_encoding(name)
    return _FAMILIAR.get(plain, plain)
