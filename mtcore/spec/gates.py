"""What the gates of expert trunks weigh: how much each head listens to which expert."""

from __future__ import annotations

from mtcore.spec.base import Frozen


class GateReading(Frozen):
    """One gate on many rows: the shared experts first, then the head's own.

    Args:
        head: By name.
        level: Of the experts, counted from 1.
        network: Of those that are averaged, counted from 1; each has other experts.
        means: Mean weight of each expert; they add up to 1.
        deviations: Standard deviation of each weight from row to row.
    """

    head: str
    level: int
    network: int = 1
    means: tuple[float, ...]
    deviations: tuple[float, ...]


class GateReport(Frozen):
    """All gates of a model, read on validation rows.

    Args:
        shared: Experts of a level that all heads share.
        private: Experts of a level and a head of its own.
        rows: How many rows were read.
        readings: Network by network, level by level, the heads in the experiment's
            order.
    """

    shared: int
    private: int
    rows: int
    readings: tuple[GateReading, ...]

    @property
    def experts(self) -> tuple[str, ...]:
        """What the experts that one head weighs are called, in order.

        Examples:
            >>> GateReport(shared=2, private=1, rows=0, readings=()).experts
            ('shared 1', 'shared 2', 'own 1')
        """
        shared = [f"shared {place + 1}" for place in range(self.shared)]
        own = [f"own {place + 1}" for place in range(self.private)]
        return (*shared, *own)

    def level(self, number: int, network: int = 1) -> tuple[GateReading, ...]:
        """Return the readings of one level of one network, both counted from 1."""
        return tuple(
            one
            for one in self.readings
            if one.level == number and one.network == network
        )

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that were read, from 1."""
        return tuple(dict.fromkeys(one.level for one in self.readings))

    @property
    def networks(self) -> tuple[int, ...]:
        """The networks that were read, from 1."""
        return tuple(dict.fromkeys(one.network for one in self.readings))
