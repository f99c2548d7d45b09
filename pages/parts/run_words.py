"""How runs and their numbers are said: statuses, times, metric values, changes."""

from __future__ import annotations

import math
from datetime import datetime

from mtcore.evaluation.metrics import Metric
from mtcore.evaluation.wording import MINUS
from mtcore.runs.store.run import Run
from pages.parts.text import visible

NOTHING = "—"
SAME = "="
STATUS_WORDS = {
    "SCHEDULED": "Waiting",
    "RUNNING": "Training",
    "INTERRUPTED": "Interrupted",
    "FINISHED": "Finished",
    "FAILED": "Failed",
    "KILLED": "Cancelled",
}
STATUS_ICONS = {
    "SCHEDULED": ":material/hourglass_empty:",
    "RUNNING": ":material/progress_activity:",
    "INTERRUPTED": ":material/pause_circle:",
    "FINISHED": ":material/check_circle:",
    "FAILED": ":material/error:",
    "KILLED": ":material/cancel:",
}
DIRECTION_SIGNS = {"higher": "↑", "lower": "↓", "nominal": "◎"}
_OTHER_COLUMNS = ("Head", "Metric", "Setting", "Epoch")
_FEWEST_DECIMALS, _MOST_DECIMALS = 2, 4


def status_words(run: Run) -> str:
    """Return what became of a run, in one or two words."""
    if run.status == "FINISHED" and run.ended_by == "stop":
        return "Stopped, best kept"
    return STATUS_WORDS[run.status]


def duration(seconds: float) -> str:
    """Return a time span as people say it.

    Examples:
        >>> duration(4.21), duration(71), duration(7320)
        ('4.2 s', '1 min 11 s', '2 h 2 min')
    """
    if seconds < 9.95:
        return f"{max(seconds, 0.0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def moment(when: datetime) -> str:
    """Return a moment in this machine's time.

    Examples:
        >>> moment(datetime(2026, 3, 9, 14, 5))
        '9 Mar 2026, 14:05'
    """
    local = when.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with so many significant digits, trailing zeros kept.

    Examples:
        >>> number(0.51239), number(1234567.8), number(2.0), number(3e12)
        ('0.512', '1,234,568', '2.00', '3.00e12')
        >>> number(None), number(0.0)
        ('—', '0')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if size < -5 or size > 8:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    return f"{value:,.{max(digits - 1 - size, 0)}f}".replace("-", MINUS)


def in_steps_of(value: float | None, spread: float) -> str:
    """Return a number with the decimals that matter next to a spread.

    Args:
        value: In any unit.
        spread: How far such values lie apart, in the same unit, such as a standard
            deviation; a hundredth of it is still shown.

    Examples:
        >>> in_steps_of(23.4567, 8.8), in_steps_of(1520.2, 900), in_steps_of(0.5, 0.01)
        ('23.46', '1,520', '0.5000')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if not spread > 0 or not math.isfinite(spread):
        return number(value)
    decimals = min(max(2 - math.floor(math.log10(spread)), 0), 8)
    return _signless_zero(f"{value:,.{decimals}f}")


def percent(share: float | None) -> str:
    """Return a share as a percentage, with a decimal where 0 or 100 is near.

    Examples:
        >>> percent(0.4567), percent(0.9968), percent(0.00021), percent(None)
        ('46 %', '99.7 %', '0.02 %', '—')
    """
    if share is None or not math.isfinite(share):
        return NOTHING
    near = min(abs(share), abs(1 - share))
    if near >= 0.0995 or near == 0:
        return f"{100 * share:.0f} %"
    decimals = 1 if near >= 0.000995 else 2
    return f"{100 * share:.{decimals}f} %"


def metric_value(metric: Metric, value: float | None, rows: int | None) -> str:
    """Return a metric's value with the digits that so many rows can tell.

    Args:
        metric: Which one.
        value: None where it could not be computed.
        rows: How many labelled rows it was computed over.
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if metric.unit in ("target", "ranks", "nats"):
        return number(value, 3)
    return _signless_zero(f"{value:.{_decimals(metric, value, rows)}f}")


def change(metric: Metric, value: float, reference: float, rows: int | None) -> str:
    """Return how much a value differs, with an arrow up where it is better."""
    if metric.unit in ("target", "ranks", "nats"):
        size = number(abs(value - reference), 2)
        same = abs(value - reference) < 5e-4 * max(abs(value), abs(reference))
    else:
        decimals = max(
            _decimals(metric, value, rows), _decimals(metric, reference, rows)
        )
        size = f"{abs(value - reference):.{decimals}f}"
        same = float(size) == 0
    if same:
        return SAME
    sign = "+" if value > reference else MINUS
    if metric.direction == "nominal":
        return f"{sign}{size}"
    arrow = "▲" if metric.gain(value, reference) > 0 else "▼"
    return f"{arrow} {sign}{size}"


def short_id(run_id: str) -> str:
    """Return enough of a run's id to tell it from others."""
    return run_id[:6]


def names_apart(runs: tuple[Run, ...]) -> dict[str, str]:
    """Return a name a run, by its id, fit to stand over the column of a table.

    Runs that share a name carry their short id too.
    """
    shown = {run.id: visible(run.name, 60) for run in runs}
    taken = [*shown.values(), *_OTHER_COLUMNS]
    return {
        run_id: f"{name} · {short_id(run_id)}" if taken.count(name) > 1 else name
        for run_id, name in shown.items()
    }


def _decimals(metric: Metric, value: float, rows: int | None) -> int:
    """Return the decimals of a share: what sampling allows, and two of its error."""
    sure = 2 if rows is not None and rows < 400 else 3
    left = abs(metric.best - value)
    fine = 1 - math.floor(math.log10(left)) if left > 0 else 0
    return min(max(sure, fine, _FEWEST_DECIMALS), _MOST_DECIMALS)


def _signless_zero(text: str) -> str:
    bare = text.removeprefix("-")
    return bare if float(bare.replace(",", "")) == 0 else text.replace("-", MINUS)
