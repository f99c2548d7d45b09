"""Numbers as people say them, with as many digits as they deserve."""

from __future__ import annotations

import math

DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
_TIMES = "\N{MULTIPLICATION SIGN}"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number_text(value: float | None, digits: int = 3) -> str:
    """Return a number rounded to some significant digits, with thousands separated.

    Args:
        value: Any number; None, NaN and infinities are a dash.
        digits: Significant digits, 1 or more; whole parts are never cut.

    Examples:
        >>> number_text(0.51234, 2), number_text(1234567.8), number_text(3.0)
        ('0.51', '1,234,568', '3')
        >>> number_text(None) == number_text(float("nan")) == DASH
        True
    """
    if value is None or not math.isfinite(value):
        return DASH
    if value == 0.0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if exponent < -4 or exponent > 8:
        mantissa = _trimmed(f"{value / 10.0**exponent:.{digits - 1}f}")
        return f"{mantissa}{_TIMES}10{str(exponent).translate(_SUPERSCRIPT)}"
    return _trimmed(f"{value:,.{max(digits - 1 - exponent, 0)}f}")


def percent_text(share: float | None) -> str:
    """Return a share as a percentage that never claims all or nothing by rounding.

    Examples:
        >>> percent_text(0.974), percent_text(0.9987), percent_text(1.0)
        ('97 %', '99.9 %', '100 %')
        >>> percent_text(0.99999), percent_text(0.0004), percent_text(0.0)
        ('more than 99.9 %', 'less than 0.1 %', '0 %')
        >>> percent_text(-0.04), percent_text(-0.004), percent_text(-0.0004)
        ('\N{MINUS SIGN}4 %', '\N{MINUS SIGN}0.4 %', '0 %')
    """
    if share is None or not math.isfinite(share):
        return DASH
    percent = 100.0 * share
    if percent < 0.0:
        digits = f"{-percent:.0f}" if percent <= -1.0 else f"{-percent:.1f}"
        return "0 %" if digits == "0.0" else f"{MINUS}{digits} %"
    if percent in (0.0, 100.0):
        return f"{percent:.0f} %"
    if 99.0 < percent < 100.0:
        return "more than 99.9 %" if percent >= 99.95 else f"{percent:.1f} %"
    if 0.0 < percent < 1.0:
        return "less than 0.1 %" if percent < 0.05 else f"{percent:.1f} %"
    return f"{percent:.0f} %"


def count_text(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    Examples:
        >>> count_text(1, "row"), count_text(1200, "row"), count_text(2, "class")
        ('1 row', '1,200 rows', '2 classes')
    """
    if many is None:
        many = f"{one}es" if one.endswith("s") else f"{one}s"
    return f"{count:,} {one if count == 1 else many}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
