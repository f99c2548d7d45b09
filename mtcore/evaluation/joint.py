"""What several heads together get right and wrong on the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.evaluation.reports.parts import WORST, sample_rows
from mtcore.evaluation.row_losses import row_losses, row_mistakes
from mtcore.spec import Head, TargetEncoding
from mtcore.spec.base import Frozen

_MOST_ROWS = 200_000
_FEWEST_PAIRS = 20


class JointMistake(Frozen):
    """A row that several heads get wrong.

    Args:
        row: Its number in the table, from 0.
        heads: The heads that do, in the experiment's order.
        labelled: How many heads it carries a label for.
    """

    row: int
    heads: tuple[str, ...]
    labelled: int


class JointReport(Frozen):
    """How the heads' mistakes go together on one part of the rows.

    Args:
        heads: The heads' names, in the experiment's order.
        wrong: The share of its labelled rows that each head gets wrong.
        correlations: Spearman's correlation of each two heads' losses over the rows
            that carry both labels; None on the diagonal and where these are too few.
        complete: Rows that carry a label for every head.
        counts: How many of these are wrong in no head, in one, and so on.
        expected: How many would be, were mistakes of different heads independent.
        worst: Rows that most heads get wrong, and of those the worst.
    """

    heads: tuple[str, ...]
    wrong: tuple[float | None, ...]
    correlations: tuple[tuple[float | None, ...], ...]
    complete: int
    counts: tuple[int, ...]
    expected: tuple[float, ...]
    worst: tuple[JointMistake, ...]

    @property
    def all_right(self) -> float | None:
        """The share of complete rows that all heads get right."""
        return self.counts[0] / self.complete if self.complete else None


@dataclass(frozen=True, slots=True)
class _Head:
    """One head's rows: losses and mistakes, NaN where there is no label."""

    losses: FloatArray
    wrong: FloatArray


@final
class JointJudge:
    """Takes the heads of a run one after another."""

    def __init__(self) -> None:
        self._heads: dict[str, _Head] = {}
        self._rows: RowArray = np.zeros(0, dtype=np.int64)

    def add(
        self,
        head: Head,
        encoding: TargetEncoding,
        answers: tuple[FloatArray, FloatArray],
        rows: RowArray,
    ) -> None:
        """Take what a head says.

        Args:
            head: Which head.
            encoding: What it learned about its targets.
            answers: Targets `(rows, k)` and decoded outputs `(rows, width)`.
            rows: The rows' numbers in the table, `(rows,)`; the same for all heads.
        """
        drawn = sample_rows(len(rows), _MOST_ROWS)
        targets, outputs = answers[0][drawn], answers[1][drawn]
        losses = row_losses(head, encoding, targets, outputs)
        losses = np.where(np.isfinite(losses), losses, np.nan)
        wrong = row_mistakes(head, encoding, targets, outputs).astype(np.float64)
        wrong[np.isnan(losses)] = np.nan
        self._heads[head.name] = _Head(losses, wrong)
        self._rows = rows[drawn]

    def report(self) -> JointReport:
        """Return how the mistakes of all heads go together."""
        names = tuple(self._heads)
        wrong = np.stack([head.wrong for head in self._heads.values()])
        losses = [head.losses for head in self._heads.values()]
        complete = ~np.isnan(wrong).any(axis=0)
        at_once = wrong[:, complete].sum(axis=0).astype(np.int64)
        counts = np.bincount(at_once, minlength=len(names) + 1)
        return JointReport(
            heads=names,
            wrong=tuple(_share(head) for head in wrong),
            correlations=_correlations(losses),
            complete=int(complete.sum()),
            counts=tuple(int(count) for count in counts),
            expected=tuple(
                float(share) * int(complete.sum())
                for share in independent(wrong[:, complete])
            ),
            worst=self._worst(names, wrong, losses),
        )

    def _worst(
        self, names: Sequence[str], wrong: FloatArray, losses: Sequence[FloatArray]
    ) -> tuple[JointMistake, ...]:
        at_once = np.nansum(wrong, axis=0)
        # A row's place among all, head by head, so that heads of all units count alike.
        total = np.sum([_rank_shares(head) for head in losses], axis=0)
        order = np.lexsort((-total, -at_once))[:WORST]
        return tuple(
            JointMistake(
                row=int(self._rows[place]),
                heads=tuple(
                    name
                    for name, head in zip(names, wrong, strict=True)
                    if head[place] == 1.0
                ),
                labelled=int((~np.isnan(wrong[:, place])).sum()),
            )
            for place in order
            if at_once[place] >= 2
        )


def independent(wrong: FloatArray) -> FloatArray:
    """Return the shares of rows wrong in 0, 1, … heads, were heads independent.

    Args:
        wrong: 0 or 1, `(heads, rows)`.

    Examples:
        >>> independent(np.array([[1.0, 0.0], [0.0, 1.0]])).tolist()
        [0.25, 0.5, 0.25]
    """
    shares = np.ones(1)
    for head in wrong:
        chance = float(head.mean()) if len(head) else 0.0
        shares = np.convolve(shares, [1.0 - chance, chance])
    return shares


def _share(wrong: FloatArray) -> float | None:
    known = wrong[~np.isnan(wrong)]
    return float(known.mean()) if len(known) else None


def _correlations(
    losses: Sequence[FloatArray],
) -> tuple[tuple[float | None, ...], ...]:
    return tuple(
        tuple(None if one is other else _correlation(one, other) for other in losses)
        for one in losses
    )


def _correlation(one: FloatArray, other: FloatArray) -> float | None:
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < _FEWEST_PAIRS:
        return None
    ranks = _rank_shares(one[both]), _rank_shares(other[both])
    if not all(np.ptp(rank) > 0.0 for rank in ranks):
        return None
    return float(np.corrcoef(*ranks)[0, 1])


def _rank_shares(losses: FloatArray) -> FloatArray:
    """Return each loss's mean place among all, from 0 to 1; 0 where there is none."""
    known = ~np.isnan(losses)
    shares = np.zeros(len(losses))
    _, places, counts = np.unique(
        losses[known], return_inverse=True, return_counts=True
    )
    middle = np.cumsum(counts) - (counts - 1) / 2.0
    shares[known] = middle[places] / max(int(known.sum()), 1)
    return shares


def joint_sentence(report: JointReport) -> str:
    """Return in words whether mistakes of different heads come together.

    It holds no text from files, only figures.
    """
    if not report.complete:
        return "No row of this part carries a label for every head."
    right, expected = report.counts[0], report.expected[0]
    share = f"{100 * right / report.complete:.0f} %"
    several = sum(report.counts[2:])
    likely = sum(report.expected[2:])
    words = f"All heads are right at once in {share} of {report.complete:,} rows"
    spread = np.sqrt(max(expected * (1 - expected / report.complete), 1.0))
    if right > expected + 2 * spread:
        words += ", more than if they failed independently"
    elif right < expected - 2 * spread:
        words += ", fewer than if they failed independently"
    else:
        words += ", about as many as if they failed independently"
    return f"{words}. {several:,} rows are wrong in several heads ({likely:,.0f} then)."
