"""The live curves of a run, and each head's best epoch above them."""

from __future__ import annotations

from mtcore.charts.learning_curves import learning_curves
from mtcore.runs.store.history import History
from mtcore.runs.store.run import ACTIVE, Run
from pages.parts.charts import draw
from pages.parts.tables import show_table
from pages.parts.train.best import best_epochs, curves_frame, show_best_epochs


def show_curves(run: Run, history: History) -> None:
    """Draw best epochs, curves and the table of them.

    Args:
        run: Waiting, running or ended.
        history: As the store logged it; empty before the first epoch.
    """
    show_best_epochs(best_epochs(run.experiment, history))
    draw(
        learning_curves(
            history,
            [head.name for head in run.experiment.heads],
            best_epoch=run.summary.best_epoch if run.summary else None,
            epochs=run.progress.epochs
            if run.status in ACTIVE and run.progress
            else None,
        ),
        "learning_curves",
        "Loss by epoch, a pair of lines a head: train solid, validation dashed",
    )
    if history:
        show_table(curves_frame(run.experiment, history), "loss by epoch", "losses")
