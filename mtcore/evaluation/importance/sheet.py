"""The sheet of heads by inputs, as it is kept with a run."""

from __future__ import annotations

from mtcore.spec.base import Frozen


class Shuffled(Frozen):
    """What happened to every head as one input, or several together, was shuffled.

    Args:
        columns: The inputs that were shuffled, all in the same order.
        shares: By head's name: how much the mean loss rose, as a share of the loss of
            the best constant prediction; None where no row carries a label. Below 0
            where the head got better, by chance or as the input misleads it.
        errors: The standard error of each share.
    """

    columns: tuple[str, ...]
    shares: dict[str, float | None]
    errors: dict[str, float | None]

    def mean_share(self) -> float:
        """Return the mean of the heads' shares, 0 where there are none."""
        known = [share for share in self.shares.values() if share is not None]
        return sum(known) / len(known) if known else 0.0


class ImportanceSheet(Frozen):
    """What each head's answers rest on.

    Args:
        rows: Test rows that were answered anew for every line.
        repeats: How often each line was shuffled.
        groups: One entry for each input, or for inputs that go together, the most
            important first.
        members: Inputs of groups of several, each shuffled alone: low where the
            others tell the same.
        seconds: How long it took.
        failure: Why there is none, in plain words.
    """

    rows: int = 0
    repeats: int = 0
    groups: tuple[Shuffled, ...] = ()
    members: tuple[Shuffled, ...] = ()
    seconds: float = 0.0
    failure: str | None = None

    def leading_columns(self) -> list[str]:
        """Return all inputs, those to look at first in front.

        First the strongest input of each group, the most important group first, then
        the second of each: inputs that go together tell one story.
        """
        alone = {line.columns[0]: line.mean_share() for line in self.members}
        ranked = [
            sorted(group.columns, key=lambda column: -alone.get(column, 0.0))
            for group in self.groups
        ]
        return [
            columns[place]
            for place in range(max(map(len, ranked), default=0))
            for columns in ranked
            if place < len(columns)
        ]
