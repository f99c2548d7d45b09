"""What a sweep over weights has found: a sentence, and the tables under its chart."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mtcore.search.judging import error_words, errors_of, judged_by
from mtcore.search.sweep import Weighting, best_of, chance_of, is_more_than_chance
from mtcore.spec import Experiment
from pages.parts.head_marks import head_sign
from pages.parts.run_words import percent
from pages.parts.tables import apart
from pages.parts.text import listed, visible


def finding_words(weightings: Sequence[Weighting]) -> str:
    """Return what the sweep has found so far, in a sentence."""
    best, spread = best_of(weightings), chance_of(weightings)
    gain = best.mean_gain
    if best.own or gain <= 0.0:
        return "No weighting tried so far is better in the mean than the run's own."
    shares = listed([f"{name} {percent(s)}" for name, s in best.shares.items()], 6)
    words = f"the mean error is {percent(gain)} lower than with the run's own"
    if is_more_than_chance(gain, spread):
        return f"With {shares} {words}, more than seeds alone explain."
    if spread is None:
        return f"With {shares} {words}. One seed can't tell that from chance."
    return (
        f"With {shares} {words}, which may be chance: seeds alone move it by about "
        f"{percent(spread)}."
    )


def chosen_frame(experiment: Experiment, chosen: Weighting) -> pd.DataFrame:
    """Return a row a head: its weight in a point, its errors, and what it gains."""
    rows = []
    for position, head in enumerate(experiment.heads):
        [test] = errors_of(head, [chosen.point], "test")
        rows.append(
            {
                "Head": f"{head_sign(position)} {visible(head.name, 60)}",
                "Weight": chosen.point.trial.weights[head.name],
                "Share": percent(chosen.shares[head.name]),
                "Error": error_words(judged_by(head)),
                "Validation": chosen.errors[head.name],
                "Beside the run's own, %": -100.0 * chosen.gains[head.name],
                "Test": test,
            }
        )
    return pd.DataFrame(rows)


def weightings_frame(
    experiment: Experiment, weightings: Sequence[Weighting]
) -> pd.DataFrame:
    """Return a row a trained weighting: shares, errors, gains, whether on the front."""
    names = [head.name for head in experiment.heads]
    shown = apart(names)
    return pd.DataFrame(
        [
            {
                **{
                    f"{words}, share": weighting.shares[name]
                    for name, words in zip(names, shown, strict=True)
                },
                **{
                    f"{words}, error": weighting.errors[name]
                    for name, words in zip(names, shown, strict=True)
                },
                "Mean gain, %": 100.0 * weighting.mean_gain,
                "Worst head's gain, %": 100.0 * weighting.worst_gain,
                "On the front": weighting.on_front,
                "The run's own": weighting.own,
            }
            for weighting in weightings
        ]
    )
