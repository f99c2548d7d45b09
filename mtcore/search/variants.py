"""A run's experiment with one head alone, or split so that a head stands apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mtcore.spec import Experiment, Head, SeparateTrunk


def variant_of(experiment: Experiment, alone: str | None) -> Experiment:
    """Return what a trial of a study trains.

    Args:
        experiment: Of the run that is studied.
        alone: The only head; None = all heads together, as they are.
    """
    return experiment if alone is None else twin_of(experiment, alone)


def twin_of(experiment: Experiment, name: str) -> Experiment:
    """Return the single-task twin of a head: the same recipe with this head alone.

    Its weight is 1, as there is nothing to weigh it against, it reads no other head,
    no trunk need be its own, and its own validation loss chooses the epoch.

    Args:
        experiment: With several heads.
        name: Of the head.
    """
    head = experiment.head(name)
    alone = head.model_copy(update={"weight": 1.0, "reads": (), "own_trunk": False})
    return _with_heads(experiment, (alone,), f"{experiment.name}: {name} alone")


@dataclass(frozen=True, slots=True)
class Separated:
    """An experiment in which a head has a trunk of its own.

    Args:
        what: `apart`: one network in which nothing is shared; `own_trunk`: one network
            in which the others go on sharing; `alone`: the head's own network;
            `others`: all other heads, without it.
        experiment: To go on from.
    """

    what: Literal["apart", "own_trunk", "alone", "others"]
    experiment: Experiment


def split_off(experiment: Experiment, name: str) -> tuple[Separated, ...]:
    """Return the experiments that give a head its own trunk.

    Of two heads one network does, in which the trunks are separate. Of more it is one
    in which the others go on sharing, where the trunk is a shared one; or two: one for
    this head, and one for the others.

    Args:
        experiment: With several heads.
        name: Of the head.
    """
    if len(experiment.heads) == 2:
        fields = experiment.trunk.model_dump(
            include={"layers", "activation", "dropout", "skip"}
        )
        whole = f"{experiment.name}: separate trunks"
        apart = experiment.model_copy(
            update={"trunk": SeparateTrunk(**fields), "name": whole[:300]}
        )
        return (Separated("apart", apart),)
    others = tuple(
        head.model_copy(update={"reads": tuple(r for r in head.reads if r != name)})
        for head in experiment.heads
        if head.name != name
    )
    rest = _with_heads(experiment, others, f"{experiment.name}: without {name}")
    return (
        *_with_own_trunk(experiment, name),
        Separated("alone", twin_of(experiment, name)),
        Separated("others", rest),
    )


def _with_own_trunk(experiment: Experiment, name: str) -> tuple[Separated, ...]:
    """Return the experiment with a trunk for a head, where it can have its own."""
    if experiment.trunk.kind != "shared" or experiment.head(name).own_trunk:
        return ()
    heads = tuple(
        head.model_copy(update={"own_trunk": True}) if head.name == name else head
        for head in experiment.heads
    )
    whole = f"{experiment.name}: {name} on a trunk of its own"
    made = experiment.model_copy(update={"heads": heads, "name": whole[:300]})
    return (Separated("own_trunk", made),)


def _with_heads(
    experiment: Experiment, heads: tuple[Head, ...], name: str
) -> Experiment:
    """Return an experiment of these heads, with what speaks of others left out."""
    if not any(head.weight > 0.0 for head in heads):
        heads = tuple(head.model_copy(update={"weight": 1.0}) for head in heads)
    monitor = experiment.training.monitor
    training = experiment.training.model_copy(
        update={
            "monitor": monitor if monitor in {head.name for head in heads} else None,
            "balance": "static" if len(heads) == 1 else experiment.training.balance,
        }
    )
    return experiment.model_copy(
        update={"heads": heads, "training": training, "name": name[:300]}
    )
