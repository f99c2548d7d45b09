"""Numbers and values that come in batches, added up without keeping them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mtcore.arrays import FloatArray
from mtcore.data.queries.spreads import Ends, finite


@final
@dataclass(slots=True)
class NumbersSoFar:
    """The ends, the mean and the spread of the numbers that came so far."""

    read: int = 0
    low: float = math.inf
    high: float = -math.inf
    whole: int = 0
    mean: float = 0.0
    squares: float = 0.0  # the sum of squared distances to the mean

    def add(self, numbers: FloatArray) -> None:
        """Add the next numbers, `(n,)` with n above 0.

        Squares are added up as in Chan, Golub and LeVeque (1979), "Updating Formulae
        and a Pairwise Algorithm for Computing Sample Variances", which loses no digits.
        """
        self.low = min(self.low, float(numbers.min()))
        self.high = max(self.high, float(numbers.max()))
        self.whole += int(np.count_nonzero(numbers == np.trunc(numbers)))
        total = self.read + len(numbers)
        # Sums and differences of the greatest numbers there are may have no end.
        with np.errstate(over="ignore", invalid="ignore"):
            mean = np.mean(numbers)
            apart = numbers - mean
            squares = np.einsum("i,i", apart, apart)  # a product takes more threads
            step = mean - self.mean
            self.mean += float(step * (len(numbers) / total))
            between = np.square(step) * (self.read * len(numbers) / total)
            self.squares += float(squares + between)
        self.read = total

    def ends(self) -> Ends:
        """Return what is known of all of them."""
        deviation = math.sqrt(self.squares / self.read)
        return Ends(self.low, self.high, finite(self.mean), finite(deviation))


@final
@dataclass(slots=True)
class CountsSoFar:
    """How often each value came, as long as few differ.

    Args:
        values: Those that came, each once.
        times: How often.
    """

    values: pa.Array | None = None
    times: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

    def add(self, cells: pa.Array) -> None:
        """Count the next values, none of them missing."""
        counted = pc.value_counts(cells)
        values, times = counted.field(0), counted.field(1).to_numpy()
        if self.values is None:
            self.values, self.times = values, times.copy()
            return
        places = pc.index_in(values, value_set=self.values)
        known = places.is_valid().to_numpy(zero_copy_only=False)
        self.times[places.drop_null().to_numpy()] += times[known]
        if not known.all():
            self.values = pa.concat_arrays([self.values, values.filter(~known)])
            self.times = np.concatenate([self.times, times[~known]])
