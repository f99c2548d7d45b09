"""How numbers are written in a column, and how DuckDB reads them back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from mtcore.data.queries.connection import text_literal
from mtcore.data.reading.notations.scales import SCALED, SCALES, scaled_number

_WIDE_DIGITS = "".join(chr(0xFF10 + digit) for digit in range(10))
_FOLDED_FROM = (
    f"{_WIDE_DIGITS}\uff0e\uff0c\uff0d\u2212\u2013\u2019\xa0\u2007\u2009\u202f"
)
_FOLDED_TO = "0123456789.,---'    "
_FOLD = str.maketrans(_FOLDED_FROM, _FOLDED_TO)
_CURRENCY = (
    r"(?:(?:US|CA|AU|NZ|HK|R|C|A|S)?\$|[€£¥₹₽₩₺₫₪฿]|USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD"
    r"|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|kr|zł|Kč|Ft)"
)
_PREFIX = rf"(?:{_CURRENCY}\s?)"
_SUFFIX = rf"(?:\s?(?:%|{_CURRENCY}))"
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_LIKE_A_NUMBER = re.compile(
    rf"\(?[+-]?{_PREFIX}?[+-]?[\d.,' ]*\d[\d.,' ]*{_EXPONENT}{_SUFFIX}?\)?-?"
)
_UNIT = re.compile(rf"{_CURRENCY}|%|\(.*\)|\d-$")
_WITH_UNIT = re.compile(
    r"([+-]?[\d.,' ]*\d[.]?)(\s?)([^\d\s.,;:'()+-][^\d\s.,;:'()+-]{0,11})"
)
_KNOWN_UNITS = (  # between blanks; letters that number flats and gates are left out
    " mm cm m km in ft yd mi mg g kg lb lbs oz ml cl dl l L mL s sec ms min h hr hrs d "
    "Hz kHz MHz GHz W kW MW Wh kWh V mV mA °C °F ° bar mbar Pa hPa kPa psi kJ kcal cal "
    "mol bpm rpm mmHg dB ppm ppb kB KB MB GB TB px pt m² m2 km² ha m³ km/h kmh mph m/s "
    "kg/m² mg/dL mmol/L g/L \u00b5g \u00b5m \u00b5s \u03bcg \u03bcm \u03bcs yrs yr ‰ "
)
_LONGEST = 100  # letters of a number with all that may stand beside it
_MOSTLY = 0.8  # share of the cells that show a unit, so that it is one
_MARKS = (  # decimal and group, the likelier first
    (".", ""),
    (",", ""),
    (".", ","),
    (",", "."),
    (".", " "),
    (",", " "),
    (".", "'"),
    (",", "'"),
)


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """One way of writing numbers.

    Args:
        decimal: The mark before decimals.
        group: What stands between thousands; empty for nothing.
        unit: Whether a currency or a percent sign stands beside the digits.
        folded: Whether wide digits, long minus signs or hard blanks occur.
        suffix: A unit such as km that stands behind the digits; empty for none.
        scaled: Whether K, M or B may stand behind them for thousands and more.
    """

    decimal: str = "."
    group: str = ""
    unit: bool = False
    folded: bool = False
    suffix: str = ""
    scaled: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether DuckDB's own cast reads it."""
        return self == NumberFormat()

    @property
    def pattern(self) -> str:
        """A regular expression that a whole cell must fit, strict in its groups."""
        if self.scaled:
            return rf"(?:{replace(self, scaled=False).pattern}){SCALED}"
        if self.suffix:
            plain = replace(self, suffix="").pattern
            return rf"(?:{plain})(?:\s?{re.escape(self.suffix)})?"
        decimal, group = re.escape(self.decimal), re.escape(self.group)
        whole = rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})+|\d+" if self.group else r"\d+"
        core = rf"(?:(?:{whole})(?:{decimal}\d*)?|{decimal}\d+)"
        if self.group == " ":  # a plus sign and blanks make a telephone number
            core = rf"(?:{core})"
            return rf"-?{core}" if not self.unit else rf"-?{_PREFIX}?{core}{_SUFFIX}?"
        if not self.unit:
            return rf"[+-]?{core}{_EXPONENT}"
        beside = rf"{_PREFIX}?[+-]?{core}{_SUFFIX}?"
        return rf"\([+-]?{beside}\)|[+-]?{beside}-?"

    def matcher(self) -> Callable[[str], bool]:
        """Return a function that says whether a cell is written in this way."""
        fits = re.compile(self.pattern).fullmatch
        if self.folded:
            return lambda cell: fits(cell.translate(_FOLD)) is not None
        return lambda cell: fits(cell) is not None

    def expression(self, cell: str) -> str:
        """Return SQL that gives the number in a cell, or NULL where it is none.

        Args:
            cell: SQL that gives the cell's text, trimmed.
        """
        if self.is_plain:
            return f"TRY_CAST({cell} AS DOUBLE)"
        text = cell
        if self.folded:
            marks = f"{text_literal(_FOLDED_FROM)}, {text_literal(_FOLDED_TO)}"
            text = f"translate({text}, {marks})"
        guard = f"regexp_full_match({text}, {text_literal(self.pattern)})"
        digits = text
        if self.scaled:
            digits = f"trim(rtrim({digits}, 'k{''.join(SCALES)}'))"
        if self.suffix:
            digits = f"replace({digits}, {text_literal(self.suffix)}, '')"
            digits = f"trim({digits})"
        if self.unit:
            digits = f"regexp_replace({digits}, '[^0-9.,+()-]', '', 'g')"
            digits = f"regexp_replace({digits}, '^[(](.*)[)]$|^(.*)-$', '-\\1\\2')"
        if self.group:
            digits = f"replace({digits}, {text_literal(self.group)}, '')"
        if self.decimal != ".":
            digits = f"replace({digits}, {text_literal(self.decimal)}, '.')"
        number = f"TRY_CAST({digits} AS DOUBLE)"
        if self.scaled:
            number = scaled_number(text, number)
        return f"CASE WHEN {guard} THEN {number} END"


@dataclass(frozen=True, slots=True)
class NumberFormats:
    """The formats that read most of a column, the likelier first.

    Args:
        formats: All of them read the same cells; empty where none reads any.
        share: The share of the column's cells that they read, 0 to 1.
    """

    formats: tuple[NumberFormat, ...]
    share: float

    @property
    def decimals(self) -> frozenset[str]:
        """The decimal marks that the column's cells leave open."""
        return frozenset(fmt.decimal for fmt in self.formats)

    def with_decimal(self, decimal: str) -> NumberFormat:
        """Return the likeliest format, of this decimal mark if there is one."""
        if not any(fmt.group for fmt in self.formats) and len(self.formats) > 1:
            return self.formats[0]  # whole numbers show neither mark
        for fmt in self.formats:
            if fmt.decimal == decimal:
                return fmt
        return self.formats[0]


def formats_of_numbers(counts: Mapping[str, int]) -> NumberFormats:
    """Return the formats that read the most cells of a column.

    Args:
        counts: How often each cell occurs, missing ones left out.

    >>> [f.decimal for f in formats_of_numbers({"1,5": 2, "1,234": 1}).formats]
    [',']
    >>> sorted(formats_of_numbers({"1,234": 1}).decimals)
    [',', '.']
    """
    total = sum(counts.values())
    like = {cell: n for cell, n in counts.items() if is_like_a_number(cell)}
    if not like:
        return NumberFormats((), 0.0)
    folded = not "".join(like).isascii()
    unit = 2 * sum(n for c, n in like.items() if _UNIT.search(c)) > sum(like.values())
    marks = "".join(like).translate(_FOLD)
    read: dict[NumberFormat, int] = {}
    for decimal, group in _MARKS:
        if group and group not in marks:
            continue  # a mark that no cell shows explains nothing
        fmt = NumberFormat(decimal, group, unit, folded)
        read[fmt] = _count_read(fmt, like)
    most = max(read.values())
    best = [fmt for fmt, n in read.items() if n == most and most > 0]
    best.sort(key=lambda fmt: bool(fmt.group))
    return NumberFormats(tuple(best), most / total)


def with_unit(counts: Mapping[str, int]) -> tuple[str, dict[str, int]] | None:
    """Return the unit that stands in a column's cells, and the cells without it.

    None where there is none: a unit is the same in all cells, and one that is not
    known stands apart from the digits, as "3 rooms" does and "12A" does not.

    Args:
        counts: How often each cell occurs, missing ones left out.

    >>> with_unit({"12 km": 3, "1.5 km": 1, "7": 1})
    ('km', {'12': 3, '1.5': 1, '7': 1})
    >>> with_unit({"12A": 1, "13A": 1, "7B": 1}) is None
    True
    """
    units: Counter[str] = Counter()
    bare: dict[str, int] = {}
    for cell, times in counts.items():
        found = _WITH_UNIT.fullmatch(cell)
        known = found is not None and (found[2] or f" {found[3]} " in _KNOWN_UNITS)
        if found is not None and known:
            units[found[3]] += times
        digits = found[1].strip() if found is not None and known else cell
        bare[digits] = bare.get(digits, 0) + times
    if len(units) != 1 or units.total() < _MOSTLY * sum(counts.values()):
        return None
    return next(iter(units)), bare


def _count_read(written: NumberFormat, counts: Mapping[str, int]) -> int:
    reads = written.matcher()
    return sum(n for cell, n in counts.items() if reads(cell))


def is_like_a_number(cell: str) -> bool:
    """Return whether a cell is digits with marks, signs and units only."""
    if len(cell) > _LONGEST:
        return False
    plain = cell if cell.isascii() else cell.translate(_FOLD)
    return _LIKE_A_NUMBER.fullmatch(plain) is not None


def is_infinite(cell: str) -> bool:
    """Return whether a cell is written as an infinite number."""
    return _INFINITE.fullmatch(cell) is not None
