"""Metrics of classes over all resamples at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.evaluation.bootstrap.draws import Draws, Repeated
from mtcore.spec import TargetEncoding
from mtcore.spec.heads.ordinal import likely_ranks

# Areas are drawn class by class, which takes too long for more than these.
_MOST_AREAS = 40
_SMALLEST = float(np.finfo(np.float64).eps)

Truth = NDArray[np.bool_]


def _chances(targets: FloatArray, outputs: FloatArray) -> tuple[Truth, FloatArray]:
    return targets[:, 0] > 0.5, outputs[:, 0]


def _binary(of_rows: Callable[[Truth, FloatArray], FloatArray]) -> Repeated:
    """Return the mean of something that each row has."""

    def repeated(
        draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        del encoding
        return draws.means(of_rows(*_chances(targets, outputs)))

    return repeated


def _lost(given: FloatArray) -> FloatArray:
    return -np.log(np.clip(given, _SMALLEST, 1.0))


def _f1(draws: Draws, actual: Truth, given: Truth, known: Truth) -> FloatArray:
    hits, named = draws.sums(
        (actual & given & known).astype(np.float64),
        (actual & known).astype(np.float64) + (given & known),
    )
    return 2.0 * hits / np.where(named > 0.0, named, np.nan)


def _area(draws: Draws, actual: Truth, score: FloatArray) -> FloatArray:
    positive, negative = draws.by_score(actual, score)
    below = np.cumsum(negative, axis=1) - negative
    won = (positive * (below + negative / 2.0)).sum(axis=1)
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    return np.asarray(won / np.where(pairs > 0.0, pairs, np.nan), dtype=np.float64)


def _precision(draws: Draws, actual: Truth, score: FloatArray) -> FloatArray:
    positive, negative = (part[:, ::-1] for part in draws.by_score(actual, score))
    hits, called = np.cumsum(positive, axis=1), np.cumsum(positive + negative, axis=1)
    precision = np.divide(hits, called, out=np.zeros_like(hits), where=called > 0.0)
    total = np.where(hits[:, -1] > 0.0, hits[:, -1], np.nan)
    return np.asarray((precision * positive).sum(axis=1) / total, dtype=np.float64)


def _binary_f1(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    actual, chance = _chances(targets, outputs)
    return _f1(draws, actual, chance >= 0.5, np.ones_like(actual))


def _by_score(of_scores: Callable[[Draws, Truth, FloatArray], FloatArray]) -> Repeated:
    def repeated(
        draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        del encoding
        return of_scores(draws, *_chances(targets, outputs))

    return repeated


def _right_class(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    return draws.means((outputs.argmax(axis=1) == targets[:, 0]).astype(np.float64))


def _class_f1(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    size = len(encoding.classes)
    actual, given = targets[:, 0].astype(np.int64), outputs.argmax(axis=1)
    every = np.ones(len(actual))
    hits = draws.tally(actual, size, (actual == given).astype(np.float64))
    named = draws.tally(actual, size, every) + draws.tally(given, size, every)
    return _mean_where_known(list((2.0 * hits / np.where(named > 0, named, np.nan)).T))


def _class_loss(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    places = np.arange(len(targets))
    given = outputs[places, targets[:, 0].astype(np.int64)] / outputs.sum(axis=1)
    return draws.means(_lost(given))


def _class_area(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    actual = targets[:, 0].astype(np.int64)
    occurring = np.unique(actual)
    if len(occurring) > _MOST_AREAS:
        return np.full(len(draws.counts), np.nan)
    areas = [_area(draws, actual == code, outputs[:, code]) for code in occurring]
    # A class that a resample lacks is left out of its mean, as in the metric.
    return _mean_where_known(areas)


def _mean_where_known(values: list[FloatArray]) -> FloatArray:
    stacked = np.stack(values)
    known = np.isfinite(stacked)
    total = np.where(known, stacked, 0.0).sum(axis=0)
    return np.asarray(total / known.sum(axis=0), dtype=np.float64)


def _label_f1(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    known, actual, given = _labels(targets, outputs)
    found = [
        _f1(draws, actual[:, place], given[:, place], known[:, place])
        for place in range(targets.shape[1])
    ]
    return _mean_where_known(found)


def _all_labels_f1(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    known, actual, given = _labels(targets, outputs)
    hits, named = draws.sums(
        (known & actual & given).sum(axis=1).astype(np.float64),
        ((known & actual).sum(axis=1) + (known & given).sum(axis=1)).astype(np.float64),
    )
    return 2.0 * hits / np.where(named > 0.0, named, np.nan)


def _label_area(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    found = []
    for place in range(targets.shape[1]):
        known = ~np.isnan(targets[:, place])
        part = draws.among(known)
        if known.any():
            truth = targets[known, place] > 0.5
            found.append(_area(part, truth, outputs[known, place]))
    return _mean_where_known(found)


def _wrong_labels(
    draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
) -> FloatArray:
    del encoding
    known, actual, given = _labels(targets, outputs)
    wrong, cells = draws.sums(
        (known & (actual != given)).sum(axis=1).astype(np.float64),
        known.sum(axis=1).astype(np.float64),
    )
    return wrong / cells


def _labels(targets: FloatArray, outputs: FloatArray) -> tuple[Truth, Truth, Truth]:
    return ~np.isnan(targets), targets > 0.5, outputs >= 0.5


def _ranks(
    of_ranks: Callable[[Draws, FloatArray, FloatArray], FloatArray],
) -> Repeated:
    def repeated(
        draws: Draws, targets: FloatArray, outputs: FloatArray, encoding: TargetEncoding
    ) -> FloatArray:
        del encoding
        return of_ranks(draws, targets[:, 0], likely_ranks(outputs).astype(np.float64))

    return repeated


def _kappa(draws: Draws, actual: FloatArray, given: FloatArray) -> FloatArray:
    rows, off, one, one_squared, other, other_squared = draws.sums(
        np.ones(len(actual)), np.square(actual - given),
        actual, np.square(actual), given, np.square(given),
    )  # fmt: skip
    by_chance = one_squared + other_squared - 2.0 * one * other / rows
    return 1.0 - off / np.where(by_chance > 0.0, by_chance, np.nan)


BINARY: Mapping[str, Repeated] = {
    "accuracy": _binary(lambda is_so, p: (is_so == (p >= 0.5)).astype(np.float64)),
    "auc": _by_score(_area),
    "average_precision": _by_score(_precision),
    "log_loss": _binary(lambda is_so, p: _lost(np.where(is_so, p, 1.0 - p))),
    "brier": _binary(lambda is_so, p: np.square(is_so - p)),
    "f1": _binary_f1,
}
MULTICLASS: Mapping[str, Repeated] = {
    "accuracy": _right_class,
    "macro_f1": _class_f1,
    "log_loss": _class_loss,
    "auc": _class_area,
}
MULTILABEL: Mapping[str, Repeated] = {
    "macro_f1": _label_f1,
    "micro_f1": _all_labels_f1,
    "auc": _label_area,
    "hamming": _wrong_labels,
}
ORDINAL: Mapping[str, Repeated] = {
    "mae": _ranks(lambda draws, a, b: draws.means(np.abs(a - b))),
    "qwk": _ranks(_kappa),
    "accuracy": _ranks(lambda draws, a, b: draws.means((a == b).astype(np.float64))),
}
