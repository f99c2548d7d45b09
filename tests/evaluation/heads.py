"""Heads of every kind with targets and outputs drawn at random, some labels missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from mtcore.arrays import FloatArray
from mtcore.spec import (
    BinaryHead,
    CountHead,
    Head,
    MulticlassHead,
    MultilabelHead,
    OrdinalHead,
    QuantileHead,
    RegressionHead,
    TargetEncoding,
)


@dataclass(frozen=True)
class Case:
    """A head with what it learned, what is true and what it says."""

    head: Head
    encoding: TargetEncoding
    targets: FloatArray
    outputs: FloatArray

    @property
    def known(self) -> np.ndarray:
        """Which rows carry a label."""
        return ~np.isnan(self.targets).all(axis=1)


def regression_case(rows: int = 300, columns: int = 1, seed: int = 0) -> Case:
    random = np.random.default_rng(seed)
    targets = random.normal(5.0, 3.0, (rows, columns)) * (1 + np.arange(columns))
    outputs = targets + random.normal(0.0, 1.0, targets.shape)
    targets[random.random(targets.shape) < 0.1] = np.nan
    names = tuple(f"y{place}" for place in range(columns))
    encoding = TargetEncoding(
        mean=(5.2,) * columns, scale=(3.0,) * columns, constant=(5.2,) * columns,
        labelled=rows,
    )  # fmt: skip
    return Case(RegressionHead(name="load", columns=names), encoding, targets, outputs)


def binary_case(rows: int = 400, seed: int = 0) -> Case:
    random = np.random.default_rng(seed)
    chance = random.beta(1.0, 2.0, rows)
    targets = (random.random(rows) < chance).astype(np.float64)
    targets[random.random(rows) < 0.1] = np.nan
    encoding = TargetEncoding(
        classes=("no", "yes"), constant=(0.33,), prior=(0.67, 0.33), labelled=rows
    )
    head = BinaryHead(name="returned", columns=("returned",))
    return Case(head, encoding, targets[:, None], chance[:, None])


def multiclass_case(rows: int = 400, classes: int = 5, seed: int = 0) -> Case:
    random = np.random.default_rng(seed)
    codes = random.integers(0, classes, rows)
    logits = random.normal(size=(rows, classes))
    logits[np.arange(rows), codes] += 1.5
    outputs = np.exp(logits)
    outputs /= outputs.sum(axis=1, keepdims=True)
    targets = codes.astype(np.float64)
    targets[random.random(rows) < 0.1] = np.nan
    share = (1.0 / classes,) * classes
    encoding = TargetEncoding(
        classes=tuple(f"class {code}" for code in range(classes)),
        constant=share, prior=share, labelled=rows,
    )  # fmt: skip
    head = MulticlassHead(name="fault", columns=("fault",))
    return Case(head, encoding, targets[:, None], outputs)


def multilabel_case(rows: int = 400, seed: int = 0) -> Case:
    random = np.random.default_rng(seed)
    names = ("cat", "dog", "bird")
    outputs = random.random((rows, 3))
    targets = (random.random((rows, 3)) < outputs).astype(np.float64)
    targets[random.random((rows, 3)) < 0.2] = np.nan
    encoding = TargetEncoding(
        classes=names, positives=("1",) * 3, constant=(0.5,) * 3, prior=(0.5,) * 3,
        labelled=rows,
    )  # fmt: skip
    return Case(
        MultilabelHead(name="animals", columns=names), encoding, targets, outputs
    )


def count_case(rows: int = 400, seed: int = 0) -> Case:
    random = np.random.default_rng(seed)
    means = random.gamma(2.0, 1.5, rows)
    targets = random.poisson(means).astype(np.float64)
    targets[random.random(rows) < 0.1] = np.nan
    encoding = TargetEncoding(mean=(3.0,), scale=(2.5,), constant=(3.0,), labelled=rows)
    head = CountHead(name="visits", columns=("visits",))
    return Case(head, encoding, targets[:, None], means[:, None])


def quantile_case(
    rows: int = 400, seed: int = 0, levels: tuple[float, ...] = (0.1, 0.5, 0.9)
) -> Case:
    random = np.random.default_rng(seed)
    centre, spread = random.normal(5.0, 3.0, rows), random.uniform(0.5, 2.0, rows)
    targets = centre + spread * random.normal(size=rows)
    targets[random.random(rows) < 0.1] = np.nan
    outputs = centre[:, None] + spread[:, None] * norm.ppf(levels)
    encoding = TargetEncoding(
        mean=(5.2,), scale=(3.0,), levels=levels, constant=(5.0,) * len(levels),
        labelled=rows,
    )  # fmt: skip
    head = QuantileHead(name="delay", columns=("minutes",), levels=levels)
    return Case(head, encoding, targets[:, None], outputs)


def ordinal_case(rows: int = 400, seed: int = 0) -> Case:
    random = np.random.default_rng(seed)
    names = ("bad", "poor", "fair", "good")
    ranks = random.integers(0, 4, rows)
    logits = -((np.arange(4) - ranks[:, None] - random.normal(size=(rows, 1))) ** 2)
    outputs = np.exp(logits)
    outputs /= outputs.sum(axis=1, keepdims=True)
    targets = ranks.astype(np.float64)
    targets[random.random(rows) < 0.1] = np.nan
    encoding = TargetEncoding(
        classes=names, constant=(0.25,) * 4, prior=(0.25,) * 4, labelled=rows
    )
    head = OrdinalHead(name="grade", columns=("grade",), order=names)
    return Case(head, encoding, targets[:, None], outputs)


def every_kind() -> dict[str, Case]:
    """Return one case a kind of head."""
    cases = (
        regression_case(columns=2), binary_case(), multiclass_case(),
        multilabel_case(), count_case(), quantile_case(), ordinal_case(),
    )  # fmt: skip
    return {case.head.kind: case for case in cases}
