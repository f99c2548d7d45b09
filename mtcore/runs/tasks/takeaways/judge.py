"""A script's answers held against those of the run that it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, final

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.splits.splits import split_rows
from mtcore.data.tables.stored import Rows
from mtcore.data.tables.targets import head_targets
from mtcore.evaluation.metrics import metrics_of, score
from mtcore.runs.store.run import Run
from mtcore.runs.store.takeaways import Comparison
from mtcore.spec import Head

if TYPE_CHECKING:
    from mtcore.engine.served.predictor import Predictor

Answers = dict[str, FloatArray]
"""Float64 `(rows, width)` by the head's name."""


@final
class ScriptJudge:
    """Holds a script's answers against those of a run's networks.

    Args:
        run: The run.
        predictor: Its answers.
        table: Every row of its file.
    """

    def __init__(self, run: Run, predictor: Predictor, table: Rows) -> None:
        from mtcore.engine.served.predictor import Predictor

        self.run = run
        self.split = split_rows(run.experiment, table)
        self._facts = predictor.encoding.heads
        # The script has the networks without the trees.
        alone = Predictor(run.experiment, predictor.encoding, predictor.model)
        whole = table.take(np.arange(table.rows))
        self.said: Answers = alone.predict(whole)
        self._targets = head_targets(run.experiment, self._facts, whole)

    def off(self, answered: Answers) -> dict[str, float]:
        """Return how far answers are off at most, in deviations, by the head's name."""
        far = {}
        for name, said in self.said.items():
            spread = np.where(said.std(axis=0) > 0.0, said.std(axis=0), 1.0)
            far[name] = float((np.abs(answered[name] - said) / spread).max())
        return far

    def worst(self, answered: Answers) -> float:
        """Return how far off the worst answer of all heads is, in deviations."""
        return max(self.off(answered).values())

    def metrics(self, answered: Answers) -> dict[str, float | None]:
        """Return each head's first metric on test rows."""
        test = self.split.test
        return {
            head.name: score(
                head,
                self._facts[head.name],
                self._targets[head.name][test],
                answered[head.name][test],
            )[_metric_of(head)]
            for head in self.run.experiment.heads
        }

    def comparisons(
        self, off: Mapping[str, float], again: Answers | None
    ) -> tuple[Comparison, ...]:
        """Return the run beside its script, head by head.

        Args:
            off: How far answers with the run's weights are off.
            again: What the script answers, trained by the run's seed.
        """
        ours = self.metrics(self.said)
        theirs = {} if again is None else self.metrics(again)
        return tuple(
            Comparison(
                head=head.name,
                off=off[head.name],
                metric=metrics_of(head.kind)[_metric_of(head)].label,
                run=ours[head.name],
                again=theirs.get(head.name),
            )
            for head in self.run.experiment.heads
        )


def _metric_of(head: Head) -> str:
    return (head.metrics or head.available_metrics)[0]
