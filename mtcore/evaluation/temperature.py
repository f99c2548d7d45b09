"""Probabilities made as sure as they deserve, by one number learned on other rows."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.evaluation.reports.parts import (
    ReliabilityBin,
    calibration_error,
    reliability,
    sample_rows,
)
from mtcore.spec.base import Frozen

_MOST_ROWS = 20_000
_MOST = 10.0  # and a tenth at least
_STEPS = 40
_SMALLEST = 1e-12
_GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


class Tempered(Frozen):
    """What a temperature does to a head's probabilities, on rows apart.

    Args:
        temperature: What logits are divided by: above 1 makes answers less sure.
        log_loss: Mean log loss as the head answers.
        tempered_log_loss: The same with the temperature.
        calibration: Whether probabilities come true with it.
    """

    temperature: float
    log_loss: float
    tempered_log_loss: float
    calibration: tuple[ReliabilityBin, ...]

    @property
    def error(self) -> float | None:
        """The expected calibration error with the temperature."""
        return calibration_error(self.calibration)


Classes = tuple[FloatArray, FloatArray]
"""The position of each row's class `(rows,)`, NaN where there is no label, and
probabilities `(rows, classes)`."""


def tempered(fitted_on: Classes, judged_on: Classes) -> Tempered | None:
    """Return what the best temperature of some rows does on others.

    Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks (2017). It
    moves no row to another class.

    Args:
        fitted_on: Such as validation rows.
        judged_on: Such as test rows.

    Returns:
        None where no row is labelled.
    """
    actual, chances = _known(*fitted_on)
    judged, told = _known(*judged_on)
    if not len(actual) or not len(judged):
        return None
    drawn = sample_rows(len(actual), _MOST_ROWS)
    temperature = fit_temperature(actual[drawn], chances[drawn])
    warmed = with_temperature(told, temperature)
    if told.shape[1] == 2:
        # As the chart has it: the probability of the positive class.
        bins = reliability(warmed[:, 1], judged == 1)
    else:
        bins = reliability(warmed.max(axis=1), warmed.argmax(axis=1) == judged)
    return Tempered(
        temperature=temperature,
        log_loss=_log_loss(judged, told),
        tempered_log_loss=_log_loss(judged, warmed),
        calibration=tuple(bins),
    )


def fit_temperature(actual: np.ndarray, chances: FloatArray) -> float:
    """Return the temperature of the least log loss, from 0.1 to 10.

    The log loss is convex in the inverse temperature, so a golden section finds it.

    Args:
        actual: Positions of classes, `(rows,)`.
        chances: Their probabilities, `(rows, classes)`.
    """
    low, high = 1.0 / _MOST, _MOST

    def loss(inverse: float) -> float:
        return _log_loss(actual, with_temperature(chances, 1.0 / inverse))

    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    for _ in range(_STEPS):
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = loss(right)
    return float(2.0 / (low + high))


def with_temperature(chances: FloatArray, temperature: float) -> FloatArray:
    """Return probabilities `(rows, classes)` with their logits divided.

    Examples:
        >>> with_temperature(np.array([[0.2, 0.8]]), 1.0).round(6).tolist()
        [[0.2, 0.8]]
        >>> with_temperature(np.array([[0.2, 0.8]]), 2.0).round(3).tolist()
        [[0.333, 0.667]]
    """
    logits = np.log(np.maximum(chances, _SMALLEST)) / temperature
    logits -= logits.max(axis=1, keepdims=True)
    raised = np.exp(logits)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _known(targets: FloatArray, chances: FloatArray) -> tuple[np.ndarray, FloatArray]:
    known = ~np.isnan(targets) & np.isfinite(chances).all(axis=1)
    return targets[known].astype(np.int64), chances[known]


def _log_loss(actual: np.ndarray, chances: FloatArray) -> float:
    given = chances[np.arange(len(actual)), actual] / chances.sum(axis=1)
    return float(-np.log(np.maximum(given, _SMALLEST)).mean())
