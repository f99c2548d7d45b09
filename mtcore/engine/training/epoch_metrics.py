"""What an epoch's sums mean: normalised losses, errors people read, the monitor."""

from __future__ import annotations

from mtcore.arrays import FloatArray
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.program.objective import SUMS
from mtcore.spec import Experiment, Head, RegressionHead


class EpochMetrics:
    """Names and divides the sums of an epoch.

    Args:
        experiment: Says which head chooses the best epoch.
        plan: Its network.
        constants: Loss of each head's constant prediction, `(heads,)`.
    """

    def __init__(
        self, experiment: Experiment, plan: NetworkPlan, constants: FloatArray
    ) -> None:
        self._plan = plan
        self._constants = constants
        self._seen = [_seen(head) for head in experiment.heads]
        monitor = experiment.training.monitor
        self._monitored = {
            plan.heads[place].id
            for place, head in enumerate(experiment.heads)
            if head.name == monitor or (monitor is None and head.weight > 0.0)
        }

    def of_split(self, split: str, sums: FloatArray) -> dict[str, float]:
        """Return the metrics of one split, keyed `<split>/h0/loss` and the like.

        `<split>/loss` is the monitored head's loss, or the mean over the heads whose
        weight is above 0. Heads without a label in the split are left out.

        Args:
            split: `train` or `validation`.
            sums: Float64 `(SUMS, heads)`, or with more rows after these.
        """
        metrics: dict[str, float] = {}
        monitored = []
        for place, head in enumerate(self._plan.heads):
            lost, weight, error, labelled = sums[:SUMS, place]
            if not weight > 0.0:
                continue
            loss = float(lost / weight / self._constants[place])
            metrics[f"{split}/{head.id}/loss"] = loss
            if seen := self._seen[place]:
                metrics[f"{split}/{head.id}/{seen}"] = float(error / labelled)
            if head.id in self._monitored:
                monitored.append(loss)
        if monitored:
            metrics[f"{split}/loss"] = sum(monitored) / len(monitored)
        return metrics


def _seen(head: Head) -> str | None:
    """Return what the errors of a head's epochs are called, None for log targets."""
    if isinstance(head, RegressionHead) and head.log_target:
        return None
    return "epoch_mae" if head.target_kind == "number" else "epoch_accuracy"
