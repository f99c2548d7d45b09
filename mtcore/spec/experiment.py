"""The experiment: all that decides what is built, trained and judged."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from mtcore.spec.base import Frozen, Text, Texts
from mtcore.spec.heads import Head
from mtcore.spec.inputs import Input
from mtcore.spec.reading import Reading
from mtcore.spec.reads import reading_order
from mtcore.spec.split import RandomSplit, Split
from mtcore.spec.training import Training
from mtcore.spec.trunk import SharedTrunk, Trunk


def _default_kind(default: str) -> BeforeValidator:
    """Let people leave `kind` out of a part that has an obvious one."""

    def fill(value: object) -> object:
        if isinstance(value, dict) and "kind" not in value:
            return {**value, "kind": default}
        return value

    return BeforeValidator(fill)


class Experiment(Frozen):
    """One branched model, from file to verdict; see the design's YAML for all fields.

    Args:
        name: What people call it.
        reading: How to read the file, where it cannot be found out.
        inputs: The input columns; None = every usable column that no head predicts.
        exclude: Columns that are never inputs.
        missing: Cells taken as missing besides the usual ones.
        row_weight: A column of row weights, 0 or more.
        trunk: What stands between inputs and heads: shared, mixed or apart.
        heads: The outputs, each with target columns of its own.
        split: Which rows train, validate and test.
        training: Epochs, batch size, optimizer and the like.
        seed: Decides split, first weights, shuffling and dropout.
    """

    name: Text = Field(default="Untitled", min_length=1, max_length=300)
    reading: Reading | None = None
    inputs: tuple[Input, ...] | None = None
    exclude: Texts = ()
    missing: Texts = ()
    row_weight: Text | None = None
    trunk: Annotated[Trunk, _default_kind("shared")] = SharedTrunk()
    heads: tuple[Head, ...]
    split: Annotated[Split, _default_kind("random")] = RandomSplit()
    training: Training = Training()
    seed: int = Field(default=0, ge=0, le=2**31 - 1)

    def head(self, name: str) -> Head:
        """Return the head of this name; KeyError where there is none."""
        for head in self.heads:
            if head.name == name:
                return head
        raise KeyError(name)

    def head_ids(self) -> dict[str, str]:
        """Return each head's opaque id, `h0`, `h1`, … by the order of the heads.

        Names of people crash Keras and the run store; ids never do.
        """
        return {head.name: f"h{index}" for index, head in enumerate(self.heads)}

    def target_columns(self) -> tuple[str, ...]:
        """Return the columns that some head predicts, each once, in order."""
        columns = (column for head in self.heads for column in head.columns)
        return tuple(dict.fromkeys(columns))

    def weight_shares(self) -> dict[str, float]:
        """Return each head's weight divided by the sum of all weights."""
        total = sum(head.weight for head in self.heads)
        return {head.name: head.weight / total for head in self.heads}

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        for check in (
            _check_heads,
            _check_own_trunks,
            _check_inputs,
            _check_monitor,
            _check_turns,
        ):
            check(self)
        return self


def _check_heads(experiment: Experiment) -> None:
    if not experiment.heads:
        msg = "The experiment has no head. Choose at least one column to predict."
        raise ValueError(msg)
    counts = Counter(head.name for head in experiment.heads)
    for name, count in counts.items():
        if count > 1:
            msg = f"{count} heads are called '{name}'. Give each its own name."
            raise ValueError(msg)
    if not any(head.weight > 0 for head in experiment.heads):
        msg = (
            "All head weights are 0, so nothing would be learned. Set at least one "
            "head's weight above 0."
        )
        raise ValueError(msg)
    reading_order({head.name: head.reads for head in experiment.heads})


def _check_own_trunks(experiment: Experiment) -> None:
    kind = experiment.trunk.kind
    own = [head.name for head in experiment.heads if head.own_trunk]
    if own and kind != "shared":
        msg = (
            f"Head '{own[0]}' has a trunk of its own, which only a shared trunk leaves "
            f"room for, and the trunk's kind is {kind}. Turn the head's `own_trunk` "
            "off, or take a shared trunk."
        )
        raise ValueError(msg)


def _check_inputs(experiment: Experiment) -> None:
    if experiment.inputs is None:
        return
    columns = [given.column for given in experiment.inputs]
    if not columns:
        msg = "The experiment has no input. Choose at least one input column."
        raise ValueError(msg)
    for column, count in Counter(columns).items():
        if count > 1:
            msg = f"Column '{column}' is an input {count} times. Name it once."
            raise ValueError(msg)
    for head in experiment.heads:
        for column in head.columns:
            if column in columns:
                msg = (
                    f"Column '{column}' is an input and is also predicted by head "
                    f"'{head.name}'. Take it out of the inputs or out of the head."
                )
                raise ValueError(msg)


def _check_monitor(experiment: Experiment) -> None:
    monitor = experiment.training.monitor
    names = [head.name for head in experiment.heads]
    if monitor is not None and monitor not in names:
        msg = (
            f"The monitor '{monitor}' is no head. Choose one of {', '.join(names)}, or "
            "leave it out for the mean of all heads."
        )
        raise ValueError(msg)


def _check_turns(experiment: Experiment) -> None:
    if experiment.training.rotates and experiment.split.kind in ("time", "given"):
        msg = (
            f"Networks can't take turns in a {experiment.split.kind} split, as rows "
            "that are there to judge would teach. Turn `rotate` off, or use a random, "
            "stratified or group split."
        )
        raise ValueError(msg)
