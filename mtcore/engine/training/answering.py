"""From trained networks to what answers: their mean, alone or blended with trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from mtcore.data.splits.turns import HeldOut, Turns
from mtcore.data.tables.stored import Rows
from mtcore.engine.encode.encoding import Encoding
from mtcore.engine.layers.network import Weights
from mtcore.engine.served.predictor import Predictor
from mtcore.engine.served.served_model import build_served_model
from mtcore.engine.training.rotation import held_out_answers
from mtcore.spec import Experiment
from mtcore.trees.fitting import fit_blend
from mtcore.trees.growing import MAX_JUDGED, drawn


@final
class Answering:
    """What answers for the rows of tables, and what it says of rows held out.

    Args:
        experiment: What was trained.
        encoding: Fitted on its training rows.
        networks: Trained variables of each network.
        table: Every row.
        turns: The rows that each network held out.
    """

    def __init__(
        self,
        experiment: Experiment,
        encoding: Encoding,
        networks: Sequence[Weights],
        table: Rows,
        turns: Turns,
    ) -> None:
        self._experiment = experiment
        self._encoding = encoding
        self._table = table
        self._turns = turns
        model = build_served_model(experiment, encoding, networks)
        self.predictor = Predictor(experiment, encoding, model)
        self.held_out: HeldOut | None = None
        if turns.rotate:
            self.held_out = held_out_answers(
                experiment, encoding, networks, table, turns
            )

    def grow_trees(self) -> None:
        """Give trees the part in the answers that held-out rows say they deserve."""
        known = self.held_out
        if known is None:
            rows = drawn(self._turns.all_held, MAX_JUDGED, self._experiment.seed)
            answers = self.predictor.predict(self._table.take(rows))
            known = HeldOut(rows, answers)
        blend, self.held_out = fit_blend(
            self._experiment, self._table, self._encoding.heads, self._turns, known
        )
        self.predictor = Predictor(
            self._experiment, self._encoding, self.predictor.model, blend
        )
