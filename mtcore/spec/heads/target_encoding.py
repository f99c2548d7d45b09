"""What a head learned about its targets before the network sees them."""

from __future__ import annotations

from mtcore.spec.base import Frozen
from mtcore.spec.heads.log_scale import LogScale

# In standard deviations of a target, from 0 to its mean: beyond, single precision
# would round by a ten-thousandth of a deviation.
MOST_SPREADS_AWAY = 1_000.0


class TargetEncoding(Frozen):
    """Facts of one head's targets; classes from all rows, numbers from training rows.

    Args:
        classes: binary: (negative, positive); multiclass: sorted; ordinal: from the
            lowest on; multilabel: the columns. Empty for numbers.
        positives: multilabel: the cell that means "yes", one a column.
        mean: regression, count: mean of each column, in its unit; quantile: median.
        scale: regression, count: standard deviation of each column, in its unit,
            above 0; quantile: that of a normal distribution with as wide a middle half.
        logs: regression with a log target: how each column is drawn together.
        levels: quantile: the share of rows that lies below each output.
        constant: The best constant prediction: regression, count: one a column, in
            its unit, then their deviations if it gives any; quantile: one a level;
            binary: (P(positive),); multiclass, ordinal and multilabel: one share a
            class.
        prior: Shares of `classes` among the labelled training rows (for multilabel
            the positive share of each label). Empty for numbers.
        labelled: Training rows that carry at least one label of this head.
    """

    classes: tuple[str, ...] = ()
    positives: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    scale: tuple[float, ...] = ()
    logs: tuple[LogScale, ...] = ()
    levels: tuple[float, ...] = ()
    constant: tuple[float, ...]
    prior: tuple[float, ...] = ()
    labelled: int

    @property
    def needs_double(self) -> bool:
        """Whether targets are turned back into their units in double precision.

        Single precision has no room for differences within large numbers, such as of
        times in milliseconds, or of whole numbers near 2^53.
        """
        return any(
            abs(mean) > MOST_SPREADS_AWAY * scale
            for mean, scale in zip(self.mean, self.scale, strict=True)
        )
