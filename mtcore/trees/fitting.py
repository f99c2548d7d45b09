"""Fitting a blend: trees for all heads, and each head's share of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import numpy as np

from mtcore.arrays import FloatArray, RowArray
from mtcore.data.splits.turns import HeldOut, Turns
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.table import Table
from mtcore.spec import Experiment, TargetEncoding
from mtcore.trees.blend import Blend, BlendedHead, BlendFacts, answer_of, mixed_answers
from mtcore.trees.features import feature_matrix, fit_features
from mtcore.trees.forest import Forest
from mtcore.trees.growing import JUDGING_TREES, MAX_ROWS, Lesson, drawn, grow
from mtcore.trees.shares import share_of_trees
from mtcore.trees.targets import TreeTargets, tree_targets


def fit_blend(
    experiment: Experiment,
    table: Rows,
    encodings: Mapping[str, TargetEncoding],
    turns: Turns,
    network: HeldOut,
) -> tuple[Blend, HeldOut | None]:
    """Return trees with the share of each head, and honest answers of the blend.

    For each turn trees are grown from all other rows and judge those of the turn; the
    shares follow from that. Then trees are grown again from all rows, unless there are
    more than enough without those that judged.

    Args:
        experiment: With its inputs listed.
        table: Every row.
        encodings: What each head learned about its targets.
        turns: Which rows judge and which teach.
        network: The network's answers for the rows of the turns, or for some of them
            where there is one turn.

    Returns:
        The blend, and its answers for the network's rows by trees that did not learn
        from them; None where the blend itself did not.

    Raises:
        ColumnError: The table lacks a column.
    """
    return _Fitting(experiment, table, turns, network).fit(table, encodings)


@final
class _Fitting:
    """The rows that trees learn from, and what was found with them."""

    def __init__(
        self, experiment: Experiment, table: Rows, turns: Turns, network: HeldOut
    ) -> None:
        kept = drawn(turns.learned, MAX_ROWS, experiment.seed)
        self._enough = len(turns.learned) > MAX_ROWS and not turns.rotate
        if self._enough:
            others = np.setdiff1d(turns.learned, turns.all_held)
            others = drawn(others, MAX_ROWS, experiment.seed)
            kept = np.sort(np.concatenate([others, network.rows]))
        self._experiment = experiment
        self._table = table.take(kept)
        self._inputs = fit_features(experiment, self._table, np.arange(len(kept)))
        self._matrix = feature_matrix(self._inputs, self._table).matrix
        self._weights = _row_weights(experiment, self._table)
        known = [np.intersect1d(rows, network.rows) for rows in turns.held]
        held = [np.flatnonzero(np.isin(kept, rows)) for rows in known]
        self._turns = [rows for rows in held if len(rows)]
        self._judged = np.sort(np.concatenate(held))
        # Where the judged rows are among the network's answers.
        self._places = np.searchsorted(network.rows, kept[self._judged])
        self._network = network

    def fit(
        self, table: Rows, encodings: Mapping[str, TargetEncoding]
    ) -> tuple[Blend, HeldOut | None]:
        """Return the blend and its honest answers, as `fit_blend` says."""
        heads: list[BlendedHead] = []
        forests: dict[int, Forest] = {}
        honest: dict[str, FloatArray] = {}
        groups = tree_targets(self._experiment, self._table, encodings)
        for number, group in enumerate(groups):
            lesson = self._lesson(group)
            judged = self._judge(lesson)
            if judged is None:
                continue
            found = self._shares(number, group, judged)
            honest |= {head.name: answer_of(head, judged) for head in found}
            heads += found
            if any(head.share > 0.0 for head in found):
                forest = grow(lesson, self._taught())
                forests |= {} if forest is None else {number: forest}
        facts = BlendFacts(
            features=self._inputs, width=self._matrix.shape[1], heads=tuple(heads)
        )
        blend = Blend(facts, forests)
        return blend, None if self._enough else self._held_out(blend, table, honest)

    def _taught(self) -> RowArray:
        """Return the rows that the trees which are kept learn from."""
        rows = np.arange(len(self._matrix))
        return np.setdiff1d(rows, self._judged) if self._enough else rows

    def _lesson(self, group: tuple[TreeTargets, ...]) -> Lesson:
        scaled = np.concatenate([targets.scaled for targets in group], axis=1)
        return Lesson(self._matrix, scaled, self._weights, self._experiment.seed)

    def _judge(self, lesson: Lesson) -> FloatArray | None:
        """Return what trees say of the judged rows without having learned from them."""
        answers = np.zeros((len(self._matrix), lesson.targets.shape[1]))
        for held in self._turns:
            others = np.setdiff1d(np.arange(len(self._matrix)), held)
            forest = grow(lesson, others, JUDGING_TREES)
            if forest is None:
                return None
            answers[held] = forest.predict(self._matrix[held])
        return answers[self._judged] if self._turns else None

    def _shares(
        self, number: int, group: tuple[TreeTargets, ...], judged: FloatArray
    ) -> list[BlendedHead]:
        heads = []
        first = 0
        for targets in group:
            head = BlendedHead(
                name=targets.name,
                share=0.0,
                forest=number,
                first=first,
                mean=tuple(targets.mean.tolist()),
                scale=tuple(targets.scale.tolist()),
            )
            first += len(head.mean)
            share = share_of_trees(
                targets.values[self._judged] / targets.scale,
                self._network.outputs[head.name][self._places] / targets.scale,
                answer_of(head, judged) / targets.scale,
            )
            heads.append(head.model_copy(update={"share": share}))
        return heads

    def _held_out(
        self, blend: Blend, table: Rows, honest: Mapping[str, FloatArray]
    ) -> HeldOut:
        network = self._network
        outputs = blend.mix(network.outputs, table.take(network.rows))
        for name, share in blend.shares.items():
            # The forests that are kept know these rows.
            outputs[name] = outputs[name].copy()
            outputs[name][self._places] = mixed_answers(
                network.outputs[name][self._places], honest[name], share
            )
        return HeldOut(network.rows, outputs)


def _row_weights(experiment: Experiment, table: Table) -> FloatArray:
    if experiment.row_weight is None:
        return np.ones(table.rows)
    given = table.numbers(experiment.row_weight)
    return np.where(np.isfinite(given) & (given > 0.0), given, 0.0)
