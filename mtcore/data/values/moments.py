"""Dates and times as people write them: which formats fit a text, and its seconds."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from mtcore.data.values.month_names import english_date

_MONTH = r"(?P<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_YEAR = r"(?P<year>\d{4}|\d\d)"
_WEEKDAY = r"(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
_TIME = (
    r"(?P<hour>\d{1,2})(?P<colon>[:.])(?P<minute>\d{2})"
    r"(?:(?P=colon)(?P<second>\d{2})(?P<fraction>[.,]\d{1,6})?)?"
    r"(?P<half>\s?[ap]m)?(?P<zone>\s?(?:z|[+-]\d{2}:?\d{2}|utc|gmt))?"
)
_DATES = (
    r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
    rf"(?P<first>\d{{1,2}})(?P<mark>[-/.])(?P<other>\d{{1,2}})(?P=mark){_YEAR}",
    rf"(?P<day>\d{{1,2}})(?P<mark>[- /.]?){_MONTH}(?P<mark2>,?[- /.]?){_YEAR}",
    rf"{_MONTH}(?P<mark>[ -])(?P<day>\d{{1,2}})(?P<mark2>,? |-)(?P<year>\d{{4}})",
    r"(?P<solid>(?:19|20)\d{2}[01]\d[0-3]\d)",
)
_PATTERNS = tuple(
    re.compile(
        rf"(?:{_WEEKDAY}(?P<gap0>,? ))?{date}(?:(?P<gap>\s+|t|, |-|:){_TIME})?",
        re.IGNORECASE,
    )
    for date in _DATES
)
_CLOCK = re.compile(_TIME, re.IGNORECASE)
_WEB = re.compile(  # such as "Tue Feb 24 11:35:52 +0000 2015"
    rf"{_WEEKDAY} {_MONTH} (?P<day>\d{{1,2}}) {_TIME} (?P<year>\d{{4}})", re.IGNORECASE
)
_MONTHS = (  # a month and its year; only of this century and the last, as others count
    (re.compile(r"(?:19|20)\d{2}(?P<mark>[-/])(?:0[1-9]|1[0-2])"), "%Y{mark}%m"),
    (re.compile(r"(?:0[1-9]|1[0-2])(?P<mark>[-/.])(?:19|20)\d{2}"), "%m{mark}%Y"),
    (re.compile(rf"{_MONTH}(?P<mark>[ -])(?:19|20)\d{{2}}", re.IGNORECASE), ""),
)
_DIGIT = re.compile(r"\d")
_LONGEST = 60  # letters
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=8192)
def formats_of(text: str) -> tuple[str, ...]:
    """Return the `strptime` formats that a text may be written in.

    Several where day and month could be either; none where it is no moment.

    >>> formats_of("2004-03-10 18:00")
    ('%Y-%m-%d %H:%M',)
    >>> formats_of("3/10/2004")
    ('%d/%m/%Y', '%m/%d/%Y')
    >>> formats_of("13/10/2004"), formats_of("house")
    (('%d/%m/%Y',), ())
    """
    if not 4 <= len(text) <= _LONGEST or not _DIGIT.search(text):
        return ()
    formats: list[str] = []
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            formats += [_format_of(order, found) for order in _orders(found)]
    if found := _WEB.fullmatch(text):
        month = "%b" if len(found["name"]) == 3 else "%B"
        formats.append(f"{_weekday(found)} {month} %d {_clock_format(found)} %Y")
    for months, written in _MONTHS:
        if found := months.fullmatch(text):
            formats.append(_month_format(found, written))
    if found := _CLOCK.fullmatch(text):
        formats.append(_clock_format(found))
    return tuple(fmt for fmt in formats if _is_read(text, fmt))


def seconds_since_1970(text: str) -> float:
    """Return the seconds of a moment since 1970 UTC; NaN where it is none.

    A text without a zone is taken as UTC, one without a date as of 1970-01-01.
    Where day and month could be either, the day comes first.

    >>> seconds_since_1970("1970-01-02"), seconds_since_1970("01/02/1970 00:00")
    (86400.0, 2678400.0)
    """
    plain = text.strip()
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        formats = formats_of(plain)
        if not formats:
            plain = english_date(plain)
            formats = formats_of(plain)
        if not formats:
            return math.nan
        moment = _read(plain, formats[0])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH).total_seconds()


def text_of_seconds(seconds: float) -> str:
    """Return a moment in ISO form, without the parts that are 0.

    >>> text_of_seconds(86400.0), text_of_seconds(1.5)
    ('1970-01-02', '1970-01-01 00:00:01.500000')
    """
    moment = _EPOCH + timedelta(microseconds=round(seconds * 1e6))
    text = moment.replace(tzinfo=None).isoformat(sep=" ")
    return text.removesuffix(" 00:00:00")


def has_date(moment_format: str) -> bool:
    """Return whether a format names a day or a month, not a time alone."""
    return "%d" in moment_format or "%Y" in moment_format


def has_zone(moment_format: str) -> bool:
    """Return whether texts in a format say how far they are from UTC."""
    return "%z" in moment_format


def day_comes_first(moment_format: str) -> bool | None:
    """Return the order of day and month; None where it cannot be mistaken."""
    if (
        "%d" not in moment_format
        or "%m" not in moment_format
        or "%Y%m" in moment_format
    ):
        return None
    year = max(moment_format.find("%Y"), moment_format.find("%y"))
    if year < moment_format.find("%d") and year < moment_format.find("%m"):
        return None
    return moment_format.find("%d") < moment_format.find("%m")


def _orders(found: re.Match[str]) -> list[tuple[str, str, str]]:
    groups = found.groupdict()
    if "first" not in groups:
        return [("", "", "")]
    year = "%Y" if len(found["year"]) == 4 else "%y"
    return [("%d", "%m", year), ("%m", "%d", year)]


def _format_of(order: tuple[str, str, str], found: re.Match[str]) -> str:
    groups = found.groupdict()
    mark = groups.get("mark") or ""
    if groups.get("solid"):
        date = "%Y%m%d"
    elif "first" in groups:
        date = mark.join(order)
    elif "month" in groups:
        date = mark.join(("%Y", "%m", "%d"))
    else:
        name = "%b" if len(found["name"]) == 3 else "%B"
        year = "%Y" if len(found["year"]) == 4 else "%y"
        dot = "." if f"{found['name']}." in found[0] else ""
        day_first = found.start("day") < found.start("name")
        first, other = ("%d", name + dot) if day_first else (name + dot, "%d")
        date = f"{first}{mark}{other}{groups['mark2']}{year}"
    if groups["weekday"]:
        date = f"{_weekday(found)}{groups['gap0']}{date}"
    return (
        date if not groups["hour"] else f"{date}{groups['gap']}{_clock_format(found)}"
    )


def _month_format(found: re.Match[str], written: str) -> str:
    if written:
        return written.format(mark=found["mark"])
    month = "%b" if len(found["name"]) == 3 else "%B"
    dot = "." if f"{found['name']}." in found[0] else ""
    return f"{month}{dot}{found['mark']}%Y"


def _weekday(found: re.Match[str]) -> str:
    return "%a" if len(found["weekday"]) == 3 else "%A"


def _clock_format(found: re.Match[str]) -> str:
    colon = found["colon"]
    half = found["half"]
    parts = ["%I" if half else "%H", "%M"] + (["%S"] if found["second"] else [])
    clock = colon.join(parts)
    if found["fraction"]:
        clock += f"{found['fraction'][0]}%f"
    if half:
        clock += f"{half[:-2]}%p"
    zone = found["zone"]
    if zone is None:
        return clock
    blank = zone[: len(zone) - len(zone.lstrip())]
    signed = zone.strip()[0] in "+-"
    return clock + blank + ("%z" if signed else zone.strip())


def _is_read(text: str, moment_format: str) -> bool:
    try:
        _read(text, moment_format)
    except ValueError:
        return False
    return True


def _read(text: str, moment_format: str) -> datetime:
    moment = datetime.strptime(text, moment_format)
    return moment if has_date(moment_format) else moment.replace(year=1970)
