"""Weightings worth trying next, by what was found so far."""

from __future__ import annotations

from collections.abc import Sequence

from mtcore.runs.store.study import Point
from mtcore.search.sweep import weightings_of
from mtcore.spec import Experiment

# A head weighs at least such a share of the heaviest one.
LIGHTEST = 0.02


def propose_weights(
    experiment: Experiment, points: Sequence[Point]
) -> dict[str, float]:
    """Return weights that are likely to gain, in the mean and for the worst head.

    By Optuna's multivariate tree-structured Parzen estimator (Bergstra and others 2011;
    Falkner and others 2018) on both aims at once. Nothing is kept between calls: the
    same points give the same proposal.

    Args:
        experiment: Of the run that is studied.
        points: The trainings that are done.

    Returns:
        A weight a head; those of weight 0 keep it, the mean of the others is 1.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    names = [head.name for head in experiment.heads if head.weight > 0.0]
    # Heads may have any name, so the search knows them by their place.
    space = {
        f"h{place}": optuna.distributions.FloatDistribution(LIGHTEST, 1.0, log=True)
        for place in range(len(names))
    }
    sampler = optuna.samplers.TPESampler(
        multivariate=True, seed=(experiment.seed + len(points)) % 2**32
    )
    study = optuna.create_study(directions=["maximize", "maximize"], sampler=sampler)
    for weighting in weightings_of(experiment, points):
        if weighting.point.trial.network:
            continue
        shares = [weighting.shares[name] for name in names]
        study.add_trial(
            optuna.trial.create_trial(
                params={
                    key: min(max(share / max(shares), LIGHTEST), 1.0)
                    for key, share in zip(space, shares, strict=True)
                },
                distributions=space,
                values=[weighting.mean_gain, weighting.worst_gain],
            )
        )
    asked = study.ask(space).params
    unit = sum(asked.values()) / len(names)
    found = {
        name: round(asked[key] / unit, 4)
        for key, name in zip(space, names, strict=True)
    }
    return dict.fromkeys((head.name for head in experiment.heads), 0.0) | found
