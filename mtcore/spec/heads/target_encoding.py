"""What a head learned about its targets before the network sees them."""

from __future__ import annotations

from mtcore.spec.base import Frozen


class TargetEncoding(Frozen):
    """Facts of one head's targets; classes from all rows, numbers from training rows.

    Args:
        classes: binary: (negative, positive); multiclass: sorted; ordinal: from the
            lowest on; multilabel: the columns. Empty for numbers.
        positives: multilabel: the cell that means "yes", one a column.
        mean: regression, count: mean of each column, in its unit; quantile: median.
        scale: regression, count: standard deviation of each column, in its unit,
            above 0; quantile: that of a normal distribution with as wide a middle half.
        levels: quantile: the share of rows that lies below each output.
        constant: The best constant prediction: regression, count: one a column, in
            its unit; quantile: one a level; binary: (P(positive),); multiclass,
            ordinal and multilabel: one share a class.
        prior: Shares of `classes` among the labelled training rows (for multilabel
            the positive share of each label). Empty for numbers.
        labelled: Training rows that carry at least one label of this head.
    """

    classes: tuple[str, ...] = ()
    positives: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    levels: tuple[float, ...] = ()
    constant: tuple[float, ...]
    prior: tuple[float, ...] = ()
    labelled: int
